import type { Entry, Journal } from '../journal/journal.ts';
import type { Metrics } from './metrics.ts';

/** Entries that are on the disk when they are written. */
const synced: ReadonlySet<Entry['type']> = new Set<Entry['type']>([
  'sent',
  'not-sent',
  'outcome',
  'in-doubt',
  'decision',
]);

/** The journal, with the time of each write counted. `now` in milliseconds, from any moment on. */
export const timedJournal = (
  journal: Journal,
  metrics: Metrics,
  now: () => number = () => performance.now(),
): Journal => ({
  begin: (intent) => journal.begin(intent),
  append: async (key, ...entries) => {
    const started = now();
    try {
      await journal.append(key, ...entries);
    } finally {
      const sync = entries.some(({ type }) => synced.has(type)) ? 'yes' : 'no';
      metrics.observe('tillwire_journal_write_seconds', { sync }, (now() - started) / 1000);
    }
  },
  open: (terminal) => journal.open(terminal),
  known: (terminal) => journal.known(terminal),
});
