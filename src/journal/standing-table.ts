import type { Database, Statement } from 'libsql';
import type { JournalRecord } from './chain.ts';
import { intentType, readIntent } from './payload.ts';
import { RecordTable } from './record-table.ts';
import { numberIn, textIn } from './row.ts';
import { type Standing, standingAfter } from './standing.ts';

/** Where each intent stands. Follows from the records alone; kept so that they need not all be read. */
export interface StandingRow {
  readonly key: string;
  /** The number of the record that opened the intent, and of the last one that was written of it. */
  readonly first: number;
  readonly last: number;
  readonly terminal: string;
  readonly standing: string;
}

/** One intent in a list of many; `first` is where the list goes on. */
export type KeyAt = Pick<StandingRow, 'key' | 'first' | 'standing'>;

export interface PageOfKeys {
  /** Only intents opened before the record with this number. */
  readonly before?: number;
  readonly limit: number;
}

export interface Selection {
  readonly terminal?: string;
  readonly openOnly?: boolean;
  /** At most so many, the latest ones. */
  readonly limit?: number;
}

/** What the table has to hold after these records. */
export function deriveStandings(records: Iterable<JournalRecord>): Map<string, StandingRow> {
  const rows = new Map<string, StandingRow>();
  for (const { seq, key, type, payload } of records) {
    const known = rows.get(key);
    if (type === intentType) {
      const terminal = readIntent(key, payload)?.intent.terminal ?? '';
      rows.set(key, { key, first: seq, last: seq, terminal, standing: 'unsent' });
      continue;
    }
    if (known === undefined) continue;
    rows.set(key, { ...known, last: seq, standing: standingAfter(type) ?? known.standing });
  }
  return rows;
}

export function rebuildStandings(database: Database): void {
  const table = new StandingTable(database);
  for (const row of deriveStandings(new RecordTable(database).all()).values()) table.add(row);
}

/** Said in the statement itself, so that SQLite takes the index of what is open. */
const isOpen = `standing = '${'open' satisfies Standing}'`;

export class StandingTable {
  readonly #add: Statement;
  readonly #change: Statement;

  constructor(database: Database) {
    this.#add = database.prepare('INSERT INTO standing VALUES (?, ?, ?, ?, ?)');
    this.#change = database.prepare('UPDATE standing SET last = ?, standing = ? WHERE first = ?');
  }

  add({ key, first, last, terminal, standing }: StandingRow): void {
    this.#add.run(first, last, key, terminal, standing);
  }

  change({ first, last, standing }: Pick<StandingRow, 'first' | 'last' | 'standing'>): void {
    this.#change.run(last, standing, first);
  }
}

/** Selects intents by where they stand. */
export class KeySelection {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();
  #page: Statement | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The keys selected, in the order in which they were opened. */
  keys({ terminal, openOnly = false, limit }: Selection): readonly string[] {
    const conditions = [
      ...(terminal === undefined ? [] : ['terminal = ?']),
      ...(openOnly ? [isOpen] : []),
    ];
    const rows = this.#statement(conditions).all(
      ...(terminal === undefined ? [] : [terminal]),
      limit ?? -1,
    );
    return rows.map((row) => textIn(row, 'key')).reverse();
  }

  /** A page of all intents, the latest first. */
  page({ before = Number.MAX_SAFE_INTEGER, limit }: PageOfKeys): readonly KeyAt[] {
    this.#page ??= this.#database.prepare(
      'SELECT key, first, standing FROM standing WHERE first < ? ORDER BY first DESC LIMIT ?',
    );
    return this.#page.all(before, limit).map((row) => ({
      key: textIn(row, 'key'),
      first: numberIn(row, 'first'),
      standing: textIn(row, 'standing'),
    }));
  }

  #statement(conditions: readonly string[]): Statement {
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const known = this.#statements.get(where);
    if (known !== undefined) return known;
    const made = this.#database.prepare(
      `SELECT key FROM standing ${where} ORDER BY first DESC LIMIT ?`,
    );
    this.#statements.set(where, made);
    return made;
  }
}

export const allStandings = (database: Database): readonly StandingRow[] =>
  database
    .prepare('SELECT * FROM standing ORDER BY first')
    .all()
    .map((row) => ({
      key: textIn(row, 'key'),
      first: numberIn(row, 'first'),
      last: numberIn(row, 'last'),
      terminal: textIn(row, 'terminal'),
      standing: textIn(row, 'standing'),
    }));
