import { renameSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../src/journal/journal.ts';
import { answer, sent, terminal, voided, voidIntent } from './support/intents.ts';
import { freshPlace, openThere } from './support/place.ts';

const taken: Entry = { type: 'taken' };

/** Two programs; the first has sent a void. */
async function underWay() {
  const place = freshPlace();
  const [journal, other] = [await openThere(place), await openThere(place)];
  await journal.begin(voidIntent('a'));
  await journal.append('a', sent);
  return { place, journal, typesSeen: () => other.show('a')?.entries.map(({ type }) => type) };
}

describe('that the terminal has begun', () => {
  test('is written as soon as the event loop comes round', async () => {
    const { journal, typesSeen } = await underWay();
    const written = journal.append('a', taken);
    expect(typesSeen()).toEqual(['sent']);
    await written;
    expect(typesSeen()).toEqual(['sent', 'taken']);
  });

  test('is written together with what follows at once, and before it', async () => {
    const { journal, typesSeen } = await underWay();
    const begun = journal.append('a', taken);
    const nothing = journal.append('a');
    const ended = journal.append('a', answer, voided('a'));
    expect(typesSeen()).toEqual(['sent', 'taken', 'answer', 'outcome']);
    await Promise.all([begun, nothing, ended]);
    expect(journal.verify()).toMatchObject({ ok: true });
  });

  test('is there for whoever begins or looks for what is open in the same program', async () => {
    for (const look of ['begin', 'open'] as const) {
      const { journal, typesSeen } = await underWay();
      const written = journal.append('a', taken);
      if (look === 'begin')
        expect(await journal.begin(voidIntent('a'))).toMatchObject({ entries: [sent, taken] });
      else expect(await journal.open(terminal)).toMatchObject([{ entries: [sent, taken] }]);
      expect(typesSeen()).toEqual(['sent', 'taken']);
      await written;
    }
  });

  test('is written before the journal is closed', async () => {
    const { place, journal } = await underWay();
    const written = journal.append('a', taken);
    journal.close();
    await written;
    const again = await openThere(place);
    expect(again.show('a')?.entries).toEqual([sent, taken]);
  });

  test('fails with what follows, and all that follows fails', async () => {
    const { place, journal } = await underWay();
    const begun = journal.append('a', taken);
    renameSync(place.path, `${place.path}.away`);
    const ended = journal.append('a', answer);
    const outcomes = await Promise.allSettled([begun, ended, journal.append('a', sent)]);
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'journal-failed' } });
  });
});
