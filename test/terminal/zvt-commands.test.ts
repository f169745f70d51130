import { describe, expect, it } from 'vitest';
import { createMockTerminal } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import * as zvt from '../../src/protocols/zvt/commands.ts';
import type { Command } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listen, untilDone } from '../support/till.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

async function bench(faults: readonly string[] = [], sales = [{ amount: 500 }]) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'zvt', transport: 'tcp', clock, faults, sales });
  const terminal = await openTerminal('zvt', {
    transport: mockTransport(mock),
    world: { clock, random: (length) => 'K'.repeat(length) },
    secrets: { password: '123456' },
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
  return { clock, mock, terminal, run, ledger };
}

describe('a pre-authorisation at a ZVT terminal, from the till', () => {
  it('is made, listed, and booked in part', async () => {
    const { terminal, run, ledger } = await bench();
    const made = await run(terminal.book(zvt.preAuthorisation(eur(2500)), { key: 'P1' }));
    expect(made.heard.result).toMatchObject({
      outcome: 'approved',
      transaction: { kind: 'pre-authorisation', amount: eur(2500), receiptNumber: '0002' },
    });
    const open = await run(terminal.run(zvt.openPreAuthorisations()));
    expect(JSON.stringify(open.heard.result)).toContain('0002');
    const booked = await run(
      terminal.book(
        zvt.bookPreAuthorisation({ receiptNumber: '0002', trace: '000002' }, eur(1800)),
        { key: 'B1' },
      ),
    );
    expect(booked.heard.error).toBeUndefined();
    expect(ledger()).toEqual(['sale 500', 'pre-authorisation 2500', 'booking 1800']);
  });

  it('is given free', async () => {
    const { terminal, run, ledger } = await bench();
    await run(terminal.book(zvt.preAuthorisation(eur(2500)), { key: 'P1' }));
    const freed = await run(
      terminal.book(
        zvt.reversePreAuthorisation({ receiptNumber: '0002', trace: '000002' }, eur(2500)),
        { key: 'R1' },
      ),
    );
    expect(freed.heard.error).toBeUndefined();
    expect(ledger()).toEqual([
      'sale 500',
      'pre-authorisation 2500',
      'pre-authorisation-reversal 2500',
    ]);
  });

  it('that there is none of is not booked', async () => {
    const { terminal, run, ledger } = await bench();
    const { heard } = await run(
      terminal.book(zvt.bookPreAuthorisation({ receiptNumber: '0009' }, eur(1800)), { key: 'B1' }),
    );
    expect(heard.result).toMatchObject({ outcome: 'declined', responseCode: 'B8' });
    expect(ledger()).toEqual(['sale 500']);
  });

  it.each([
    ['close-before-completion-once@pre-authorisation', true],
    ['close-after-result-once@pre-authorisation', false],
  ])('under %s is never called what it is not', async (fault, held) => {
    const { terminal, run, ledger } = await bench([fault]);
    const { heard } = await run(terminal.book(zvt.preAuthorisation(eur(2500)), { key: 'P1' }));
    expect(heard.error).toMatchObject({ effect: 'unknown', intent: 'P1' });
    expect(ledger().includes('pre-authorisation 2500')).toBe(held);
    const recovered = await run(terminal.recover());
    const { outcome } = Object(recovered.heard.result);
    if (outcome !== undefined) expect(outcome).toBe(held ? 'approved' : 'not-approved');
    else expect(recovered.heard.error).toMatchObject({ code: 'unresolved-transaction' });
  });
});

describe('the other commands of a ZVT terminal, from the till', () => {
  it.each([
    ['reprint', zvt.reprint('0001')],
    ['repeated receipt', zvt.repeatReceipt()],
    ['diagnosis', zvt.diagnosis()],
  ])('a %s gives receipts to print', async (_name, command) => {
    const { terminal, run } = await bench();
    const { events, heard } = await run(terminal.run(command));
    expect(heard.error).toBeUndefined();
    expect(events).toContain('receipt');
    expect(events.at(-1)).toBe('complete');
  });

  it.each([
    ['initialisation', zvt.initialisation()],
    ['log-off', zvt.logOff()],
    ['setting of the clock', zvt.setClock('2026-01-02T03:04:05')],
  ])('%s is done', async (_name, command) => {
    const { terminal, run } = await bench();
    const { heard } = await run(terminal.run(command));
    expect(heard.error).toBeUndefined();
    expect(Reflect.get(Object(heard.result), 'outcome')).not.toBe('declined');
  });

  it('a command that this terminal has not is declined', async () => {
    const { terminal, run } = await bench(['refused=83']);
    const { heard } = await run(terminal.run(zvt.diagnosis()));
    expect(heard.result ?? heard.error).toMatchObject({
      message: expect.stringMatching(/83|does not take/),
    });
  });
});
