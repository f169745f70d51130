import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'libsql';
import { TerminalError } from '../model/error.ts';
import { isPlainObject } from './canonical-json.ts';
import { codeOf, said } from './failure.ts';
import { makePrivateFolder } from './private-file.ts';

/** Who has a terminal. */
export interface Holder {
  readonly pid: number;
  /** In words: `tillwire void`. */
  readonly program: string;
  /** Milliseconds since the Unix epoch. */
  readonly since: number;
}

/** Gives the terminal back; a second call does nothing. */
export type Release = () => Promise<void>;

/** One money command per terminal at a time. */
export interface TerminalLock {
  /** @throws {TerminalError} `terminal-held` at once when another has it; it does not wait. */
  acquire(terminal: string, holder: Holder): Promise<Release>;
}

/** For one process: tests and the simulation. */
export function memoryLock(): TerminalLock {
  const holders = new Map<string, Holder>();
  return {
    async acquire(terminal, holder) {
      const other = holders.get(terminal);
      if (other !== undefined) throw held(terminal, other);
      holders.set(terminal, holder);
      let mine = true;
      return async () => {
        if (mine) holders.delete(terminal);
        mine = false;
      };
    },
  };
}

/** A lock whose object is lost is a lock that is given up: these are kept until they are released. */
const taken = new Set<Database>();

/**
 * For all processes that use the same folder. Each terminal has an empty SQLite file, and its holder an
 * open transaction on it, which the system ends with the process however that dies. Nothing is ever
 * written to it; who holds it is told in a file beside it, which only the holder writes.
 */
export function terminalLock(folder: string): TerminalLock {
  return {
    async acquire(terminal, holder) {
      const { default: Sqlite } = await import('libsql');
      const name = createHash('sha256').update(terminal).digest('hex').slice(0, 32);
      const note = join(folder, `${name}.holder`);
      let database: Database | undefined;
      try {
        makePrivateFolder(folder);
        database = new Sqlite(join(folder, `${name}.lock`), { timeout: 0 });
        database.exec('BEGIN IMMEDIATE');
        tell(note, holder);
      } catch (cause) {
        if (database !== undefined) giveUp(database);
        if (codeOf(cause).startsWith('SQLITE_BUSY')) throw held(terminal, readHolder(note));
        throw new TerminalError(
          'journal-failed',
          'none',
          `The terminal cannot be locked in ${folder} (${said(cause)}), so nothing was sent. Make the folder writable for this user.`,
          { cause },
        );
      }
      const mine = database;
      taken.add(mine);
      return async () => {
        if (!taken.delete(mine)) return;
        rmSync(note, { force: true });
        giveUp(mine);
      };
    },
  };
}

/** Closing alone is not enough: libsql keeps a connection until its statements are collected. */
function giveUp(database: Database): void {
  if (database.inTransaction) database.exec('ROLLBACK');
  database.close();
}

function tell(note: string, holder: Holder): void {
  const unfinished = `${note}.new`;
  writeFileSync(unfinished, JSON.stringify(holder), { mode: 0o600 });
  renameSync(unfinished, note);
}

function readHolder(note: string): Holder | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(note, 'utf8'));
    return isHolder(holder) ? holder : undefined;
  } catch {
    return undefined;
  }
}

const isHolder = (value: unknown): value is Holder =>
  isPlainObject(value) &&
  typeof value['pid'] === 'number' &&
  typeof value['program'] === 'string' &&
  typeof value['since'] === 'number';

function held(terminal: string, holder: Holder | undefined): TerminalError {
  const who =
    holder === undefined
      ? 'another program, which has only just taken it'
      : `pid ${holder.pid}, ${holder.program}, since ${clockTime(holder.since)}`;
  return new TerminalError(
    'terminal-held',
    'none',
    `The terminal ${terminal} is held by ${who}. Nothing was sent; wait until that has ended.`,
    { evidence: { terminal, ...(holder && { holder }) } },
  );
}

/** The machine's own time of day, as the person at the till reads it: `2026-05-03 12:03:04`. */
const clockTime = (at: number): string => new Date(at).toLocaleString('sv-SE');
