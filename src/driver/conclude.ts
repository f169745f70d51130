import { sameNumber } from '../model/identity.ts';
import { sameMoney } from '../model/money.ts';
import type { BookingKind } from '../model/results.ts';
import type { Identity, Target, Transaction } from '../model/transaction.ts';
import type { History } from '../protocols/protocol.ts';
import { differences, identityDifferences } from './compare.ts';

export type MoneyKind = BookingKind | 'void';

/** A command whose answer is missing. */
export interface Asked {
  readonly kind: MoneyKind;
  /** What it should have made, or what it should have taken back. */
  readonly asked: Target;
  /** The earlier transaction that a booking or a reversal of a pre-authorisation is about. */
  readonly original?: Identity;
  /** What the terminal told as its last right before, where it was asked. */
  readonly before?: Transaction;
  /** The terminal is on record for having begun it. */
  readonly taken?: boolean;
}

/** What the terminal remembers, and whether it shows there that a sale was taken back. */
export type Told = History & { readonly tellsVoids: boolean };

/** Transactions that a terminal was known to have made before, the oldest first. */
export interface KnownBefore {
  /** Told in the way of speaking at hand. */
  readonly own: readonly Transaction[];
  /** Told in another one, which may have a memory and numbers of its own. */
  readonly elsewhere: readonly Transaction[];
}

/** What the terminal's memory says about a command whose answer is missing. */
export type Conclusion =
  | { readonly type: 'done'; readonly transaction: Transaction }
  /** Carried out more than once. */
  | { readonly type: 'repeated'; readonly times: number }
  /** Not carried out. Holds only once the terminal cannot be at work on it any more. */
  | { readonly type: 'not-done' }
  | { readonly type: 'unclear'; readonly why: string };

const unclear = (why: string): Conclusion => ({ type: 'unclear', why });

const running = ['operationNumber', 'receiptNumber', 'trace'] as const;

/** An attempt that failed may have the number that the next one gets. */
const failed = ({ state }: Transaction): boolean => state === 'declined';

/** Two terminals may have been behind one address, one after the other. */
const otherTerminal = (a: Transaction, b: Transaction): boolean =>
  a.terminalId !== undefined &&
  b.terminalId !== undefined &&
  !sameNumber(a.terminalId, b.terminalId);

/**
 * The same transaction: running number, amount and authorisation code agree. What else a terminal said of
 * itself may have been wrong once, and one number is given once.
 */
export const same = (a: Transaction, b: Transaction): boolean =>
  // Not every terminal tells a refund from a sale when it is asked afterwards.
  (a.kind === 'void') === (b.kind === 'void') &&
  failed(a) === failed(b) &&
  running.some((field) => sameNumber(a[field], b[field])) &&
  running.every(
    (field) => a[field] === undefined || b[field] === undefined || sameNumber(a[field], b[field]),
  ) &&
  sameMoney(a.amount, b.amount) &&
  (a.authorisationCode ?? b.authorisationCode) === (b.authorisationCode ?? a.authorisationCode);

/** `told` names this very transaction by a running number, and nothing else in it speaks against it. */
const names = (about: Identity, told: Identity): boolean =>
  running.some((field) => sameNumber(about[field], told[field])) &&
  identityDifferences(about, told).length === 0;

const isVoidOf =
  (sale: Transaction) =>
  (entry: Transaction): boolean =>
    entry.kind === 'void' &&
    entry.state === 'approved' &&
    entry.amount.currency === sale.amount.currency &&
    Math.abs(entry.amount.amount) === sale.amount.amount &&
    (entry.last4 ?? sale.last4) === (sale.last4 ?? entry.last4) &&
    names(sale, entry.original ?? entry);

/** Was this sale, last seen approved, taken back? */
export function concludeVoid(sale: Transaction, told: Told): Conclusion {
  const { whole, tellsVoids, transactions } = told;
  const shown = transactions.filter((entry) => same(sale, entry));
  if (transactions.some(isVoidOf(sale)) || shown.some(({ state }) => state === 'voided'))
    return { type: 'done', transaction: { ...sale, state: 'voided' } };
  // Asked for under the very next number, and failed: that was ours, and it is over.
  if (transactions.some((entry) => entry.kind === 'void' && failed(entry) && isNext(sale, entry)))
    return { type: 'not-done' };
  if (!whole && !tellsVoids) return unclear('this terminal does not tell its voids');
  if (shown.length > 0) return { type: 'not-done' };
  return unclear(
    whole
      ? 'the terminal does not remember the sale any more, as after a settlement'
      : 'the terminal tells of another transaction than the sale',
  );
}

/** A transaction that a person has decided about has no number: it may be any that is like it. */
export const decidedLike =
  (made: Target) =>
  (earlier: Transaction): boolean =>
    running.every((field) => earlier[field] === undefined) &&
    differences(earlier, made).length === 0;

/** Nothing in it speaks against its being the same. */
const alike =
  (made: Transaction) =>
  (earlier: Transaction): boolean =>
    same(earlier, made) && identityDifferences(earlier, made).length === 0;

/** The very next number after this one, by some counter that both show: nothing came in between. */
const isNext = (earlier: Transaction | undefined, later: Transaction): boolean =>
  running.some((field) => {
    const [before = '', after = ''] = [earlier?.[field], later[field]];
    return /^\d+$/.test(before) && /^\d+$/.test(after) && BigInt(after) === BigInt(before) + 1n;
  });

/** A greater number than this one, by some counter that both show. */
export const isLater = (earlier: Transaction | undefined, later: Transaction): boolean =>
  running.some((field) => {
    const [before = '', after = ''] = [earlier?.[field], later[field]];
    return /^\d+$/.test(before) && /^\d+$/.test(after) && BigInt(after) > BigInt(before);
  });

/** Approved; or taken back since, where it is known by the till's own reference. */
const wasMade = ({ ticket }: Target, { state }: Transaction): boolean =>
  state === 'approved' || (ticket !== undefined && state === 'voided');

/** It was told under the till's own reference, whatever else was told of it. */
const hasReference = (asked: Target, told: Transaction): boolean =>
  asked.ticket !== undefined &&
  told.ticket !== undefined &&
  wasMade(asked, told) &&
  identityDifferences({ ticket: asked.ticket }, told).length === 0;

/**
 * Was this made? `known`: transactions of this terminal that the journal knew before. One of them is no
 * answer; and only one of them that is still there proves that the terminal has not settled since, so that
 * what is missing was not made. One that was told in another way of speaking proves nothing, and leaves it
 * open whether what looks like it is another one. Where the terminal keeps no reference of the till, only
 * what it told right before counts: the very next number after that one is taken for it, and only when the
 * terminal had begun it, so that nobody else could sell in between.
 */
export function concludeBooking(
  { kind, asked, original, before, taken = false }: Asked,
  { whole, oneOfReference, transactions }: History,
  { own: known, elsewhere }: KnownBefore,
): Conclusion {
  const isKnown = (entry: Transaction) => known.some((earlier) => same(earlier, entry));
  const last = asked.ticket === undefined ? before : known.at(-1);
  if (last !== undefined && transactions.some((entry) => otherTerminal(last, entry)))
    return unclear('another terminal answers than the one that was asked');
  const isReversal = kind === 'pre-authorisation-reversal';
  const made = transactions.filter(
    (entry) =>
      entry.kind === (isReversal ? 'void' : kind) &&
      wasMade(asked, entry) &&
      (isReversal || differences(asked, entry).length === 0) &&
      (original === undefined || names(original, entry.original ?? {})) &&
      (asked.ticket === undefined || entry.ticket !== undefined) &&
      !isKnown(entry),
  );
  const [one, ...more] = made;
  if (made.some(({ state }) => state === 'voided') && made.some(({ state }) => state !== 'voided'))
    return unclear('one under its reference was voided and one was not: one sale, or two');
  if (more.length > 0) return { type: 'repeated', times: made.length };
  if (one !== undefined) {
    if ([...known, ...elsewhere].some(decidedLike(one)))
      return unclear('it may be an earlier one like it, about which a person has decided');
    if (elsewhere.some(alike(one)))
      return unclear('it may be an earlier one like it, made with another variant');
    if (asked.ticket === undefined && !(taken && isNext(last, one)))
      return unclear('it may be another of the same amount, made at the terminal in between');
    const voided = transactions.some(isVoidOf(one));
    return { type: 'done', transaction: voided ? { ...one, state: 'voided' } : one };
  }
  // Asked for under the very next number, and failed: that was ours, and it is over.
  if (
    asked.ticket === undefined &&
    transactions.some((entry) => entry.kind === kind && failed(entry) && isNext(last, entry))
  )
    return { type: 'not-done' };
  if (transactions.length === 0)
    return unclear('the terminal remembers no transaction at all; it may have settled since');
  const unknown = transactions.filter((entry) => !isKnown(entry));
  if (unknown.some((entry) => hasReference(asked, entry)))
    return unclear('what the terminal tells under its reference is another transaction');
  if (asked.ticket === undefined && unknown.some((entry) => isLater(last, entry)))
    return unclear('the terminal has made another since, or tells another amount of it');
  if (oneOfReference === true)
    return unclear('the terminal tells an earlier one of its reference, and no other');
  const nothingSince = whole
    ? transactions.some(isKnown)
    : last !== undefined &&
      transactions.some((entry) => same(last, entry) && entry.state === last.state);
  if (nothingSince) return { type: 'not-done' };
  return unclear('nothing that the terminal remembers was known before; it may have settled since');
}

/** The sale that was to be taken back, and the card it was paid with. */
const targetOf = ({ asked, before }: Asked): Transaction => ({
  ...(before?.last4 !== undefined && { last4: before.last4 }),
  kind: 'purchase',
  state: 'approved',
  ...asked,
});

const nothingKnown: KnownBefore = { own: [], elsewhere: [] };

/** What the terminal's memory says about a command. */
export const conclude = (
  about: Asked,
  told: Told,
  known: KnownBefore = nothingKnown,
): Conclusion =>
  about.kind === 'void' ? concludeVoid(targetOf(about), told) : concludeBooking(about, told, known);
