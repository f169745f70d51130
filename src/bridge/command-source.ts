import type { Language } from '../messages/messages.ts';
import { droppedView, eventView, type KeptEvent } from './command-events.ts';
import { type Source, sse } from './event-stream.ts';

/** A command as its events are read. */
export interface Told {
  readonly id: string;
  readonly state: 'queued' | 'running' | 'ended';
  /** The id of its very first event, kept or not. */
  readonly firstEvent: number;
  readonly events: readonly KeptEvent[];
  watch?(changed: () => void): () => void;
}

/** So many events at once, so that a watcher that has fallen behind catches up in pieces. */
const mostAtOnce = 100;

/**
 * The events of a command after this one, then those to come; over with its end. Whoever comes back after
 * the last is told the last once more: how a command ended is never withheld.
 */
export function eventSource(command: Told, after: number, language: Language): Source {
  let at = after;
  let over = false;
  const text = (kept: KeptEvent): string => {
    const view = eventView(command.id, kept, language);
    return sse(view.id, view.type, view);
  };

  /** Says how many were dropped before this watcher came to them. */
  const gap = (oldest: KeptEvent | undefined): string => {
    const missing = (oldest?.id ?? 0) - 1 - Math.max(at, command.firstEvent - 1);
    if (oldest === undefined || missing <= 0) return '';
    const view = droppedView(command.id, oldest.id - 1, oldest.at, missing);
    return sse(view.id, view.type, view);
  };

  return {
    take: () => {
      if (over) return undefined;
      const next = command.events.filter(({ id }) => id > at).slice(0, mostAtOnce);
      const last = command.events.at(-1);
      const told = next.length === 0 && command.state === 'ended' && last ? [last] : next;
      const marker = next.length === 0 ? '' : gap(command.events[0]);
      at = told.at(-1)?.id ?? at;
      over = command.state === 'ended' && at === last?.id;
      return marker + told.map(text).join('');
    },
    watch: (changed) => command.watch?.(changed) ?? (() => {}),
  };
}
