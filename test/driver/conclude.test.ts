import { describe, expect, it } from 'vitest';
import { conclude } from '../../src/driver/conclude.ts';
import type { Transaction } from '../../src/model/transaction.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

const sale = (
  receiptNumber: string,
  amount: number,
  more: Partial<Transaction> = {},
): Transaction => ({
  kind: 'purchase',
  state: 'approved',
  receiptNumber,
  amount: eur(amount),
  ...more,
});

describe('a lost sale on a terminal that keeps no reference and tells its last two', () => {
  const before = sale('000001', 1_000);
  const about = { kind: 'purchase', asked: { amount: eur(1_500) }, before, taken: true } as const;
  const told = (...transactions: Transaction[]) => ({
    whole: false,
    tellsVoids: false,
    transactions,
  });

  it('was not made when the one before it is still the last', () => {
    expect(conclude(about, told(before, sale('000000', 700)))).toEqual({ type: 'not-done' });
  });

  it('was made when the very next one has its amount', () => {
    const made = sale('000002', 1_500);
    expect(conclude(about, told(made, before))).toEqual({ type: 'done', transaction: made });
  });

  it('is for a person when the very next one has another amount: the amount may have been told wrong', () => {
    expect(conclude(about, told(sale('000002', 2_500), before))).toMatchObject({ type: 'unclear' });
  });
});

describe('a lost sale on a terminal that keeps the reference of the till', () => {
  const earlier = sale('000001', 1_000, { ticket: 'A1' });
  const about = { kind: 'purchase', asked: { amount: eur(1_500), ticket: 'B2' } } as const;
  const known = { own: [earlier], elsewhere: [] };
  const told = (...transactions: Transaction[]) => ({
    whole: true,
    tellsVoids: true,
    transactions,
  });

  it('was not made when only others are told, earlier ones among them', () => {
    const clerks = sale('000002', 1_500, { ticket: 'C3' });
    expect(conclude(about, told(earlier, clerks), known)).toEqual({ type: 'not-done' });
  });

  it('is for a person when its reference is told with another amount', () => {
    const strange = sale('000002', 2_500, { ticket: 'B2' });
    expect(conclude(about, told(earlier, strange), known)).toMatchObject({ type: 'unclear' });
  });
});
