import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JournalReader, KnownIntent } from '../journal/reader.ts';
import type { Language } from '../messages/messages.ts';
import { formatMoney } from '../model/money.ts';
import type { Transaction } from '../model/transaction.ts';
import { type Ending, endingMessage, journalled, kindOf, requestedOf } from './command-status.ts';
import type { JournalView } from './schemas.ts';

/** Intents that are read before the others have their turn, and before a search gives what it has. */
const atOnce = 50;
const mostRead = 2_000;

type NameOf = (address: string) => string;

const outcomeOf = (ending: Ending): string =>
  ending.type === 'result' ? ending.result.outcome : ending.failure.code;

/** The transaction that it made or took back, or was aimed at. */
function transactionOf({ entries }: KnownIntent, ending: Ending): Transaction | undefined {
  const made = ending.type === 'result' ? ending.result.transaction : undefined;
  return made ?? entries.findLast((entry) => entry.type === 'evidence')?.found;
}

/** One command of the journal, for a list. */
export function journalView(known: KnownIntent, language: Language, nameOf: NameOf): JournalView {
  const { intent, standing, openedAt, changedAt } = known;
  const { operator, reason, supervisor, origin } = intent;
  const { ending } = journalled(known);
  const last4 = transactionOf(known, ending)?.last4;
  const { amount: _, ...asked } = requestedOf({ amount: intent.amount, asked: intent.asked });
  return {
    id: intent.key,
    kind: kindOf(intent),
    terminal: nameOf(intent.terminal),
    address: intent.terminal,
    amount: intent.amount,
    asked,
    ...(operator !== undefined && { operator }),
    ...(reason !== undefined && { reason }),
    ...(supervisor !== undefined && { supervisor }),
    ...(origin !== undefined && { origin }),
    standing,
    outcome: outcomeOf(ending),
    operatorMessage: endingMessage(ending, language),
    ...(last4 !== undefined && { last4 }),
    openedAt,
    changedAt,
  };
}

const asText = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.values(value).map(asText).join(' ')
    : String(value ?? '');

/** Everything of it that a person may remember, in small letters. */
function searchable(known: KnownIntent, view: JournalView): string {
  const { amount, openedAt, ...rest } = view;
  const found = transactionOf(known, journalled(known).ending);
  const day = new Date(openedAt).toISOString();
  return `${asText(rest)} ${amount.amount} ${formatMoney(amount)} ${asText(found)} ${day}`.toLowerCase();
}

export interface Search {
  /** Words that must all be found; all intents when empty. */
  readonly q: string;
  /** Where the page before ended. */
  readonly before?: number;
  readonly limit: number;
  readonly language: Language;
}

export interface Found {
  readonly intents: readonly JournalView[];
  /** Where to go on; absent at the end of the journal. */
  readonly next?: number;
}

/** Looks through the journal from its end. A page may be short, or empty, and still have a next one. */
export async function searchJournal(
  journal: JournalReader,
  nameOf: NameOf,
  { q, before, limit, language }: Search,
): Promise<Found> {
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const intents: JournalView[] = [];
  let at = before;
  for (let read = 0; read < mostRead; read += atOnce) {
    const keys = journal.keys({ ...(at !== undefined && { before: at }), limit: atOnce });
    for (const { key, first } of keys) {
      at = first;
      const known = journal.show(key);
      if (known === undefined) continue;
      const view = journalView(known, language, nameOf);
      const text = words.length === 0 ? '' : searchable(known, view);
      if (!words.every((word) => text.includes(word))) continue;
      intents.push(view);
      if (intents.length === limit) return { intents, next: first };
    }
    if (keys.length < atOnce) return { intents };
    await nextTurn();
  }
  return { intents, ...(at !== undefined && { next: at }) };
}
