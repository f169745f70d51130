import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JournalRecord, recordHash, verifyChain } from '../../src/journal/chain.ts';
import { formatHead, genesis, type Head, parseHead } from '../../src/journal/head.ts';

const key = Buffer.alloc(32, 7);

/** A chain of records with these payloads. */
function chainOf(payloads: readonly string[]): JournalRecord[] {
  let end = genesis;
  return payloads.map((payload, i) => {
    const content = { seq: i + 1, at: 1_000 + i, key: `void-${i % 3}`, type: 'answer', payload };
    const record = { ...content, hash: recordHash(key, end.hash, content) };
    end = record;
    return record;
  });
}

const headOf = (records: readonly JournalRecord[]): Head => records.at(-1) ?? genesis;

const five = chainOf(['{"a":1}', '{"a":2}', '{"a":3}', '{"a":4}', '{"a":5}']);
const changed = (seq: number, changes: Partial<JournalRecord>) =>
  five.map((record) => (record.seq === seq ? { ...record, ...changes } : record));
const without = (seq: number) => five.filter((record) => record.seq !== seq);
const at = (seq: number): JournalRecord => five[seq - 1] ?? expect.fail(`no record ${seq}`);

describe('a chain as it was written', () => {
  test('is found whole, with its head', () => {
    expect(verifyChain(five, key)).toEqual({
      ok: true,
      head: { seq: 5, hash: headOf(five).hash },
    });
    expect(verifyChain([], key)).toEqual({ ok: true, head: genesis });
  });

  test('agrees with every head it ever had, shortened as on a voucher', () => {
    for (const record of five)
      expect(verifyChain(five, key, parseHead(formatHead(record)) ?? genesis).ok).toBe(true);
  });

  test('is as OpenSSL and a canonical JSON of RFC 8785 make it', () => {
    const record = { seq: 1, at: 5, key: 'k', type: 'sent', payload: '{"epoch":1}' };
    // printf '%s' '{"at":5,"key":"k","payload":"{\"epoch\":1}","seq":1,"type":"sent"}' after 32 zero bytes,
    // through openssl dgst -sha256 -mac HMAC -macopt hexkey:0707...
    expect(recordHash(key, '00'.repeat(32), record)).toBe(
      'e605caa5f9d1d2fa9a19b86a14a32ae95d8ae868a617bf7a36c3b6fc2fce8398',
    );
  });
});

describe('a chain that was tampered with', () => {
  test.each([
    ['edited payload', 3, changed(3, { payload: '{"a":9}' })],
    ['edited time', 3, changed(3, { at: 1 })],
    ['edited type', 3, changed(3, { type: 'sent' })],
    ['edited key', 3, changed(3, { key: 'void-9' })],
    ['edited hash', 3, changed(3, { hash: '00'.repeat(32) })],
    ['space in the payload', 5, changed(5, { payload: '{"a": 5}' })],
  ])('shows an %s at its record', (_, seq, records) => {
    expect(verifyChain(records, key)).toMatchObject({ ok: false, flaw: 'edited', seq });
  });

  test('shows a removed record, the first one too', () => {
    expect(verifyChain(without(3), key)).toMatchObject({ flaw: 'removed', seq: 3 });
    expect(verifyChain(without(1), key)).toMatchObject({ flaw: 'removed', seq: 1 });
  });

  test('shows a removed record although the later ones were renumbered', () => {
    const closed = without(3).map((record, i) => ({ ...record, seq: i + 1 }));
    expect(verifyChain(closed, key)).toMatchObject({ ok: false, seq: 3 });
  });

  test('shows two records that changed places', () => {
    const { seq: _2, ...second } = at(2);
    const { seq: _4, ...fourth } = at(4);
    const swapped = five.map((record) =>
      record.seq === 2 ? { seq: 2, ...fourth } : record.seq === 4 ? { seq: 4, ...second } : record,
    );
    expect(verifyChain(swapped, key)).toMatchObject({ ok: false, seq: 2 });
    expect(verifyChain([at(1), at(3), at(2), at(4), at(5)], key)).toMatchObject({
      flaw: 'reordered',
      seq: 2,
    });
  });

  test('shows a record that is there twice', () => {
    expect(verifyChain([...five.slice(0, 3), at(3), ...five.slice(3)], key)).toMatchObject({
      flaw: 'inserted',
      seq: 3,
    });
  });

  test('shows what was cut off at its end, against a head that was kept', () => {
    expect(verifyChain(five.slice(0, 3), key).ok).toBe(true);
    expect(verifyChain(five.slice(0, 3), key, headOf(five))).toMatchObject({
      flaw: 'truncated',
      seq: 4,
    });
  });

  test('shows a chain that was written anew with the key, against a head that was kept', () => {
    const anew = chainOf(['{"a":1}', '{"a":2}', '{"a":0}', '{"a":4}', '{"a":5}', '{"a":6}']);
    expect(verifyChain(anew, key).ok).toBe(true);
    expect(verifyChain(anew, key, headOf(five))).toMatchObject({ flaw: 'edited', seq: 5 });
  });

  test('shows another key', () => {
    expect(verifyChain(five, Buffer.alloc(32, 8))).toMatchObject({ ok: false, seq: 1 });
  });
});

const payloads = fc.array(fc.json(), { minLength: 1, maxLength: 12 });
const place = fc.nat();

/** Each makes one change; undefined when this change would leave the chain as it is. */
const mutations: readonly ((
  records: JournalRecord[],
  i: number,
  j: number,
  text: string,
) => JournalRecord[] | undefined)[] = [
  (records, i, _, payload) =>
    records.map((record, n) =>
      n === i ? { ...record, payload: record.payload + payload } : record,
    ),
  (records, i, j) =>
    records.map((record, n) => (n === i ? { ...record, at: record.at + 1 + j } : record)),
  (records, i, _, text) =>
    records.map((record, n) => (n === i ? { ...record, key: record.key + text } : record)),
  (records, i, _, text) =>
    records.map((record, n) => (n === i ? { ...record, type: record.type + text } : record)),
  (records, i) => records.filter((_, n) => n !== i),
  (records, i) => records.slice(0, i),
  (records, i, j) => {
    const [a, b] = [records[i], records[j]];
    if (a === undefined || b === undefined || i === j) return undefined;
    return records.map((record, n) => (n === i ? b : n === j ? a : record));
  },
  (records, i, j) => {
    const [a, b] = [records[i], records[j]];
    if (a === undefined || b === undefined || a.payload === b.payload) return undefined;
    const payloadAt = new Map([
      [i, b.payload],
      [j, a.payload],
    ]);
    return records.map((record, n) => ({ ...record, payload: payloadAt.get(n) ?? record.payload }));
  },
  (records, i, j) => records.toSpliced(j, 0, ...records.slice(i, i + 1)),
];

describe('whatever was written', () => {
  test('is found whole', () => {
    fc.assert(
      fc.property(payloads, (texts) => {
        const records = chainOf(texts);
        expect(verifyChain(records, key, headOf(records))).toMatchObject({ ok: true });
      }),
    );
  });

  test('and changed in one place only is found changed', () => {
    fc.assert(
      fc.property(
        payloads,
        fc.nat(mutations.length - 1),
        place,
        place,
        fc.string({ minLength: 1 }),
        (texts, which, a, b, text) => {
          const records = chainOf(texts);
          const [i, j] = [a % records.length, b % records.length];
          const mutated = mutations[which]?.(records, i, j, text);
          fc.pre(mutated !== undefined);
          expect(verifyChain(mutated ?? [], key, headOf(records)).ok).toBe(false);
        },
      ),
      { numRuns: 3_000 },
    );
  });
});

describe('a printed head', () => {
  test('is short, and is read again', () => {
    const head = headOf(five);
    expect(formatHead(head)).toMatch(/^5-[0-9a-f]{16}$/);
    expect(parseHead(` ${formatHead(head).toUpperCase()} `)).toEqual({
      seq: 5,
      hash: head.hash.slice(0, 16),
    });
  });

  test.each(['', '5', '5-', '5-abc', 'x-0123456789abcdef', '5-0123456789abcdeg'])(
    'is not %j',
    (text) => {
      expect(parseHead(text)).toBeUndefined();
    },
  );
});
