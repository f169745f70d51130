import type { JournalRecord } from '../journal/chain.ts';
import type { Entry } from '../journal/journal.ts';
import { readEntry } from '../journal/payload.ts';
import type { KnownIntent } from '../journal/reader.ts';
import { type Language, promptMessage } from '../messages/messages.ts';
import type { ProgressEvent } from '../model/events.ts';
import { type Ending, journalled, kindOf, resultView } from './command-status.ts';
import { failureView } from './failure.ts';
import type { CommandEventView } from './schemas.ts';

/** One event of a command, in no language yet. Ids count up, and are never used again for the same command. */
export interface KeptEvent {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly event: ProgressEvent | { readonly type: 'ended'; readonly ending: Ending };
}

/**
 * Events that are told from the journal have ids above this, so that a client which has seen some of the
 * first telling, and comes back with the id of the last, is told what it cannot have seen.
 */
export const retold = 1_000_000;

/** What a client is sent. */
export function eventView(
  commandId: string,
  { id, at, event }: KeptEvent,
  language: Language,
): CommandEventView {
  const head = { id, at, commandId };
  switch (event.type) {
    case 'ended': {
      const { ending } = event;
      return ending.type === 'result'
        ? { ...head, type: 'result', result: resultView(ending.result, language) }
        : { ...head, type: 'failed', error: failureView(ending.failure, language) };
    }
    case 'prompt':
      return { ...event, ...head, operatorMessage: promptMessage(event, language) };
    default:
      return { ...event, ...head };
  }
}

/** Earlier events are no longer kept; `id` is that of the last of them. */
export const droppedView = (
  commandId: string,
  id: number,
  at: number,
  count: number,
): CommandEventView => ({ id, at, commandId, type: 'dropped', count });

type Retold = Pick<KeptEvent, 'at' | 'event'>;

/** The events of a money command as the journal has them: what left, what was heard, and how it stands. */
export function eventsFrom(known: KnownIntent, records: readonly JournalRecord[]): KeptEvent[] {
  const { intent, openedAt, changedAt } = known;
  const told: Retold[] = [{ at: openedAt, event: { type: 'queued', at: openedAt } }];
  let attempt = 0;
  for (const { at, type, payload } of records) {
    const entry = readEntry(type, payload);
    if (entry?.type === 'sent')
      told.push({
        at,
        event: { type: 'sent', at, request: kindOf(intent), attempt: ++attempt, money: true },
      });
    if (entry?.type === 'taken') told.push({ at, event: { type: 'acknowledged', at } });
    if (entry?.type === 'recovery')
      told.push({
        at,
        event: { type: 'recovering', at, asking: entry.asked, why: 'the outcome was not known' },
      });
  }
  const { ending } = journalled(known);
  told.push(...receiptOf(ending, changedAt), { at: changedAt, event: { type: 'ended', ending } });
  return told.map((kept, n) => ({ ...kept, id: retold + 1 + n }));
}

const shown: ReadonlySet<Entry['type']> = new Set<Entry['type']>(['sent', 'taken', 'recovery']);

/** How many {@link eventsFrom} tells. */
export function eventCount(known: KnownIntent): number {
  const { ending } = journalled(known);
  const between = known.entries.filter(({ type }) => shown.has(type)).length;
  return 2 + between + receiptOf(ending, 0).length;
}

function receiptOf(ending: Ending, at: number): Retold[] {
  if (ending.type !== 'result') return [];
  const { result } = ending;
  if (result.outcome === 'voided' && 'voucher' in result && isLines(result.voucher))
    return [{ at, event: { type: 'receipt', at, lines: result.voucher, from: 'tillwire' } }];
  const lines = result.outcome === 'approved' ? result.transaction?.voucher : undefined;
  return lines === undefined
    ? []
    : [{ at, event: { type: 'receipt', at, lines, from: 'terminal' } }];
}

const isLines = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((line) => typeof line === 'string');
