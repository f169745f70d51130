import { describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listen, untilDone } from '../support/till.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const ana = { operator: 'ana', reason: 'out of stock' };

type Medium = 'serial' | 'tcp';

/** A till and an ECR17 terminal on one fake clock, on a line that stays open or as on TCP. */
async function createTill(
  medium: Medium = 'tcp',
  options: Partial<MockTerminalOptions> = {},
  address = '',
) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'ecr17', clock, transport: medium, ...options });
  const connection = medium === 'tcp' ? 'per-command' : 'kept';
  let drawn = 0;
  const journal = memoryJournal();
  const lock = memoryLock();
  const open = () =>
    openTerminal(`ecr17?connection=${connection}${address}`, {
      transport: mockTransport(mock),
      journal,
      lock,
      world: {
        clock,
        random: (length) => (++drawn).toString(36).toUpperCase().padStart(length, 'K'),
      },
    });
  const terminal = await open();

  /** Runs a command to its end. */
  async function run<R>(command: Parameters<typeof listen<R>>[0]) {
    const watched = listen(command);
    await untilDone(clock, watched.heard);
    return watched;
  }

  return {
    clock,
    mock,
    terminal,
    run,
    sell: (amount: number) => run(terminal.purchase({ amount: eur(amount) })),
    takeBack: (amount: number, named: { trace?: string } = {}) =>
      run(terminal.voidTransaction({ amount: eur(amount), ...named }, ana)),
    /** What the terminal has booked. */
    booked: () =>
      mock.terminal.ledger.map((entry) =>
        'sale' in entry ? `${entry.kind} ${entry.sale.amount}` : entry.kind,
      ),
    /** The codes of the requests it could read. */
    codes: () => mock.received.map(({ code }) => code).join(''),
  };
}

describe.each<Medium>(['serial', 'tcp'])('an ECR17 terminal on %s', (medium) => {
  it('sells with X, asks for its last result before, and sends the receipt after', async () => {
    const till = await createTill(medium);
    const { events, heard } = await till.sell(650);
    expect(events).toEqual([
      'queued',
      'sent last result',
      'acknowledged',
      'sent payment',
      'acknowledged',
      'prompt present-card',
      'prompt enter-pin',
      'prompt authorising',
      'receipt',
      'result approved',
      'complete',
    ]);
    expect(heard.result).toMatchObject({
      outcome: 'approved',
      transaction: {
        kind: 'purchase',
        state: 'approved',
        amount: eur(650),
        trace: '000001',
        authorisationCode: '252985',
        terminalId: '75001637',
        last4: '0461',
        cardType: 'credit',
        time: '2026-01-02T03:04',
      },
    });
    // The status gives the terminal's clock: once a connection on TCP, each time on a line that stays open.
    expect(till.codes()).toBe(medium === 'tcp' ? 'sGEX' : 'ssGsEX');
    expect(till.booked()).toEqual(['sale 650']);
  });

  it('takes the last sale back, guarded by its STAN', async () => {
    const till = await createTill(medium);
    await till.sell(650);
    const { heard } = await till.takeBack(650, { trace: '1' });
    expect(heard.result).toMatchObject({
      outcome: 'voided',
      transaction: { state: 'voided', trace: '000001', amount: eur(650) },
    });
    const reversal = till.mock.received.find(({ code }) => code === 'S');
    expect(reversal?.text).toBe('000000000S0000000100000100');
    expect(till.booked()).toEqual(['sale 650', 'void 650']);
  });

  it('takes nothing back that is not the last, by amount or by STAN', async () => {
    const till = await createTill(medium);
    await till.sell(650);
    await till.sell(9_900);
    const byAmount = await till.takeBack(650);
    expect(byAmount.heard.result).toMatchObject({ outcome: 'refused', reason: 'not-the-last' });
    const byStan = await till.takeBack(9_900, { trace: '000001' });
    expect(byStan.heard.result).toMatchObject({ outcome: 'refused', reason: 'not-the-last' });
    expect(till.codes()).not.toContain('S');
    expect(till.booked()).toEqual(['sale 650', 'sale 9900']);
  });

  it('takes back nothing when a clerk sells between question and void: the STAN is another', async () => {
    const till = await createTill(medium, { faults: ['clerk-sells-before-void=650'] });
    await till.sell(650);
    const { heard } = await till.takeBack(650);
    expect(heard.result).toMatchObject({ outcome: 'declined', responseCode: '01' });
    expect(heard.result).toMatchObject({ message: expect.stringContaining('STAN NON VALIDO') });
    expect(till.booked()).toEqual(['sale 650', 'sale 650']);
  });

  it('takes back nothing when a clerk has sold since, also where that is not told', async () => {
    const till = await createTill(medium, { faults: ['till-results-only'] });
    await till.sell(650);
    till.mock.terminal.clerkSells(650);
    const { heard } = await till.takeBack(650);
    expect(heard.result).toMatchObject({ outcome: 'declined' });
    expect(till.booked()).toEqual(['sale 650', 'sale 650']);
  });

  it('tells its last result, whoever made it', async () => {
    const till = await createTill(medium);
    expect((await till.run(till.terminal.lastTransaction())).heard.result).toMatchObject({
      outcome: 'none',
    });
    till.mock.terminal.clerkSells(1_234);
    expect((await till.run(till.terminal.lastTransaction())).heard.result).toMatchObject({
      outcome: 'found',
      transaction: { kind: 'purchase', state: 'approved', amount: eur(1_234), trace: '000001' },
    });
  });

  it('is asked in whichever of the four checks it uses', async () => {
    for (const lrc of [[], ['lrc-stx'], ['lrc-noext'], ['lrc-stx-noext']])
      for (const silent of [[], ['silent-on-bad-lrc']]) {
        const till = await createTill(medium, { faults: [...lrc, ...silent] });
        const { heard } = await till.sell(650);
        expect(heard.result, lrc[0]).toMatchObject({ outcome: 'approved' });
        expect(till.booked()).toEqual(['sale 650']);
      }
  });

  it('declines with its own words', async () => {
    const till = await createTill(medium, { faults: ['declined=051'] });
    const { heard } = await till.sell(650);
    expect(heard.result).toMatchObject({
      outcome: 'declined',
      responseCode: '01',
      message: 'The terminal refused: NON AUTORIZZATA (code 01, action code 051).',
    });
    expect(till.booked()).toEqual([]);
  });

  it('loses no result when its receipts stay away, have no end, or the line ends first', async () => {
    for (const fault of [
      'receipts-kept-back',
      'receipts-without-end',
      'receipts-not-supported',
      'lost-till-ack-once@purchase',
    ]) {
      const till = await createTill(medium, { faults: [fault] });
      const { heard } = await till.sell(650);
      expect(heard.result, fault).toMatchObject({ outcome: 'approved' });
      expect(till.booked()).toEqual(['sale 650']);
    }
  });

  it('loses no result when the cable is pulled behind it', async () => {
    const till = await createTill(medium);
    let results = 0;
    till.mock.use({
      transmit(piece, next, bench) {
        if (piece.kind === 'receipt' && results++ === 0) bench.unplug();
        return next();
      },
    });
    const { heard } = await till.sell(650);
    expect(heard.result).toMatchObject({ outcome: 'approved' });
  });

  it('settles, and tells its last result still', async () => {
    const till = await createTill(medium);
    await till.sell(650);
    const { heard } = await till.run(till.terminal.settle());
    expect(heard.result).toMatchObject({
      outcome: 'settled',
      message: "The terminal has closed its session: its total EUR 6.50, the host's EUR 6.50.",
    });
    const last = await till.run(till.terminal.lastTransaction());
    expect(last.heard.result).toMatchObject({ outcome: 'found', transaction: { trace: '000001' } });
    const late = await till.takeBack(650);
    expect(late.heard.result).toMatchObject({ outcome: 'declined' });
    expect(till.booked()).toEqual(['sale 650', 'settlement']);
  });

  it('finds out about a sale whose answer was lost, when its number is the very next', async () => {
    for (const fault of ['no-answer-once@purchase', 'unplug-after-booking-once@purchase']) {
      const till = await createTill(medium);
      await till.sell(1_000);
      till.mock.fault(fault);
      const lost = await till.sell(650);
      expect(lost.heard.error, fault).toMatchObject({ effect: 'unknown' });
      if (!till.mock.plugged) till.mock.replug();
      const { heard } = await till.run(till.terminal.recover());
      expect(heard.result, fault).toMatchObject({
        outcome: 'approved',
        transaction: { amount: eur(650), trace: '000002' },
      });
      expect(till.booked()).toEqual(['sale 1000', 'sale 650']);
    }
  });

  it('finds out about a sale that was lost right behind a void', async () => {
    const till = await createTill(medium);
    await till.sell(1_000);
    await till.takeBack(1_000);
    till.mock.fault('no-answer-once@purchase');
    await till.sell(650);
    const { heard } = await till.run(till.terminal.recover());
    expect(heard.result).toMatchObject({ outcome: 'approved', transaction: { trace: '000003' } });
  });

  it('finds out that a sale was not made', async () => {
    const till = await createTill(medium);
    await till.sell(1_000);
    till.mock.fault('power-loss-before-booking-once@purchase');
    const lost = await till.sell(650);
    expect(lost.heard.error).toMatchObject({ effect: 'unknown' });
    const { heard } = await till.run(till.terminal.recover());
    expect(heard.result).toMatchObject({ outcome: 'not-approved' });
    expect(till.booked()).toEqual(['sale 1000']);
  });

  it('takes no other sale of the same amount for the one in doubt', async () => {
    const till = await createTill(medium);
    await till.sell(1_000);
    till.mock.fault('power-loss-before-booking-once@purchase');
    await till.sell(650);
    till.mock.terminal.clerkSells(100);
    till.mock.terminal.clerkSells(650);
    const { heard } = await till.run(till.terminal.recover());
    expect(heard.error).toMatchObject({ code: 'unresolved-transaction', effect: 'unknown' });
  });

  it('finds out that a void was carried out; that it was not, nothing proves', async () => {
    const done = await createTill(medium);
    await done.sell(650);
    done.mock.fault('no-answer-once@void');
    expect((await done.takeBack(650)).heard.error).toMatchObject({ effect: 'unknown' });
    expect((await done.run(done.terminal.recover())).heard.result).toMatchObject({
      outcome: 'voided',
      transaction: { trace: '000001', state: 'voided' },
    });

    const undone = await createTill(medium);
    await undone.sell(650);
    undone.mock.fault('power-loss-before-booking-once@void');
    expect((await undone.takeBack(650)).heard.error).toMatchObject({ effect: 'unknown' });
    expect((await undone.run(undone.terminal.recover())).heard.error).toMatchObject({
      code: 'unresolved-transaction',
      effect: 'unknown',
    });
    expect(undone.booked()).toEqual(['sale 650']);
  });

  it('leaves a void in doubt when the last reversal is not the one of that sale', async () => {
    const till = await createTill(medium);
    await till.sell(650);
    till.mock.fault('power-loss-before-booking-once@void');
    await till.takeBack(650);
    till.mock.terminal.clerkSells(100);
    till.mock.terminal.clerkVoids();
    const { heard } = await till.run(till.terminal.recover());
    expect(heard.error).toMatchObject({ code: 'unresolved-transaction' });
  });

  it('never credits a late result of one sale to the next', async () => {
    // Recorded of other tills: 6.50 timed out, and its approval was returned for the 99.00 that followed.
    const till = await createTill(medium);
    await till.sell(1_000);
    till.mock.fault('late-answer-once@purchase=160000');
    const first = listen(till.terminal.purchase({ amount: eur(650) }));
    await untilDone(till.clock, first.heard);
    expect(first.heard.error).toMatchObject({ code: 'no-answer', effect: 'unknown' });
    const second = await till.sell(9_900);
    expect(second.heard.error).toMatchObject({ code: 'unresolved-transaction', effect: 'none' });
    const { heard } = await till.run(till.terminal.recover());
    expect(heard.result).toMatchObject({ outcome: 'approved', transaction: { amount: eur(650) } });
    till.mock.fault('declined@purchase');
    const third = await till.sell(9_900);
    expect(third.heard.result).toMatchObject({ outcome: 'declined' });
    expect(till.booked()).toEqual(['sale 1000', 'sale 650']);
  });

  it('sends a sale once, whatever happens on the line', async () => {
    for (const fault of ['silent', 'lost-ack', 'no-answer', 'bad-lrc']) {
      const till = await createTill(medium);
      await till.sell(1_000);
      till.mock.fault(`${fault}@purchase`);
      const { heard } = await till.sell(650);
      expect(heard.error, fault).toMatchObject({ effect: 'unknown' });
      expect(till.codes().match(/X/g), fault).toHaveLength(2);
    }
  });

  it('sends a sale that was refused by NAK again only when the last result proves it undone', async () => {
    const till = await createTill(medium);
    await till.sell(1_000);
    till.mock.fault('nak-once@purchase');
    const { heard } = await till.sell(650);
    expect(heard.result).toMatchObject({ outcome: 'approved' });
    expect(till.booked()).toEqual(['sale 1000', 'sale 650']);
  });

  it.each([
    ['wrong-amount@purchase', ['wrong-transaction']],
    ['foreign-answer@purchase', ['wrong-transaction']],
    ['unknown-code@purchase=77', ['unknown-response-code']],
    ['unknown-code@purchase=09', ['unknown-response-code']],
    // It was not the answer; on TCP the terminal ends the connection behind it.
    ['foreign-terminal@purchase', ['no-answer', 'connection-lost']],
    ['result-before-ack@purchase', ['no-answer', 'connection-lost']],
  ])('under %s leaves a sale in doubt', async (fault, codes) => {
    const till = await createTill(medium);
    till.mock.fault(fault);
    const { heard } = await till.sell(650);
    expect(heard.error).toMatchObject({ effect: 'unknown' });
    expect(codes).toContain(Reflect.get(Object(heard.error), 'code'));
  });

  it('bears frames that come in pieces, twice, or with noise', async () => {
    for (const fault of [
      'byte-by-byte=0',
      'split-answer',
      'ack-with-answer',
      'duplicate-answer',
      'noise-before',
      'nul-break',
      'lost-answer-once',
      'bad-lrc-once@purchase',
    ]) {
      const till = await createTill(medium, { faults: [fault] });
      const { heard } = await till.sell(650);
      expect(heard.result, fault).toMatchObject({ outcome: 'approved' });
      expect(till.booked(), fault).toEqual(['sale 650']);
    }
  });

  it('sells before its first result was stored, also where that is refused with NAK', async () => {
    const till = await createTill(medium, { faults: ['empty-naks'] });
    const { heard } = await till.sell(650);
    expect(heard.result).toMatchObject({ outcome: 'approved' });
    const empty = await createTill(medium, { faults: ['empty-naks'] });
    const last = await empty.run(empty.terminal.lastTransaction());
    expect(last.heard.result).toMatchObject({ outcome: 'declined', responseCode: 'NAK' });
  });

  it('sells with P too, and then tells of no amount afterwards', async () => {
    const till = await createTill(medium, {}, '&payment=P');
    const { heard } = await till.sell(650);
    expect(heard.result).toMatchObject({ outcome: 'approved', transaction: { trace: '000001' } });
    expect(till.codes()).toContain('P');
    const last = await till.run(till.terminal.lastTransaction());
    expect(last.heard.result).toMatchObject({ outcome: 'refused' });
    const undo = await till.takeBack(650);
    expect(undo.heard.result).toMatchObject({ outcome: 'refused' });
    expect(till.booked()).toEqual(['sale 650']);
  });
});

describe('an ECR17 terminal', () => {
  it('says when it is not ready', async () => {
    const till = await createTill('tcp', { faults: ['not-configured'] });
    expect((await till.run(till.terminal.status())).heard.result).toMatchObject({
      outcome: 'not-ready',
      terminalCode: '0',
      message: 'The terminal is not configured. Software: MOCK0001.',
    });
  });

  it('is told apart from another one by its number', async () => {
    const right = await createTill('tcp', {}, '&terminal-id=75001637');
    expect((await right.sell(650)).heard.result).toMatchObject({ outcome: 'approved' });
    const wrong = await createTill('tcp', {}, '&terminal-id=12345678');
    expect((await wrong.sell(650)).heard.error).toMatchObject({ effect: 'none' });
    expect(wrong.booked()).toEqual([]);
  });

  it('takes no amount that eight columns of cents do not hold', async () => {
    const till = await createTill();
    for (const amount of [0, -1, 1.5, 100_000_000])
      expect((await till.sell(amount)).heard.result).toMatchObject({
        outcome: 'refused',
        reason: 'invalid',
        field: 'amount',
      });
    expect(till.codes()).toBe('');
  });

  it.each(['terminal-id=1234', 'till-id=abcdefgh', 'payment=Q', 'connection=none'])(
    'is not opened with %s',
    async (option) => {
      await expect(openTerminal(`ecr17+mock:?${option}`)).rejects.toMatchObject({
        code: 'bad-address',
      });
    },
  );

  it('sends nothing of a sale when it does not react to the request for receipts', async () => {
    const till = await createTill('serial', { faults: ['silent@print-at-till'] });
    const { heard } = await till.sell(650);
    expect(heard.error).toMatchObject({ code: 'no-acknowledgement', effect: 'none' });
    expect(till.codes()).not.toContain('X');
  });
});
