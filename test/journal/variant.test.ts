import { describe, expect, test } from 'vitest';
import type { Journal } from '../../src/journal/journal.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { readIntent } from '../../src/journal/payload.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import { evidence, found, sent, terminal, voidIntent } from './support/intents.ts';
import { freshPlace, openThere, tickingClock } from './support/place.ts';

const kinds: readonly [string, () => Promise<Journal>][] = [
  ['in memory', async () => memoryJournal()],
  ['SQLite in memory', () => openJournal({ path: ':memory:', clock: tickingClock() })],
  ['SQLite in a file', () => openThere(freshPlace())],
];

describe.each(kinds)('a journal (%s)', (_, open) => {
  test('keeps the way of speaking of an intent, and one terminal with all its ways', async () => {
    const journal = await open();
    await journal.begin(voidIntent('card'));
    await journal.append('card', evidence, sent);
    await journal.begin(voidIntent('qr', { variant: 'qr' }));
    await journal.append('qr', evidence, sent);
    expect((await journal.open(terminal)).map(({ intent }) => intent.variant)).toEqual([
      undefined,
      'qr',
    ]);
    expect(await journal.known(terminal)).toEqual([found, { ...found, variant: 'qr' }]);
  });
});

test('a file tells the way of speaking when it is opened again', async () => {
  const place = freshPlace();
  const journal = await openThere(place);
  await journal.begin(voidIntent('a', { variant: 'qr' }));
  await journal.append('a', sent);
  journal.close();
  const again = await openThere(place);
  expect(again.show('a')?.intent).toEqual(voidIntent('a', { variant: 'qr' }));
  expect(again.verify().ok).toBe(true);
  again.close();
});

describe('an intent as it was written', () => {
  const { key: _, ...written } = voidIntent('a');
  const payload = (more: object) =>
    JSON.stringify({ ...written, ...more, fingerprint: '00'.repeat(32) });

  test('by a release that knew no ways of speaking is one of the common way', () => {
    expect(readIntent('a', payload({}))?.intent).toEqual(voidIntent('a'));
  });

  test('with a way of speaking that makes no sense is none', () => {
    expect(readIntent('a', payload({ variant: 7 }))).toBeUndefined();
  });
});
