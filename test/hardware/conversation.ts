import assert from 'node:assert/strict';
import { filter, firstValueFrom, timeout } from 'rxjs';
import type { Terminal } from '../../src/index.ts';
import type { Rig } from './rigs/rig.ts';
import { it, note } from './runner/cases.ts';
import { ana, ending, first, openTill, sale, withTill } from './runner/till.ts';
import { sleep } from './runner/wait.ts';

/** Where the plug is pulled, and what must have come of it in the end. */
interface Point {
  readonly where: string;
  /** So many bytes of the command reach the terminal. */
  readonly cut?: number;
  /** Or: so many bytes of what it says come out of it; below zero, counted from the end. */
  readonly said?: number | 'all';
  /** Or: once it has booked. */
  readonly fault?: string;
  /** What the terminal has done by then. */
  readonly booked: boolean;
}

const points: readonly Point[] = [
  { where: 'after the first byte of the request', cut: 1, booked: false },
  { where: 'in the middle of the request', cut: 6, booked: false },
  { where: 'before the ACK', said: 0, booked: true },
  { where: 'between the ACK and the answer', said: 1, booked: true },
  { where: 'between the booking and the answer', fault: 'unplug-after-booking', booked: true },
  { where: 'after the first byte of the answer', said: 2, booked: true },
  { where: 'in the middle of the answer', said: 20, booked: true },
  { where: 'before the last byte of the answer', said: -1, booked: true },
  { where: 'after the last byte of the answer', said: 'all', booked: true },
];

const count = (ledger: readonly string[], kind: string): number =>
  ledger.filter((entry) => entry === kind).length;

/** How many bytes the terminal says to a sale and to a void, found out on the rig itself. */
function wordiness(rig: Rig): () => Promise<Record<'purchase' | 'void', number>> {
  let found: Record<'purchase' | 'void', number> | undefined;
  return async () => {
    if (found !== undefined) return found;
    await rig.fresh();
    const said: number[] = [];
    await withTill(rig.address, async (terminal) => {
      for (const command of [
        () => terminal.status(),
        () => terminal.purchase(sale),
        () => terminal.lastTransaction(),
        () => terminal.voidTransaction(sale, ana),
      ]) {
        await ending<{ readonly outcome: string }>(command());
        said.push((await rig.seen()).fromTerminal);
      }
    });
    const [status = 0, sold = 0, asked = 0, voided = 0] = said;
    // A void asks for the last transaction itself first.
    found = { purchase: sold - status, void: voided - asked - (asked - sold) };
    return found;
  };
}

/**
 * What must hold on any cable that can be pulled: once, never twice, and certain in the end. `sales`: with
 * the plug pulled during sales as well.
 */
export function conversation(rig: Rig, { sales }: { readonly sales: boolean }): void {
  const wordy = wordiness(rig);

  it('sells, tells the sale as its last, and takes it back once', async () => {
    await rig.fresh();
    await withTill(rig.address, async (terminal) => {
      assert.equal(await ending(terminal.status()), 'ready');
      assert.equal(await ending(terminal.purchase(sale)), 'approved');
      assert.equal(await ending(terminal.lastTransaction()), 'found');
      assert.equal(await ending(terminal.voidTransaction(sale, ana)), 'voided');
      assert.equal(await ending(terminal.voidTransaction(sale, ana)), 'already-voided');
    });
    assert.deepEqual((await rig.seen()).ledger, ['sale', 'void']);
  });

  it('notices that an idle line was unplugged, and sends nothing of what was asked meanwhile', async () => {
    await rig.fresh({ sales: [{ amount: 1500 }] });
    await withTill(rig.address, async (terminal) => {
      await ending(terminal.status());
      const began = performance.now();
      const out = disconnected(terminal);
      await rig.unplug();
      await out;
      note(`noticed within ${Math.round(performance.now() - began)} ms, the pulling included`);
      assert.equal(await ending(terminal.purchase(sale)), 'no-such-device none');
      assert.equal(await ending(terminal.lastTransaction()), 'no-such-device none');
      await rig.replug();
      assert.equal(await ending(terminal.status()), 'ready');
    });
    assert.deepEqual((await rig.seen()).received, ['0100', '0100']);
  });

  for (const { where, fault, cut } of [
    { where: 'in the middle of the request', cut: 3 },
    { where: 'before the ACK', fault: 'unplug@last-transaction=0' },
    { where: 'between the ACK and the answer', fault: 'unplug@last-transaction=1' },
    { where: 'in the middle of the answer', fault: 'unplug@last-transaction=40' },
  ])
    it(`a query unplugged ${where} ends at once with no effect, and can be asked again`, async () => {
      await rig.fresh({ sales: [{ amount: 1500 }] });
      await withTill(rig.address, async (terminal) => {
        await ending(terminal.status());
        if (fault !== undefined) await rig.fault(fault);
        if (cut !== undefined) await rig.cutAfter(cut);
        assert.equal(await ending(terminal.lastTransaction()), 'connection-lost none');
        await rig.replug();
        assert.equal(await eventually(() => terminal.lastTransaction()), 'found');
      });
      assert.deepEqual((await rig.seen()).ledger, ['sale']);
    });

  for (const point of sales ? points : [])
    it(`a sale unplugged ${point.where} ends certain, and is made ${point.booked ? 'once' : 'never'}`, async () => {
      const { purchase } = await wordy();
      await rig.fresh();
      await withTill(rig.address, async (terminal) => {
        assert.equal(await ending(terminal.purchase(first)), 'approved');
        await pullAt(rig, point, { command: 'purchase', bytesBefore: 0, said: purchase });
        const order = { ...sale };
        const ended = await ending(terminal.purchase(order, { key: 'K1' }));
        const expected = point.booked ? 'approved' : 'not-approved';
        await settles(rig, terminal, ended, expected);
        assert.equal(await ending(terminal.purchase(order, { key: 'K1' })), expected);
      });
      const { ledger } = await rig.seen();
      assert.equal(count(ledger, 'sale'), point.booked ? 2 : 1);
    });

  for (const point of points)
    it(`a void unplugged ${point.where} ends certain, and is done ${point.booked ? 'once' : 'never'}`, async () => {
      const said = (await wordy()).void;
      await rig.fresh({ sales: [{ amount: 1500, ticket: '42' }] });
      await withTill(rig.address, async (terminal) => {
        const before = (await rig.seen()).fromTill;
        await ending(terminal.lastTransaction());
        // The last ACK is still under way.
        await sleep(100);
        // The void asks for the last transaction itself, with as many bytes.
        const bytesBefore = (await rig.seen()).fromTill - before;
        await pullAt(rig, point, { command: 'void', bytesBefore, said });
        const ended = await ending(terminal.voidTransaction(sale, { ...ana, key: 'V1' }));
        const expected = point.booked ? 'voided' : 'not-voided';
        await settles(rig, terminal, ended, expected);
        assert.equal(await ending(terminal.voidTransaction(sale, { ...ana, key: 'V1' })), expected);
      });
      const { ledger } = await rig.seen();
      assert.equal(count(ledger, 'void'), point.booked ? 1 : 0);
      assert.equal(count(ledger, 'sale'), 1);
    });

  it('a void in doubt is found out about while recovery waits for the plug', async () => {
    await rig.fresh({ sales: [{ amount: 1500, ticket: '42' }] });
    await withTill(rig.address, async (terminal) => {
      await rig.fault('unplug-after-booking@void');
      assert.equal(
        await ending(terminal.voidTransaction(sale, { ...ana, key: 'V1' })),
        'connection-lost unknown',
      );
      const recovered = ending(terminal.recover());
      await sleep(1_000);
      await rig.replug();
      assert.equal(await recovered, 'voided');
    });
    assert.deepEqual((await rig.seen()).ledger, ['sale', 'void']);
  });

  it('a void stays in doubt, with the question, while the plug stays out', async () => {
    await rig.fresh({ sales: [{ amount: 1500, ticket: '42' }] });
    const terminal = await openTill(rig.address, { recoveryMs: 1_000 });
    await rig.fault('unplug-after-booking@void');
    await ending(terminal.voidTransaction(sale, { ...ana, key: 'V1' }));
    assert.equal(await ending(terminal.recover()), 'unresolved-transaction unknown');
    await terminal.close();
    assert.deepEqual((await rig.seen()).ledger, ['sale', 'void']);
  });
}

interface Exchanged {
  readonly command: 'purchase' | 'void';
  /** Bytes of the till that come ahead of the command's own. */
  readonly bytesBefore: number;
  /** All that the terminal says to it. */
  readonly said: number;
}

async function pullAt(
  rig: Rig,
  { fault, cut, said }: Point,
  { command, bytesBefore, said: all }: Exchanged,
): Promise<void> {
  if (fault !== undefined) await rig.fault(`${fault}@${command}`);
  if (cut !== undefined) await rig.cutAfter(bytesBefore + cut);
  if (said === undefined) return;
  const after = said === 'all' ? all : said < 0 ? all + said : said;
  await rig.fault(`unplug@${command}=${after}`);
}

/** In doubt until the plug is in again, then as the terminal has booked it; or told in time. */
async function settles(
  rig: Rig,
  terminal: Terminal,
  ended: string,
  expected: string,
): Promise<void> {
  if (ended !== expected) assert.equal(ended, 'connection-lost unknown');
  await rig.replug();
  if (ended === expected) return;
  assert.equal(await ending(terminal.recover()), expected);
}

/** A terminal whose answer got lost is busy with it for a while. */
async function eventually(ask: () => Parameters<typeof ending>[0]): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const ended = await ending(ask());
    if (attempt === 8 || !['terminal-busy none', 'not-acknowledged none'].includes(ended))
      return ended;
    await sleep(500);
  }
}

const disconnected = (terminal: Terminal) =>
  firstValueFrom(
    terminal.state$.pipe(
      filter(({ type }) => type === 'disconnected'),
      timeout(5_000),
    ),
  );
