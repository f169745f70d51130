/** `npm run test:hardware -- --device ADDRESS`: a real terminal, on this machine. host/device.ts starts it. */
import assert from 'node:assert/strict';
import { openTerminal, resultOf, type Terminal, type Transaction } from '../../../src/index.ts';
import { askHost, it, note, remember, runCases } from '../runner/cases.ts';
import { ending } from '../runner/till.ts';
import { sleep, until } from '../runner/wait.ts';

const address = process.env['TILLWIRE_DEVICE'] ?? '';
const byHand = process.env['TILLWIRE_BY_HAND'] === 'yes';
const amount = Number(process.env['TILLWIRE_AMOUNT'] ?? '0');
const bench = { operator: 'bench', reason: 'hardware bench' };

/** How long a person may take, in milliseconds. */
const handsMs = 120_000;
const limitMs = 2 * handsMs + 60_000;
const say = (text: string) => askHost('say', text);

/** With the till's own time-outs, journal and lock: a real terminal's money belongs on the record. */
async function withTerminal<T>(work: (terminal: Terminal) => Promise<T>): Promise<T> {
  const terminal = await openTerminal(address, { program: 'hardware bench', onWarning: note });
  try {
    return await work(terminal);
  } finally {
    await terminal.close();
    // Our last ACK must have reached the terminal before the next opening clears the line.
    await sleep(300);
  }
}

const can = (terminal: Terminal, command: string): boolean =>
  terminal.capabilities.commands.some((name) => name === command);

async function pluggedInAgain(terminal: Terminal): Promise<void> {
  await say('Plug it in again.');
  await until(
    'the terminal answers again',
    async () => {
      await sleep(500);
      return (await ending(terminal.status())) === 'ready';
    },
    handsMs,
  );
}

it('answers a status request', () =>
  withTerminal(async (terminal) => {
    const began = performance.now();
    assert.equal(await ending(terminal.status()), 'ready');
    note(`after ${Math.round(performance.now() - began)} ms`);
  }));

it('is held by one opening at a time', () =>
  withTerminal(async (first) => {
    assert.equal(await ending(first.status()), 'ready');
    await withTerminal(async (second) => {
      assert.equal(await ending(second.status()), 'device-busy none');
    });
    assert.equal(await ending(first.status()), 'ready');
  }));

it('tells the same last transaction twice', () =>
  withTerminal(async (terminal) => {
    if (!can(terminal, 'lastTransaction')) return note('it has no such command');
    if (terminal.capabilities.queryPrints) note('it prints on each of the two queries');
    const first = await resultOf(terminal.lastTransaction());
    const second = await resultOf(terminal.lastTransaction());
    note(first.outcome);
    assert.deepEqual(second, first);
  }));

it('tells its totals', () =>
  withTerminal(async (terminal) => {
    if (!can(terminal, 'totals')) return note('it has no such command');
    assert.equal(await ending(terminal.totals()), 'found');
  }));

if (byHand) {
  it(
    'an idle line that is unplugged is noticed, and nothing is sent late',
    () =>
      withTerminal(async (terminal) => {
        assert.equal(await ending(terminal.status()), 'ready');
        let out = false;
        terminal.state$.subscribe(({ type }) => {
          out ||= type === 'disconnected';
        });
        await say('Pull the plug.');
        await until('the unplugging is noticed', () => out, handsMs);
        assert.equal(await ending(terminal.status()), 'no-such-device none');
        await pluggedInAgain(terminal);
      }),
    limitMs,
  );

  it(
    'a query that is unplugged ends at once with no effect, and can be asked again',
    () =>
      withTerminal(async (terminal) => {
        const ask = () =>
          can(terminal, 'totals') ? ending(terminal.totals()) : ending(terminal.status());
        await say('Queries are running. Pull the plug in the middle of one.');
        const ended = await until(
          'the plug is pulled',
          async () => {
            const one = await ask();
            return one.startsWith('connection-lost') || one.startsWith('no-such-device')
              ? one
              : undefined;
          },
          handsMs,
        );
        assert.match(ended, / none$/);
        await pluggedInAgain(terminal);
        assert.match(await ask(), /^(found|ready)$/);
      }),
    limitMs,
  );
}

if (amount > 0) {
  const sell = async (terminal: Terminal): Promise<Transaction> => {
    await say(`A sale of ${amount} ${terminal.currency} in minor units. Present a card.`);
    const sold = await resultOf(
      terminal.purchase({ amount: { amount, currency: terminal.currency } }),
    );
    assert.equal(sold.outcome, 'approved', sold.message);
    assert(sold.outcome === 'approved');
    return sold.transaction;
  };

  /** By all that the terminal itself said of it. */
  const takeBack = (terminal: Terminal, { amount: money, ...sold }: Transaction) =>
    terminal.voidTransaction(
      {
        amount: money,
        ...(sold.ticket !== undefined && { ticket: sold.ticket }),
        ...(sold.operationNumber !== undefined && { operationNumber: sold.operationNumber }),
        ...(sold.receiptNumber !== undefined && { receiptNumber: sold.receiptNumber }),
        ...(sold.trace !== undefined && { trace: sold.trace }),
        ...(sold.authorisationCode !== undefined && { authorisationCode: sold.authorisationCode }),
      },
      bench,
    );

  it(
    'sells, tells the sale as its last, and takes it back once',
    () =>
      withTerminal(async (terminal) => {
        const sold = await sell(terminal);
        assert.equal(await ending(terminal.lastTransaction()), 'found');
        assert.equal(await ending(takeBack(terminal, sold)), 'voided');
        const again = await ending(takeBack(terminal, sold));
        assert.match(again, /^(already-voided|not-found|refused)$/);
      }),
    limitMs,
  );

  if (byHand)
    it(
      'a void that is unplugged ends certain, or in doubt with the question',
      () =>
        withTerminal(async (terminal) => {
          const sold = await sell(terminal);
          await say('Now the void. Pull the plug as soon as the terminal shows it.');
          const first = await ending(takeBack(terminal, sold));
          if (!first.endsWith(' unknown'))
            return note(`it ended before the plug was out: ${first}`);
          await pluggedInAgain(terminal);
          const found = await ending(terminal.recover());
          remember(`recovery said ${found}`);
          assert.match(found, /^(voided|not-voided|unresolved-transaction unknown)$/);
          await say(`Recovery says: ${found}. Compare with the terminal's own vouchers.`);
        }),
      limitMs,
    );
}

await runCases(`The terminal at ${address}`);
