import { decided } from '../driver/intent.ts';
import { withoutCardNumbers } from '../journal/card-data.ts';
import type { Entry, Intent } from '../journal/journal.ts';
import type { KnownIntent } from '../journal/reader.ts';
import { type Language, operatorMessage, type ResultLike } from '../messages/messages.ts';
import { formatMoney } from '../model/money.ts';
import { type Failure, failureMessage, failureView, notSent } from './failure.ts';
import type { CommandKind, CommandState, CommandView } from './schemas.ts';

/** How a command has ended, in no language yet. */
export type Ending =
  | { readonly type: 'result'; readonly result: ResultLike }
  | { readonly type: 'failed'; readonly failure: Failure };

/** Where a command stands, in no language yet. */
export interface CommandStatus {
  readonly id: string;
  readonly terminal: string;
  readonly kind: CommandKind;
  /** Whose it is; empty where no client of this service asked for it. */
  readonly client: string;
  readonly state: CommandState;
  readonly requested: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly changedAt: number;
  readonly ending?: Ending;
  readonly events: number;
}

const kinds = {
  purchase: 'sale',
  refund: 'refund',
  void: 'void',
  'pre-authorisation': 'pre-authorisation',
  booking: 'booking',
  'pre-authorisation-reversal': 'pre-authorisation-reversal',
} as const satisfies Readonly<Record<Intent['kind'], CommandKind>>;

export const kindOf = (intent: Pick<Intent, 'kind'>): CommandKind => kinds[intent.kind];

/** The client in an id: its name ends at the first full stop, and a name has none. */
export const clientOf = (id: string): string =>
  /^([A-Za-z0-9][A-Za-z0-9_-]{0,31})\./.exec(id)?.[1] ?? '';

type Asked = Pick<Intent, 'amount' | 'asked' | 'operator' | 'reason' | 'supervisor'>;

/** What was asked for, as it may be shown. */
export function requestedOf({ amount, asked, operator, reason, supervisor }: Asked) {
  const shown = withoutCardNumbers({
    amount,
    ...asked,
    ...(operator !== undefined && { operator }),
    ...(reason !== undefined && { reason }),
    ...(supervisor !== undefined && { supervisor }),
  });
  return shown as Readonly<Record<string, unknown>>;
}

/** What a person needs who has to find out: what was asked, and all that the terminal has said, side by side. */
export function evidenceOf({ intent, entries }: KnownIntent): Record<string, unknown> {
  const last = <T extends Entry['type']>(type: T) =>
    entries.findLast((entry): entry is Extract<Entry, { type: T }> => entry.type === type);
  const found = last('evidence')?.found;
  const answer = last('answer')?.answer;
  const told = last('recovery')?.history;
  const late = entries.filter((entry) => entry.type === 'unsolicited');
  return {
    asked: withoutCardNumbers(intent),
    ...(found !== undefined && { found }),
    ...(answer !== undefined && { answer }),
    told: transactionsIn(told),
    ...(late.length > 0 && { late }),
  };
}

const transactionsIn = (history: unknown): unknown =>
  typeof history === 'object' && history !== null && 'transactions' in history
    ? history.transactions
    : [];

/** How a command stands that the journal knows. */
export function journalled(known: KnownIntent): { state: CommandState; ending: Ending } {
  const { intent, entries, standing } = known;
  switch (standing) {
    case 'ended':
      return { state: 'done', ending: { type: 'result', result: endOf(known) } };
    case 'open': {
      const noted = entries.findLast((entry) => entry.type === 'in-doubt');
      const failure: Failure = {
        code: noted?.code ?? 'unresolved-transaction',
        effect: 'unknown',
        message:
          noted?.message ??
          `The ${kindOf(intent)} of ${formatMoney(intent.amount)} left the till, and nothing on record says how it ended.`,
        intent: intent.key,
        evidence: evidenceOf(known),
      };
      return { state: 'in-doubt', ending: { type: 'failed', failure } };
    }
    case 'unsent': {
      const why = entries.findLast((entry) => entry.type === 'not-sent')?.why;
      const message = 'Nothing of it left the till, or the terminal did not take it.';
      const failure: Failure = { code: why ?? notSent, effect: 'none', message };
      return { state: 'failed', ending: { type: 'failed', failure } };
    }
  }
}

/** The outcome, or what a person has decided in its place. */
function endOf({ intent, entries }: KnownIntent): ResultLike {
  for (const entry of entries.toReversed()) {
    if (entry.type === 'outcome') return entry.result;
    if (entry.type === 'decision') return decided(intent, entry);
  }
  return { outcome: 'unlisted', message: 'It has ended.' };
}

/**
 * How an ended command stands: by the journal, since a recovery, a decision or another program may have
 * said more of it than this service heard. What was never sent is told by whoever tried.
 */
export function ended(
  kind: CommandKind,
  own: Ending | undefined,
  known: KnownIntent | undefined,
): { readonly state: CommandState; readonly ending: Ending } | undefined {
  const written = known && journalled(known);
  if (own === undefined || written?.state === 'done') return written;
  if (written?.state !== 'in-doubt') return { state: stateOf(kind, own), ending: own };
  const { ending } = written;
  if (own.type === 'result' || own.failure.effect === 'none' || ending.type === 'result')
    return written;
  const evidence = { ...ending.failure.evidence, ...own.failure.evidence };
  return { ...written, ending: { type: 'failed', failure: { ...own.failure, evidence } } };
}

/** What a failed recovery says is unknown is another command, which has a state of its own. */
const asksOnly: ReadonlySet<CommandKind> = new Set<CommandKind>([
  'status',
  'last-transaction',
  'totals',
  'recovery',
  'decision',
]);

function stateOf(kind: CommandKind, ending: Ending): CommandState {
  if (ending.type === 'result') return 'done';
  return ending.failure.effect === 'unknown' && !asksOnly.has(kind) ? 'in-doubt' : 'failed';
}

export const endingMessage = (ending: Ending, language: Language): string =>
  ending.type === 'result'
    ? operatorMessage(ending.result, language)
    : failureMessage(ending.failure, language);

export const resultView = (result: ResultLike, language: Language) => ({
  ...result,
  operatorMessage: operatorMessage(result, language),
});

export const hrefOf = (id: string): string => `/v1/commands/${encodeURIComponent(id)}`;

/** What a client sees of it. */
export const commandView = (
  { ending, ...status }: CommandStatus,
  language: Language,
): CommandView => ({
  ...status,
  href: hrefOf(status.id),
  ...(ending?.type === 'result' && { result: resultView(ending.result, language) }),
  ...(ending?.type === 'failed' && { error: failureView(ending.failure, language) }),
});
