import { describe, expect, it } from 'vitest';
import { type Asked, conclude, type Told } from '../../src/driver/conclude.ts';
import type { Transaction } from '../../src/model/transaction.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

const sale = (trace: string, given: Partial<Transaction> = {}): Transaction => ({
  kind: 'purchase',
  state: 'approved',
  amount: eur(1_010),
  trace,
  ...given,
});

/** A terminal that tells its last transaction, with the voids among them. */
const tells = (...transactions: readonly Transaction[]): Told => ({
  whole: false,
  tellsVoids: true,
  transactions,
});

const aSale: Asked = {
  kind: 'purchase',
  asked: { amount: eur(1_010) },
  before: sale('000004'),
  taken: true,
};

const unclear = (words: RegExp) => ({ type: 'unclear', why: expect.stringMatching(words) });

describe('a sale in doubt, at a terminal that keeps no reference', () => {
  it('was made when the terminal had begun and the very next number is of this amount', () => {
    expect(conclude(aSale, tells(sale('000005')))).toMatchObject({
      type: 'done',
      transaction: { trace: '000005' },
    });
  });

  it('is for a person where one like it was decided about: nobody has told its number', () => {
    const { trace: _, ...decided } = sale('', { state: 'in-doubt' });
    for (const known of [
      { own: [decided], elsewhere: [] },
      { own: [], elsewhere: [decided] },
    ])
      expect(conclude(aSale, tells(sale('000005')), known)).toEqual(
        unclear(/about which a person has decided/),
      );
  });

  it.each([
    ['another number than the very next', aSale, sale('000006')],
    ['a terminal that nobody heard begin', { ...aSale, taken: false }, sale('000005')],
  ])('is for a person under %s', (_, asked, told) => {
    expect(conclude(asked, tells(told))).toEqual(unclear(/made at the terminal in between/));
  });
});

describe('a sale in doubt, at a terminal that keeps the reference of the till', () => {
  const asked: Asked = { kind: 'purchase', asked: { amount: eur(1_010), ticket: '101' } };
  const earlier = sale('000001', { ticket: '101' });

  it('is for a person where the terminal tells an earlier one of its reference, and no other', () => {
    const told = { ...tells(earlier), oneOfReference: true as const };
    const known = { own: [earlier], elsewhere: [] };
    expect(conclude(asked, tells(earlier), known)).toEqual({ type: 'not-done' });
    expect(conclude(asked, told, known)).toEqual(unclear(/an earlier one of its reference/));
  });
  const known = { own: [earlier], elsewhere: [] };
  const takenBack = sale('000002', { ticket: '101', state: 'voided' });

  it('was made when it is told as voided since, beside an earlier one of the same reference', () => {
    expect(conclude(asked, tells(earlier, takenBack), known)).toMatchObject({
      type: 'done',
      transaction: { trace: '000002', state: 'voided' },
    });
  });

  it('is for a person where one was voided and one was not: it may be the void of the same', () => {
    const made = sale('000003', { ticket: '101' });
    expect(conclude(asked, tells(earlier, made, takenBack), known)).toEqual(
      unclear(/one sale, or two/),
    );
  });

  it('is for a person where the one that was voided has another amount', () => {
    const other = { ...takenBack, amount: eur(2_020) };
    expect(conclude(asked, tells(earlier, other), known)).toEqual(unclear(/under its reference/));
  });
});

describe('a void in doubt', () => {
  const aVoid: Asked = {
    kind: 'void',
    asked: { amount: eur(1_010), trace: '000005' },
    before: sale('000005', { last4: '0461' }),
  };
  const voidOf = (trace: string, given: Partial<Transaction> = {}) =>
    sale('000007', { kind: 'void', original: { trace }, ...given });

  it('was made when the terminal tells a void of this very sale', () => {
    expect(conclude(aVoid, tells(voidOf('000005')))).toMatchObject({ type: 'done' });
  });

  it.each([
    ['of another sale of the same amount', voidOf('000004')],
    ['of another amount', voidOf('000005', { amount: eur(2_020) })],
    ['in another currency', voidOf('000005', { amount: { amount: 1_010, currency: 'CHF' } })],
    ['of another card', voidOf('000005', { last4: '9999' })],
    ['that was declined', voidOf('000005', { state: 'declined' })],
  ])('is for a person where it tells one %s', (_, told) => {
    expect(conclude(aVoid, tells(told))).toEqual(unclear(/another transaction than the sale/));
  });
});
