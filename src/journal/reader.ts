import { isDeepStrictEqual } from 'node:util';
import type { Database } from 'libsql';
import { flawed, type JournalRecord, recordHash, type Verification, verifyChain } from './chain.ts';
import { journalFailure } from './failure.ts';
import { genesis, type Head, headMac } from './head.ts';
import type { Entry, KnownTransaction } from './journal.ts';
import { knownTransactions } from './known.ts';
import { intentType, readEntry, readIntent, type WrittenIntent } from './payload.ts';
import { type Linked, RecordTable } from './record-table.ts';
import { type Standing, standingOf } from './standing.ts';
import {
  allStandings,
  deriveStandings,
  type KeyAt,
  KeySelection,
  type PageOfKeys,
  type Selection,
} from './standing-table.ts';

/** How many of the latest intents tell what a terminal is known to have done. */
const recent = 200;

/** Everything a journal knows of an intent. Card numbers in it are masked. */
export interface KnownIntent extends WrittenIntent {
  readonly entries: readonly Entry[];
  readonly standing: Standing;
  /** When it was opened and when something was last written of it, milliseconds since the Unix epoch. */
  readonly openedAt: number;
  readonly changedAt: number;
}

/** An opened file and the key of its chain. */
export interface JournalSource {
  readonly path: string;
  readonly database: Database;
  readonly key: Uint8Array;
}

/** Reads a journal. What it hands out of an intent has been checked against the key. */
export class JournalReader {
  protected readonly source: JournalSource;
  protected readonly table: RecordTable;
  readonly #selection: KeySelection;

  constructor(source: JournalSource) {
    this.source = source;
    this.#selection = new KeySelection(source.database);
    this.table = new RecordTable(source.database);
  }

  /** All records as they lie in the file, unchecked; `verify` checks them. May be gone through again. */
  records(): Iterable<JournalRecord> {
    return this.table.all();
  }

  /** The end of the chain. */
  head(): Head {
    return this.#atOneMoment(() => {
      const note = this.#note();
      const last = this.table.last();
      const { seq, hash } = last?.record ?? genesis;
      if (note === undefined)
        throw this.broken(
          'does not fit its key: it was changed, or the key is that of another one',
        );
      if (note.seq !== seq || note.hash !== hash)
        throw this.broken(`ends with record ${seq}, but record ${note.seq} was written last`);
      if (last !== undefined) this.#check(last);
      return { seq, hash };
    });
  }

  /** The records of a key. @throws {TerminalError} when one of them is not as it was written. */
  recordsOf(key: string): readonly JournalRecord[] {
    const { records, standing } = this.table.ofKey(key);
    const checked = records.map((linked) => this.#check(linked));
    const [first] = checked;
    // A list that has lost an intent or its end must not make a command look as if it had never left.
    if (first !== undefined && standing !== standingOf(checked))
      throw this.broken(`has a list of intents that is wrong about record ${first.seq}`);
    return checked;
  }

  /** What is known of a key. @throws {TerminalError} when one of its records is not as it was written. */
  show(key: string): KnownIntent | undefined {
    const [first, ...rest] = this.recordsOf(key);
    if (first === undefined) return undefined;
    const written = first.type === intentType ? readIntent(key, first.payload) : undefined;
    if (written === undefined) throw this.#unreadable(first);
    const entries = rest.map((record) => {
      const entry = readEntry(record.type, record.payload);
      if (entry === undefined) throw this.#unreadable(record);
      return entry;
    });
    const changedAt = rest.at(-1)?.at ?? first.at;
    return { ...written, entries, standing: standingOf(entries), openedAt: first.at, changedAt };
  }

  /** The intents, in the order in which they were opened. */
  list(selection: Selection = {}): readonly KnownIntent[] {
    return this.#selection
      .keys(selection)
      .map((key) => this.show(key))
      .filter((known) => known !== undefined);
  }

  /** A page of keys, the latest first, for whoever looks at a journal that is too long to be read at once. */
  keys(page: PageOfKeys): readonly KeyAt[] {
    return this.#selection.page(page);
  }

  /** Intents that left the till for this terminal and have no outcome. */
  async open(terminal: string): Promise<readonly KnownIntent[]> {
    return this.list({ terminal, openOnly: true });
  }

  /** Transactions that the terminal was known to have made, in the order they became known. */
  async known(terminal: string): Promise<readonly KnownTransaction[]> {
    return knownTransactions(this.list({ terminal, limit: recent }));
  }

  /** Goes through every record. `expected`: a head that was printed, at whatever time. */
  verify(expected?: Head): Verification {
    return this.#atOneMoment(() => this.#verify(expected));
  }

  close(): void {
    if (this.source.database.open) this.source.database.close();
  }

  /** Other processes may go on writing in the meantime; this does not see it. */
  #atOneMoment<T>(look: () => T): T {
    const { database } = this.source;
    if (database.inTransaction) return look();
    database.exec('BEGIN');
    try {
      return look();
    } finally {
      database.exec('COMMIT');
    }
  }

  #verify(expected: Head | undefined): Verification {
    const note = this.#note();
    const heads = [expected, note].filter((head) => head !== undefined);
    const chain = verifyChain(this.records(), this.source.key, ...heads);
    if (!chain.ok) return chain;
    const { seq } = chain.head;
    if (note === undefined)
      return flawed('head', seq, 'The note of the last record is missing or was changed.');
    if (note.seq < seq)
      return flawed('inserted', note.seq + 1, `Record ${note.seq} was the last one written.`);
    return this.#verifyStandings() ?? chain;
  }

  #verifyStandings(): Verification | undefined {
    const due = deriveStandings(this.records());
    for (const row of allStandings(this.source.database)) {
      if (!isDeepStrictEqual(row, due.get(row.key)))
        return flawed(
          'index',
          row.first,
          `The list of intents is wrong about record ${row.first}.`,
        );
      due.delete(row.key);
    }
    const [missing] = due.values();
    if (missing === undefined) return undefined;
    return flawed('index', missing.first, `The list of intents lacks record ${missing.first}.`);
  }

  /** The note of the last record, if this journal wrote it. */
  #note(): Head | undefined {
    const note = this.table.end()?.note;
    return note?.mac === headMac(this.source.key, note ?? genesis) ? note : undefined;
  }

  #check({ record, previous = genesis.hash }: Linked): JournalRecord {
    if (recordHash(this.source.key, previous, record) !== record.hash)
      throw this.broken(`is not as it was written at record ${record.seq}`);
    return record;
  }

  #unreadable = ({ seq, type }: JournalRecord) =>
    this.broken(`holds a record that this version cannot read (number ${seq}, type ${type})`);

  protected broken = (what: string) =>
    journalFailure(
      this.source.path,
      what,
      'Run "tillwire journal verify", keep the file, and look at the terminal for what may be open.',
    );
}
