import { describe, expect, it } from 'vitest';
import { bareTill } from '../support/bare-till.ts';

const sales = [{ amount: 1500, ticket: '123' }];
const till = (...faults: string[]) => bareTill({ sales, faults });
const heads = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/^(\d+ (bad )?\d{4})\|.*/, '$1'));
const answer = '02303236307c30';

describe('faults on the line', () => {
  it('lost-ack: the answer comes without an ACK', async () => {
    const { ask } = await till('lost-ack');
    expect(heads(await ask('0250|'))).toEqual(['20 0260']);
    expect(await ask('0100')).toEqual([]);
  });

  it('late-ack: the ACK comes late, and the answer after it', async () => {
    const { ask } = await till('late-ack=700');
    expect(heads(await ask('0250|'))).toEqual(['700 ACK', '720 0260']);
  });

  it('ack-turned-nak: the till hears no, and the terminal does it', async () => {
    const { ask, terminal } = await till('ack-turned-nak');
    expect(heads(await ask('1200|1|'))).toEqual(['0 NAK', '20 1210']);
    expect(terminal.ledger.at(-1)?.kind).toBe('void');
  });

  it('ack-with-answer: ACK and answer are one chunk; a poll keeps its ACK', async () => {
    const { ask, chunks } = await till('ack-with-answer');
    expect(heads(await ask('0250|'))).toEqual(['20 ACK', '20 0260']);
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.startsWith(`06${answer}`)).toBe(true);
    expect(await ask('0100')).toEqual(['0 ACK']);
  });

  it('lost-till-ack: the answer comes again after 10 s', async () => {
    const { ask } = await till('lost-till-ack-once');
    expect(heads(await ask('0250|', 60_000))).toEqual(['0 ACK', '20 0260', '10020 0260']);
  });

  it('lost-answer: the answer comes after 10 s', async () => {
    const { ask } = await till('lost-answer-once');
    expect(heads(await ask('0250|', 60_000))).toEqual(['0 ACK', '10020 0260']);
  });

  it('byte-by-byte: every byte is a chunk of its own', async () => {
    const { ask, chunks } = await till('byte-by-byte');
    expect(await ask('0800')).toEqual(['1 ACK', '53 0810|00|597029414300|75001637']);
    expect(chunks).toHaveLength(1 + 32);
    expect(chunks.every((chunk) => chunk.length === 2)).toBe(true);
  });

  it('split-answer: the answer comes in two halves 250 ms apart', async () => {
    const { ask, chunks } = await till('split-answer');
    expect(heads(await ask('0250|'))).toEqual(['0 ACK', '270 0260']);
    expect(chunks).toHaveLength(3);
  });

  it('split-answer=40: the pause is the argument', async () => {
    const { ask } = await till('split-answer=40');
    expect(heads(await ask('0250|'))).toEqual(['0 ACK', '60 0260']);
  });

  it('bad-lrc: three times a wrong check, then the terminal gives up', async () => {
    const { ask } = await till('bad-lrc');
    expect(heads(await ask('0250|', 60_000))).toEqual([
      '0 ACK',
      '20 bad 0260',
      '20 bad 0260',
      '20 bad 0260',
    ]);
  });

  it('bad-lrc-once: the repeat is good', async () => {
    const { ask } = await till('bad-lrc-once');
    expect(heads(await ask('0250|'))).toEqual(['0 ACK', '20 bad 0260', '20 0260']);
    expect(heads(await ask('0250|'))).toEqual(['0 ACK', '20 0260']);
  });

  it('flipped-bit: one bit, wherever it is, makes a frame that fails its check or is none', async () => {
    for (let bit = 0; bit < 8 * 32; bit++) {
      const { ask, clock } = await till(`flipped-bit-once=${bit}`);
      const good = (await ask('0800', 60_000)).filter((line) => /^\d+ 0810/.test(line));
      expect(good, `bit ${bit}`).toHaveLength(1);
      expect(clock.pending).toBe(0);
    }
  });

  it('lost-byte: without its STX the answer is noise until it is said again', async () => {
    const { ask } = await till('lost-byte-once');
    const heard = await ask('0800', 11_000);
    expect(heard.at(-1)).toBe('10020 0810|00|597029414300|75001637');
    expect(heard).toHaveLength(3);
  });

  it('noise-before: the answer behind the noise is whole', async () => {
    const { ask } = await till('noise-before');
    expect(heads(await ask('0250|'))).toEqual(['0 ACK', '20 unframed ff007faa55', '20 0260']);
  });

  it('noise-inside: the check fails', async () => {
    const { ask } = await till('noise-inside-once');
    expect(heads(await ask('0250|'))).toEqual(['0 ACK', '20 bad 0260', '20 0260']);
  });

  it('nul-break: a NUL byte comes before the answer', async () => {
    const { ask } = await till('nul-break');
    expect(heads(await ask('0250|'))).toEqual(['0 ACK', '20 unframed 00', '20 0260']);
  });

  it('echo: the till hears itself', async () => {
    const { ask } = await till('echo-once');
    expect(heads(await ask('0250|'))).toEqual(['0 0250', '0 ACK', '20 0260']);
  });

  it('nak-storm: many NAKs, and nothing is done', async () => {
    const { ask, terminal } = await till('nak-storm=5');
    expect(await ask('1200|1|')).toEqual(['0 NAK', '0 NAK', '0 NAK', '0 NAK', '0 NAK']);
    expect(terminal.ledger).toHaveLength(1);
  });

  it('duplicate-answer: twice in a row', async () => {
    const { ask } = await till('duplicate-answer');
    expect(heads(await ask('0250|', 60_000))).toEqual(['0 ACK', '20 0260', '20 0260']);
  });

  it('previous-answer: the answer before comes again before the ACK', async () => {
    const { ask } = await till('previous-answer');
    expect(heads(await ask('0250|'))).toEqual(['0 ACK', '20 0260']);
    expect(heads(await ask('0700||'))).toEqual(['0 0260', '0 ACK', '20 0710']);
  });

  it.each([0, 1, 2, 10, 32, 33, 34])('unplug=%i: so many bytes and no more', async (count) => {
    const one = await till(`unplug=${count}`);
    await one.ask('0800');
    expect(one.chunks.join('').length / 2).toBe(Math.min(count, 33));
    expect(one.log.at(-1)?.endsWith('lost')).toBe(count <= 33);
    expect(one.mock.plugged).toBe(count > 33);
  });

  it('unplug: the plug is pulled once; after a replug all is well', async () => {
    const one = await till('unplug=5');
    await one.ask('0250|', 60_000);
    one.mock.replug();
    await one.reconnect();
    expect(heads(await one.ask('0250|'))).toEqual(['0 ACK', '20 0260']);
  });

  it('power-loss: the line stays, the word ends, and the terminal is back after its start', async () => {
    const one = await till('power-loss=5');
    expect(await one.ask('0250|', 2_000)).toEqual(['0 ACK']);
    expect(one.chunks.join('')).toBe('0602303236');
    expect(await one.ask('0100')).toEqual([]);
    await one.clock.advance(100);
    expect(heads(await one.ask('0250|'))).toEqual(['20 cut-off 0230323606', '20 0260']);
  });
});
