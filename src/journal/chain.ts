import { createHmac } from 'node:crypto';
import { genesis, type Head } from './head.ts';

/** One line of the journal. `payload` is canonical JSON, kept as text: the hash covers every byte of it. */
export interface JournalRecord {
  /** From 1, without gaps. */
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** The intent it belongs to. */
  readonly key: string;
  readonly type: string;
  readonly payload: string;
  readonly hash: string;
}

export type Flaw =
  | 'edited'
  | 'inserted'
  | 'removed'
  | 'reordered'
  | 'truncated'
  /** The journal's own note of its last record is missing or not its own. */
  | 'head'
  /** The list of what is open does not follow from the records. */
  | 'index';

export type Verification =
  | { readonly ok: true; readonly head: Head }
  | { readonly ok: false; readonly flaw: Flaw; readonly seq: number; readonly message: string };

/** h(n) = HMAC-SHA256(key, h(n-1) || canonical JSON of record n), hex. */
export function recordHash(
  key: Uint8Array,
  previous: string,
  { seq, at, key: intent, type, payload }: Omit<JournalRecord, 'hash'>,
): string {
  return createHmac('sha256', key)
    .update(previous, 'hex')
    .update(recordJson({ seq, at, key: intent, type, payload }))
    .digest('hex');
}

/** The canonical JSON of a record: its properties are always these, in this order. */
const recordJson = ({ at, key, payload, seq, type }: Omit<JournalRecord, 'hash'>): string =>
  `{"at":${JSON.stringify(at)},"key":${JSON.stringify(key)},"payload":${JSON.stringify(payload)},"seq":${JSON.stringify(seq)},"type":${JSON.stringify(type)}}`;

/**
 * Follows the chain from its first record. What was cut off at the end shows only against heads that were
 * kept elsewhere, at whatever time; their hashes may be shortened. The records are read again to tell an
 * exchanged record from an edited one.
 */
export function verifyChain(
  records: Iterable<JournalRecord>,
  key: Uint8Array,
  ...heads: readonly Head[]
): Verification {
  let last: Head = genesis;
  for (const record of records) {
    if (record.seq !== last.seq + 1) return misplaced(records, last.seq + 1, record);
    if (recordHash(key, last.hash, record) !== record.hash)
      return changed(records, key, last, record);
    last = { seq: record.seq, hash: record.hash };
    const { seq, hash } = last;
    if (heads.some((head) => head.seq === seq && !hash.startsWith(head.hash)))
      return flawed(
        'edited',
        seq,
        `Record ${seq} is not the one whose head was noted: the journal was rewritten, or it is another one.`,
      );
  }
  const length = Math.max(...heads.map((head) => head.seq), 0);
  if (length > last.seq)
    return flawed(
      'truncated',
      last.seq + 1,
      `The journal ends with record ${last.seq}, but it had ${length}: record ${last.seq + 1} and what followed were cut off.`,
    );
  return { ok: true, head: last };
}

export const flawed = (flaw: Flaw, seq: number, message: string): Verification => ({
  ok: false,
  flaw,
  seq,
  message,
});

function misplaced(
  records: Iterable<JournalRecord>,
  due: number,
  record: JournalRecord,
): Verification {
  if (record.seq < due)
    return flawed('inserted', record.seq, `Record ${record.seq} is there a second time.`);
  return some(records, ({ seq }) => seq === due)
    ? flawed('reordered', due, `Record ${due} is not in its place: record ${record.seq} is.`)
    : flawed('removed', due, `Record ${due} is missing.`);
}

function changed(
  records: Iterable<JournalRecord>,
  key: Uint8Array,
  before: Head,
  { seq, hash }: JournalRecord,
): Verification {
  // A record of another place, with or without its hash, is still a record of ours.
  const moved = some(records, (other) => {
    const here = recordHash(key, before.hash, { ...other, seq });
    return here === other.hash || here === hash;
  });
  return moved
    ? flawed('reordered', seq, `Record ${seq} holds what another record held.`)
    : flawed('edited', seq, `Record ${seq} was edited, or this journal never wrote it.`);
}

function some(records: Iterable<JournalRecord>, test: (record: JournalRecord) => boolean): boolean {
  for (const record of records) if (test(record)) return true;
  return false;
}
