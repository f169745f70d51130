import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Journal } from '../../src/journal/journal.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import { answer, evidence, notSent, sent, voided, voidIntent } from './support/intents.ts';
import { freshPlace, openThere, tickingClock } from './support/place.ts';

const kinds: readonly [string, () => Promise<Journal>][] = [
  ['in memory', async () => memoryJournal()],
  ['SQLite in memory', () => openJournal({ path: ':memory:', clock: tickingClock() })],
  ['SQLite in a file', () => openThere(freshPlace())],
];

describe.each(kinds)('a journal (%s)', (_, open) => {
  test('opens an intent once and then tells what is known of it', async () => {
    const journal = await open();
    expect(await journal.begin(voidIntent('a'))).toEqual({ type: 'new' });
    expect(await journal.begin(voidIntent('a'))).toEqual({
      type: 'known',
      intent: voidIntent('a'),
      entries: [],
    });
  });

  test('keeps the entries of each intent in their order', async () => {
    const journal = await open();
    await journal.begin(voidIntent('a'));
    await journal.begin(voidIntent('b'));
    for (const entry of [evidence, sent, answer]) await journal.append('a', entry);
    await journal.append('b', notSent);
    await journal.append('a', voided('a'));
    expect(await journal.begin(voidIntent('a'))).toMatchObject({
      entries: [evidence, sent, answer, voided('a')],
    });
    expect(await journal.begin(voidIntent('b'))).toMatchObject({ entries: [notSent] });
  });

  test('tells what was asked first when the key comes with something else', async () => {
    const journal = await open();
    await journal.begin(voidIntent('a'));
    const other = voidIntent('a', { amount: { amount: 99, currency: 'CLP' } });
    expect(await journal.begin(other)).toMatchObject({ intent: voidIntent('a') });
  });

  test('takes no entry of an intent that it does not hold, and goes on', async () => {
    const journal = await open();
    await expect(journal.append('nobody', sent)).rejects.toThrow('holds no intent nobody');
    expect(await journal.begin(voidIntent('a'))).toEqual({ type: 'new' });
  });
});

test('any key and any text come back as they were given, also from the file', async () => {
  const place = freshPlace();
  const key = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 60 })
    .filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
  const text = fc.string({ unit: 'binary' }).filter((value) => !/\d/.test(value));
  await fc.assert(
    fc.asyncProperty(key, text, fc.dictionary(text, fc.oneof(text, fc.nat())), async (k, t, d) => {
      const journal = await openThere(place);
      const intent = voidIntent(k, { reason: t });
      await journal.begin(intent);
      await journal.append(k, { type: 'answer', answer: d });
      journal.close();
      const again = await openThere(place);
      expect(again.show(k)?.entries.at(-1)).toEqual({ type: 'answer', answer: d });
      expect(again.verify().ok).toBe(true);
      again.close();
    }),
    { numRuns: 40 },
  );
});

test.each(['', 'a\0b', 'line\nbreak', '\ud800', 'x'.repeat(201)])(
  'the key %j, which a file could not give back, is refused and nothing is written',
  async (key) => {
    const journal = await openThere(freshPlace());
    await expect(journal.begin(voidIntent(key))).rejects.toThrow(RangeError);
    expect(journal.head().seq).toBe(0);
    expect(await journal.begin(voidIntent('fine'))).toEqual({ type: 'new' });
  },
);

test('what JSON cannot say is refused and nothing is written', async () => {
  const journal = await openThere(freshPlace());
  await journal.begin(voidIntent('a'));
  for (const value of [Number.NaN, 1n, new Uint8Array(2), new Map()])
    await expect(journal.append('a', { type: 'answer', answer: { value } })).rejects.toThrow(
      TypeError,
    );
  expect(journal.head().seq).toBe(0);
  await journal.append('a', sent);
});
