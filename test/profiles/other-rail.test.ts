import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Terminal } from '../../src/terminal/terminal.ts';
import { ana, profileTill } from './support.ts';

/** A terminal that takes cards and QR codes: each with a last transaction of its own, behind one device. */
const file = join(import.meta.dirname, '../../docs/zh-CN/example-mis.yaml');
const profile = readFileSync(file, 'utf8');
const card = `?file=${file}`;
const qr = `${card}&variant=qr`;

/** A till that has sold on one rail already, and goes over to another. */
async function tillOn(first: string, ...faults: string[]) {
  const till = await profileTill('CNY', { protocol: 'profile', profile }, first);
  let current = till.terminal;

  /** Another program on the same device: the port takes one at a time. */
  async function on(rail: string): Promise<Terminal> {
    await current.close();
    current = await till.open(rail);
    return current;
  }

  const sell = (amount: number, ticket: string, key: string) =>
    till.run(current.purchase({ amount: till.money(amount), ticket }, { key }));
  const recover = () => till.run(current.recover());

  expect((await sell(700, 'D1', 'before')).result).toMatchObject({ outcome: 'approved' });
  for (const fault of faults) till.mock.fault(fault);
  return { ...till, on, sell, recover };
}

/** The request of the sale D2 gets lost: it is in doubt, and the terminal has not booked it. */
async function inDoubt(rail: string) {
  const till = await tillOn(rail, 'silent-once@purchase');
  expect((await till.sell(2_000, 'D2', 'lost')).error).toMatchObject({ effect: 'unknown' });
  return till;
}

describe('a sale in doubt that was sent on one rail of a terminal', () => {
  it.each([
    ['QR', qr, card, 'variant=qr'],
    ['a card', card, qr, 'without variant='],
  ])('with %s is not judged by the last transaction of the other', async (_, own, other, named) => {
    const till = await inDoubt(own);
    const asked = till.asked().length;
    await till.on(other);
    const { error, events } = await till.recover();
    expect(error).toMatchObject({
      code: 'unresolved-transaction',
      effect: 'unknown',
      intent: 'lost',
      message: expect.stringContaining(named),
    });
    expect(events).not.toContain('recovering');
    expect(till.asked()).toHaveLength(asked);
    await till.on(own);
    expect((await till.recover()).result).toMatchObject({ outcome: 'not-approved', key: 'lost' });
  });

  it('holds up the other rail, which says where to find out about it', async () => {
    const till = await inDoubt(qr);
    await till.on(card);
    for (const attempt of ['the first', 'another']) {
      const { error } = await till.sell(300, 'D3', attempt);
      expect(error).toMatchObject({
        code: 'unresolved-transaction',
        effect: 'none',
        intent: 'lost',
        message: expect.stringContaining('variant=qr'),
      });
    }
    expect(till.booked()).toEqual(['sale 700']);
    await till.on(qr);
    await till.recover();
    await till.on(card);
    expect((await till.sell(300, 'D3', 'after')).result).toMatchObject({ outcome: 'approved' });
  });

  it('stays in doubt when its key comes on the other rail', async () => {
    const till = await inDoubt(qr);
    await till.on(card);
    expect((await till.sell(2_000, 'D2', 'lost')).error).toMatchObject({
      code: 'unresolved-transaction',
      effect: 'unknown',
      message: expect.stringContaining('variant=qr'),
    });
    expect(till.booked()).toEqual(['sale 700']);
  });

  it('may be decided by a person on either rail', async () => {
    const till = await inDoubt(qr);
    const other = await till.on(card);
    expect((await till.run(other.decide('approved', ana))).result).toMatchObject({
      outcome: 'decided',
      key: 'lost',
    });
  });

  it('is not shown as never made by what is known of the other rail', async () => {
    const till = await tillOn(card, 'silent-once@purchase');
    await till.on(qr);
    expect((await till.sell(2_000, 'D2', 'lost')).error).toMatchObject({ effect: 'unknown' });
    // This terminal tells the card's sale here, too; of QR nothing was ever known.
    expect((await till.recover()).error).toMatchObject({
      code: 'unresolved-transaction',
      effect: 'unknown',
    });
  });

  it('is not a sale of the other rail under the same reference and of the same amount', async () => {
    const till = await tillOn(card, 'silent-once@purchase');
    await till.on(qr);
    expect((await till.sell(700, 'D1', 'other half')).error).toMatchObject({ effect: 'unknown' });
    expect((await till.recover()).error).toMatchObject({
      code: 'unresolved-transaction',
      effect: 'unknown',
    });
  });
});

describe('a void in doubt that was sent on one rail of a terminal', () => {
  it('is not judged by the last transaction of the other', async () => {
    const till = await tillOn(qr, 'silent-once@void');
    const target = { amount: till.money(700), ticket: 'D1' };
    const lost = till.terminal.voidTransaction(target, { ...ana, key: 'lost' });
    expect((await till.run(lost)).error).toMatchObject({ effect: 'unknown' });
    await till.on(card);
    expect((await till.recover()).error).toMatchObject({
      code: 'unresolved-transaction',
      message: expect.stringContaining('variant=qr'),
    });
    await till.on(qr);
    expect((await till.recover()).result).toMatchObject({ outcome: 'not-voided' });
  });
});

describe('a key', () => {
  it('that has an outcome tells it on either rail, and nothing is sold twice', async () => {
    const till = await tillOn(qr);
    await till.on(card);
    expect((await till.sell(700, 'D1', 'before')).result).toMatchObject({
      outcome: 'approved',
      key: 'before',
    });
    expect(till.booked()).toEqual(['sale 700']);
  });

  it('under which nothing was sent belongs to the rail that it was begun on', async () => {
    const till = await tillOn(qr);
    till.mock.unplug();
    expect((await till.sell(300, 'D3', 'down')).error).toMatchObject({ effect: 'none' });
    till.mock.replug();
    await till.on(card);
    expect((await till.sell(300, 'D3', 'down')).error).toMatchObject({
      code: 'key-reused',
      effect: 'none',
    });
    expect(till.booked()).toEqual(['sale 700']);
    await till.on(qr);
    expect((await till.sell(300, 'D3', 'down')).result).toMatchObject({ outcome: 'approved' });
  });
});

it('a refund that is known of one rail is not taken back as a sale of the other', async () => {
  const till = await tillOn(qr);
  const told = Object((await till.run(till.terminal.lastTransaction())).result).transaction;
  // A terminal that tells a refund as it tells a sale, and has one memory for both rails.
  const intent = { key: 'refunded', kind: 'refund', amount: told.amount, asked: {} } as const;
  await till.journal.begin({ ...intent, terminal: till.terminal.name });
  const transaction = { ...told, kind: 'refund' };
  const result = {
    outcome: 'approved',
    message: 'Approved.',
    transaction,
    key: 'refunded',
  } as const;
  await till.journal.append('refunded', { type: 'outcome', result });
  expect((await till.takeBack(700)).result).toMatchObject({
    outcome: 'refused',
    reason: 'not-approved',
    message: expect.stringContaining('is a refund'),
  });
});
