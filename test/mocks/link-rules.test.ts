import { describe, expect, it } from 'vitest';
import { bareTill } from '../support/bare-till.ts';

const sales = [{ amount: 1500 }];
const heads = (lines: readonly string[]) => lines.map((line) => line.slice(0, line.indexOf('|')));

describe('the terminal’s side of ACK and NAK', () => {
  it('says NAK to a request whose LRC is wrong, and does nothing', async () => {
    const till = await bareTill({ sales });
    till.write(Uint8Array.of(0x02, 0x30, 0x31, 0x30, 0x30, 0x03, 0x55));
    await till.clock.advance(1_000);
    expect(till.log).toEqual(['0 NAK']);
    expect(till.mock.received).toEqual([]);
  });

  it('says an answer again 10 s after it, two more times, and then gives up', async () => {
    const till = await bareTill({ sales });
    till.replies('silence');
    const heard = await till.ask('0250|', 60_000);
    expect(heads(heard)).toEqual(['0 AC', '20 0260', '10020 0260', '20020 0260']);
    expect(new Set(heard.slice(1).map((line) => line.replace(/^\d+ /, ''))).size).toBe(1);
    till.replies('ack');
    expect(await till.ask('0100')).toEqual(['0 ACK']);
  });

  it('says it again on NAK, two more times, and then gives up', async () => {
    const till = await bareTill({ sales });
    till.replies('nak');
    const heard = await till.ask('0250|', 60_000);
    expect(heads(heard)).toEqual(['0 AC', '20 0260', '20 0260', '20 0260']);
    till.replies('ack');
    expect(await till.ask('0100')).toEqual(['0 ACK']);
  });

  it('is silent once the till has acknowledged', async () => {
    const till = await bareTill({ sales });
    expect(heads(await till.ask('0250|', 60_000))).toEqual(['0 AC', '20 0260']);
    expect(till.clock.pending).toBe(0);
  });

  it('ignores an ACK and a NAK when it has said nothing', async () => {
    const till = await bareTill({ sales });
    till.write(Uint8Array.of(0x06, 0x15, 0x06));
    await till.clock.advance(60_000);
    expect(till.log).toEqual([]);
  });

  it('waits for the ACK of each status, and sells nothing when none ever comes', async () => {
    const till = await bareTill();
    till.replies('silence');
    expect(await till.ask('0200|1500|123|||1', 60_000)).toEqual([
      '0 ACK',
      '20 0900|78',
      '10020 0900|78',
      '20020 0900|78',
    ]);
    expect(till.terminal.ledger).toEqual([]);
  });

  it('says NAK to a request that comes while it works', async () => {
    const till = await bareTill({ thinkMs: 500 });
    till.send('0200|1500|123|||0');
    await till.clock.advance(100);
    expect(await till.ask('0100', 100)).toEqual(['0 NAK']);
    await till.clock.advance(1_000);
    expect(till.terminal.ledger).toHaveLength(1);
  });

  it('says NAK to a request that comes while it waits for an ACK', async () => {
    const till = await bareTill({ sales });
    till.replies('silence');
    await till.ask('0250|');
    expect(await till.ask('0100')).toEqual(['0 NAK']);
  });

  it('forgets half a request after a second of silence', async () => {
    const till = await bareTill();
    till.write(Uint8Array.of(0x02, 0x30, 0x31));
    await till.clock.advance(1_000);
    expect(await till.ask('0100')).toEqual(['0 ACK']);
  });

  it('reads a request that comes byte by byte and two that come at once', async () => {
    const till = await bareTill();
    till.write(Uint8Array.of(0x02, 0x30, 0x31));
    await till.clock.advance(500);
    till.write(Uint8Array.of(0x30, 0x30, 0x03, 0x02, 0x02, 0x30, 0x31, 0x30, 0x30, 0x03, 0x02));
    await till.clock.advance(1_000);
    expect(till.log).toEqual(['0 ACK', '0 ACK']);
  });

  it('goes on when the line ends: it books, and says the answer to whoever is there later', async () => {
    const till = await bareTill();
    till.send('0200|1500|123|||0');
    await till.clock.advance(10);
    await till.reconnect();
    await till.clock.advance(5);
    await till.reconnect();
    till.mock.unplug();
    await till.clock.advance(5_000);
    expect(till.terminal.ledger).toHaveLength(1);
    till.mock.replug();
    await till.reconnect();
    till.log.length = 0;
    await till.clock.advance(10_000);
    expect(heads(till.log)).toEqual(['10020 0210']);
  });

  it('survives any bytes, keeps a bounded transcript, and still answers', async () => {
    const till = await bareTill();
    let seed = 1;
    for (let round = 0; round < 1_500; round++) {
      const junk = Uint8Array.from({ length: 64 }, () => {
        seed = (seed * 48_271) % 2_147_483_647;
        return seed & 0xff;
      });
      till.write(junk);
    }
    await till.clock.advance(120_000);
    expect(await till.ask('0100')).toEqual(['0 ACK']);
    expect(till.mock.transcript.length).toBeLessThanOrEqual(1_000);
    expect(till.terminal.ledger).toEqual([]);
  });
});
