import type { Transaction } from '../model/transaction.ts';
import type { Entry, KnownIntent } from './journal.ts';

const limit = 200;

/** The transaction that an entry makes known. */
function told(entry: Entry): Transaction | undefined {
  if (entry.type === 'evidence') return entry.found;
  if (entry.type !== 'outcome') return undefined;
  const { result } = entry;
  return result.outcome === 'approved' ? result.transaction : undefined;
}

/**
 * Transactions that a terminal was known to have made, in the order of their intents. What recovery
 * concluded counts as well: it was in the terminal's memory.
 */
export const knownTransactions = (intents: readonly KnownIntent[]): Transaction[] =>
  intents
    .flatMap(({ entries }) => entries.map(told))
    .filter((transaction) => transaction !== undefined)
    .slice(-limit);
