import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtinProfile, builtinProfiles } from '../../src/profiles/builtin.ts';
import { readVectors, tryVectors } from '../../src/profiles/vectors.ts';

describe('the profiles that come with the package', () => {
  it.each(builtinProfiles)('%s writes and reads its vectors to the byte', async (name) => {
    const text = await readFile(join(import.meta.dirname, `vectors/${name}.yaml`), 'utf8');
    const tried = tryVectors(await builtinProfile(name), readVectors(text));
    expect(tried.filter(({ ok }) => !ok)).toEqual([]);
    expect(tried.length).toBeGreaterThan(1);
  });
});
