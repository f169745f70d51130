import { describe, expect, it } from 'vitest';
import { zvtRawTill } from '../support/zvt-raw-till.ts';

/** PA00P015 rev. 13.08, and the logs and tests of bezahl-online/zvt, Portalum.Zvt and wirelane/ecrterm. */
const pay = '06 01 0A 04 00 00 00 00 15 00 49 09 78';
const heads = (lines: readonly string[]) => lines.map((line) => line.slice(0, 5));

describe('a ZVT terminal and who registers with it', () => {
  it('takes a registration and tells its status, its id and the currency', async () => {
    const till = await zvtRawTill();
    expect(await till.ask('06 00 06 12 34 56 BE 09 78')).toEqual([
      '80 00 00',
      '06 0F 0A 19 00 29 75 00 16 37 49 09 78',
    ]);
  });

  it('tells back the commands that the till takes', async () => {
    const till = await zvtRawTill();
    expect(await till.ask('06 00 10 12 34 56 BE 09 78 03 01 06 06 26 04 0A 02 06 D3')).toEqual([
      '80 00 00',
      '06 0F 12 19 00 29 75 00 16 37 49 09 78 06 06 26 04 0A 02 06 D3',
    ]);
  });

  it('refuses another currency than its own: 84 1E, and 6F behind it', async () => {
    const till = await zvtRawTill();
    expect(await till.ask('06 00 06 12 34 56 BE 07 56')).toEqual(['84 1E 01 6F']);
  });

  it('refuses a registration without a config byte, and one that it cannot read', async () => {
    const till = await zvtRawTill();
    expect(await till.ask('06 00 03 12 34 56')).toEqual(['84 83 00']);
    expect(await till.ask('06 00 07 12 34 56 BE 09 78 FF')).toEqual(['84 83 00']);
  });

  it('checks the password where it is set up to: 84 37', async () => {
    const till = await zvtRawTill({ faults: ['checks-password=123456'] });
    for (const command of [
      '06 00 06 00 00 00 BE 09 78',
      '06 20 05 00 00 00 03 03',
      '06 30 06 00 00 00 87 00 01',
      '06 50 03 00 00 00',
      '05 01 05 00 00 00 03 02',
    ])
      expect(await till.ask(command), command).toEqual(['84 37 00']);
    expect((await till.ask('06 00 06 12 34 56 BE 09 78'))[0]).toBe('80 00 00');
    expect((await till.ask(pay))[0]).toBe('80 00 00');
  });

  it('never keeps the password or the card of a command', async () => {
    const till = await zvtRawTill();
    await till.ask('06 01 12 04 00 00 00 00 15 00 22 F0 F8 41 11 11 11 11 11 11 11', 5_000);
    await till.ask('06 30 06 98 76 54 87 00 01');
    const kept = JSON.stringify(till.mock.received);
    expect(kept).not.toContain('9876');
    expect(kept).not.toContain('4111');
    expect(till.mock.received.map(({ text }) => text)).toEqual([
      '06 01 04=000000001500 22=...',
      '06 30 87=0001',
    ]);
  });

  it.each([
    ['06 00 06 12 34 56 06 09 78', 'nothing: no intermediate status', ['80 00', '04 0F', '06 0F']],
    [
      '06 00 06 12 34 56 3E 09 78',
      'intermediate status, and the till builds the receipts',
      ['80 00', '04 FF', '04 FF', '04 FF', '04 0F', '06 0F'],
    ],
  ])('after %s says %s', async (registration, _what, said) => {
    const till = await zvtRawTill();
    await till.ask(registration);
    expect(heads(await till.ask(pay))).toEqual(said);
  });

  it('says a status without text and without T4 to a till that knows no TLV', async () => {
    const till = await zvtRawTill();
    await till.ask('06 00 06 12 34 56 BE 09 78');
    expect((await till.ask(pay)).slice(1, 4)).toEqual([
      '04 FF 01 0A',
      '04 FF 01 01',
      '04 FF 01 0E',
    ]);
  });

  it('says a status with its text to one that does, also when only this command has TLV', async () => {
    const text =
      '04 FF 1E 0A 01 06 1A 24 18 07 16 42 69 74 74 65 20 4B 61 72 74 65 20 65 69 6E 73 74 65 63 6B 65 6E';
    const registered = await zvtRawTill();
    await registered.ask('06 00 0A 12 34 56 3E 09 78 03 01 06 00');
    expect((await registered.ask(pay))[1]).toBe(text);
    const asked = await zvtRawTill();
    await asked.ask('06 00 06 12 34 56 3E 09 78');
    expect((await asked.ask('06 01 09 04 00 00 00 00 15 00 06 00'))[1]).toBe(text);
  });

  it('prints lines for a till that takes only these, each of them acknowledged', async () => {
    const till = await zvtRawTill();
    await till.ask('06 00 06 12 34 56 86 09 78');
    const said = await till.ask(pay, 5_000);
    expect(heads(said)).toEqual([
      '80 00',
      '04 0F',
      ...Array.from({ length: 26 }, () => '06 D1'),
      '06 0F',
    ]);
    expect(said[2]).toBe('06 D1 13 40 2A 2A 20 48 84 6E 64 6C 65 72 62 65 6C 65 67 20 2A 2A');
    expect(said.filter((line) => line === '06 D1 01 81')).toHaveLength(2);
  });

  it('prints a text block for each receipt where the till has 06 D3 in its list', async () => {
    const till = await zvtRawTill();
    await till.ask('06 00 10 12 34 56 BE 09 78 03 01 06 06 26 04 0A 02 06 D3');
    const blocks = (await till.ask(pay)).filter((line) => line.startsWith('06 D3'));
    expect(blocks.map((block) => block.slice(0, 41))).toEqual([
      '06 D3 FF 2F 01 06 82 01 2B 1F 07 01 01 25',
      '06 D3 FF 2E 01 06 82 01 2A 1F 07 01 02 25',
    ]);
    expect(blocks.every((block) => block.endsWith('09 01 FF'))).toBe(true);
  });

  it('cuts a block in parts for a till whose longest APDU is short', async () => {
    const till = await zvtRawTill();
    await till.ask('06 00 14 12 34 56 BE 09 78 03 01 06 0A 26 04 0A 02 06 D3 1A 02 00 C8');
    const blocks = (await till.ask(pay)).filter((line) => line.startsWith('06 D3'));
    expect(blocks).toHaveLength(4);
    for (const block of blocks) expect(block.split(' ').length).toBeLessThanOrEqual(200);
  });

  it.each([
    [
      'CP437, unless another was agreed on',
      '06 00 0E 12 34 56 BE 09 78 06 06 26 04 0A 02 06 D3',
      '48 84 6E 64',
    ],
    [
      'ISO 8859-1',
      '06 00 13 12 34 56 BE 09 78 06 0B 26 04 0A 02 06 D3 27 03 14 01 01',
      '48 E4 6E 64',
    ],
    [
      'UTF-8',
      '06 00 13 12 34 56 BE 09 78 06 0B 26 04 0A 02 06 D3 27 03 14 01 FE',
      '48 C3 A4 6E 64',
    ],
    [
      'CP437 when the till offers only what it has not',
      '06 00 13 12 34 56 BE 09 78 06 0B 26 04 0A 02 06 D3 27 03 14 01 07',
      '48 84 6E 64',
    ],
  ])('writes %s', async (_name, registration, haendler) => {
    const till = await zvtRawTill();
    const [, agreed] = await till.ask(registration);
    const told = registration.includes('27 03 14 01') && !registration.endsWith('07');
    expect(agreed?.includes('27 03 14 01')).toBe(told);
    const [block] = (await till.ask(pay)).filter((line) => line.startsWith('06 D3'));
    expect(block).toContain(haendler);
  });

  it('forgets what was agreed on at a log-off, whose whole answer is 80 00 00', async () => {
    const till = await zvtRawTill();
    await till.ask('06 00 0A 12 34 56 3E 09 78 03 01 06 00');
    expect(await till.ask('06 02 00')).toEqual(['80 00 00']);
    const said = await till.ask(pay, 5_000);
    expect(said[1]).toMatch(/^04 0F/);
    expect(said[2]).toMatch(/^06 D1/);
  });

  it('keeps the registration over a power loss', async () => {
    const till = await zvtRawTill();
    await till.ask('06 00 06 12 34 56 3E 09 78');
    till.terminal.powerLoss();
    expect(await till.ask(pay)).toEqual([]);
    await till.clock.advance(3_000);
    expect(heads(await till.ask(pay))).toContain('04 FF');
  });
});

describe('message sequence ids', () => {
  const offer = '06 00 14 00 00 00 9E 09 78 06 0C 26 04 0A 02 06 D3 1F 73 03 00 00 00';
  const numbered = (n: string) => `06 06 1F 73 03 00 00 ${n}`;
  const ack = (line: string) => `80 00 08 06 06 ${line.slice(-17)}`;

  it('are in force when the terminal tells them back, and then on every APDU', async () => {
    const till = await zvtRawTill();
    expect((await till.ask(offer))[1]).toBe(
      '06 0F 18 19 00 29 75 00 16 37 49 09 78 06 0C 26 04 0A 02 06 D3 1F 73 03 00 00 00',
    );
    till.replies((apdu) => ack(apdu));
    const said = await till.ask(`06 01 12 04 00 00 00 00 15 00 49 09 78 ${numbered('01')}`, 2_000);
    expect(said[0]).toBe(`80 00 08 ${numbered('01')}`);
    expect(said.map((line) => line.slice(-8))).toEqual(
      said.map((_, at) => `00 00 0${at + 1}`.slice(-8)),
    );
    expect(said.at(-1)).toMatch(/^06 0F/);
  });

  it('are not taken up by a terminal that does not tell them back', async () => {
    const till = await zvtRawTill({ faults: ['no-sequence-ids'] });
    expect((await till.ask(offer))[1]).toBe(
      '06 0F 12 19 00 29 75 00 16 37 49 09 78 06 06 26 04 0A 02 06 D3',
    );
    expect((await till.ask(pay))[0]).toBe('80 00 00');
  });

  it('keep a command that comes twice from being carried out twice', async () => {
    const till = await zvtRawTill();
    await till.ask(offer);
    const sale = `06 01 12 04 00 00 00 00 15 00 49 09 78 ${numbered('01')}`;
    till.send(sale);
    till.add(sale);
    await till.clock.advance(5_000);
    expect(till.log.filter((line) => line.includes('80 00 08'))).toHaveLength(2);
    expect(till.ledger()).toEqual(['sale 1500']);
  });

  it('begin again after 999999', async () => {
    const till = await zvtRawTill();
    await till.ask(offer);
    const said = await till.ask('06 70 08 06 06 1F 73 03 99 99 99');
    expect(said[1]).toMatch(/1F 73 03 00 00 01$/);
  });
});
