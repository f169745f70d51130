import { sameNumber } from '../model/identity.ts';
import { sameMoney } from '../model/money.ts';
import type { Target, Transaction } from '../model/transaction.ts';
import type { History } from '../protocols/protocol.ts';
import { differences, identityDifferences } from './compare.ts';

/** What the terminal's memory says about a command whose answer is missing. */
export type Conclusion =
  | { readonly type: 'done'; readonly transaction: Transaction }
  /** Carried out more than once. */
  | { readonly type: 'repeated'; readonly times: number }
  /** Not carried out. Holds only once the terminal cannot be at work on it any more. */
  | { readonly type: 'not-done' }
  | { readonly type: 'unclear'; readonly why: string };

const unclear = (why: string): Conclusion => ({ type: 'unclear', why });

const numberOf = ({ operationNumber, receiptNumber, trace }: Transaction): string | undefined =>
  operationNumber ?? receiptNumber ?? trace;

/**
 * The same transaction: running number, amount and authorisation code agree. What else a terminal said of
 * itself may have been wrong once, and one number is given once.
 */
export const same = (a: Transaction, b: Transaction): boolean =>
  a.kind === b.kind &&
  sameNumber(numberOf(a), numberOf(b)) &&
  sameMoney(a.amount, b.amount) &&
  (a.authorisationCode ?? b.authorisationCode) === (b.authorisationCode ?? a.authorisationCode);

const isVoidOf =
  (sale: Transaction) =>
  (entry: Transaction): boolean =>
    entry.kind === 'void' &&
    entry.amount.currency === sale.amount.currency &&
    Math.abs(entry.amount.amount) === sale.amount.amount &&
    entry.operationNumber !== undefined &&
    identityDifferences(sale, entry).length === 0;

/** Was this sale, last seen approved, taken back? */
export function concludeVoid(sale: Transaction, { whole, transactions }: History): Conclusion {
  if (transactions.some(isVoidOf(sale)))
    return { type: 'done', transaction: { ...sale, state: 'voided' } };
  if (!whole) return unclear('this terminal does not tell its voids');
  if (transactions.some((entry) => same(sale, entry))) return { type: 'not-done' };
  return unclear('the terminal does not remember the sale any more, as after a settlement');
}

/**
 * Was this sale made? `known`: transactions of this terminal that the journal knew before, the oldest
 * first. One of them is no answer; and only one of them that is still there proves that the terminal has
 * not settled since, so that a sale that is missing was not made.
 */
export function concludePurchase(
  asked: Target,
  { whole, transactions }: History,
  known: readonly Transaction[],
): Conclusion {
  const isKnown = (entry: Transaction) => known.some((earlier) => same(earlier, entry));
  const made = transactions.filter(
    (entry) =>
      entry.kind === 'purchase' &&
      entry.state === 'approved' &&
      differences(asked, entry).length === 0 &&
      entry.ticket !== undefined &&
      !isKnown(entry),
  );
  const [one, ...more] = made;
  if (more.length > 0) return { type: 'repeated', times: made.length };
  if (one !== undefined) {
    const voided = transactions.some(isVoidOf(one));
    return { type: 'done', transaction: voided ? { ...one, state: 'voided' } : one };
  }
  if (transactions.length === 0)
    return unclear('the terminal remembers no transaction at all; it may have settled since');
  const last = known.at(-1);
  const nothingSince = whole
    ? transactions.some(isKnown)
    : last !== undefined && transactions.some((entry) => same(last, entry));
  if (nothingSince) return { type: 'not-done' };
  return unclear('nothing that the terminal remembers was known before; it may have settled since');
}

/** What the terminal's memory says about a sale or a void of `asked`. */
export const conclude = (
  what: 'sale' | 'void',
  asked: Target,
  history: History,
  known: readonly Transaction[],
): Conclusion =>
  what === 'void'
    ? concludeVoid({ kind: 'purchase', state: 'approved', ...asked }, history)
    : concludePurchase(asked, history, known);
