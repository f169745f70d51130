import type { Database, Statement } from 'libsql';
import { isPlainObject } from './canonical-json.ts';
import { type JournalRecord, recordHash } from './chain.ts';
import { genesis, type Head, headMac } from './head.ts';
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

/** The rows of a journal as they lie in its file. What they mean is checked elsewhere. */
export class RecordTable {
  readonly #page: Statement;
  readonly #ofKey: Statement;
  readonly #last: Statement;
  readonly #head: Statement;
  readonly #insert: Statement;
  readonly #setHead: Statement;

  constructor(database: Database) {
    const linked = `SELECT r.seq, r.at, r.key, r.type, r.payload, r.hash, p.hash AS previous
      FROM record r LEFT JOIN record p ON p.seq = r.seq - 1`;
    this.#page = database.prepare(
      `SELECT * FROM record WHERE seq > ? ORDER BY seq LIMIT ${pageSize}`,
    );
    this.#ofKey = database.prepare(`${linked} WHERE r.key = ? ORDER BY r.seq`);
    this.#last = database.prepare(`${linked} ORDER BY r.seq DESC LIMIT 1`);
    this.#head = database.prepare(
      'SELECT h.seq, h.hash, h.mac, s.standing FROM head h LEFT JOIN standing s ON s.key = ?',
    );
    this.#insert = database.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?, ?)');
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

  ofKey = (key: string): readonly Linked[] => this.#ofKey.all(key).map(toLinked);

  last(): Linked | undefined {
    const row = this.#last.get();
    return row === undefined ? undefined : toLinked(row);
  }

  /** The note of the last record, and where the intent with this key stands. */
  end(key = ''): { readonly note: HeadNote; readonly standing?: string } | undefined {
    const row = this.#head.get(key);
    if (!isPlainObject(row)) return undefined;
    const note = { seq: numberIn(row, 'seq'), hash: textIn(row, 'hash'), mac: textIn(row, 'mac') };
    const { standing } = row;
    return typeof standing === 'string' ? { note, standing } : { note };
  }

  /** Adds records after this end of the chain and notes the new one, which it returns. */
  add(key: Uint8Array, end: Head, contents: readonly Omit<JournalRecord, 'seq' | 'hash'>[]): Head {
    let head = end;
    for (const content of contents) {
      const record = { ...content, seq: head.seq + 1 };
      head = { seq: record.seq, hash: recordHash(key, head.hash, record) };
      this.#insert.run(record.seq, record.at, record.key, record.type, record.payload, head.hash);
    }
    this.#setHead.run(head.seq, head.hash, headMac(key, head));
    return head;
  }
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
