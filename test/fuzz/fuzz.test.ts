import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import { targets } from './targets.ts';

/** `npm run fuzz` takes ten million for each protocol. */
const bytes = 200_000;

test.each(targets)(
  '$name takes any bytes: no throw, no growth, no frame with a bad check',
  async (target) => {
    expect(target.corpus.length).toBeGreaterThan(3);
    const found = await fuzz(target, 1, bytes);
    // Otherwise it has met nothing but noise, and has proved nothing.
    expect(found.frames).toBeGreaterThan(100);
  },
);
