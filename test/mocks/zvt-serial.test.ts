import { describe, expect, it } from 'vitest';
import { zvtSerialTill } from '../support/zvt-serial-till.ts';

/** Frames of wirelane/ecrterm and mathiasfrey/ecrterm, and one that RevZero/zvtlib was seen to send. */
const registration = '10 02 06 00 06 12 34 56 BA 09 78 10 03 24 C3';
const pay110 = '10 02 06 01 0A 04 00 00 00 01 10 10 00 49 09 78 10 03 F2 FF';
const pay5 = '10 02 06 01 0A 04 00 00 00 00 05 00 49 09 78 10 03 10 36';
const enquiry = '10 02 05 01 05 12 34 56 03 03 10 03 38 D9';
/** The framing computed here past the code under test, with the published CRC parameters. */
const query = '10 02 06 20 05 12 34 56 03 03 10 03 70 38';
const positive = '10 02 80 00 00 10 03 F5 1F';
const ready = '10 02 06 0F 01 00 10 03 26 E1';

const times = (log: readonly string[], apdu: string) =>
  log.filter((line) => line.includes(apdu)).map((line) => Number(line.split(' ')[0]));

describe('a ZVT terminal at a serial line', () => {
  it('acknowledges each frame with a byte, and goes through a status enquiry to the letter', async () => {
    const till = await zvtSerialTill();
    expect(await till.ask(enquiry)).toEqual(['06', positive, ready, '06']);
  });

  it('reads a length or an amount with a doubled DLE, and a CRC byte that is one', async () => {
    const till = await zvtSerialTill();
    await till.ask(registration);
    await till.ask(pay110);
    await till.ask(pay5);
    expect(till.ledger()).toEqual(['sale 11000', 'sale 500']);
  });

  it('doubles each DLE that it says, also one in a length', async () => {
    const till = await zvtSerialTill({ sales: [{ amount: 1010 }] });
    const said = await till.ask(query);
    expect(said.find((chunk) => chunk.includes('04 0F'))).toContain(
      '04 00 00 00 00 10 10 10 10 0B',
    );
  });

  it('says NAK to a bad check, to half a frame after 200 ms, and takes the next one', async () => {
    const till = await zvtSerialTill();
    expect(await till.ask('10 02 05 01 05 12 34 56 03 03 10 03 38 D8')).toEqual(['15']);
    till.send('10 02 05 01 05');
    await till.clock.advance(1_000);
    expect(till.log).toEqual(['200 15']);
    expect((await till.ask(enquiry))[0]).toBe('06');
    expect(till.apdus).toContain('06 0F 01 00');
  });

  it('says its frame again 5 s after nobody has acknowledged it, twice, and then gives up', async () => {
    const till = await zvtSerialTill();
    till.replies({ link: () => undefined });
    till.send(pay5);
    await till.clock.advance(60_000);
    expect(times(till.log, positive)).toEqual([0, 5_000, 10_000]);
    expect(till.ledger()).toEqual([]);
    till.replies({});
    expect(await till.ask(enquiry)).toContain(ready);
  });

  it('says it again at once after a NAK', async () => {
    const till = await zvtSerialTill();
    till.replies({ link: (_apdu, n) => (n === 1 ? '15' : '06') });
    till.send(enquiry);
    await till.clock.advance(1_000);
    expect(times(till.log, positive)).toEqual([0, 0]);
    expect(till.apdus).toEqual(['80 00 00', '80 00 00', '06 0F 01 00']);
  });

  it('takes a payment back whose 04 0F the link could not bring over', async () => {
    const till = await zvtSerialTill();
    till.replies({ link: (apdu) => (apdu.startsWith('04 0F') ? undefined : '06') });
    till.send(pay5);
    await till.clock.advance(60_000);
    expect(times(till.log, ' 04 0F ')).toHaveLength(3);
    expect(till.apdus.at(-1)).toBe('06 1E 01 6C');
    expect(till.ledger()).toEqual([]);
  });

  it('under bad-lrc-once sends a damaged 04 0F, and the same again after the NAK', async () => {
    const till = await zvtSerialTill({ faults: ['bad-lrc-once@purchase'] });
    await till.ask(registration);
    await till.ask(pay5, 5_000);
    const results = till.apdus.filter((apdu) => apdu.includes('04 0F'));
    expect(results[0]).toBe(`bad ${results[1]}`);
    expect(till.ledger()).toEqual(['sale 500']);
  });

  it('under lost-ack-once carries out a command that comes twice only once', async () => {
    const till = await zvtSerialTill({ faults: ['lost-ack-once@purchase'] });
    till.replies({ link: () => undefined });
    till.send(pay5);
    await till.clock.advance(4_000);
    till.replies({});
    till.add(pay5);
    await till.clock.advance(20_000);
    expect(till.mock.received.map(({ code }) => code)).toEqual(['06 01']);
    expect(till.ledger()).toEqual(['sale 500']);
  });

  it('under lost-till-ack-once says the frame again, and does not wait for a second 80 00 00', async () => {
    const till = await zvtSerialTill({ faults: ['lost-till-ack-once@purchase'] });
    let results = 0;
    till.replies({
      // A till that knows a repeat answers it with the byte only.
      answers: (apdu) => !apdu.startsWith('04 0F') || ++results === 1,
    });
    till.send(pay5);
    await till.clock.advance(60_000);
    expect(till.ledger()).toEqual(['sale 500']);
    expect(till.apdus.at(-1)).toBe('06 0F 00');
  });

  it('under nak refuses each frame on the link, and under silent says not even that', async () => {
    const refusing = await zvtSerialTill({ faults: ['nak'] });
    expect(await refusing.ask(pay5)).toEqual(['15']);
    const silent = await zvtSerialTill({ faults: ['silent'] });
    expect(await silent.ask(pay5, 60_000)).toEqual([]);
    expect([...refusing.ledger(), ...silent.ledger()]).toEqual([]);
  });

  it('goes on when the plug is pulled, since it cannot tell', async () => {
    const till = await zvtSerialTill({ faults: ['keeps-unacknowledged'] });
    till.mock.terminal.host.latencyMs = 5_000;
    till.send(pay5);
    await till.clock.advance(1_000);
    till.mock.unplug();
    await till.clock.advance(60_000);
    expect(till.ledger()).toEqual(['sale 500']);
  });

  it('is not put off by stray bytes between frames', async () => {
    const till = await zvtSerialTill();
    expect(await till.ask(`FF 41 00 ${enquiry}`)).toContain(ready);
  });
});
