import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1, toHex, toLatin1 } from '../../src/framing/bytes.ts';
import type { Frame } from '../../src/framing/frame.ts';
import { stxEtxLrcDeframer, stxFrame } from '../../src/framing/stx-etx-lrc.ts';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

/** All that a deframer makes of these chunks, and of the silence after them. */
function framesOf(...chunks: Uint8Array[]): Frame[] {
  const deframer = stxEtxLrcDeframer();
  return [...chunks.flatMap((chunk) => deframer.push(chunk)), ...deframer.flush()];
}

/** A frame in a few characters: `ok 0100`, `bad 30`, `ACK`, `noise ff`. */
const short = (frame: Frame): string => {
  if (frame.kind === 'control') return frame.name;
  if (frame.kind === 'noise') return `${frame.reason} ${toHex(frame.bytes)}`;
  return `${frame.check} ${fromLatin1(frame.data)}`;
};

const seen = (...hex: string[]): string[] => framesOf(...hex.map(bytes)).map(short);

/** Cuts bytes into chunks of the given sizes, again and again. */
function cut(whole: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < whole.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(whole.slice(at, at + size));
    at += size;
  }
  return chunks;
}

const text = fc.stringMatching(/^[ -~]{0,60}$/).map(toLatin1);
const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
/** Noise that can neither begin a frame nor be a control byte. */
const plainNoise = fc
  .uint8Array({ max: 255, maxLength: 30 })
  .map((raw) => raw.filter((b) => b > 0x20));

describe('the STX-ETX-LRC deframer', () => {
  it('takes ACK and an answer in one chunk apart', () => {
    expect(seen('06 02 30 31 30 30 03 02')).toEqual(['ACK', 'ok 0100']);
  });

  it.each([
    ['02', '02 30 31 30 30 03 02', '0100'],
    ['03', `02 30 31 30 31 03 03`, '0101'],
    ['04', '02 30 30 37 30 03 04', '0070'],
    ['06', '02 30 35 30 30 7c 7c 03 06', '0500||'],
    ['00', '02 30 33 30 30 03 00', '0300'],
  ])('takes the byte after ETX as the LRC when it is %s', (_lrc, frame, data) => {
    expect(seen(frame, frame)).toEqual([`ok ${data}`, `ok ${data}`]);
  });

  it('takes an LRC of NAK (15) as an LRC', () => {
    const frame = stxFrame(Uint8Array.of(0x16));
    expect(toHex(frame)).toBe('02160315');
    expect(framesOf(frame).map(short)).toEqual(['ok \x16']);
  });

  it('reports noise before, between and after frames', () => {
    expect(seen('ff fe 02 30 31 30 30 03 02 7f 06 41')).toEqual([
      'unframed fffe',
      'ok 0100',
      'unframed 7f',
      'ACK',
      'unframed 41',
    ]);
  });

  it('marks a frame whose check does not agree, and takes the next one', () => {
    expect(seen('02 30 31 30 30 03 99', '02 30 31 30 30 03 02')).toEqual(['bad 0100', 'ok 0100']);
  });

  it('finds the frame behind one that lost its end', () => {
    expect(seen('02 30 32 31', '02 30 31 30 30 03 02')).toEqual(['cut-off 02303231', 'ok 0100']);
  });

  it('finds the frame behind one that lost its LRC', () => {
    expect(seen('02 30 32 03', '02 30 31 30 30 03 02')).toEqual(['bad 02', 'ok 0100']);
  });

  it('reports a frame that stops half way when the line goes quiet', () => {
    const deframer = stxEtxLrcDeframer();
    expect(deframer.push(bytes('02 30 31'))).toEqual([]);
    expect(deframer.pending()).toBe(true);
    expect(deframer.flush().map(short)).toEqual(['cut-off 023031']);
    expect(deframer.pending()).toBe(false);
    expect(deframer.push(bytes('02 30 31 30 30 03 02')).map(short)).toEqual(['ok 0100']);
  });

  it('gives up a frame that outgrows the limit, and takes a good one inside it', () => {
    const deframer = stxEtxLrcDeframer({ maxFrame: 16 });
    const flood = Uint8Array.from([0x02, ...new Array(30).fill(0x41)]);
    const frames = [...deframer.push(flood), ...deframer.push(bytes('02 30 31 30 30 03 02'))];
    expect(frames.map((frame) => frame.kind)).toEqual(['noise', 'noise', 'frame']);
    expect(frames.map(short).at(-1)).toBe('ok 0100');
  });

  it('takes a frame of exactly the limit', () => {
    const frame = stxFrame(toLatin1('x'.repeat(13)));
    const deframer = stxEtxLrcDeframer({ maxFrame: 16 });
    expect(deframer.push(frame).map(short)).toEqual([`ok ${'x'.repeat(13)}`]);
  });

  it('gives back what was framed: decode(encode(x)) = x', () => {
    fc.assert(
      fc.property(text, (data) => {
        expect(framesOf(stxFrame(data)).map(short)).toEqual([`ok ${fromLatin1(data)}`]);
      }),
    );
  });

  it('gives the same for any chunking, whatever the bytes', () => {
    const wire = fc.array(fc.oneof(text.map(stxFrame), fc.uint8Array({ maxLength: 40 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(wire, chunkSizes, (parts, sizes) => {
        const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
        expect(framesOf(...cut(whole, sizes))).toEqual(framesOf(whole));
      }),
      { numRuns: 500 },
    );
  });

  it('accounts for every byte, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (raw) => {
        const frames = framesOf(raw);
        const lengths = frames.map((f) => (f.kind === 'control' ? 1 : f.bytes.length));
        const shared = frames.filter(
          (f) => f.kind === 'frame' && f.check === 'bad' && f.bytes.at(-1) === 0x02,
        ).length;
        // An STX in the place of a lost LRC is reported with the bad frame and begins the next one.
        expect(lengths.reduce((a, b) => a + b, 0) - shared).toBe(raw.length);
      }),
      { numRuns: 500 },
    );
  });

  it('loses no frame to the noise between frames', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(plainNoise, text), { maxLength: 8 }),
        chunkSizes,
        (parts, sizes) => {
          const whole = Uint8Array.from(
            parts.flatMap(([noise, data]) => [...noise, ...stxFrame(data)]),
          );
          const good = framesOf(...cut(whole, sizes)).flatMap((f) =>
            f.kind === 'frame' && f.check === 'ok' ? [fromLatin1(f.data)] : [],
          );
          expect(good).toEqual(parts.map(([, data]) => fromLatin1(data)));
        },
      ),
    );
  });

  it('never calls a frame good whose check does not agree', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 255 }), (data, flip) => {
        const frame = stxFrame(data);
        frame[frame.length - 1] = (frame.at(-1) ?? 0) ^ flip;
        expect(framesOf(frame).some((f) => f.kind === 'frame' && f.check === 'ok')).toBe(false);
      }),
    );
  });

  it('holds no more than its limit under an endless frame', () => {
    const deframer = stxEtxLrcDeframer({ maxFrame: 64 });
    let reported = 0;
    const total = 100_000;
    deframer.push(Uint8Array.of(0x02));
    for (let sent = 0; sent < total; sent += 50)
      for (const frame of deframer.push(new Uint8Array(50).fill(0x41)))
        reported += frame.kind === 'control' ? 1 : frame.bytes.length;
    expect(total + 1 - reported).toBeLessThan(64 + 256);
  });
});
