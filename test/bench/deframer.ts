import { DelimiterParser } from '@serialport/parser-delimiter';
import { toLatin1 } from '../../src/framing/bytes.ts';
import { stxEtxLrcDeframer, stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { targets } from '../fuzz/targets.ts';
import { recordedAnswers } from '../protocols/transbank/vectors.ts';
import { ms, say, spread, table, times } from './figures.ts';

const megabyte = 1 << 20;
const chunk = 64;
const rounds = 9;

/** 115 200 baud, 8N1: ten bits a byte. */
const lineBytesPerSecond = 11_520;

function random(bytes: number): Uint8Array {
  const noise = new Uint8Array(bytes);
  let seed = 1;
  for (let i = 0; i < bytes; i++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    noise[i] = seed >>> 16;
  }
  return noise;
}

function repeated(frame: Uint8Array, bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes);
  for (let at = 0; at + frame.length <= bytes; at += frame.length) whole.set(frame, at);
  return whole;
}

function ours(wire: Uint8Array): void {
  const deframer = stxEtxLrcDeframer();
  for (let at = 0; at < wire.length; at += chunk) deframer.push(wire.subarray(at, at + chunk));
}

function delimiter(wire: Uint8Array): void {
  const parser = new DelimiterParser({ delimiter: [0x03] });
  parser.resume();
  for (let at = 0; at < wire.length; at += chunk)
    parser.write(Buffer.from(wire.subarray(at, at + chunk)));
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** One message of the protocol after the other, as many as fit. */
function spoken(corpus: readonly Uint8Array[], bytes: number): Uint8Array {
  const all = Uint8Array.from(corpus.flatMap((message) => [...message]));
  return repeated(all, bytes);
}

/** Each protocol's deframer on its own messages. */
export async function benchDeframers(): Promise<void> {
  say(`Deframing 1 MiB of each protocol's own messages in chunks of ${chunk} bytes, p50`);
  const rows: string[][] = [];
  for (const { name, corpus, load } of targets) {
    const protocol = await load();
    const wire = spoken(corpus, megabyte);
    const figures = Array.from({ length: rounds }, () =>
      timed(() => {
        const deframer = protocol.deframer();
        for (let at = 0; at < wire.length; at += chunk)
          deframer.push(wire.subarray(at, at + chunk));
      }),
    );
    const { p50 } = spread(figures);
    rows.push([name, ms(p50), times(((megabyte / lineBytesPerSecond) * 1000) / p50)]);
  }
  table([['', 'Tillwire', 'times 115200 baud'], ...rows]);
}

/** The deframer on noise and on frames, beside DelimiterParser, which checks nothing. */
export function benchDeframer(): void {
  const noise = random(megabyte);
  const wires: readonly [string, Uint8Array][] = [
    ['random noise', noise],
    ['noise without a delimiter', noise.map((byte) => (byte === 3 ? 4 : byte))],
    ['nothing but STX', new Uint8Array(megabyte).fill(2)],
    ['recorded frames', repeated(stxFrame(toLatin1(recordedAnswers.lastSale.data)), megabyte)],
  ];
  say(`Deframing 1 MiB in chunks of ${chunk} bytes, ${rounds} rounds, p50`);
  const rows = wires.map(([name, wire]) => {
    const mine: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      mine.push(timed(() => ours(wire)));
      // Without a delimiter DelimiterParser needs seconds for each megabyte.
      if (round < 1) theirs.push(timed(() => delimiter(wire)));
    }
    const line = (megabyte / lineBytesPerSecond) * 1000;
    const p50 = spread(mine).p50;
    return [name, ms(p50), ms(spread(theirs).p50), times(line / p50)];
  });
  table([['', 'Tillwire', 'DelimiterParser', 'times 115200 baud'], ...rows]);
}
