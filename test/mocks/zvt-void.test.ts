import { describe, expect, it } from 'vitest';
import { polite, zvtRawTill } from '../support/zvt-raw-till.ts';

const register = '06 00 06 12 34 56 36 09 78';
const last = '06 20 05 12 34 56 03 03';
const voidReceipt = (digits: string) => `06 30 06 00 00 00 87 ${digits}`;

async function sold(...amounts: number[]) {
  const till = await zvtRawTill({ sales: amounts.map((amount) => ({ amount })) });
  await till.ask(register);
  return till;
}

/** 87 and 0B, 37, 04 of the 04 0F among these. */
function told(lines: readonly string[]) {
  const result = lines.find((line) => line.startsWith('04 0F')) ?? '';
  const field = (pattern: RegExp) => result.match(pattern)?.[1]?.replaceAll(' ', '');
  return {
    result: field(/27 (..)/),
    amount: field(/04 ((?:\d\d ){6})0B/),
    trace: field(/0B ((?:\d\d ){3})/),
    original: field(/37 ((?:\d\d ){3})0C/),
    receipt: field(/87 (\d\d \d\d) 88/),
  };
}

describe('a void at a ZVT terminal', () => {
  it('takes back the payment with that receipt; the void has a receipt and a trace of its own', async () => {
    const till = await sold(1010);
    const said = await till.ask(voidReceipt('00 01'));
    expect(told(said)).toEqual({
      result: '00',
      amount: '000000001010',
      trace: '000002',
      original: '000001',
      receipt: '0002',
    });
    expect(said.at(-1)).toBe('06 0F 00');
    expect(till.ledger()).toEqual(['sale 1010', 'void 1010']);
  });

  it('takes back an older one than the last', async () => {
    const till = await sold(1010, 2020, 3030);
    expect(told(await till.ask(voidReceipt('00 02')))).toMatchObject({
      amount: '000000002020',
      original: '000002',
    });
    expect(till.ledger().at(-1)).toBe('void 2020');
  });

  it.each([
    ['a second time', ['00 01', '00 01'], 'B4'],
    ['a receipt that there is not', ['00 99'], 'B5'],
    ['the receipt of a void', ['00 01', '00 02'], 'B5'],
  ])('is refused %s', async (_what, receipts, code) => {
    const till = await sold(1010);
    let said: string[] = [];
    for (const receipt of receipts) said = await till.ask(voidReceipt(receipt));
    expect(told(said).result).toBe(code);
    expect(said.at(-1)).toBe(`06 1E 01 ${code}`);
  });

  it('is refused when the amount beside the receipt is not that of the payment', async () => {
    const till = await sold(1010);
    expect(
      (await till.ask('06 30 10 00 00 00 87 00 01 04 00 00 00 00 10 11 49 09 78')).at(-1),
    ).toBe('06 1E 01 B5');
    expect(
      (await till.ask('06 30 10 00 00 00 87 00 01 04 00 00 00 00 10 10 49 09 78')).at(-1),
    ).toBe('06 0F 00');
  });

  it('without a receipt is refused at once', async () => {
    const till = await sold(1010);
    expect(await till.ask('06 30 03 00 00 00')).toEqual(['84 83 00']);
  });

  it('is refused after the end of the day', async () => {
    const till = await sold(1010);
    expect((await till.ask('06 50 03 12 34 56')).at(-1)).toBe('06 0F 00');
    expect((await till.ask(voidReceipt('00 01'))).at(-1)).toBe('06 1E 01 B5');
  });

  it('that is not acknowledged is taken back: the payment stands, and can be voided again', async () => {
    const till = await sold(1010);
    till.replies((apdu) => (apdu.startsWith('04 0F') ? undefined : '80 00 00'));
    await till.ask(voidReceipt('00 01'), 40_000);
    expect(till.ledger()).toEqual(['sale 1010']);
    till.replies(polite);
    expect(told(await till.ask(last)).amount).toBe('000000001010');
    expect((await till.ask(voidReceipt('00 01'))).at(-1)).toBe('06 0F 00');
    expect(till.ledger()).toEqual(['sale 1010', 'void 1010']);
  });

  it('names the original in TLV as well, for a till that knows TLV', async () => {
    const till = await sold(1010);
    await till.ask('06 00 0A 12 34 56 36 09 78 03 01 06 00');
    const said = await till.ask(voidReceipt('00 01'));
    expect(said.find((line) => line.startsWith('04 0F'))).toMatch(
      /69 0F 2E 0D 1F 0E 04 20 26 01 02 1F 0F 03 03 04 05$/,
    );
  });
});

describe('a ZVT terminal that is asked for its last transaction', () => {
  it('tells the very 04 0F that it told before, and prints nothing', async () => {
    const till = await sold();
    await till.ask('06 00 06 12 34 56 BE 09 78');
    const paid = await till.ask('06 01 0A 04 00 00 00 00 10 10 49 09 78', 5_000);
    const result = paid.find((line) => line.startsWith('04 0F'));
    const asked = await till.ask(last);
    expect(asked).toEqual(['80 00 00', result, '06 0F 00']);
    expect(await till.ask(last)).toEqual(asked);
  });

  it('without a service byte only prints', async () => {
    const till = await sold(1010);
    await till.ask('06 00 06 12 34 56 BE 09 78');
    const said = await till.ask('06 20 03 12 34 56', 5_000);
    expect(new Set(said.map((line) => line.slice(0, 5)))).toEqual(
      new Set(['80 00', '06 D1', '06 0F']),
    );
  });

  it('tells a void, a refund, and what a clerk did', async () => {
    const till = await sold(1010);
    await till.ask(voidReceipt('00 01'));
    expect(told(await till.ask(last))).toMatchObject({ trace: '000002', original: '000001' });
    await till.ask('06 31 0D 12 34 56 04 00 00 00 00 05 00 49 09 78');
    expect(told(await till.ask(last))).toMatchObject({ trace: '000003', amount: '000000000500' });
    till.terminal.clerkSells(990);
    expect(told(await till.ask(last))).toMatchObject({ trace: '000004', amount: '000000000990' });
  });

  it('has none at first, and after the end of the day: 06 1E FF', async () => {
    const till = await sold();
    expect(await till.ask(last)).toEqual(['80 00 00', '06 1E 01 FF']);
    await till.ask('06 01 07 04 00 00 00 00 10 10');
    await till.ask('06 50 03 12 34 56');
    expect(await till.ask(last)).toEqual(['80 00 00', '06 1E 01 FF']);
  });

  it('does not tell an attempt that came to nothing', async () => {
    const till = await sold(1010);
    till.terminal.customerCancels();
    await till.ask('06 01 07 04 00 00 00 00 20 20');
    expect(told(await till.ask(last))).toMatchObject({ result: '00', amount: '000000001010' });
  });
});

describe('a ZVT terminal and its day', () => {
  it('ends it with the sum and the sums of each card, and a receipt', async () => {
    const till = await sold(1010, 990);
    await till.ask('06 00 10 12 34 56 BE 09 78 03 01 06 06 26 04 0A 02 06 D3');
    till.terminal.nextCard({ brand: 'MC' });
    await till.ask('06 01 07 04 00 00 00 00 05 00');
    await till.ask(voidReceipt('00 02'));
    const said = await till.ask('06 50 03 12 34 56');
    const nothing = '00 00 00 00 00 00 00';
    expect(said.find((line) => line.startsWith('04 0F'))).toBe(
      [
        '04 0F 4D 27 00 04 00 00 00 00 15 10 0B 00 00 04 0C 03 04 09 0D 01 02',
        '60 F0 F5 F3 00 01 00 04',
        ...[nothing, nothing, '01 00 00 00 00 05 00', nothing],
        ...['01 00 00 00 00 10 10', nothing, nothing],
      ].join(' '),
    );
    expect(said.some((line) => line.startsWith('06 D3'))).toBe(true);
    expect(said.at(-1)).toBe('06 0F 00');
    expect(till.ledger().at(-1)).toBe('settlement');
  });

  it('tells the same sums without ending it', async () => {
    const till = await sold(1010, 990);
    const said = await till.ask('06 10 03 12 34 56');
    expect(said[1]).toContain('27 00 04 00 00 00 00 20 00 0B 00 00 02');
    expect(said[1]).toContain('60 F0 F5 F3 00 01 00 02');
    expect(said[1]).toContain('02 00 00 00 00 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00');
    expect(till.ledger()).toEqual(['sale 1010', 'sale 990']);
  });

  it('prints the receipts of some payments again', async () => {
    const till = await sold(1010, 990, 770);
    await till.ask('06 00 10 12 34 56 BE 09 78 03 01 06 06 26 04 0A 02 06 D3');
    const blocks = async (command: string) =>
      (await till.ask(command)).filter((line) => line.startsWith('06 D3')).length;
    expect(await blocks('06 12 05 12 34 56 00 02')).toBe(2);
    expect(await blocks('06 12 07 12 34 56 00 02 00 03')).toBe(4);
    expect(await blocks('06 12 05 12 34 56 00 09')).toBe(0);
  });

  it('sets the till’s clock in a diagnosis, prints it, and ends', async () => {
    const till = await sold();
    await till.ask('06 00 06 12 34 56 BE 09 78');
    const said = await till.ask('06 70 00');
    expect(said.slice(0, 3)).toEqual([
      '80 00 00',
      '04 FF 01 C9',
      '04 01 08 AA 26 01 02 0C 03 04 07',
    ]);
    expect(said.at(-1)).toBe('06 0F 00');
  });

  it('is away for a while after a reset', async () => {
    const till = await sold();
    expect(await till.ask('06 18 03 12 34 56')).toEqual(['80 00 00', '06 0F 00']);
    expect(await till.ask('05 01 00')).toEqual([]);
    await till.clock.advance(3_000);
    expect((await till.ask('05 01 00')).at(-1)).toMatch(/^06 0F/);
  });

  it('initialises', async () => {
    const till = await sold();
    expect(await till.ask('06 93 03 99 99 99')).toEqual(['80 00 00', '06 0F 00']);
  });

  it('tells its version and its status, or only its status', async () => {
    const till = await sold();
    const version = 'F0 F1 F2 4D 4F 43 4B 2D 5A 56 54 20 31 2E 30';
    expect(await till.ask('05 01 03 12 34 56')).toEqual(['80 00 00', `06 0F 10 ${version} 00`]);
    expect(await till.ask('05 01 05 12 34 56 03 03')).toEqual(['80 00 00', '06 0F 01 00']);
    await till.ask('06 00 0A 12 34 56 3E 09 78 03 01 06 00');
    expect((await till.ask('05 01 05 12 34 56 03 07'))[1]).toMatch(
      /^06 0F 19 00 06 16 1F 44 04 75 00 16 37 34 0D 1F 0E 04 20 26 01 02 1F 0F 03/,
    );
  });

  it('answers a command that it has not with 84 83', async () => {
    const till = await sold();
    expect(await till.ask('06 F5 00')).toEqual(['84 83 00']);
    expect(await till.ask('08 40 01 07')).toEqual(['84 83 00']);
    expect(await till.ask('06 01 02 FE 00')).toEqual(['84 83 00']);
  });

  it('reads commands in any pieces, and several in one', async () => {
    const till = await sold();
    till.send('05');
    for (const piece of ['01', '05 12 34', '56 03', '03 05 01 05 12 34 56 03 03']) till.add(piece);
    await till.clock.advance(1_000);
    expect(till.log.filter((line) => line.endsWith('06 0F 01 00'))).toHaveLength(2);
    expect(await till.ask('05 01 FF 05 00 12 34 56 03 03')).toEqual(['80 00 00', '06 0F 01 00']);
  });
});
