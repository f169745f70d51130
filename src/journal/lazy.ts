import type { Clock } from '../model/clock.ts';
import type { Journal } from './journal.ts';
import type { JournalPlace, SqliteJournal } from './sqlite.ts';

/** A journal that is opened by its first use: commands that move no money do not pay for it. */
export interface LazyJournal extends Journal {
  /** Closes what was opened. */
  close(): Promise<void>;
}

/** The journal at this place. Its file is opened, or made, by the first money command. */
export function lazyJournal(place: JournalPlace, clock: Pick<Clock, 'now'>): LazyJournal {
  let opened: Promise<SqliteJournal> | undefined;
  const journal = () => {
    opened ??= import('./sqlite.ts').then(({ openJournal }) => openJournal({ ...place, clock }));
    // What was in its way may be gone at the next command: a full disk, a folder not yet mounted.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  return {
    begin: async (intent) => (await journal()).begin(intent),
    append: async (key, ...entries) => (await journal()).append(key, ...entries),
    open: async (terminal) => (await journal()).open(terminal),
    known: async (terminal) => (await journal()).known(terminal),
    close: async () => {
      // One that could not be opened has told so to the command that wanted it.
      await opened?.then(
        (open) => open.close(),
        () => {},
      );
    },
  };
}
