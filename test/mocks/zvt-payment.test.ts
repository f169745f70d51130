import { describe, expect, it } from 'vitest';
import { polite, zvtRawTill } from '../support/zvt-raw-till.ts';

/** A till that knows TLV, wants 04 FF, and builds its receipts itself: as in the acceptance logs. */
const register = '06 00 0A 12 34 56 3E 09 78 03 01 06 00';
const pay = '06 01 0A 04 00 00 00 00 10 10 49 09 78';
const last = '06 20 05 12 34 56 03 03';

async function registered(...faults: string[]) {
  const till = await zvtRawTill({ faults });
  await till.ask(register);
  return till;
}

const heads = (lines: readonly string[]) => lines.map((line) => line.slice(0, 5));
const ends = (lines: readonly string[]) => lines.filter((line) => /^06 [01][FE]/.test(line));

describe('a payment at a ZVT terminal', () => {
  it('goes 80 00 00, 04 FF, 04 0F, 06 0F, each after the think time', async () => {
    const till = await registered();
    till.send(pay);
    await till.clock.advance(1_000);
    expect(till.log.map((line) => line.slice(0, line.indexOf(' ') + 6))).toEqual([
      '0 80 00',
      '20 04 FF',
      '40 04 FF',
      '60 04 FF',
      '80 04 0F',
      '100 06 0F',
    ]);
  });

  it('tells amount, trace, receipt, time, card and authorisation in its 04 0F', async () => {
    const till = await registered();
    const result = (await till.ask(pay)).find((line) => line.startsWith('04 0F')) ?? '';
    expect(result).toBe(
      [
        '04 0F 7B 27 00 04 00 00 00 00 10 10',
        '0B 00 00 01 0C 03 04 06 0D 01 02 0E 28 12 17 00 01 19 70',
        '22 F0 F8 EE EE EE EE EE EE 04 61 29 75 00 16 37',
        '2A 35 39 37 30 32 39 34 31 34 33 30 30 20 20 20 3B 32 35 32 39 38 35 00 00',
        '3C F0 F1 F4 47 45 4E 2E 4E 52 2E 3A 32 35 32 39 38 35',
        '49 09 78 87 00 01 88 00 00 01 8A 0A 8B F0 F5 56 49 53 41 00',
        '06 0E 2F 0C 1F 10 01 02 1F 11 01 01 1F 12 01 01',
      ].join(' '),
    );
  });

  it('is booked when the till has acknowledged its 04 0F, and not before', async () => {
    const till = await registered();
    till.replies((apdu) => (apdu.startsWith('04 0F') ? undefined : '80 00 00'));
    await till.ask(pay, 10_000);
    expect(till.ledger()).toEqual([]);
    till.add('80 00 00');
    await till.clock.advance(1_000);
    expect(till.ledger()).toEqual(['sale 1010']);
    expect(till.log.at(-1)).toContain('06 0F 00');
  });

  it('takes 84 00 and an 80 with data in it for a yes as well', async () => {
    for (const yes of ['84 00 00', '80 00 02 03 01']) {
      const till = await registered();
      till.replies(() => yes);
      await till.ask(pay);
      expect(till.ledger(), yes).toEqual(['sale 1010']);
    }
  });

  it('is booked only when its receipts are acknowledged too', async () => {
    const till = await zvtRawTill();
    await till.ask('06 00 06 12 34 56 BE 09 78');
    let lines = 0;
    till.replies((apdu) => (apdu.startsWith('06 D1') && ++lines === 10 ? undefined : '80 00 00'));
    const said = await till.ask(pay, 20_000);
    expect(till.ledger()).toEqual([]);
    expect(said.slice(-2)).toEqual(['04 FF 01 05', '06 1E 01 6C']);
  });

  it('that is not acknowledged in 30 s is taken back: 04 FF 05, 06 1E, and nothing was booked', async () => {
    const till = await registered();
    till.replies((apdu) => (apdu.startsWith('04 0F') ? undefined : '80 00 00'));
    till.send(pay);
    await till.clock.advance(60_000);
    expect(till.log.slice(-2).map((line) => line.slice(0, 17))).toEqual([
      '30080 04 FF 1C 05',
      '30080 06 1E 01 6C',
    ]);
    expect(till.ledger()).toEqual([]);
    till.replies(polite);
    expect(heads(await till.ask(last))).toEqual(['80 00', '06 1E']);
  });

  it('waits for the goods as long as the till says in BMP 01', async () => {
    const till = await registered();
    till.replies((apdu) => (apdu.startsWith('04 0F') ? undefined : '80 00 00'));
    till.send('06 01 0C 04 00 00 00 00 10 10 49 09 78 01 02');
    await till.clock.advance(10_000);
    expect(till.log.at(-1)).toBe('2080 06 1E 01 6C');
  });

  it('stays booked at a terminal that keeps what was not acknowledged', async () => {
    const till = await registered('keeps-unacknowledged');
    till.replies((apdu) => (apdu.startsWith('04 0F') ? undefined : '80 00 00'));
    const said = await till.ask(pay, 60_000);
    expect(heads(said).at(-1)).toBe('04 0F');
    expect(till.ledger()).toEqual(['sale 1010']);
  });

  it('that the till refuses with any 84 is taken back', async () => {
    for (const no of ['84 66 00', '84 CC 00', '84 83 00']) {
      const till = await registered();
      till.replies((apdu) => (apdu.startsWith('04 0F') ? no : '80 00 00'));
      expect((await till.ask(pay)).at(-1), no).toBe('06 1E 01 6C');
      expect(till.ledger(), no).toEqual([]);
    }
  });

  it('says its 04 0F again 2 s after 84 9C, as often as the till allows', async () => {
    const till = await registered();
    till.replies((apdu) => (apdu.startsWith('04 0F') ? '84 9C 00' : '80 00 00'));
    till.send('06 01 0C 04 00 00 00 00 10 10 49 09 78 02 03');
    await till.clock.advance(30_000);
    expect(
      till.log.filter((line) => line.includes('04 0F')).map((line) => line.split(' ')[0]),
    ).toEqual(['80', '2080', '4080', '6080']);
    expect(till.log.at(-1)).toBe('6080 06 1E 01 6C');
    expect(till.ledger()).toEqual([]);
  });

  it('books only what was delivered: 84 9D with the amount', async () => {
    const till = await registered();
    till.replies((apdu) =>
      apdu.startsWith('04 0F') ? '84 9D 07 04 00 00 00 00 02 20' : '80 00 00',
    );
    await till.ask(pay);
    expect(till.ledger()).toEqual(['sale 220']);
    till.replies(polite);
    expect((await till.ask(last))[1]).toContain('04 00 00 00 00 02 20');
  });

  it('without an amount, in another currency, declined or cancelled ends with 04 0F and 06 1E', async () => {
    const till = await registered();
    expect(ends(await till.ask('06 01 00'))).toEqual(['06 1E 01 C8']);
    expect(ends(await till.ask('06 01 0A 04 00 00 00 00 10 10 49 08 40'))).toEqual([
      '06 1E 03 6F 09 78',
    ]);
    till.terminal.host.decide = () => ({ declined: '05' });
    const declined = await till.ask(pay);
    expect(declined.at(-2)).toMatch(/^04 0F .. 27 05 29 75 00 16 37 3C F0 F1 F7 5A 61 68 6C 75/);
    expect(declined.at(-1)).toBe('06 1E 01 05');
    till.terminal.host.decide = () => 'approved';
    till.terminal.customerCancels();
    expect(ends(await till.ask(pay))).toEqual(['06 1E 01 6C']);
    expect(till.ledger()).toEqual([]);
  });

  it('waits for the host before its 04 0F', async () => {
    const till = await registered();
    till.terminal.host.latencyMs = 60_000;
    expect(heads(await till.ask(pay, 60_050))).not.toContain('04 0F');
    await till.clock.advance(100);
    expect(till.ledger()).toEqual(['sale 1010']);
  });

  it('goes on when the till does not acknowledge a 04 FF', async () => {
    const till = await registered();
    till.replies((apdu) => (apdu.startsWith('04 FF') ? undefined : '80 00 00'));
    await till.ask(pay, 20_000);
    expect(till.ledger()).toEqual(['sale 1010']);
  });

  it('is over 5 s after a 06 0F that nobody acknowledged', async () => {
    const till = await registered();
    till.replies((apdu) => (apdu.startsWith('06 0F') ? undefined : '80 00 00'));
    await till.ask(pay);
    expect(await till.ask(pay)).toEqual(['84 9C 00']);
    await till.clock.advance(5_000);
    expect((await till.ask(pay))[0]).toBe('80 00 00');
  });

  it('gives money back with numbers of its own', async () => {
    const till = await registered();
    await till.ask(pay);
    const refund = await till.ask('06 31 0D 12 34 56 04 00 00 00 00 05 00 49 09 78');
    expect(refund.at(-2)).toMatch(/04 00 00 00 00 05 00 0B 00 00 02 .* 87 00 02/);
    expect(till.ledger()).toEqual(['sale 1010', 'refund 500']);
  });
});

describe('a ZVT terminal at work', () => {
  async function atWork() {
    const till = await registered();
    till.terminal.host.latencyMs = 30_000;
    await till.ask(pay, 1_000);
    return till;
  }

  it('answers a status enquiry with 9C, and the payment goes on', async () => {
    const till = await atWork();
    expect(await till.ask('05 01 05 12 34 56 03 02')).toEqual(['80 00 00', '06 0F 01 9C']);
    await till.clock.advance(30_000);
    expect(till.ledger()).toEqual(['sale 1010']);
  });

  it('answers another command with 84 9C', async () => {
    const till = await atWork();
    expect(await till.ask('06 50 03 12 34 56')).toEqual(['84 9C 00']);
    expect(await till.ask(pay)).toEqual(['84 9C 00']);
    await till.clock.advance(30_000);
    expect(till.ledger()).toEqual(['sale 1010']);
  });

  it('stops at 06 B0 while the card was not charged: 80 00 00, then 6C', async () => {
    const till = await atWork();
    const said = await till.ask('06 B0 00');
    expect(heads(said)).toEqual(['80 00', '04 0F', '06 1E']);
    expect(said[1]).toMatch(/^04 0F .. 27 6C/);
    expect(said[2]).toBe('06 1E 01 6C');
    await till.clock.advance(60_000);
    expect(till.ledger()).toEqual([]);
  });

  it('cannot stop when the 04 0F is out, nor when it is at work on nothing: 84 83', async () => {
    const till = await registered();
    till.replies((apdu) => (apdu.startsWith('04 0F') ? undefined : '80 00 00'));
    await till.ask(pay);
    expect(await till.ask('06 B0 00')).toEqual(['84 83 00']);
    till.add('80 00 00');
    await till.clock.advance(1_000);
    expect(till.ledger()).toEqual(['sale 1010']);
    expect(await till.ask('06 B0 00')).toEqual(['84 83 00']);
  });

  it('tells a till to wait that asks and asks', async () => {
    const till = await atWork();
    till.replies(() => undefined);
    for (let n = 0; n < 20; n++) till.add('05 01 00');
    await till.clock.advance(1_000);
    expect(till.log.filter((line) => line.endsWith('84 9C 00')).length).toBeGreaterThan(10);
  });

  it('on TCP forgets the process when the connection ends, and takes back what was not acknowledged', async () => {
    const till = await registered();
    till.replies((apdu) => (apdu.startsWith('04 0F') ? undefined : '80 00 00'));
    await till.ask(pay);
    await till.reconnect();
    till.replies(polite);
    expect(await till.ask('05 01 05 12 34 56 03 02')).toEqual(['80 00 00', '06 0F 01 00']);
    expect(till.ledger()).toEqual([]);
  });

  it('on TCP lets the customer go on when the connection ends, says 9C meanwhile, and takes it back', async () => {
    const till = await atWork();
    await till.reconnect();
    expect(await till.ask('05 01 05 12 34 56 03 02')).toEqual(['80 00 00', '06 0F 01 9C']);
    await till.clock.advance(30_000);
    expect(await till.ask('05 01 05 12 34 56 03 02')).toEqual(['80 00 00', '06 0F 01 00']);
    expect(till.log).toHaveLength(2);
    expect(till.ledger()).toEqual([]);
  });

  it('loses what was not acknowledged when it loses power', async () => {
    const till = await registered();
    till.replies((apdu) => (apdu.startsWith('04 0F') ? undefined : '80 00 00'));
    await till.ask(pay);
    till.terminal.powerLoss();
    await till.clock.advance(60_000);
    expect(till.ledger()).toEqual([]);
    expect(till.clock.pending).toBe(0);
  });
});
