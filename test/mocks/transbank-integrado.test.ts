import { describe, expect, it } from 'vitest';
import { bareTill } from '../support/bare-till.ts';

const id = '597029414300|75001637';
const today = '02012026';

describe('a POS Integrado', () => {
  it('answers a poll with an ACK and nothing else', async () => {
    const till = await bareTill();
    expect(await till.ask('0100')).toEqual(['0 ACK']);
  });

  it('sells: ACK, four status messages, the answer, each after the think time', async () => {
    const till = await bareTill();
    expect(await till.ask('0200|000001500|000123|||1')).toEqual([
      '0 ACK',
      '20 0900|78',
      '40 0900|84',
      '60 0900|81',
      '80 0900|82',
      `100 0210|00|${id}|000123|252985|1500|0||0461|000001|CR|||VI|${today}|030405|0|0||`,
    ]);
    expect(till.terminal.ledger).toMatchObject([
      { kind: 'sale', by: 'till', sale: { amount: 1500, ticket: '000123' } },
    ]);
  });

  it('sends no status messages when the till wants none', async () => {
    const till = await bareTill();
    const heard = await till.ask('0200|000001500|000123|||0');
    expect(heard.map((line) => line.slice(0, 7))).toEqual(['0 ACK', '20 0210']);
  });

  it('takes the sale of each official SDK: padded or not, trailing separator or not', async () => {
    const till = await bareTill();
    for (const request of [
      '0200|000001500|000123|||0',
      '0200|1500|123|||0|',
      '0200|1500|123|||0',
      '0200|1500|A1|| |0|',
    ])
      expect((await till.ask(request))[1], request).toMatch(/^20 0210\|00/);
    expect(till.terminal.ledger.map((entry) => entry.kind === 'sale' && entry.sale.amount)).toEqual(
      [1500, 1500, 1500, 1500],
    );
  });

  it('pads the ticket to six characters when it repeats it', async () => {
    const till = await bareTill();
    expect((await till.ask('0200|1500|A1|||0'))[1]).toContain('|0000A1|');
  });

  it.each([
    ['0200|000000000|000123|||1', '72'],
    ['0200|000000049|000123|||1', '10'],
    ['0200|12.50|000123|||1', '68'],
    ['0200|1000000000|000123|||1', '68'],
    ['0200|-1500|000123|||1', '68'],
    ['0200|000001500||||1', '70'],
    ['0200|000001500|1234567|||1', '70'],
    ['0200|000001500|12 456|||1', '70'],
    ['0200|123|', '70'],
  ])('refuses %j with code %s at once and asks for no card', async (request, code) => {
    const till = await bareTill();
    const heard = await till.ask(request);
    expect(heard).toHaveLength(2);
    expect(heard[1]).toMatch(new RegExp(`^20 0210\\|${code}\\|${id.replace('|', '\\|')}\\|`));
    expect(till.terminal.ledger).toEqual([]);
  });

  it('tells of a declined sale with the host’s code and blanks', async () => {
    const till = await bareTill();
    till.terminal.host.decide = () => ({ declined: '65' });
    expect((await till.ask('0200|1500|ABCD|||0'))[1]).toBe(
      `20 0210|65|${id}|00ABCD|      |0|0||0461||CR|||||||0||`,
    );
    expect(till.terminal.ledger).toEqual([]);
  });

  it('waits for the host before it books', async () => {
    const till = await bareTill();
    till.terminal.host.latencyMs = 3_000;
    await till.ask('0200|1500|123|||0', 3_019);
    expect(till.terminal.ledger).toEqual([]);
    await till.clock.advance(1);
    expect(till.terminal.ledger).toHaveLength(1);
  });

  it('marks a debit sale with DB and its accounting date', async () => {
    const till = await bareTill();
    till.terminal.nextCard({ type: 'debit', last4: '0042', brand: 'DB' });
    expect((await till.ask('0200|1500|123|||0'))[1]).toBe(
      `20 0210|00|${id}|000123|252985|1500|0||0042|000001|DB|${today}||DB|${today}|030405|0|0||`,
    );
  });

  it('sells in the name of another commerce and tells its last sale with it', async () => {
    const till = await bareTill();
    const tail = `0461|000001|CR|||VI|${today}|030405|0|0`;
    expect((await till.ask('0270|000001500|000123|| |0|597029414301|'))[1]).toBe(
      `20 0271|00|${id}|000123|252985|1500|0||${tail}||0|597029414301`,
    );
    expect((await till.ask('0280|0'))[1]).toBe(
      `20 0281|00|${id}|000123|252985|1500|0||${tail}||0|597029414301`,
    );
    const [, withVoucher = ''] = await till.ask('0280|1');
    const voucher = withVoucher.split('|')[19] ?? '';
    expect(voucher.length % 40).toBe(0);
    expect(voucher).toContain('************0461');
    expect((await till.ask('0290|1|'))[1]).toBe(
      `20 0291|00|${id}|000123|252985|1500|0461|000001|CR|||VI|${today}|030405|0|0||0|0|597029414301`,
    );
  });

  it('tells the last sale as often as it is asked, and prints it each time', async () => {
    const till = await bareTill();
    await till.ask('0200|1500|123|||0');
    const [, first] = await till.ask('0250|');
    expect(first).toMatch(/^20 0260\|00\|/);
    expect((await till.ask('0250|'))[1]).toBe(first);
    expect(till.terminal.printed).toBe(3);
  });

  it('says code 11 when it remembers no sale', async () => {
    const till = await bareTill();
    expect((await till.ask('0250|'))[1]).toBe(`20 0260|11|${id}||      |0|0|||||||||||0||`);
  });

  it('voids by operation number, leading zeros or not, and once only', async () => {
    const till = await bareTill();
    await till.ask('0200|1500|123|||0');
    expect((await till.ask('1200|000001|'))[1]).toBe(`20 1210|00|${id}|252985|1`);
    expect((await till.ask('1200|1|'))[1]).toBe(`20 1210|04|${id}||1`);
    expect(till.terminal.ledger.map(({ kind }) => kind)).toEqual(['sale', 'void']);
  });

  it('tells the sale again after its void: only the sales detail shows the void', async () => {
    const till = await bareTill();
    const [, sold = ''] = await till.ask('0200|1500|123|||0');
    await till.ask('1200|1|');
    expect((await till.ask('0250|'))[1]).toBe(sold.replace('0210', '0260'));
    const detail = await till.ask('0260|1|');
    expect(detail.map((line) => line.split('|')[6])).toEqual([undefined, '1500', '-1500', ' ']);
    expect((await till.ask('0700||'))[1]).toBe('20 0710|00|0|0|');
  });

  it.each([
    ['an unknown operation', {}, '1200|77|', '05'],
    ['no operation', {}, '1200|', '05'],
    ['a debit sale', { type: 'debit' } as const, '1200|1|', '08'],
    ['a prepaid sale', { type: 'prepaid' } as const, '1200|1|', '21'],
  ])('refuses to void %s', async (_what, card, request, code) => {
    const till = await bareTill({ sales: [{ amount: 1500, card }] });
    expect((await till.ask(request))[1]).toMatch(new RegExp(`^20 1210\\|${code}\\|`));
    expect(till.terminal.ledger.map(({ kind }) => kind)).toEqual(['sale']);
  });

  it('forgets at the close of the day what it cannot void any more', async () => {
    const till = await bareTill({ sales: [{ amount: 1500 }, { amount: 2500 }] });
    expect((await till.ask('0500||'))[1]).toBe(`20 0510|00|${id}|`);
    expect((await till.ask('0250|'))[1]).toMatch(/^20 0260\|11/);
    expect((await till.ask('1200|1|'))[1]).toMatch(/^20 1210\|05/);
    expect(till.terminal.ledger.at(-1)).toMatchObject({
      kind: 'settlement',
      by: 'till',
      count: 2,
      total: 4000,
    });
  });

  it('prints its sales detail with an ACK as the only answer', async () => {
    const till = await bareTill({ sales: [{ amount: 1500 }] });
    expect(await till.ask('0260|0|')).toEqual(['0 ACK']);
    expect(till.terminal.printed).toBe(1);
  });

  it('ends an empty sales detail at once', async () => {
    const till = await bareTill();
    expect(await till.ask('0260|1|')).toEqual([
      '0 ACK',
      `20 0261|00|${id}| | | | |000001|||| || | | | | |||`,
    ]);
  });

  it('is deaf in normal mode until somebody turns it back', async () => {
    const till = await bareTill();
    expect(await till.ask('0300')).toEqual(['0 ACK']);
    expect(await till.ask('0100')).toEqual([]);
    till.terminal.returnToIntegrated();
    expect(await till.ask('0100')).toEqual(['0 ACK']);
  });

  it('takes the separator behind normal mode that one of the tables prints', async () => {
    const till = await bareTill();
    expect(await till.ask('0300|')).toEqual(['0 ACK']);
    expect(till.terminal.listening()).toBe(false);
  });

  it.each(['9999', '', '0070', '0080', '0200', '0200|1500', '0260|2|', 'constructor', '|||'])(
    'says NAK to %j, which it cannot read',
    async (request) => {
      const till = await bareTill();
      expect(await till.ask(request)).toEqual(['0 NAK']);
      expect(till.mock.received).toEqual([]);
    },
  );

  it('asks to be closed when its memory is full', async () => {
    const till = await bareTill();
    for (let n = 0; n < 1_000; n++) till.terminal.remember({ amount: 100 });
    expect((await till.ask('0200|1500|123|||0'))[1]).toMatch(/^20 0210\|67\|/);
  });
});
