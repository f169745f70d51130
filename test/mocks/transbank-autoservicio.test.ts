import { describe, expect, it } from 'vitest';
import { bareTill } from '../support/bare-till.ts';

const id = '597029414300|75001637';
const today = '02012026';
const autoservicio = { protocol: 'transbank-autoservicio' } as const;

describe('a POS Autoservicio', () => {
  it('sells with its own statuses and its own order of fields', async () => {
    const till = await bareTill(autoservicio);
    expect(await till.ask('0200|000001500|000123|0|1')).toEqual([
      '0 ACK',
      '20 0900|78',
      '40 0900|80',
      '60 0900|81',
      '80 0900|82',
      `100 0210|00|${id}|000123|252985|1500|0461|000001|CR|||VI|${today}|030405|||||`,
    ]);
  });

  it('returns the voucher in lines of forty characters when it is asked to', async () => {
    const till = await bareTill(autoservicio);
    const [, answer = ''] = await till.ask('0200|000001500|000123|1|0');
    const voucher = answer.split('|')[15] ?? '';
    expect(voucher.match(/.{40}/g)).toEqual([
      '           TERMINAL SIMULADO            ',
      '          COMPROBANTE DE VENTA          ',
      'COMERCIO                    597029414300',
      'TERMINAL                        75001637',
      '2026-01-02                      03:04:05',
      'TARJETA                 ************0461',
      'OPERACION                         000001',
      'AUTORIZACION                      252985',
      'TOTAL                             $1.500',
    ]);
  });

  it('takes a ticket of twenty characters and refuses the twenty-first with code 70', async () => {
    const till = await bareTill(autoservicio);
    expect((await till.ask(`0200|1500|${'A'.repeat(20)}|0|0`))[1]).toContain(
      `|00|${id}|${'A'.repeat(20)}|`,
    );
    expect((await till.ask(`0200|1500|${'A'.repeat(21)}|0|0`))[1]).toMatch(/^20 0210\|70/);
  });

  it('sells in the name of another commerce', async () => {
    const till = await bareTill(autoservicio);
    expect((await till.ask('0270|000001500|000123|0|0|597029414301'))[1]).toBe(
      `20 0271|00|${id}|000123|252985|1500|0461|000001|CR|||VI|${today}|030405|597029414301|||||`,
    );
  });

  it('tells its last sale and prints nothing', async () => {
    const till = await bareTill({ ...autoservicio, sales: [{ amount: 1500, ticket: '123' }] });
    expect((await till.ask('0250|0'))[1]).toBe(
      `20 0260|00|${id}|000123|252985|1500|0461|000001|CR|||VI|${today}|030405|||||`,
    );
    expect(till.terminal.printed).toBe(0);
  });

  it('voids its last sale unseen, whatever that is', async () => {
    const till = await bareTill({ ...autoservicio, sales: [{ amount: 1500 }] });
    till.terminal.clerkSells(9990);
    expect((await till.ask('1200'))[1]).toBe(`20 1210|00|${id}|357714|2`);
    expect(till.terminal.ledger.at(-1)).toMatchObject({
      kind: 'void',
      by: 'till',
      sale: { amount: 9990 },
    });
    expect((await till.ask('1200'))[1]).toMatch(/^20 1210\|04/);
  });

  it('says code 05 when there is nothing to void', async () => {
    const till = await bareTill(autoservicio);
    expect((await till.ask('1200'))[1]).toBe(`20 1210|05|${id}||`);
  });

  it('closes the day with a voucher', async () => {
    const till = await bareTill({ ...autoservicio, sales: [{ amount: 1500 }] });
    const [, answer = ''] = await till.ask('0500|1');
    expect(answer).toMatch(/^20 0510\|00\|597029414300\|75001637\|/);
    expect((answer.split('|')[4]?.length ?? 1) % 40).toBe(0);
    expect(answer).toContain('CIERRE DE TERMINAL');
  });

  it('loads its keys', async () => {
    const till = await bareTill(autoservicio);
    expect(await till.ask('0800')).toEqual(['0 ACK', `20 0810|00|${id}`]);
  });

  it('is off the line while it initialises, and tells the result afterwards', async () => {
    const till = await bareTill(autoservicio);
    expect(await till.ask('0070')).toEqual(['0 ACK']);
    expect(await till.ask('0080')).toEqual([]);
    expect(await till.ask('0080')).toEqual(['0 ACK', `20 1080|00|${today}|030405`]);
  });

  it.each(['0260|1|', '0280|1', '0290|1|', '0300', '0700||'])(
    'says NAK to %j, which only the other family knows',
    async (request) => {
      const till = await bareTill(autoservicio);
      expect(await till.ask(request)).toEqual(['0 NAK']);
    },
  );
});
