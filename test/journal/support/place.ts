import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { openJournal, type SqliteJournal } from '../../../src/journal/sqlite.ts';

export interface Place {
  readonly folder: string;
  readonly path: string;
  readonly key: string;
}

/** A place for a journal and its key in a folder that goes away with the test. */
export function freshPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return placeIn(folder);
}

export const placeIn = (folder: string): Place => ({
  folder,
  path: join(folder, 'state/journal.db'),
  key: join(folder, 'config/journal.key'),
});

/** A clock that goes on by a second each time it is looked at. */
export function tickingClock(start = Date.UTC(2026, 4, 3, 12)): { now(): number } {
  let at = start;
  return {
    now() {
      at += 1_000;
      return at;
    },
  };
}

/** Opens the journal there; it is closed at the end of the test. */
export async function openThere({ path, key }: Place): Promise<SqliteJournal> {
  const journal = await openJournal({ path, key, clock: tickingClock() });
  onTestFinished(() => journal.close());
  return journal;
}
