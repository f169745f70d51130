import { describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import type { Entry } from '../../src/journal/journal.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { clp } from '../../src/model/money.ts';
import type { Command } from '../../src/terminal/command.ts';
import { openTerminal, type TerminalOptions } from '../../src/terminal/open.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listen, untilDone } from '../support/till.ts';

const ana = { operator: 'ana', reason: 'out of stock' };
const sale = { amount: clp(1500), ticket: '42' };

/** A mock terminal and a journal that outlive the till's processes. */
function bench(options: Partial<MockTerminalOptions> = {}) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'transbank', clock, ...options });
  const journal = memoryJournal();
  const lock = memoryLock();
  let drawn = 0;
  const random = (length: number) => (++drawn).toString(36).toUpperCase().padStart(length, 'K');
  const world = { clock, random };
  /** A process of the till: the terminal object is new, the journal is not. */
  const start = (more: TerminalOptions = {}) =>
    openTerminal(mock.protocol, { transport: mockTransport(mock), journal, lock, world, ...more });
  const run = async <R>(command: Command<R>) => {
    const watched = listen(command);
    await untilDone(clock, watched.heard, 3_600_000);
    return watched;
  };
  const ledger = () => mock.terminal.ledger.map(({ kind }) => kind);
  return { clock, mock, journal, lock, start, run, ledger };
}

describe('a sale whose answer was lost', () => {
  it('is found out about: it was made', async () => {
    const { start, run, ledger } = bench({ faults: ['no-answer-once'] });
    const terminal = await start();
    const { heard } = await run(terminal.purchase(sale, { key: 'K1' }));
    expect(heard.error).toMatchObject({ code: 'no-answer', effect: 'unknown', intent: 'K1' });
    const recovered = await run(terminal.recover());
    expect(recovered.events).toContain('recovering');
    expect(recovered.heard.result).toMatchObject({
      outcome: 'approved',
      key: 'K1',
      transaction: { ticket: '000042', amount: clp(1500), operationNumber: '000001' },
    });
    expect(ledger()).toEqual(['sale']);
  });

  it('blocks the next one until it is found out about', async () => {
    const { start, run, mock } = bench({ faults: ['no-answer-once'] });
    const terminal = await start();
    await run(terminal.purchase(sale, { key: 'K1' }));
    const blocked = await run(terminal.purchase({ amount: clp(2000) }));
    expect(blocked.heard.error).toMatchObject({
      code: 'unresolved-transaction',
      effect: 'none',
      intent: 'K1',
    });
    const settled = await run(terminal.settle());
    expect(settled.heard.error).toMatchObject({ code: 'unresolved-transaction', effect: 'none' });
    await run(terminal.recover());
    const next = await run(terminal.purchase({ amount: clp(2000) }));
    expect(next.heard.result).toMatchObject({ outcome: 'approved' });
    expect(mock.terminal.ledger).toHaveLength(2);
  });

  it('is found out about by asking for it again under its key, and is not made twice', async () => {
    const { start, run, ledger } = bench({ faults: ['no-answer-once'] });
    const terminal = await start();
    await run(terminal.purchase(sale, { key: 'K1' }));
    const again = await run(terminal.purchase(sale, { key: 'K1' }));
    expect(again.heard.result).toMatchObject({ outcome: 'approved', key: 'K1' });
    const replayed = await run(terminal.purchase(sale, { key: 'K1' }));
    expect(replayed.heard.result).toEqual(again.heard.result);
    expect(ledger()).toEqual(['sale']);
  });

  it('is found out about by itself before the first money command after a restart', async () => {
    const { start, run, ledger } = bench({ faults: ['no-answer-once'] });
    const first = await start();
    await run(first.purchase(sale, { key: 'K1' }));
    await first.close();
    const restarted = await start();
    const next = await run(restarted.purchase({ amount: clp(2000) }));
    expect(next.events).toContain('recovering');
    expect(next.heard.result).toMatchObject({
      outcome: 'approved',
      transaction: { amount: clp(2000) },
    });
    const replayed = await run(restarted.purchase(sale, { key: 'K1' }));
    expect(replayed.heard.result).toMatchObject({
      outcome: 'approved',
      transaction: { amount: clp(1500) },
    });
    expect(ledger()).toEqual(['sale', 'sale']);
  });

  it('is waited for while the plug is out', async () => {
    const { start, run, mock, clock } = bench({ faults: ['unplug-after-booking-once'] });
    const terminal = await start();
    const lost = await run(terminal.purchase(sale, { key: 'K1' }));
    expect(lost.heard.error).toMatchObject({ code: 'connection-lost', effect: 'unknown' });
    const recovering = listen(terminal.recover());
    await clock.advance(5_000);
    mock.replug();
    await untilDone(clock, recovering.heard);
    expect(recovering.heard.result).toMatchObject({ outcome: 'approved', key: 'K1' });
  });

  it('stays in doubt while the terminal cannot be reached, and can be asked about again', async () => {
    const { start, run, mock } = bench({ faults: ['unplug-after-booking-once'] });
    const terminal = await start();
    await run(terminal.purchase(sale, { key: 'K1' }));
    const vain = await run(terminal.recover());
    expect(vain.heard.error).toMatchObject({ code: 'unresolved-transaction', effect: 'unknown' });
    mock.replug();
    const found = await run(terminal.recover());
    expect(found.heard.result).toMatchObject({ outcome: 'approved' });
  });
});

describe('a sale that was lost on the way', () => {
  it('is not called undone where nothing proves that the terminal has not settled', async () => {
    const { start, run } = bench({ faults: ['silent-once@purchase'] });
    const terminal = await start();
    await run(terminal.purchase(sale, { key: 'K1' }));
    const { heard } = await run(terminal.recover());
    expect(heard.error).toMatchObject({
      code: 'unresolved-transaction',
      effect: 'unknown',
      evidence: { asked: { key: 'K1', amount: clp(1500) }, told: [] },
    });
  });

  it('is not called undone when a settlement and another sale came in between', async () => {
    const { start, run, mock } = bench();
    const terminal = await start();
    await run(terminal.purchase({ amount: clp(900) }));
    mock.fault('no-answer-once@purchase');
    await run(terminal.purchase(sale, { key: 'K1' }));
    mock.terminal.settle('clerk');
    mock.terminal.clerkSells(700);
    const { heard } = await run(terminal.recover());
    expect(heard.error).toMatchObject({ code: 'unresolved-transaction', effect: 'unknown' });
  });

  it('is called undone only after the time the terminal may still take', async () => {
    const { start, run, mock, clock } = bench();
    const terminal = await start();
    await run(terminal.purchase({ amount: clp(900) }));
    mock.fault('silent-once@purchase');
    const before = clock.now();
    await run(terminal.purchase(sale, { key: 'K1' }));
    const { heard } = await run(terminal.recover());
    expect(heard.result).toEqual({
      outcome: 'not-approved',
      key: 'K1',
      message: 'Found out: the sale was not made.',
    });
    expect(clock.now() - before).toBeGreaterThanOrEqual(150_000);
  });

  it('is not taken for an earlier one with the same ticket and amount', async () => {
    const { start, run, mock, ledger } = bench();
    const terminal = await start();
    await run(terminal.purchase(sale, { key: 'K1' }));
    mock.fault('silent-once@purchase');
    await run(terminal.purchase(sale, { key: 'K2' }));
    const { heard } = await run(terminal.recover());
    expect(heard.result).toMatchObject({ outcome: 'not-approved', key: 'K2' });
    expect(ledger()).toEqual(['sale']);
  });
});

describe('a void whose answer was lost', () => {
  const sold = { sales: [{ amount: 1500, ticket: '42' }] };

  it('is found out about: it was carried out, and its voucher is there', async () => {
    const { start, run, ledger } = bench({ ...sold, faults: ['no-answer-once@void'] });
    const terminal = await start();
    await run(terminal.voidTransaction({ amount: clp(1500) }, { ...ana, key: 'V1' }));
    const { heard } = await run(terminal.recover());
    expect(heard.result).toMatchObject({
      outcome: 'voided',
      key: 'V1',
      transaction: { state: 'voided', last4: '0461' },
      voucher: expect.arrayContaining(['Voided by:     ana']),
    });
    expect(ledger()).toEqual(['sale', 'void']);
  });

  it('is found out about: it was not carried out, and can be asked for anew', async () => {
    const { start, run, ledger } = bench({ ...sold, faults: ['silent-once@void'] });
    const terminal = await start();
    const order = { ...ana, key: 'V1' };
    await run(terminal.voidTransaction({ amount: clp(1500) }, order));
    const { heard } = await run(terminal.recover());
    expect(heard.result).toMatchObject({ outcome: 'not-voided', key: 'V1' });
    const anew = await run(terminal.voidTransaction({ amount: clp(1500) }, ana));
    expect(anew.heard.result).toMatchObject({ outcome: 'voided' });
    expect(ledger()).toEqual(['sale', 'void']);
  });

  it('stays in doubt when the terminal has settled, until a person decides', async () => {
    const { start, run, mock } = bench({ ...sold, faults: ['no-answer-once@void'] });
    const terminal = await start();
    await run(terminal.voidTransaction({ amount: clp(1500) }, { ...ana, key: 'V1' }));
    mock.terminal.settle('clerk');
    expect((await run(terminal.recover())).heard.error).toMatchObject({
      code: 'unresolved-transaction',
    });
    const wrong = await run(terminal.decide('approved', ana));
    expect(wrong.heard.result).toMatchObject({ outcome: 'refused', field: 'decision' });
    const decided = await run(
      terminal.decide('voided', { operator: 'eva', reason: 'voucher seen' }),
    );
    expect(decided.heard.result).toMatchObject({
      outcome: 'decided',
      decision: 'voided',
      key: 'V1',
    });
    expect((await run(terminal.recover())).heard.result).toMatchObject({ outcome: 'nothing-open' });
    expect((await run(terminal.decide('voided', ana))).heard.result).toMatchObject({
      outcome: 'refused',
      reason: 'nothing-open',
    });
  });

  it('on a terminal that does not tell its voids stays in doubt', async () => {
    const { start, run } = bench({
      ...sold,
      protocol: 'transbank-autoservicio',
      faults: ['no-answer-once@void'],
    });
    const terminal = await start({ allowBlindVoid: true });
    await run(terminal.voidTransaction({ amount: clp(1500) }, ana));
    expect((await run(terminal.recover())).heard.error).toMatchObject({
      code: 'unresolved-transaction',
      effect: 'unknown',
    });
  });

  it('keeps a late answer in the record', async () => {
    const { start, run, journal, clock } = bench({
      ...sold,
      faults: ['late-answer-once@void=200000'],
    });
    const terminal = await start();
    await run(terminal.voidTransaction({ amount: clp(1500) }, { ...ana, key: 'V1' }));
    await clock.advance(300_000);
    const [known] = await journal.open('transbank');
    expect(known?.entries.at(-1)).toMatchObject({ type: 'unsolicited', code: '1210' });
  });
});

describe('one terminal and two programs', () => {
  it('the second is told who holds it, and nothing is sent', async () => {
    const { start, run, clock } = bench({ faults: ['late-answer-once=20000'] });
    const first = await start({ program: 'the shop' });
    const second = await start({ program: 'tillwire void' });
    const sold = listen(first.purchase(sale));
    await clock.advance(100);
    const held = await run(second.voidTransaction({ amount: clp(1500) }, ana));
    expect(held.heard.error).toMatchObject({
      code: 'terminal-held',
      effect: 'none',
      message: expect.stringContaining('the shop'),
    });
    await untilDone(clock, sold.heard);
    expect(sold.heard.result).toMatchObject({ outcome: 'approved' });
  });
});

describe('a command in doubt', () => {
  it('is never called undone because it cannot be found out about just now', async () => {
    const { start, run, lock, clock, mock } = bench({ faults: ['no-answer-once'] });
    const terminal = await start();
    await run(terminal.purchase(sale, { key: 'K1' }));
    const release = await lock.acquire('transbank', { pid: 1, program: 'x', since: clock.now() });
    const held = await run(terminal.purchase(sale, { key: 'K1' }));
    expect(held.heard.error).toMatchObject({
      code: 'terminal-held',
      effect: 'unknown',
      intent: 'K1',
    });
    await release();
    mock.use({ request: () => 'silence' });
    const silent = await run(terminal.recover());
    expect(silent.heard.error).toMatchObject({ effect: 'unknown', intent: 'K1' });
  });
});

describe("the merchant's policy", () => {
  const sold = { sales: [{ amount: 1500, ticket: '42' }] };
  const takeBack = async (policy: TerminalOptions['policy'] & object, more = {}) => {
    const { start, run, mock } = bench(sold);
    const terminal = await start({ policy });
    const command = terminal.voidTransaction({ amount: clp(1500) }, { ...ana, ...more });
    const { heard } = await run(command);
    return { result: heard.result, sent: mock.received.map(({ code }) => code) };
  };

  it('wants a second person to agree, and another one', async () => {
    const none = await takeBack({ supervisor: true });
    expect(none.result).toMatchObject({ outcome: 'refused', reason: 'supervisor-needed' });
    const same = await takeBack({ supervisor: true }, { supervisor: 'ana' });
    expect(same.result).toMatchObject({ outcome: 'refused', field: 'supervisor' });
    const both = await takeBack({ supervisor: true }, { supervisor: 'eva' });
    expect(both.result).toMatchObject({ outcome: 'voided' });
  });

  it('refuses a sale that is too old, before the void is sent', async () => {
    const { start, run, mock, clock } = bench(sold);
    const terminal = await start({ policy: { windowMs: 3_600_000 } });
    await clock.advance(86_400_000);
    const { heard } = await run(terminal.voidTransaction({ amount: clp(1500) }, ana));
    expect(heard.result).toMatchObject({ outcome: 'refused', reason: 'outside-void-window' });
    expect(mock.received.map(({ code }) => code)).toEqual(['0250']);
  });
});

describe('a journal that cannot be written', () => {
  it.each(['begin', 'append', 'open'] as const)(
    'in %s keeps the money where it is',
    async (broken) => {
      const { start, run, mock, journal } = bench();
      const failing = {
        ...journal,
        [broken]: () => Promise.reject(new Error('no space left on device')),
      };
      const terminal = await start({ journal: failing });
      const { heard } = await run(terminal.purchase(sale));
      expect(heard.error).toMatchObject({ code: 'journal-failed', effect: 'none' });
      expect(mock.received).toEqual([]);
    },
  );

  it('after the answer says that the outcome is not on record', async () => {
    const { start, run, journal } = bench();
    const failing = {
      ...journal,
      append: (key: string, ...entries: Entry[]) =>
        entries.some(({ type }) => type === 'outcome')
          ? Promise.reject(new Error('EIO'))
          : journal.append(key, ...entries),
    };
    const { heard } = await run((await start({ journal: failing })).purchase(sale));
    expect(heard.error).toMatchObject({ code: 'journal-failed', effect: 'unknown' });
  });

  it.each(['taken', 'unsolicited', 'in-doubt'] as const)(
    'in a sale that was sent never says that nothing was (%s)',
    async (type) => {
      // What names another is set aside, and the silence behind it is an outcome that is not known.
      const { start, run, journal, ledger } = bench({
        protocol: 'pax-poslink',
        faults: ['foreign-answer-once@purchase'],
      });
      const failing = {
        ...journal,
        append: (key: string, ...entries: Entry[]) =>
          entries.some((entry) => entry.type === type)
            ? Promise.reject(new Error('EIO'))
            : journal.append(key, ...entries),
      };
      const usd = { amount: { amount: 1500, currency: 'USD' } };
      const { heard } = await run((await start({ journal: failing })).purchase(usd));
      expect(heard.error).toMatchObject({ effect: 'unknown' });
      expect(ledger()).toEqual(['sale']);
    },
  );
});
