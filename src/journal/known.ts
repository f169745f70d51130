import type { Transaction } from '../model/transaction.ts';
import type { Entry, Intent, KnownIntent, KnownTransaction } from './journal.ts';

const limit = 200;

/** The transaction that an entry makes known. */
function told({ intent, entries }: KnownIntent, entry: Entry): Transaction | undefined {
  if (entry.type === 'evidence') return entry.found;
  if (entry.type === 'decision') return decidedAbout(intent, entries);
  if (entry.type !== 'outcome') return undefined;
  const { result } = entry;
  return result.outcome === 'approved' ? result.transaction : undefined;
}

/**
 * A person has decided about it, and nobody has told its number: what the terminal remembers may be this
 * one, or may not.
 */
function decidedAbout({ kind }: Intent, entries: readonly Entry[]): Transaction | undefined {
  const sent = entries.findLast((entry) => entry.type === 'sent');
  if (kind === 'void' || kind === 'pre-authorisation-reversal' || sent === undefined)
    return undefined;
  return { kind, state: 'in-doubt', ...sent.asked };
}

function toldBy(known: KnownIntent, entry: Entry): KnownTransaction[] {
  const transaction = told(known, entry);
  const { variant } = known.intent;
  if (transaction === undefined) return [];
  return [variant === undefined ? transaction : { ...transaction, variant }];
}

/**
 * Transactions that a terminal was known to have made, in the order of their intents. What recovery
 * concluded counts as well: it was in the terminal's memory.
 */
export const knownTransactions = (intents: readonly KnownIntent[]): KnownTransaction[] =>
  intents.flatMap((known) => known.entries.flatMap((entry) => toldBy(known, entry))).slice(-limit);
