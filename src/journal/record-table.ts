import type { Database, Statement } from 'libsql';
import { isPlainObject } from './canonical-json.ts';
import { type JournalRecord, recordHash } from './chain.ts';
import { genesis, type Head, headMac } from './head.ts';
import { intentType } from './payload.ts';
import { numberIn, textIn } from './row.ts';

const pageSize = 500;

/** A record, and the hash of the one before it where that is there. */
export interface Linked {
  readonly record: JournalRecord;
  readonly previous: string | undefined;
}

/** The note of the last record, as found. `mac` proves that this journal wrote it. */
export interface HeadNote extends Head {
  readonly mac: string;
}

/** An intent, by the number of the record that opened it, and where it stands. */
export interface Stands {
  readonly first: number;
  readonly standing: string;
}

/** The rows of a journal as they lie in its file. What they mean is checked elsewhere. */
export class RecordTable {
  readonly #page: Statement;
  readonly #ofKey: Statement;
  readonly #last: Statement;
  readonly #head: Statement;
  readonly #insert: (records: number) => Statement;
  readonly #setHead: Statement;

  constructor(database: Database) {
    const linked = 'r.seq, r.at, r.key, r.type, r.payload, r.hash, p.hash AS previous';
    const before = 'LEFT JOIN record p ON p.seq = r.seq - 1';
    const opened = `i.key = ? AND i.type = '${intentType}'`;
    this.#page = database.prepare(
      `SELECT * FROM record WHERE seq > ? ORDER BY seq LIMIT ${pageSize}`,
    );
    this.#ofKey = database.prepare(
      `SELECT ${linked}, s.standing FROM record i LEFT JOIN standing s ON s.first = i.seq
        JOIN record r ON r.seq BETWEEN i.seq AND ifnull(s.last, i.seq) AND r.key = i.key
        ${before} WHERE ${opened} ORDER BY r.seq`,
    );
    this.#last = database.prepare(
      `SELECT ${linked} FROM record r ${before} ORDER BY r.seq DESC LIMIT 1`,
    );
    this.#head = database.prepare(
      `SELECT h.seq, h.hash, h.mac, s.first, s.standing FROM head h
        LEFT JOIN record i ON ${opened} LEFT JOIN standing s ON s.first = i.seq`,
    );
    this.#insert = inserts(database);
    this.#setHead = database.prepare('UPDATE head SET seq = ?, hash = ?, mac = ?');
  }

  /** All records in their order, read page by page; may be gone through again. */
  all(): Iterable<JournalRecord> {
    const page = (after: number) => this.#page.all(after).map(toRecord);
    return {
      *[Symbol.iterator]() {
        // The numbers in a damaged journal may lie below 1.
        for (let after = Number.MIN_SAFE_INTEGER; ; ) {
          const records = page(after);
          yield* records;
          const last = records.at(-1);
          if (last === undefined || records.length < pageSize) return;
          after = last.seq;
        }
      },
    };
  }

  /** The records of an intent, and where the list of intents says that it stands. */
  ofKey(key: string): { readonly records: readonly Linked[]; readonly standing: unknown } {
    const rows: readonly unknown[] = this.#ofKey.all(key);
    const [row] = rows;
    return { records: rows.map(toLinked), standing: isPlainObject(row) ? row['standing'] : null };
  }

  last(): Linked | undefined {
    const row = this.#last.get();
    return row === undefined ? undefined : toLinked(row);
  }

  /** The note of the last record, and where the intent with this key stands. */
  end(key = ''): { readonly note: HeadNote; readonly stands?: Stands } | undefined {
    const row = this.#head.get(key);
    if (!isPlainObject(row)) return undefined;
    const note = { seq: numberIn(row, 'seq'), hash: textIn(row, 'hash'), mac: textIn(row, 'mac') };
    const { first, standing } = row;
    return typeof first === 'number' && typeof standing === 'string'
      ? { note, stands: { first, standing } }
      : { note };
  }

  /** Adds records after this end of the chain and notes the new one, which it returns. */
  add(key: Uint8Array, end: Head, contents: readonly Omit<JournalRecord, 'seq' | 'hash'>[]): Head {
    let head = end;
    const values: (string | number)[] = [];
    for (const content of contents) {
      const record = { ...content, seq: head.seq + 1 };
      head = { seq: record.seq, hash: recordHash(key, head.hash, record) };
      values.push(record.seq, record.at, record.key, record.type, record.payload, head.hash);
    }
    this.#insert(contents.length).run(...values);
    this.#setHead.run(head.seq, head.hash, headMac(key, head));
    return head;
  }
}

/** One statement for as many records as there are: each call of SQLite costs more than a record. */
function inserts(database: Database): (records: number) => Statement {
  const statements = new Map<number, Statement>();
  return (records) => {
    const known = statements.get(records);
    if (known !== undefined) return known;
    const rows = Array(records).fill('(?, ?, ?, ?, ?, ?)').join(', ');
    const made = database.prepare(`INSERT INTO record VALUES ${rows}`);
    statements.set(records, made);
    return made;
  };
}

/** The note of an empty journal. */
export function startChain(database: Database, key: Uint8Array): void {
  const { seq, hash } = genesis;
  database.exec(`INSERT INTO head VALUES (1, ${seq}, '${hash}', '${headMac(key, genesis)}')`);
}

const toRecord = (row: unknown): JournalRecord => ({
  seq: numberIn(row, 'seq'),
  at: numberIn(row, 'at'),
  key: textIn(row, 'key'),
  type: textIn(row, 'type'),
  payload: textIn(row, 'payload'),
  hash: textIn(row, 'hash'),
});

const toLinked = (row: unknown): Linked => ({
  record: toRecord(row),
  previous: isPlainObject(row) && typeof row['previous'] === 'string' ? row['previous'] : undefined,
});
