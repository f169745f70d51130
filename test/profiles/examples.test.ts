import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProfile } from '../../src/profiles/read.ts';
import { readVectors, tryVectors } from '../../src/profiles/vectors.ts';
import { profileTill } from './support.ts';

const docs = join(import.meta.dirname, '../../docs/profiles');
const examples = ['hypercom-bdo', 'malaysia-c2xx'] as const;

const textOf = (name: string) => readFile(join(docs, `${name}.yaml`), 'utf8');

async function till(
  name: (typeof examples)[number],
  currency: string,
  faults: readonly string[] = [],
) {
  const profile = await textOf(name);
  const query = `?file=${join(docs, `${name}.yaml`)}`;
  return profileTill(currency, { protocol: 'profile', profile, faults }, query);
}

describe('the example profiles', () => {
  it.each(examples)('%s writes its vectors to the byte', async (name) => {
    const read = readProfile(await textOf(name));
    if (read.type !== 'profile') throw new Error(JSON.stringify(read.problems));
    const text = await readFile(join(import.meta.dirname, `vectors/${name}.yaml`), 'utf8');
    const tried = tryVectors(read.profile, readVectors(text));
    expect(tried.filter(({ ok }) => !ok)).toEqual([]);
    expect(tried).toHaveLength(2);
  });

  it('hypercom-bdo sells and takes back by the trace, which the target has to name', async () => {
    const shop = await till('hypercom-bdo', 'PHP');
    expect((await shop.sell(1_000)).result).toMatchObject({
      outcome: 'approved',
      transaction: { trace: '000001', authorisationCode: '252985' },
    });
    for (const asked of [await shop.takeBack(1_000), await shop.last()])
      expect(asked.result).toMatchObject({
        outcome: 'refused',
        reason: 'not-supported',
        message: expect.stringContaining('only for one that is named by trace'),
      });
    expect((await shop.takeBack(1_000, { trace: '1' })).result).toMatchObject({
      outcome: 'voided',
    });
    expect(shop.booked()).toEqual(['sale 1000', 'void 1000']);
  });

  it('malaysia-c2xx says ENQ first, sells, and finds its sale again by its id', async () => {
    const shop = await till('malaysia-c2xx', 'MYR');
    const sale = { amount: shop.money(1_500), ticket: 'TT0001' };
    expect((await shop.run(shop.terminal.purchase(sale))).result).toMatchObject({
      outcome: 'approved',
      transaction: { trace: '000001', amount: shop.money(1_500) },
    });
    const [first] = shop.mock.transcript;
    expect(first).toMatchObject({ from: 'till', bytes: Uint8Array.of(0x05) });
    const target = { ticket: 'TT0001' };
    expect((await shop.takeBack(1_500, target)).result).toMatchObject({ outcome: 'voided' });
    expect((await shop.takeBack(1_500, target)).result).toMatchObject({
      outcome: 'already-voided',
    });
    expect(shop.booked()).toEqual(['sale 1500', 'void 1500']);
  });

  it('malaysia-c2xx sends nothing behind an ENQ that finds no ACK', async () => {
    const shop = await till('malaysia-c2xx', 'MYR');
    await shop.run(shop.terminal.status());
    shop.mock.terminal.goOffline(60_000);
    const sold = await shop.sell(1_500);
    expect(sold.error).toMatchObject({ code: 'not-acknowledged', effect: 'none' });
    expect(shop.asked()).toEqual(['status']);
  });
});
