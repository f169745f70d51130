import { describe, expect, it } from 'vitest';
import { bareTill } from '../support/bare-till.ts';

const id = '597029414300|75001637';
const tail = '0|0';
const till = (...faults: string[]) =>
  bareTill({ sales: [{ amount: 1500, ticket: '123' }], faults });
const lastSale = (amount: number) =>
  `20 0260|00|${id}|000123|252985|${amount}|0||0461|000001|CR|||VI|02012026|030405|${tail}||`;

describe('faults in what the terminal tells', () => {
  it('wrong-amount: another amount than was booked', async () => {
    expect((await (await till('wrong-amount=4711')).ask('0250|'))[1]).toBe(lastSale(4711));
    expect((await (await till('wrong-amount')).ask('0250|'))[1]).toBe(lastSale(2500));
  });

  it('wrong-amount: the ledger has the truth', async () => {
    const one = await till('wrong-amount=4711');
    expect((await one.ask('0200|1500|7|||0'))[1]).toContain('|4711|');
    expect(one.terminal.ledger.at(-1)).toMatchObject({ sale: { amount: 1500 } });
  });

  it('foreign-answer: the void answer names another operation', async () => {
    const { ask } = await till('foreign-answer');
    expect((await ask('1200|1|'))[1]).toBe(`20 1210|00|${id}|000000|999999`);
  });

  it('foreign-answer@void: the query before tells the truth', async () => {
    const { ask } = await till('foreign-answer@void');
    expect((await ask('0250|'))[1]).toBe(lastSale(1500));
    expect((await ask('1200|1|'))[1]).toContain('|999999');
  });

  it('foreign-terminal: another terminal id', async () => {
    const { ask } = await till('foreign-terminal');
    expect((await ask('1200|1|'))[1]).toBe('20 1210|00|597029414300|75009999|252985|1');
  });

  it('stale-answer: an answer to something else comes first', async () => {
    const { ask } = await till('stale-answer');
    expect(await ask('0250|')).toEqual([
      '0 ACK',
      `20 0810|00|${id}`,
      lastSale(1500).replace('20', '40'),
    ]);
    expect(await ask('0800')).toEqual(['0 ACK', `20 0510|00|${id}|`, `40 0810|00|${id}`]);
  });

  it('few-fields: a refusal is its code and nothing else; a success is whole', async () => {
    const { ask } = await till('few-fields');
    expect(await ask('1200|7|')).toEqual(['0 ACK', '20 1210|05']);
    expect(await ask('1200|1|')).toEqual(['0 ACK', `20 1210|00|${id}|252985|1`]);
  });

  it('unknown-code: booked, and told with a code that no table lists', async () => {
    const one = await till('unknown-code@void');
    expect((await one.ask('1200|1|'))[1]).toBe(`20 1210|99|${id}|252985|1`);
    expect(one.terminal.ledger.at(-1)?.kind).toBe('void');
  });

  it('declined: sales and voids are refused with the code', async () => {
    const one = await till('declined=65');
    expect((await one.ask('0200|1500|7|||0'))[1]).toMatch(/^20 0210\|65/);
    expect((await one.ask('1200|1|'))[1]).toBe(`20 1210|65|${id}||1`);
    expect(one.terminal.ledger).toHaveLength(1);
  });
});
