import type { Begun, Entry, Intent, KnownIntent } from '../../src/journal/journal.ts';
import { knownTransactions } from '../../src/journal/known.ts';
import { standingOf } from '../../src/journal/standing.ts';
import type { Transaction } from '../../src/model/transaction.ts';

/** An intent as it stands on the disk, and which process wrote each entry. */
export interface DiskRecord {
  readonly intent: Intent;
  readonly entries: Entry[];
  readonly writers: string[];
}

/** What is on the disk: it outlives every process. */
export interface Disk {
  readonly records: ReadonlyMap<string, DiskRecord>;
  begin(intent: Intent): Begun;
  append(key: string, entries: readonly Entry[], writer: string): void;
  open(terminal: string): readonly KnownIntent[];
  known(terminal: string): readonly Transaction[];
}

/**
 * An entry as it comes back from a file: nothing shared with whoever wrote it, nothing that is undefined,
 * and nothing at all that JSON could not carry.
 */
function asWritten<T>(value: T): T {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`A journal holds no ${value}.`);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(asWritten) as T;
  if (Object.getPrototypeOf(value) !== Object.prototype)
    throw new Error('A journal holds plain data only.');
  const copy: Record<string, unknown> = {};
  for (const key in value) if (value[key] !== undefined) copy[key] = asWritten(value[key]);
  return copy as T;
}

export function createDisk(written: (record: DiskRecord, entry: Entry) => void): Disk {
  const records = new Map<string, DiskRecord>();
  const of = (terminal: string) =>
    [...records.values()].filter(({ intent }) => intent.terminal === terminal);
  return {
    records,
    begin(intent) {
      const known = records.get(intent.key);
      if (known !== undefined)
        return { type: 'known', intent: known.intent, entries: [...known.entries] };
      records.set(intent.key, { intent: asWritten(intent), entries: [], writers: [] });
      return { type: 'new' };
    },
    append(key, entries, writer) {
      const record = records.get(key);
      if (record === undefined) throw new Error(`The journal holds no intent ${key}.`);
      const kept = entries.map(asWritten);
      record.entries.push(...kept);
      record.writers.push(...kept.map(() => writer));
      for (const entry of kept) written(record, entry);
    },
    open: (terminal) =>
      of(terminal)
        .filter(({ entries }) => standingOf(entries) === 'open')
        .map(({ intent, entries }) => ({ intent, entries: [...entries] })),
    known: (terminal) => knownTransactions(of(terminal)),
  };
}
