import { randomBytes } from 'node:crypto';
import type { Clock } from '../model/clock.ts';
import { TerminalError } from '../model/error.ts';
import { obtainChainKey, readChainKey } from './chain-key.ts';
import { createJournalFile, emptyLog, exists, openJournalFile, openMemory } from './database.ts';
import { journalFailure } from './failure.ts';
import type { Head } from './head.ts';
import { HeldBack } from './held-back.ts';
import { checkIntentKey } from './intent-key.ts';
import type { Begun, Entry, Intent, Journal } from './journal.ts';
import { systemLocation } from './location.ts';
import {
  entryPayload,
  intentPayload,
  intentType,
  readIntent,
  recalled,
  type WrittenIntent,
} from './payload.ts';
import { JournalReader, type JournalSource, type KnownIntent } from './reader.ts';
import type { Stands } from './record-table.ts';
import { standingAfter } from './standing.ts';
import { StandingTable } from './standing-table.ts';
import { Writer } from './writer.ts';

type Now = Pick<Clock, 'now'>;

export interface JournalPlace {
  /** The journal's file; `:memory:` for tests. */
  readonly path: string;
  /** The file with the secret of the chain, in another folder. The user's own by default. */
  readonly key?: string;
}

export interface JournalOptions extends JournalPlace {
  readonly clock: Now;
}

/**
 * Opens the journal at this path, or makes it where nothing is yet.
 * @throws {TerminalError} `journal-failed` when what is there is damaged, newer, or not as it was written.
 */
export async function openJournal({ path, key, clock }: JournalOptions): Promise<SqliteJournal> {
  if (path === ':memory:') {
    const secret = randomBytes(32);
    return new SqliteJournal({ path, key: secret, database: await openMemory(secret) }, clock);
  }
  const keyPath = key ?? systemLocation().key;
  if (!exists(path)) await createJournalFile(path, obtainChainKey(keyPath, path));
  const source = await openSource(path, keyPath);
  try {
    const journal = new SqliteJournal(source, clock);
    journal.head();
    return journal;
  } catch (error) {
    source.database.close();
    throw error;
  }
}

/** Opens a journal that must be there, only to look at it: also one whose chain is broken. */
export async function readJournal({ path, key }: JournalPlace): Promise<JournalReader> {
  if (!exists(path))
    throw journalFailure(path, 'is not there', 'It is made by the first money command.');
  return new JournalReader(await openSource(path, key ?? systemLocation().key));
}

async function openSource(path: string, keyPath: string): Promise<JournalSource> {
  const key = readChainKey(keyPath, path);
  return { path, key, database: await openJournalFile(path) };
}

/**
 * Which entries must outlive a power cut before anything else happens. The others lie before one that is
 * synced, which takes them along, or can be asked for again.
 */
const needsSync: Readonly<Record<Entry['type'], boolean>> = {
  evidence: false,
  sent: true,
  taken: false,
  'not-sent': true,
  answer: false,
  outcome: true,
  'in-doubt': true,
  recovery: false,
  decision: true,
  unsolicited: false,
};

interface Written {
  readonly type: string;
  readonly payload: string;
}

/** An intent as it is going to be written. */
interface Begin {
  readonly terminal: string;
  readonly payload: string;
}

/** What is known of an intent of which nothing is written yet. */
function unwritten(key: string, payload: string): WrittenIntent & Pick<KnownIntent, 'entries'> {
  const written = readIntent(key, payload);
  if (written === undefined) throw new Error(`The intent ${key} cannot be written down.`);
  return { ...written, entries: [] };
}

const after = (standing: string, written: readonly Written[]): string =>
  written.reduce((at, { type }) => standingAfter(type) ?? at, standing);

const begunElsewhere = (key: string) =>
  new TerminalError(
    'key-reused',
    'none',
    `Another program has begun a command under the key ${key} at this very time. Nothing was sent.`,
    { intent: key },
  );

/** The durable journal: see {@link Journal} for when a promise resolves. */
export class SqliteJournal extends JournalReader implements Journal {
  readonly #clock: Now;
  readonly #writer: Writer;
  readonly #standings: StandingTable;
  /** Intents of which nothing is written yet: they are written with their first entry. */
  readonly #begun = new Map<string, Begin>();
  readonly #heldBack = new HeldBack((key, entries) => this.#append(key, entries));
  /** The end of the chain that this object has checked or written itself. */
  #checked: Head | undefined;

  constructor(source: JournalSource, clock: Now) {
    super(source);
    this.#clock = clock;
    this.#writer = new Writer(source);
    this.#standings = new StandingTable(source.database);
  }

  async begin(intent: Intent): Promise<Begun> {
    const { key } = intent;
    checkIntentKey(key);
    this.#heldBack.release();
    this.#writer.check();
    const begun = this.#begun.get(key);
    const known = this.show(key) ?? (begun && unwritten(key, begun.payload));
    if (known === undefined) {
      const payload = intentPayload(intent, this.source.key);
      this.#begun.set(key, { terminal: intent.terminal, payload });
      return { type: 'new' };
    }
    const { entries } = known;
    return { type: 'known', intent: recalled(intent, known, this.source.key), entries };
  }

  append(key: string, ...entries: readonly Entry[]): Promise<void> {
    return this.#heldBack.append(key, entries);
  }

  override open(terminal: string): Promise<readonly KnownIntent[]> {
    this.#heldBack.release();
    return super.open(terminal);
  }

  async #append(key: string, entries: readonly Entry[]): Promise<void> {
    const first = this.#begun.get(key);
    if (first === undefined && entries.length === 0) return;
    const written = entries.map((entry) => ({ type: entry.type, payload: entryPayload(entry) }));
    const sync = entries.some(({ type }) => needsSync[type]);
    const known = this.#writer.write(sync, () => {
      const { head, stands } = this.#end(key);
      if (first !== undefined) {
        if (stands !== undefined) throw begunElsewhere(key);
        this.#open(head, key, first, written);
        return true;
      }
      if (stands === undefined) return false;
      const last = this.#add(head, key, written);
      this.#standings.change({
        first: stands.first,
        last,
        standing: after(stands.standing, written),
      });
      return true;
    });
    if (!known) throw new Error(`The journal holds no intent ${key}.`);
    this.#begun.delete(key);
  }

  /** The record that opens an intent, and those that come with it. */
  #open(head: Head, key: string, { terminal, payload }: Begin, written: readonly Written[]): void {
    const last = this.#add(head, key, [{ type: intentType, payload }, ...written]);
    const standing = after('unsent', written);
    this.#standings.add({ key, first: head.seq + 1, last, terminal, standing });
  }

  override close(): void {
    this.#heldBack.release();
    this.#writer.close();
    // Then the one file is the whole journal, unless another process is in it.
    if (this.source.database.open) emptyLog(this.source.database);
    super.close();
  }

  /** The number of the last record. */
  #add(end: Head, key: string, written: readonly Written[]): number {
    const at = this.#clock.now();
    const contents = written.map((content) => ({ at, key, ...content }));
    const head = this.table.add(this.source.key, end, contents);
    this.#checked = head;
    return head.seq;
  }

  /** The end of the chain, checked unless it is where this object left it; and where the intent stands. */
  #end(key: string): { readonly head: Head; readonly stands?: Stands } {
    const { note, ...rest } = this.table.end(key) ?? {};
    const left = this.#checked;
    if (left !== undefined && note?.seq === left.seq && note.hash === left.hash)
      return { head: left, ...rest };
    const head = this.head();
    if (left !== undefined && head.seq <= left.seq)
      throw this.broken(`has lost records: it ends with ${head.seq}, but ${left.seq} was written`);
    this.#checked = head;
    return { head, ...rest };
  }
}
