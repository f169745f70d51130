import { describe, expect, it } from 'vitest';
import { ackFaults } from '../../mocks/ack-faults.ts';
import { answerFaults } from '../../mocks/answer-faults.ts';
import { garblingFaults } from '../../mocks/garbling-faults.ts';
import { parseFault } from '../../mocks/index.ts';
import { lineFaults } from '../../mocks/line-faults.ts';
import { terminalFaults } from '../../mocks/terminal-faults.ts';
import { zvtFaults } from '../../mocks/zvt-faults.ts';
import { dleCrcFrame } from '../../src/framing/dle-crc.ts';
import { bytes, hex, zvtRawTill } from '../support/zvt-raw-till.ts';
import { zvtSerialTill } from '../support/zvt-serial-till.ts';

const register = '06 00 0A 12 34 56 3E 09 78 03 01 06 00';
const pay = '06 01 0A 04 00 00 00 00 20 20 49 09 78';
const last = '06 20 05 12 34 56 03 03';
const takeBack = '06 30 06 00 00 00 87 00 01';
const enquiry = '05 01 05 12 34 56 03 02';

/** A terminal with a sale of 10.10 in its memory, receipt 0001. */
async function till(...names: string[]) {
  const one = await zvtRawTill({ sales: [{ amount: 1010 }], faults: names });
  await one.ask(register);
  return one;
}

const heads = (lines: readonly string[]) => lines.map((line) => line.slice(0, 5));
const result = (lines: readonly string[]) => lines.find((line) => line.startsWith('04 0F')) ?? '';

describe('faults that any terminal can have, at a ZVT terminal', () => {
  it('silent: nothing at all', async () => {
    const one = await till('silent@purchase');
    expect(await one.ask(pay, 60_000)).toEqual([]);
    expect(one.ledger()).toEqual(['sale 1010']);
  });

  it('nak: 84 9C on TCP, where there is no NAK', async () => {
    const one = await till('nak@purchase');
    expect(await one.ask(pay)).toEqual(['84 9C 00']);
  });

  it('busy: 84 9C for a while', async () => {
    const one = await till('busy@purchase=1500');
    expect(await one.ask(pay)).toEqual(['84 9C 00']);
    expect(await one.ask(pay)).toEqual(['84 9C 00']);
    expect((await one.ask(pay))[0]).toBe('80 00 00');
  });

  it('no-answer: 80 00 00 and 04 FF, then it is booked and nothing is told', async () => {
    const one = await till('no-answer');
    expect(heads(await one.ask(pay, 60_000))).toEqual(['80 00', '04 FF', '04 FF', '04 FF']);
    expect(one.ledger()).toEqual(['sale 1010', 'sale 2020']);
    expect(result(await one.ask(last))).toContain('04 00 00 00 00 20 20');
  });

  it('silent-after-status: the same, and nothing is booked', async () => {
    const one = await till('silent-after-status');
    expect(heads(await one.ask(pay, 60_000))).toEqual(['80 00', '04 FF', '04 FF', '04 FF']);
    expect(one.ledger()).toEqual(['sale 1010']);
  });

  it('late-answer: the 04 0F comes late, and is booked when it is acknowledged', async () => {
    const one = await till('late-answer@purchase=60000');
    one.send(pay);
    await one.clock.advance(59_000);
    expect(one.ledger()).toEqual(['sale 1010']);
    await one.clock.advance(2_000);
    expect(one.log.at(-1)).toBe('60100 06 0F 00');
    expect(one.ledger()).toEqual(['sale 1010', 'sale 2020']);
  });

  it.each([
    ['', ['sale 1010']],
    ['keeps-unacknowledged', ['sale 1010', 'sale 2020']],
  ])('unplug-after-booking %s: nobody can acknowledge it', async (reading, ledger) => {
    const one = await till('unplug-after-booking@purchase', ...(reading ? [reading] : []));
    await one.ask(pay, 60_000);
    expect(one.ledger()).toEqual(ledger);
    one.mock.replug();
    await one.reconnect();
    expect(await one.ask(enquiry)).toEqual(['80 00 00', '06 0F 01 00']);
  });

  it('power-loss-before-booking and power-loss-after-booking: nothing is booked, or it stays', async () => {
    for (const [name, ledger] of [
      ['power-loss-before-booking', ['sale 1010']],
      ['power-loss-after-booking', ['sale 1010', 'sale 2020']],
    ] as const) {
      const one = await till(`${name}-once`);
      expect(heads(await one.ask(pay, 2_000))).not.toContain('04 0F');
      expect(await one.ask(enquiry, 1_500)).toEqual([]);
      expect(one.ledger()).toEqual(ledger);
      expect(await one.ask(enquiry)).toEqual(['80 00 00', '06 0F 01 00']);
    }
  });

  it('wrong-amount and foreign-answer: told of something else than was booked', async () => {
    const wrong = await till('wrong-amount@purchase=9900');
    expect(result(await wrong.ask(pay))).toContain('27 00 04 00 00 00 00 99 00');
    expect(wrong.ledger()).toEqual(['sale 1010', 'sale 2020']);
    const foreign = await till('foreign-answer@void');
    expect(result(await foreign.ask(takeBack))).toContain(
      '04 00 00 00 00 20 10 0B 00 00 02 37 99 99 99',
    );
    expect(foreign.ledger()).toEqual(['sale 1010', 'void 1010']);
  });

  it('foreign-terminal: BMP 29 is another', async () => {
    const one = await till('foreign-terminal');
    expect(result(await one.ask(pay))).toContain('29 75 00 99 99');
  });

  it('stale-answer: the end of a status enquiry comes in the middle of the payment', async () => {
    const one = await till('stale-answer@purchase');
    const said = await one.ask(pay);
    expect(said).toContain('06 0F 01 9C');
    expect(said.indexOf('06 0F 01 9C')).toBeLessThan(said.indexOf(result(said)));
    expect(one.ledger()).toEqual(['sale 1010', 'sale 2020']);
  });

  it('duplicate-answer: the 04 0F comes twice', async () => {
    const one = await till('duplicate-answer@purchase');
    const results = (await one.ask(pay)).filter((line) => line.startsWith('04 0F'));
    expect(results).toHaveLength(2);
    expect(results[0]).toBe(results[1]);
    expect(one.ledger()).toEqual(['sale 1010', 'sale 2020']);
  });

  it('unknown-code: it is booked, and the result is one that no table has', async () => {
    const one = await till('unknown-code@purchase');
    const said = await one.ask(pay);
    expect(result(said)).toContain('27 99 04');
    expect(said.at(-1)).toBe('06 1E 01 99');
    expect(one.ledger()).toEqual(['sale 1010', 'sale 2020']);
  });

  it('declined: 04 0F and 06 1E with the host’s code; few-fields leaves only the 06 1E', async () => {
    const one = await till('declined=05');
    expect(heads(await one.ask(takeBack)).slice(-2)).toEqual(['04 0F', '06 1E']);
    const bare = await till('declined=05', 'few-fields');
    expect(await bare.ask(takeBack)).toEqual([
      '80 00 00',
      '04 FF 14 17 01 06 10 24 0E 07 0C 42 69 74 74 65 20 77 61 72 74 65 6E',
      '06 1E 01 05',
    ]);
  });

  it('ack-with-answer: 80 00 00 and the next APDU in one segment', async () => {
    const one = await till('ack-with-answer');
    one.send(enquiry);
    await one.clock.advance(1_000);
    expect(one.log).toEqual(['20 80 00 00', '20 06 0F 01 00']);
  });

  it('byte-by-byte and split-answer: the same APDUs in pieces', async () => {
    for (const name of ['byte-by-byte', 'split-answer=250']) {
      const one = await till(name);
      expect(heads(await one.ask(takeBack, 5_000)), name).toEqual([
        '80 00',
        '04 FF',
        '04 0F',
        '06 0F',
      ]);
      expect(one.ledger()).toEqual(['sale 1010', 'void 1010']);
    }
  });

  it('already-voided, settled-before-void, clerk-sells-before-void, empty-memory', async () => {
    const end = async (name: string) => (await (await till(name)).ask(takeBack)).at(-1);
    expect(await end('already-voided')).toBe('06 1E 01 B4');
    expect(await end('settled-before-void')).toBe('06 1E 01 B5');
    expect(await end('clerk-sells-before-void')).toBe('06 0F 00');
    expect(await end('empty-memory')).toBe('06 1E 01 B5');
  });
});

describe('faults that only a ZVT terminal can have', () => {
  it.each([
    ['refused', '84 9C 00'],
    ['refused=83', '84 83 00'],
    ['refused=1E', '84 1E 01 7D'],
  ])('%s: %s instead of 80 00 00', async (name, answer) => {
    const one = await till(name.replace('refused', 'refused-once@purchase'));
    expect(await one.ask(pay)).toEqual([answer]);
    expect((await one.ask(pay))[0]).toBe('80 00 00');
    expect(one.ledger()).toEqual(['sale 1010', 'sale 2020']);
  });

  it.each(['B4', 'B5', '6C', '9B', 'F0', '77'])('aborted=%s: 04 0F and 06 1E', async (code) => {
    const one = await till(`aborted=${code}`);
    for (const command of [takeBack, pay, '06 50 03 12 34 56']) {
      const said = await one.ask(command);
      expect(said.at(-2)).toContain(` 27 ${code} `);
      expect(said.at(-1)).toBe(`06 1E 01 ${code}`);
    }
    expect(one.ledger()).toEqual(['sale 1010']);
  });

  it('no-abort: an error in 04 0F, and no 06 1E', async () => {
    const one = await till('aborted=DF', 'no-abort');
    const said = await one.ask(pay, 60_000);
    expect(said.at(-1)).toContain(' 27 DF ');
    expect(await one.ask(enquiry)).toEqual(['80 00 00', '06 0F 01 00']);
  });

  it('no-abort at a serial line: not even at the repeats', async () => {
    const one = await zvtSerialTill({ faults: ['aborted', 'no-abort-once'] });
    one.send('10 02 06 01 0A 04 00 00 00 00 05 00 49 09 78 10 03 10 36');
    await one.clock.advance(60_000);
    expect(one.apdus.filter((apdu) => apdu.startsWith('06 1E'))).toEqual([]);
  });

  it('no-completion: it is booked, and no 06 0F comes', async () => {
    const one = await till('no-completion');
    expect((await one.ask(pay, 60_000)).at(-1)).toMatch(/^04 0F/);
    expect(one.ledger()).toEqual(['sale 1010', 'sale 2020']);
  });

  it('twice-positive: 80 00 00 comes twice', async () => {
    const one = await till('twice-positive@poll');
    expect(await one.ask(enquiry)).toEqual(['80 00 00', '80 00 00', '06 0F 01 00']);
  });

  it('query-without-result: 06 0F and no 04 0F', async () => {
    const one = await till('query-without-result');
    expect(await one.ask(last)).toEqual(['80 00 00', '06 0F 00']);
  });

  it('voids-the-newest: another payment is taken back than was asked', async () => {
    const one = await till('voids-the-newest');
    await one.ask(pay);
    expect(
      result(await one.ask('06 30 10 00 00 00 87 00 01 04 00 00 00 00 10 10 49 09 78')),
    ).toContain('04 00 00 00 00 20 20 0B 00 00 03 37 00 00 02');
    expect(one.ledger()).toEqual(['sale 1010', 'sale 2020', 'void 2020']);
  });

  it('long-trace: 0B and 37 are zero, TLV 1F2B has eight digits', async () => {
    const one = await till('long-trace');
    const paid = result(await one.ask(pay));
    expect(paid).toContain('0B 00 00 00');
    expect(paid).toContain('87 00 02');
    expect(paid).toMatch(/1F 2B 04 10 00 00 02$/);
    const asked = result(await one.ask(last));
    expect(asked).toBe(paid);
    const voided = result(await one.ask('06 30 06 00 00 00 87 00 02'));
    expect(voided).toContain('0B 00 00 00 37 00 00 00');
    expect(voided).toMatch(/1F 2B 04 10 00 00 03 69 16 2E 0D .* 1F 2B 04 10 00 00 02$/);
  });

  it('status-code: 05 01 says that something is needed first', async () => {
    const one = await till('status-code');
    expect(await one.ask(enquiry)).toEqual(['80 00 00', '06 0F 01 F0']);
  });

  it('raw-texts: ISO 8859-1 with a line feed, as in a log of an acceptance test', async () => {
    const one = await till('raw-texts', 'aborted=F0');
    expect(result(await one.ask(pay))).toContain(
      '3C F0 F2 F5 4B 61 73 73 65 6E 73 63 68 6E 69 74 74 0A 64 75 72 63 68 66 FC 68 72 65 6E',
    );
  });

  it('repeats-settled: the last payment is told after the end of the day, its void refused', async () => {
    const one = await till('repeats-settled');
    const told = result(await one.ask(last));
    await one.ask('06 50 03 12 34 56');
    expect(result(await one.ask(last))).toBe(told);
    expect((await one.ask(takeBack)).at(-1)).toBe('06 1E 01 B5');
  });

  it('repeats-failed: the last attempt is told with its code, until something is booked', async () => {
    const one = await till('repeats-failed');
    one.terminal.customerCancels();
    await one.ask(pay);
    const asked = await one.ask(last);
    expect(result(asked)).toMatch(/^04 0F .. 27 6C/);
    expect(asked.at(-1)).toBe('06 0F 00');
    await one.ask(pay);
    expect(result(await one.ask(last))).toMatch(/27 00 04 00 00 00 00 20 20/);
  });

  it.each([
    ['close-before-result', 'reversed', []],
    ['close-after-result', 'reversed', ['04 0F']],
    ['close-before-completion', 'booked', ['04 0F']],
    ['close-before-result', 'kept', []],
    ['close-after-result', 'kept', ['04 0F']],
  ])('%s: the connection ends; the payment is %s', async (name, outcome, heard) => {
    const one = await till(`${name}-once@purchase`);
    if (outcome === 'kept') one.mock.fault('keeps-unacknowledged');
    const said = await one.ask(pay);
    expect(said.at(-1)).toBe('lost');
    expect(heads(said).filter((head) => head === '04 0F')).toEqual(heard);
    expect(one.ledger().slice(1)).toEqual(outcome === 'reversed' ? [] : ['sale 2020']);
    await one.reconnect();
    expect(await one.ask(enquiry)).toEqual(['80 00 00', '06 0F 01 00']);
    expect(result(await one.ask(last))).toContain(
      outcome === 'reversed' ? '04 00 00 00 00 10 10' : '04 00 00 00 00 20 20',
    );
  });

  it('have arguments of two hexadecimal digits, or six digits', () => {
    expect(() => parseFault('refused=100')).toThrow('needs two hexadecimal digits');
    expect(() => parseFault('aborted=XY')).toThrow('needs two hexadecimal digits');
    expect(() => parseFault('checks-password=secret')).toThrow(/needs six digits\.$/);
  });
});

/** All but those of the other protocols. */
const names = Object.keys({
  ...ackFaults,
  ...answerFaults,
  ...garblingFaults,
  ...lineFaults,
  ...terminalFaults,
  ...zvtFaults,
});

function needsArgument(name: string): boolean {
  try {
    parseFault(name);
    return false;
  } catch {
    return true;
  }
}

const commands = [register, enquiry, pay, last, takeBack, '06 50 03 12 34 56'];

/** Long enough for every wait that a terminal has. */
const longMs = 200_000;

describe('every fault', () => {
  it('leaves a ZVT terminal on TCP usable once it is taken off, and no timer behind', async () => {
    for (const name of names) {
      const one = await zvtRawTill({ sales: [{ amount: 1010 }] });
      const remove = one.mock.fault(needsArgument(name) ? `${name}=7` : name);
      for (const command of commands) await one.ask(command, 100_000);
      remove();
      one.mock.replug();
      await one.clock.advance(longMs);
      await one.reconnect();
      expect((await one.ask(enquiry)).at(-1), name).toMatch(/^06 0F .* 00$/);
      await one.clock.advance(longMs);
      expect(one.clock.pending, name).toBe(0);
    }
  });

  it('leaves one on a serial line usable once it is taken off, and no timer behind', async () => {
    const framed = (apdu: string) => hex(dleCrcFrame(bytes(apdu)));
    for (const name of names) {
      const one = await zvtSerialTill({ sales: [{ amount: 1010 }] });
      const remove = one.mock.fault(needsArgument(name) ? `${name}=7` : name);
      for (const command of commands) await one.ask(framed(command), 100_000);
      remove();
      one.mock.replug();
      await one.clock.advance(longMs);
      await one.reconnect();
      await one.ask(framed(enquiry));
      expect(one.apdus.at(-1), name).toMatch(/^06 0F .* 00$/);
      await one.clock.advance(longMs);
      expect(one.clock.pending, name).toBe(0);
    }
  });
});
