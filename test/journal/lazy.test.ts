import { rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { lazyJournal } from '../../src/journal/lazy.ts';
import { terminal } from './support/intents.ts';
import { freshPlace, tickingClock } from './support/place.ts';

test('A journal that could not be opened is tried again by the next command', async () => {
  const place = freshPlace();
  const folder = dirname(place.path);
  rmSync(folder, { recursive: true, force: true });
  writeFileSync(folder, 'where the folder of the journal should be');
  const journal = lazyJournal(place, tickingClock());
  await expect(journal.open(terminal)).rejects.toMatchObject({
    code: 'journal-failed',
    effect: 'none',
  });
  rmSync(folder);
  await expect(journal.open(terminal)).resolves.toEqual([]);
  await journal.close();
});
