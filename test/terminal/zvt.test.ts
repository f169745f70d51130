import { describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import type { Command } from '../../src/terminal/command.ts';
import { openTerminal, type TerminalOptions } from '../../src/terminal/open.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listen, untilDone } from '../support/till.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const ana = { operator: 'ana', reason: 'out of stock' };
const sale = { amount: eur(1010) };

/** How the till and the terminal are joined: bare APDUs, or frames with a check. */
const wires = ['tcp', 'serial'] as const;
type Wire = (typeof wires)[number];

interface Bench extends Partial<MockTerminalOptions> {
  readonly options?: string;
  readonly terminal?: TerminalOptions;
}

/** A mock terminal and a journal that outlive the till's processes. */
function bench(wire: Wire, { options = '', terminal = {}, ...mockOptions }: Bench = {}) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'zvt', transport: wire, clock, ...mockOptions });
  const journal = memoryJournal();
  const lock = memoryLock();
  let drawn = 0;
  const random = (length: number) => (++drawn).toString(36).toUpperCase().padStart(length, 'K');
  const start = () =>
    openTerminal(`zvt?framing=${wire}${options}`, {
      transport: mockTransport(mock),
      journal,
      lock,
      world: { clock, random },
      secrets: { password: '123456' },
      ...terminal,
    });
  const run = async <R>(command: Command<R>) => {
    const watched = listen(command);
    await untilDone(clock, watched.heard, 3_600_000);
    return watched;
  };
  const ledger = () =>
    mock.terminal.ledger.map((entry) =>
      entry.kind === 'settlement' ? entry.kind : `${entry.kind} ${entry.sale.amount}`,
    );
  const codes = () => mock.received.map(({ code }) => code);
  return { clock, mock, start, run, ledger, codes };
}

describe.each(wires)('a ZVT terminal on %s', (wire) => {
  it('is registered with before anything is asked of it, once on each connection', async () => {
    const { start, run, codes } = bench(wire, { sales: [{ amount: 1010 }] });
    const terminal = await start();
    const { heard } = await run(terminal.lastTransaction());
    expect(heard.result).toMatchObject({
      outcome: 'found',
      transaction: {
        kind: 'purchase',
        state: 'approved',
        amount: eur(1010),
        receiptNumber: '0001',
        trace: '000001',
        terminalId: '75001637',
        last4: '0461',
      },
    });
    await run(terminal.status());
    expect(codes()).toEqual(['06 00', '06 20', '05 01']);
  });

  it('sells: each status is a prompt, each receipt is there to print', async () => {
    const { start, run, ledger } = bench(wire, { sales: [{ amount: 500 }] });
    const terminal = await start();
    const { events, heard } = await run(terminal.purchase(sale, { key: 'K1' }));
    expect(events).toEqual([
      'queued',
      'sent last transaction',
      'acknowledged',
      'sent authorisation',
      'acknowledged',
      'prompt present-card',
      'prompt operate-card',
      'prompt wait',
      'receipt',
      'receipt',
      'result approved',
      'complete',
    ]);
    expect(heard.result).toMatchObject({
      outcome: 'approved',
      key: 'K1',
      transaction: { amount: eur(1010), receiptNumber: '0002', trace: '000002', last4: '0461' },
    });
    expect(ledger()).toEqual(['sale 500', 'sale 1010']);
  });

  it('voids by the receipt number, and is not asked again for what it tells as taken back', async () => {
    const { start, run, ledger, codes } = bench(wire, { sales: [{ amount: 1010 }] });
    const terminal = await start();
    const first = await run(terminal.voidTransaction(sale, { ...ana, key: 'V1' }));
    expect(first.heard.result).toMatchObject({
      outcome: 'voided',
      transaction: { state: 'voided', amount: eur(1010), receiptNumber: '0001' },
    });
    const again = await run(terminal.voidTransaction(sale, { ...ana, key: 'V2' }));
    expect(again.heard.result).toMatchObject({
      outcome: 'refused',
      reason: 'not-approved',
      found: { kind: 'void', original: { trace: '000001' } },
    });
    expect(ledger()).toEqual(['sale 1010', 'void 1010']);
    expect(codes().filter((code) => code === '06 30')).toHaveLength(1);
  });

  it('does not void another than the last', async () => {
    const { start, run, ledger, mock } = bench(wire, { sales: [{ amount: 1010 }] });
    mock.terminal.clerkSells(500);
    const terminal = await start();
    const { heard } = await run(terminal.voidTransaction(sale, ana));
    expect(heard.result).toMatchObject({ outcome: 'refused', reason: 'not-the-last' });
    expect(ledger()).toEqual(['sale 1010', 'sale 500']);
  });

  it('by its receipt voids the right sale although a clerk sold in between', async () => {
    const { start, run, ledger } = bench(wire, {
      sales: [{ amount: 1010 }],
      faults: ['clerk-sells-before-void'],
    });
    const terminal = await start();
    const { heard } = await run(terminal.voidTransaction(sale, ana));
    expect(heard.result).toMatchObject({ outcome: 'voided' });
    expect(ledger()).toEqual(['sale 1010', 'sale 9990', 'void 1010']);
  });

  it('that took back another payment than was asked for is a loud error', async () => {
    const { start, run, ledger, mock } = bench(wire, {
      sales: [{ amount: 1010 }],
      faults: ['clerk-sells-before-void=222', 'voids-the-newest'],
    });
    const terminal = await start();
    const { heard } = await run(terminal.voidTransaction(sale, ana));
    expect(ledger()).toEqual(['sale 1010', 'sale 222', 'void 222']);
    expect(heard.error).toMatchObject({ code: 'wrong-transaction', effect: 'unknown' });
    expect(mock.received.filter(({ code }) => code === '06 30')).toHaveLength(1);
  });

  it('that took back another of the same amount is a loud error as well: the trace tells', async () => {
    const { start, run, ledger } = bench(wire, {
      sales: [{ amount: 1010 }],
      faults: ['clerk-sells-before-void=1010', 'voids-the-newest'],
    });
    const terminal = await start();
    const { heard } = await run(terminal.voidTransaction(sale, ana));
    expect(ledger()).toEqual(['sale 1010', 'sale 1010', 'void 1010']);
    expect(heard.error).toMatchObject({ code: 'wrong-transaction', effect: 'unknown' });
  });

  it('that says already voided is believed, whoever voided it', async () => {
    const { start, run } = bench(wire, { sales: [{ amount: 1010 }], faults: ['already-voided'] });
    const terminal = await start();
    const { heard } = await run(terminal.voidTransaction(sale, ana));
    expect(heard.result).toMatchObject({ outcome: 'already-voided' });
  });

  it('that has closed its day in between refuses the void, and nothing happened', async () => {
    const { start, run, ledger } = bench(wire, {
      sales: [{ amount: 1010 }],
      faults: ['settled-before-void'],
    });
    const terminal = await start();
    const { heard } = await run(terminal.voidTransaction(sale, ana));
    expect(heard.result).toMatchObject({ outcome: 'declined', responseCode: 'B5' });
    expect(ledger()).toEqual(['sale 1010', 'settlement']);
  });

  it('that still tells its last payment after the end of the day is asked in vain to void it', async () => {
    const { start, run } = bench(wire, {
      sales: [{ amount: 1010 }],
      faults: ['repeats-settled', 'settled-before-void'],
    });
    const terminal = await start();
    const { heard } = await run(terminal.voidTransaction(sale, ana));
    expect(heard.result).toMatchObject({ outcome: 'declined' });
  });

  it('gives money back, tells its totals, ends its day', async () => {
    const { start, run, ledger } = bench(wire, { sales: [{ amount: 1010 }] });
    const terminal = await start();
    const refunded = await run(terminal.refund({ amount: eur(300) }, { key: 'R1' }));
    expect(refunded.heard.result).toMatchObject({
      outcome: 'approved',
      transaction: { kind: 'refund', amount: eur(300), receiptNumber: '0002' },
    });
    const totals = await run(terminal.totals());
    expect(totals.heard.result).toMatchObject({ outcome: 'found', total: eur(1010), count: 1 });
    const settled = await run(terminal.settle());
    expect(settled.heard.result).toMatchObject({ outcome: 'settled' });
    expect(ledger()).toEqual(['sale 1010', 'refund 300', 'settlement']);
  });

  it('that names the same foreign sale before, as the answer and afterwards leaves it in doubt', async () => {
    const { start, run, ledger } = bench(wire, {
      sales: [{ amount: 1010 }],
      faults: ['foreign-answer'],
    });
    const terminal = await start();
    const { heard } = await run(terminal.purchase(sale, { key: 'K1' }));
    expect(heard.error).toMatchObject({ effect: 'unknown', intent: 'K1' });
    expect((await run(terminal.recover())).heard.error).toMatchObject({
      code: 'unresolved-transaction',
    });
    expect(ledger()).toEqual(['sale 1010', 'sale 1010']);
  });

  it('says that it is ready, or what it wants first', async () => {
    const { start, run, mock } = bench(wire);
    const terminal = await start();
    expect((await run(terminal.status())).heard.result).toMatchObject({ outcome: 'ready' });
    mock.fault('status-code=F0');
    expect((await run(terminal.status())).heard.result).toMatchObject({
      outcome: 'not-ready',
      terminalCode: 'F0',
    });
  });

  it.each([
    ['declined=05', '05'],
    ['cancelled', '6C'],
    ['aborted=F0', 'F0'],
    ['aborted=6C', '6C'],
  ])('under %s declines a sale: code %s', async (fault, responseCode) => {
    const { start, run, ledger } = bench(wire, { faults: [fault] });
    const terminal = await start();
    const { heard } = await run(terminal.purchase(sale));
    expect(heard.result).toMatchObject({ outcome: 'declined', responseCode });
    expect(ledger()).toEqual([]);
  });

  it.each([
    ['refused@purchase=9C', '9C'],
    ['refused@purchase=83', '83'],
    ['refused@purchase=1E', '1E'],
  ])('under %s never began the sale', async (fault, code) => {
    const { start, run, ledger } = bench(wire, { faults: [fault] });
    const terminal = await start();
    const { heard } = await run(terminal.purchase(sale));
    const said: { outcome?: string; effect?: string; responseCode?: string } = Object(
      heard.result ?? heard.error,
    );
    expect([said.outcome ?? said.effect, said.responseCode]).toEqual(['declined', code]);
    expect(ledger()).toEqual([]);
  });

  it.each(['9B', 'A0', 'FF', '99'])('under aborted=%s says that nobody knows', async (code) => {
    const { start, run } = bench(wire, { faults: [`aborted=${code}`] });
    const terminal = await start();
    const { heard } = await run(terminal.purchase(sale));
    expect(heard.error).toMatchObject({ code: 'unknown-response-code', effect: 'unknown' });
  });

  it('that fails without a 06 1E is waited for until T4, and then believed', async () => {
    const { start, run, clock } = bench(wire, { faults: ['aborted=6C', 'no-abort@purchase'] });
    const terminal = await start();
    const before = clock.now();
    const { heard } = await run(terminal.purchase(sale));
    expect(heard.result).toMatchObject({ outcome: 'declined', responseCode: '6C' });
    expect(clock.now() - before).toBeGreaterThanOrEqual(60_000);
  });

  it('reads a text in Latin-1 with a line feed, where the address says how texts are read', async () => {
    const { start, run } = bench(wire, {
      options: '&text=latin1',
      faults: ['raw-texts', 'aborted=F0'],
    });
    const terminal = await start();
    const { heard } = await run(terminal.purchase(sale));
    expect(heard.result).toMatchObject({
      message: expect.stringContaining('Kassenschnitt / durchführen'),
    });
  });

  it.each([
    'ack-with-answer',
    'byte-by-byte',
    'split-answer=150',
    'twice-positive',
    'duplicate-answer',
    'stale-answer@purchase',
    'late-answer@purchase=60000',
    'long-trace',
    'raw-texts',
  ])('under %s sells once and says so', async (fault) => {
    const { start, run, ledger } = bench(wire, { faults: [fault] });
    const terminal = await start();
    const { heard } = await run(terminal.purchase(sale));
    expect(heard.result).toMatchObject({ outcome: 'approved' });
    expect(ledger()).toEqual(['sale 1010']);
  });

  it.each([
    'ack-with-answer',
    'byte-by-byte',
    'split-answer=150',
    'twice-positive',
    'duplicate-answer',
    'stale-answer@void',
    'late-answer@void=60000',
  ])('under %s voids once and says so', async (fault) => {
    const { start, run, ledger } = bench(wire, { sales: [{ amount: 1010 }], faults: [fault] });
    const terminal = await start();
    const { heard } = await run(terminal.voidTransaction(sale, ana));
    expect(heard.result).toMatchObject({ outcome: 'voided' });
    expect(ledger()).toEqual(['sale 1010', 'void 1010']);
  });

  it('whose void names its original beside the fields, as with a long trace, is voided', async () => {
    const { start, run, ledger } = bench(wire, {
      sales: [{ amount: 1010 }],
      faults: ['long-trace'],
    });
    const terminal = await start();
    const { heard } = await run(terminal.voidTransaction(sale, ana));
    expect(heard.result).toMatchObject({ outcome: 'voided' });
    expect(ledger()).toEqual(['sale 1010', 'void 1010']);
  });

  it('that does not tell its last transaction is not voided at', async () => {
    const { start, run, ledger } = bench(wire, {
      sales: [{ amount: 1010 }],
      faults: ['query-without-result'],
    });
    const terminal = await start();
    const { heard } = await run(terminal.voidTransaction(sale, ana));
    expect(heard.result ?? heard.error).not.toMatchObject({ outcome: 'voided' });
    expect(ledger()).toEqual(['sale 1010']);
  });

  it('is stopped while the customer has not paid: the sale is declined', async () => {
    const { start, clock, mock, ledger } = bench(wire);
    mock.terminal.host.latencyMs = 20_000;
    const terminal = await start();
    const abort = new AbortController();
    const watched = listen(terminal.purchase(sale, { signal: abort.signal }));
    await clock.advance(5_000);
    abort.abort();
    await untilDone(clock, watched.heard);
    expect(watched.heard.result).toMatchObject({ outcome: 'declined', responseCode: '6C' });
    expect(mock.received.map(({ code }) => code)).toContain('06 B0');
    expect(ledger()).toEqual([]);
  });

  it('is not waited for at a status enquiry of a payment that goes on', async () => {
    const { start, run, clock, mock, ledger } = bench(wire);
    const terminal = await start();
    await run(terminal.status());
    mock.terminal.host.latencyMs = 90_000;
    const watched = listen(terminal.purchase(sale));
    await clock.advance(30_000);
    await untilDone(clock, watched.heard);
    expect(watched.heard.result).toMatchObject({ outcome: 'approved' });
    expect(ledger()).toEqual(['sale 1010']);
  });

  it('with another password does not take the till, and nothing is sold', async () => {
    const { start, run, ledger } = bench(wire, { faults: ['checks-password=000000'] });
    const terminal = await start();
    const { heard } = await run(terminal.purchase(sale));
    expect(heard.error).toMatchObject({ code: 'bad-settings', effect: 'none' });
    expect(JSON.stringify(heard)).not.toContain('123456');
    expect(ledger()).toEqual([]);
  });

  it('counts messages with a till that asks for it', async () => {
    const { start, run, ledger, mock } = bench(wire, {
      sales: [{ amount: 500 }],
      options: '&sequence-ids=yes',
    });
    const terminal = await start();
    expect((await run(terminal.purchase(sale))).heard.result).toMatchObject({
      outcome: 'approved',
    });
    expect((await run(terminal.voidTransaction(sale, ana))).heard.result).toMatchObject({
      outcome: 'voided',
    });
    expect(ledger()).toEqual(['sale 500', 'sale 1010', 'void 1010']);
    expect(mock.received.at(-1)?.text).toContain('1f7303');
  });
});

describe.each(wires)('a sale at a ZVT terminal on %s whose end was lost', (wire) => {
  const before = { sales: [{ amount: 500 }] };

  /** `forMs`: how long nobody is at the other end. At a serial line a terminal gives up after 15 s. */
  async function lose(faults: readonly string[], forMs = 60_000) {
    const one = bench(wire, { ...before, faults });
    const terminal = await one.start();
    const { heard } = await one.run(terminal.purchase(sale, { key: 'K1' }));
    await one.clock.advance(forMs);
    one.mock.replug();
    return { ...one, terminal, lost: heard };
  }

  const stages: [fault: string, reading: 'reversed' | 'kept', outcome: string][] = [
    ['close-before-result-once', 'reversed', 'not-approved'],
    ['close-after-result-once', 'reversed', 'not-approved'],
    ['close-before-completion-once', 'reversed', 'approved'],
    ['close-before-result-once', 'kept', 'approved'],
    ['close-after-result-once', 'kept', 'approved'],
    ['close-before-completion-once', 'kept', 'approved'],
    ['unplug-after-booking-once', 'reversed', 'not-approved'],
    ['unplug-after-booking-once', 'kept', 'approved'],
    ['power-loss-before-booking-once', 'reversed', 'not-approved'],
    ['power-loss-after-booking-once', 'reversed', 'approved'],
    ['no-answer-once', 'reversed', 'approved'],
    ['silent-after-status-once', 'reversed', 'not-approved'],
    ['silent-once', 'reversed', 'not-approved'],
    ['no-completion-once', 'reversed', 'approved'],
  ];

  it.each(stages)('under %s at a terminal where it is %s: %s', async (fault, reading, outcome) => {
    const faults = [`${fault}@purchase`, ...(reading === 'kept' ? ['keeps-unacknowledged'] : [])];
    const { terminal, run, lost, ledger, codes } = await lose(faults);
    expect(lost.error).toMatchObject({ effect: 'unknown', intent: 'K1' });
    const { heard } = await run(terminal.recover());
    expect(heard.result).toMatchObject({ outcome, key: 'K1' });
    expect(ledger()).toEqual(outcome === 'approved' ? ['sale 500', 'sale 1010'] : ['sale 500']);
    expect(codes().filter((code) => code === '06 01')).toHaveLength(1);
  });

  it.each(stages)(
    'under %s is found out about also when the till is back at once',
    async (fault, reading) => {
      const faults = [`${fault}@purchase`, ...(reading === 'kept' ? ['keeps-unacknowledged'] : [])];
      const { terminal, run, ledger } = await lose(faults, 0);
      const { heard } = await run(terminal.recover());
      const booked = ledger().includes('sale 1010');
      expect(heard.result).toMatchObject({ outcome: booked ? 'approved' : 'not-approved' });
    },
  );

  it('is acknowledged although we gave up, is booked by that, and is found out about', async () => {
    const { terminal, run, lost, ledger, clock } = await lose(
      ['late-answer-once@purchase=300000'],
      0,
    );
    expect(lost.error).toMatchObject({ code: 'no-answer', effect: 'unknown' });
    expect(ledger()).toEqual(['sale 500']);
    const strays: unknown[] = [];
    terminal.unsolicited$.subscribe((stray) => strays.push(stray.code));
    await clock.advance(300_000);
    expect(ledger()).toEqual(['sale 500', 'sale 1010']);
    expect(strays).toContain('040F');
    const { heard } = await run(terminal.recover());
    expect(heard.result).toMatchObject({ outcome: 'approved', key: 'K1' });
  });

  it('blocks the next one, and is found out about by itself after a restart', async () => {
    const { terminal, run, start, ledger } = await lose(['close-before-completion-once@purchase']);
    await terminal.close();
    const restarted = await start();
    const { events, heard } = await run(restarted.purchase({ amount: eur(700) }));
    expect(events).toContain('recovering');
    expect(heard.result).toMatchObject({ outcome: 'approved' });
    expect(ledger()).toEqual(['sale 500', 'sale 1010', 'sale 700']);
    const replayed = await run(restarted.purchase(sale, { key: 'K1' }));
    expect(replayed.heard.result).toMatchObject({ outcome: 'approved', key: 'K1' });
  });

  it('stays in doubt when a clerk sold the same amount in between', async () => {
    const { terminal, run, mock } = await lose(['close-after-result-once@purchase']);
    mock.terminal.clerkSells(1010);
    const { heard } = await run(terminal.recover());
    expect(heard.error).toMatchObject({ code: 'unresolved-transaction', effect: 'unknown' });
  });

  it('stays in doubt at a terminal that does not tell its last transaction', async () => {
    const { terminal, run, mock } = await lose(['close-before-completion-once@purchase']);
    mock.fault('query-without-result');
    const { heard } = await run(terminal.recover());
    expect(heard.error).toMatchObject({ code: 'unresolved-transaction', effect: 'unknown' });
  });
});

describe.each(wires)('a void at a ZVT terminal on %s whose end was lost', (wire) => {
  const stages: [fault: string, outcome: string][] = [
    ['close-before-result-once', 'not-voided'],
    ['close-after-result-once', 'not-voided'],
    ['close-before-completion-once', 'voided'],
    ['unplug-after-booking-once', 'not-voided'],
    ['power-loss-before-booking-once', 'not-voided'],
    ['power-loss-after-booking-once', 'voided'],
    ['no-answer-once', 'voided'],
    ['silent-once', 'not-voided'],
    ['no-completion-once', 'voided'],
  ];

  it.each(stages)('under %s: %s', async (fault, outcome) => {
    const one = bench(wire, { sales: [{ amount: 1010 }], faults: [`${fault}@void`] });
    const terminal = await one.start();
    const { heard } = await one.run(terminal.voidTransaction(sale, { ...ana, key: 'V1' }));
    expect(heard.error).toMatchObject({ effect: 'unknown', intent: 'V1' });
    await one.clock.advance(60_000);
    one.mock.replug();
    const recovered = await one.run(terminal.recover());
    expect(recovered.heard.result).toMatchObject({ outcome, key: 'V1' });
    expect(one.ledger()).toEqual(outcome === 'voided' ? ['sale 1010', 'void 1010'] : ['sale 1010']);
    expect(one.codes().filter((code) => code === '06 30')).toHaveLength(1);
  });
});

describe('a ZVT terminal on a serial line that is not sound', () => {
  it.each([
    'lost-ack-once@purchase',
    'lost-till-ack-once@purchase',
    'bad-lrc-once@purchase',
    'lost-answer-once@purchase',
    'noise-before',
    'noise-inside-once@purchase',
    'flipped-bit-once@purchase=100',
    'lost-byte-once@purchase=7',
    'echo-once@purchase',
  ])('under %s never says what is not true, and sells at most once', async (fault) => {
    const { start, run, ledger } = bench('serial', { sales: [{ amount: 500 }], faults: [fault] });
    const terminal = await start();
    const { heard } = await run(terminal.purchase(sale, { key: 'K1' }));
    if (heard.error !== undefined) {
      expect(heard.error).toMatchObject({ effect: 'unknown' });
      await run(terminal.recover());
    } else expect(heard.result).toMatchObject({ outcome: 'approved' });
    expect(ledger().filter((entry) => entry === 'sale 1010').length).toBeLessThanOrEqual(1);
    if (heard.result !== undefined) expect(ledger()).toContain('sale 1010');
  });

  it('refused three times on the link has not sold', async () => {
    const { start, run, ledger } = bench('serial', {
      sales: [{ amount: 500 }],
      faults: ['nak@purchase'],
    });
    const terminal = await start();
    const { heard } = await run(terminal.purchase(sale));
    expect(heard.error).toMatchObject({ code: 'not-acknowledged', effect: 'none' });
    expect(ledger()).toEqual(['sale 500']);
  });
});
