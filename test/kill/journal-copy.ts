import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalReader } from '../../src/journal/reader.ts';
import { readJournal } from '../../src/journal/sqlite.ts';
import type { Place } from './order.ts';

/**
 * Looks at a copy of the journal while nobody writes to it. Never at the files themselves: opening those
 * mends what a kill has left, which is for the next till to do, and a process that has a SQLite file open
 * must not open it in any other way. Nothing when there is no journal yet.
 */
export async function readCopy<T>(
  { folder, journal, key }: Place,
  look: (reader: JournalReader | undefined) => T,
): Promise<T> {
  if (!existsSync(journal)) return look(undefined);
  const copies = join(folder, 'copy');
  const copy = join(copies, 'journal.db');
  mkdirSync(copies);
  try {
    copyFileSync(journal, copy);
    if (existsSync(`${journal}-wal`)) copyFileSync(`${journal}-wal`, `${copy}-wal`);
    const reader = await readJournal({ path: copy, key });
    try {
      return look(reader);
    } finally {
      reader.close();
    }
  } finally {
    rmSync(copies, { recursive: true });
  }
}
