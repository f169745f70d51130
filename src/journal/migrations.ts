import type { Database } from 'libsql';
import { intentType } from './payload.ts';
import { numberIn } from './row.ts';
import { rebuildStandings } from './standing-table.ts';

/** Marks a SQLite file as a journal of ours: "TILL" in its header. */
export const applicationId = 0x54494c4c;

/** Each takes a journal from the version before to its own; the first makes an empty one. */
export const migrations: readonly ((database: Database) => void)[] = [
  (database) =>
    database.exec(`
      PRAGMA application_id = ${applicationId};
      CREATE TABLE record (
        seq INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        key TEXT NOT NULL,
        type TEXT NOT NULL,
        payload TEXT NOT NULL,
        hash TEXT NOT NULL
      ) STRICT;
      CREATE INDEX record_of_key ON record (key, seq);
      CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
        BEGIN SELECT RAISE(ABORT, 'a record of the journal is never changed'); END;
      CREATE TRIGGER record_is_never_removed BEFORE DELETE ON record
        BEGIN SELECT RAISE(ABORT, 'a record of the journal is never removed'); END;
      CREATE TABLE head (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        seq INTEGER NOT NULL,
        hash TEXT NOT NULL,
        mac TEXT NOT NULL
      ) STRICT;`),
  // Had a list of intents in another form: the next version makes it anew.
  () => {},
  // What is open on a terminal is found without reading every record. Each index that a commit touches is a
  // page more to be on the disk before the command may leave: so an intent's records are found between its
  // first and its last one, and only what is open has an index.
  (database) => {
    database.exec(`
      DROP TABLE IF EXISTS standing;
      DROP INDEX record_of_key;
      CREATE UNIQUE INDEX intent_of_key ON record (key) WHERE type = '${intentType}';
      CREATE TABLE standing (
        first INTEGER PRIMARY KEY,
        last INTEGER NOT NULL,
        key TEXT NOT NULL,
        terminal TEXT NOT NULL,
        standing TEXT NOT NULL
      ) STRICT;
      CREATE INDEX standing_open ON standing (terminal, first) WHERE standing = 'open';`);
    rebuildStandings(database);
  },
];

/**
 * Brings a journal to this version's schema; all of it or nothing.
 * @returns the version that was found.
 */
export function migrate(database: Database): number {
  const found = schemaVersion(database);
  if (found >= migrations.length) return found;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have done it in the meantime.
    for (const step of migrations.slice(schemaVersion(database))) step(database);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
  return found;
}

export const schemaVersion = (database: Database): number =>
  numberIn(database.prepare('PRAGMA user_version').get(), 'user_version');
