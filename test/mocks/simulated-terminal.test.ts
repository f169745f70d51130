import { describe, expect, it } from 'vitest';
import { createSimulatedTerminal } from '../../mocks/simulated-terminal.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const terminal = (options: { firstOperationNumber?: number } = {}) =>
  createSimulatedTerminal({ clock: createFakeClock(), ...options });

describe('the simulated terminal', () => {
  it('books the same sale in the same way on every machine and in every run', () => {
    const one = terminal();
    expect(one.purchase({ amount: 1500, ticket: '7' })).toEqual({
      outcome: 'done',
      sale: {
        operationNumber: '000001',
        trace: '000001',
        ticket: '7',
        amount: 1500,
        authorisationCode: '252985',
        card: { type: 'credit', last4: '0461', brand: 'VI' },
        time: '2026-01-02T03:04:05',
      },
    });
    expect(one.clerkSells(200)).toMatchObject({
      sale: { operationNumber: '000002', ticket: '', authorisationCode: '357714' },
    });
  });

  it('keeps its ledger, memory and numbers through a power loss', () => {
    const clock = createFakeClock();
    const one = createSimulatedTerminal({ clock });
    one.purchase({ amount: 1500, ticket: '7' });
    one.nextCard({ type: 'debit' });
    one.leaveIntegratedMode();
    one.powerLoss();
    expect(one.listening()).toBe(false);
    expect(one.memory.last?.amount).toBe(1500);
    expect(one.purchase({ amount: 1600, ticket: '8' })).toMatchObject({
      sale: { operationNumber: '000002', card: { type: 'credit' } },
    });
  });

  it('is back on the line when it has booted', async () => {
    const clock = createFakeClock();
    const one = createSimulatedTerminal({ clock, bootMs: 60_000 });
    one.powerLoss();
    await clock.advance(59_999);
    expect(one.listening()).toBe(false);
    await clock.advance(1);
    expect(one.listening()).toBe(true);
  });

  it('keeps the ledger through settlement and loss of memory', () => {
    const one = terminal();
    one.clerkSells(1500);
    one.clerkVoids();
    one.settle('clerk');
    one.clerkSells(1600);
    one.forget();
    expect(one.memory.last).toBeUndefined();
    expect(one.ledger.map(({ kind }) => kind)).toEqual(['sale', 'void', 'settlement', 'sale']);
    expect(one.ledger[2]).toMatchObject({ count: 0, total: 0, by: 'clerk' });
  });

  it('lets the last sale stay the last after its void', () => {
    const one = terminal();
    one.clerkSells(1500);
    one.clerkVoids('1');
    expect(one.memory.last?.operationNumber).toBe('000001');
    expect(one.clerkVoids()).toEqual({ outcome: 'already-voided' });
  });

  it('starts its operation numbers again after 999999', () => {
    const one = terminal({ firstOperationNumber: 999_999 });
    one.clerkSells(100);
    expect(one.clerkSells(100)).toMatchObject({ sale: { operationNumber: '000000' } });
  });

  it('presents the named cards in turn and then the usual one', () => {
    const one = terminal();
    one.nextCard({ last4: '0001' });
    one.nextCard({ type: 'prepaid', last4: '0002' });
    const last4 = () => {
      const sold = one.clerkSells(100);
      return sold.outcome === 'done' && sold.sale.card.last4;
    };
    expect([last4(), last4(), last4()]).toEqual(['0001', '0002', '0461']);
  });
});
