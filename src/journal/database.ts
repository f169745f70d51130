import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'libsql';
import { TerminalError } from '../model/error.ts';
import { codeOf, journalFailure, said } from './failure.ts';
import { applicationId, migrate, migrations, schemaVersion } from './migrations.ts';
import { createOnce, makePrivateFolder } from './private-file.ts';
import { startChain } from './record-table.ts';
import { numberIn, textIn } from './row.ts';
import { damagedFrame } from './write-ahead-log.ts';

/** How long to wait for another process that is writing. One record takes it less than a millisecond. */
const busyMs = 5_000;

/** A record touches four or five pages, and all of them are written: small ones halve the slow writes. */
const pageBytes = 1024;

const backup =
  'Keep this file and put back a backup, or move it away to start a new journal; then look at the terminal for what may be open.';

/** Loaded when a journal is opened, not before: other commands do not pay for it. */
async function connect(path: string): Promise<Database> {
  try {
    const { default: Sqlite } = await import('libsql');
    return new Sqlite(path, { timeout: busyMs });
  } catch (cause) {
    throw journalFailure(
      path,
      `cannot be opened (${said(cause)})`,
      'Make its folder and file readable and writable for this user.',
      cause,
    );
  }
}

/** An empty journal in memory. */
export async function openMemory(key: Uint8Array): Promise<Database> {
  const database = await connect(':memory:');
  migrate(database);
  startChain(database, key);
  return database;
}

/** True when there is something at this path; it is never taken for a place to put a new journal. */
export function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false;
    throw journalFailure(
      path,
      `cannot be reached (${said(cause)})`,
      'Give a path in a folder that this user can write to.',
      cause,
    );
  }
}

/**
 * Makes an empty journal, complete before it gets its name: so an empty file under that name is a damaged
 * journal, never a new one.
 */
export async function createJournalFile(path: string, key: Uint8Array): Promise<void> {
  const { default: Sqlite } = await import('libsql');
  try {
    makePrivateFolder(dirname(path));
    createOnce(path, (unfinished) => {
      const database = new Sqlite(unfinished);
      database.exec(
        `PRAGMA page_size = ${pageBytes}; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON`,
      );
      migrate(database);
      startChain(database, key);
      database.close();
    });
  } catch (cause) {
    throw journalFailure(
      path,
      `cannot be made (${said(cause)})`,
      'Make its folder writable for this user, or give another path.',
      cause,
    );
  }
}

/** Opens a journal that is there, after a look at whether it is one and is whole. */
export async function openJournalFile(path: string): Promise<Database> {
  checkLog(path);
  const database = await connect(path);
  try {
    check(database, path);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON');
    migrate(database);
    emptyLog(database);
    return database;
  } catch (cause) {
    database.close();
    if (cause instanceof TerminalError) throw cause;
    if (codeOf(cause) === 'SQLITE_NOTADB') throw notAJournal(path, cause);
    throw journalFailure(path, `is damaged (${said(cause)})`, backup, cause);
  }
}

function check(database: Database, path: string): void {
  const id = database.prepare('PRAGMA application_id').get();
  if (numberIn(id, 'application_id') !== applicationId) throw notAJournal(path);
  const version = schemaVersion(database);
  if (version > migrations.length)
    throw journalFailure(
      path,
      `was written by a newer Tillwire (version ${version} of its schema; this one knows ${migrations.length})`,
      'Update Tillwire on this machine. Nothing was changed in it.',
    );
  const found = textIn(database.prepare('PRAGMA quick_check(1)').get(), 'quick_check');
  if (found !== 'ok') throw journalFailure(path, `is damaged (${found})`, backup);
}

/** Damage has to be seen twice: another process may be writing while this one reads. */
function checkLog(path: string): void {
  const log = `${path}-wal`;
  const look = () => (exists(log) ? damagedFrame(readFileSync(log)) : undefined);
  const frame = look();
  if (frame !== undefined && look() === frame)
    throw journalFailure(path, `is damaged (frame ${frame} of its log ${log})`, backup);
}

/** Moves what the log holds to the file, unless another process is using it. */
export function emptyLog(database: Database): void {
  database.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)');
  database.exec(`PRAGMA busy_timeout = ${busyMs}`);
}

const notAJournal = (path: string, cause?: unknown) =>
  journalFailure(path, 'is not a journal of Tillwire', `Give the right path. ${backup}`, cause);
