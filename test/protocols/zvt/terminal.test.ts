import { describe, expect, it } from 'vitest';
import { createMockTerminal } from '../../../mocks/mock-terminal.ts';
import { mockTransport } from '../../../mocks/mock-transport.ts';
import { zvtSetup } from '../../../mocks/zvt-setup.ts';
import { toHex } from '../../../src/framing/bytes.ts';
import { memoryJournal } from '../../../src/journal/memory.ts';
import * as commands from '../../../src/protocols/zvt/commands.ts';
import type { Command } from '../../../src/terminal/command.ts';
import { openTerminal } from '../../../src/terminal/open.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { listen, untilDone } from '../../support/till.ts';
import { euro } from './support.ts';

interface Options {
  readonly address?: string;
  readonly framing?: 'serial' | 'tcp';
  readonly thinkMs?: number;
}

/** A till and a mock ZVT terminal on one fake clock. */
async function shop({ address = '', framing = 'tcp', thinkMs = 20 }: Options = {}) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'zvt', clock, transport: framing, thinkMs });
  zvtSetup(mock.terminal).password = '123456';
  let drawn = 0;
  const random = (length: number) => (++drawn).toString(36).toUpperCase().padStart(length, 'K');
  const terminal = await openTerminal(`zvt?framing=${framing}${address}`, {
    transport: mockTransport(mock),
    journal: memoryJournal(),
    world: { clock, random },
    secrets: { password: '123456' },
  });
  /** Runs a command to its end; its events in few words, and how it ended. */
  async function run<R>(command: Command<R>, limitMs?: number) {
    const { events, heard } = listen(command);
    await untilDone(clock, heard, limitMs);
    return { events, result: heard.result, error: heard.error };
  }
  const sent = () => mock.received.map(({ command }) => command);
  return { clock, mock, terminal, run, sent };
}

const by = { operator: 'ana', reason: 'out of stock' };

describe.each(['tcp', 'serial'] as const)('a ZVT terminal on %s, with the driver', (framing) => {
  it('registers, sells, tells its last transaction, and takes it back', async () => {
    const { terminal, run, mock } = await shop({ framing });
    const sold = await run(terminal.purchase({ amount: euro(1010) }));
    expect(sold.error).toBeUndefined();
    expect(sold.events).toContain('prompt present-card');
    expect(sold.events).toContain('receipt');
    expect(sold.result).toMatchObject({
      outcome: 'approved',
      transaction: { amount: euro(1010), receiptNumber: '0001', kind: 'purchase' },
    });
    const last = await run(terminal.lastTransaction());
    expect(last.result).toMatchObject({ outcome: 'found', transaction: { receiptNumber: '0001' } });
    const voided = await run(
      terminal.voidTransaction({ amount: euro(1010), receiptNumber: '1' }, by),
    );
    expect(voided.error).toBeUndefined();
    expect(voided.result).toMatchObject({ outcome: 'voided' });
    expect(mock.terminal.ledger.map(({ kind }) => kind)).toEqual(['sale', 'void']);
    const told = await run(terminal.lastTransaction());
    expect(told.result).toMatchObject({ transaction: { kind: 'void', original: {} } });
  });

  it('asks, gives back, tells totals, ends the day', async () => {
    const { terminal, run } = await shop({ framing });
    expect((await run(terminal.status())).result).toMatchObject({ outcome: 'ready' });
    await run(terminal.purchase({ amount: euro(500) }));
    expect((await run(terminal.refund({ amount: euro(200) }))).result).toMatchObject({
      outcome: 'approved',
      transaction: { kind: 'refund', amount: euro(200) },
    });
    expect((await run(terminal.totals())).result).toMatchObject({ outcome: 'found' });
    expect((await run(terminal.settle())).result).toMatchObject({ outcome: 'settled' });
  });

  it('reserves, books, and gives back', async () => {
    const { terminal, run } = await shop({ framing });
    const reserve = async () => {
      const { result, error } = await run(terminal.book(commands.preAuthorisation(euro(2500))));
      expect(error).toBeUndefined();
      if (result?.outcome !== 'approved') throw new Error('not approved');
      expect(result.transaction.kind).toBe('pre-authorisation');
      return { receiptNumber: result.transaction.receiptNumber ?? '' };
    };
    const booked = await run(
      terminal.book(commands.bookPreAuthorisation(await reserve(), euro(2000), euro(2500))),
    );
    expect(booked.error).toBeUndefined();
    expect(booked.result).toMatchObject({
      outcome: 'approved',
      transaction: { kind: 'booking', amount: euro(2000) },
    });
    const again = await reserve();
    expect((await run(terminal.run(commands.openPreAuthorisations()))).result).toMatchObject({
      outcome: 'found',
      receiptNumbers: [again.receiptNumber],
    });
    const released = await run(terminal.book(commands.reversePreAuthorisation(again, euro(2500))));
    expect(released.error).toBeUndefined();
    expect(released.result).toMatchObject({ outcome: 'approved' });
  });

  it('runs the administration', async () => {
    const { terminal, run } = await shop({ framing });
    for (const command of [commands.diagnosis(), commands.initialisation(), commands.logOff()])
      expect((await run(terminal.run(command))).result).toMatchObject({ outcome: 'done' });
  });

  it('agrees on message sequence ids and goes on with them', async () => {
    const { terminal, run, mock } = await shop({ framing, address: '&sequence-ids=yes' });
    expect((await run(terminal.purchase({ amount: euro(500) }))).result).toMatchObject({
      outcome: 'approved',
    });
    expect((await run(terminal.voidTransaction({ amount: euro(500) }, by))).result).toMatchObject({
      outcome: 'voided',
    });
    const wire = mock.transcript.map(({ bytes }) => toHex(bytes)).join('');
    expect(wire).toContain('1f7303000005');
  });

  it('stops a payment that is waiting for the card', async () => {
    const { terminal, run, mock, clock } = await shop({ framing, thinkMs: 2_000 });
    await run(terminal.status());
    const stop = new AbortController();
    const { heard } = listen(terminal.purchase({ amount: euro(500) }, { signal: stop.signal }));
    await clock.advance(5_000);
    stop.abort();
    await untilDone(clock, heard);
    expect(heard.result).toMatchObject({ outcome: 'declined', responseCode: '6C' });
    expect(mock.terminal.ledger).toEqual([]);
  });
});

describe('a void on a terminal that ignores the receipt number (Portalum issue 24)', () => {
  it('is a loud error of its own, with what was asked and what was told', async () => {
    const { terminal, run, mock } = await shop();
    await run(terminal.purchase({ amount: euro(333) }));
    zvtSetup(mock.terminal).voidsNewest = true;
    const { error } = await run(
      terminal.voidTransaction(
        { amount: euro(333) },
        {
          ...by,
          // A sale is made at the terminal itself between the question and the reversal.
          confirm: () => {
            mock.terminal.clerkSells(222);
            return true;
          },
        },
      ),
    );
    expect(error).toMatchObject({ code: 'wrong-transaction', effect: 'unknown' });
  });
});

describe('after a lost line or a silence', () => {
  const faults = [
    'close-before-result-once',
    'close-after-result-once',
    'close-before-completion-once',
    'no-completion-once',
    'no-answer-once',
    'power-loss-after-booking-once',
    'power-loss-before-booking-once',
    'lost-answer-once',
    'duplicate-answer-once',
    'twice-positive-once',
    'byte-by-byte',
    'late-answer-once',
  ];
  const arguments_: Readonly<Record<string, string>> = {
    'byte-by-byte': '=1',
    'late-answer-once': '=30000',
  };
  const cases = faults.flatMap((fault) =>
    (['tcp', 'serial'] as const).map((framing) => ({ fault, framing })),
  );
  const on = (fault: string, command: string): string =>
    `${fault}@${command}${arguments_[fault] ?? ''}`;

  it.each(cases)('a sale is told as it was: $fault on $framing', async ({ fault, framing }) => {
    const { terminal, run, mock } = await shop({ framing });
    // The sale before has the same amount: only its number tells it apart.
    await run(terminal.purchase({ amount: euro(500) }));
    mock.fault(on(fault, 'purchase'));
    const sold = await run(terminal.purchase({ amount: euro(500) }));
    if (!mock.plugged) mock.replug();
    if (sold.result === undefined) expect(sold.error).toMatchObject({ effect: 'unknown' });
    const told = sold.result ?? (await run(terminal.recover())).result;
    // Our late acknowledgement may have let the terminal keep it.
    const made = mock.terminal.ledger.filter(({ kind }) => kind === 'sale').length === 2;
    expect(made ? ['approved'] : ['not-approved', 'declined']).toContain(told?.outcome);
  });

  it.each(cases)('a void is told as it was: $fault on $framing', async ({ fault, framing }) => {
    const { terminal, run, mock } = await shop({ framing });
    await run(terminal.purchase({ amount: euro(500) }));
    mock.fault(on(fault, 'void'));
    const first = await run(terminal.voidTransaction({ amount: euro(500) }, by));
    if (!mock.plugged) mock.replug();
    if (first.result === undefined) expect(first.error).toMatchObject({ effect: 'unknown' });
    const told = first.result ?? (await run(terminal.recover())).result;
    // Our late acknowledgement may have let the terminal keep it.
    const made = mock.terminal.ledger.some(({ kind }) => kind === 'void');
    expect(made ? ['voided'] : ['not-voided', 'declined']).toContain(told?.outcome);
  });

  it('the second void of a sale is not made: the last transaction is a void already', async () => {
    const { terminal, run, mock } = await shop();
    await run(terminal.purchase({ amount: euro(500) }));
    await run(terminal.voidTransaction({ amount: euro(500) }, by));
    const again = await run(terminal.voidTransaction({ amount: euro(500) }, by));
    expect(again.result).toMatchObject({ outcome: 'refused', reason: 'not-approved' });
    expect(mock.terminal.ledger.filter(({ kind }) => kind === 'void')).toHaveLength(1);
  });
});
