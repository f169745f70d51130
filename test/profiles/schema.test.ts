import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtinProfile, builtinProfiles } from '../../src/profiles/builtin.ts';
import { jsonSchema } from '../../src/profiles/json-schema.ts';
import { protocols } from '../../src/protocols/table.ts';

const root = join(import.meta.dirname, '../..');

describe('the JSON Schema of profiles', () => {
  it('is the one that the package ships; otherwise run npx tsx test/profiles/write-schema.ts', async () => {
    const committed: unknown = JSON.parse(
      await readFile(join(root, 'profile.schema.json'), 'utf8'),
    );
    expect(committed).toEqual(JSON.parse(JSON.stringify(jsonSchema())));
  });
});

describe('the profiles that come with the package', () => {
  it.each(builtinProfiles)(
    '%s is a protocol by its name, with its settings as options',
    async (name) => {
      const profile = await builtinProfile(name);
      expect(profile.name).toBe(name);
      const variant = Object.keys(profile.variants).length > 0 ? ['variant'] : [];
      expect([...(protocols.get(name)?.texts ?? [])].sort()).toEqual(
        [...Object.keys(profile.settings), ...variant].sort(),
      );
    },
  );

  it.each(builtinProfiles)(
    '%s says what it was compared with, and claims no more',
    async (name) => {
      const { status, verified } = await builtinProfile(name);
      expect(status).toBe('experimental');
      expect(verified).toMatch(/not against a terminal/i);
    },
  );

  it('are none of the brands whose protocols are not public', async () => {
    for (const name of builtinProfiles) {
      const { title } = await builtinProfile(name);
      expect(`${name} ${title}`).not.toMatch(
        /lakala|拉卡拉|unionpay merchant|银联商务|shengfutong|盛付通|ruiyinxin|瑞银信/i,
      );
    }
  });
});
