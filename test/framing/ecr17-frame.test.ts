import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1, toHex, toLatin1 } from '../../src/framing/bytes.ts';
import {
  type Ecr17DeframerOptions,
  ecr17Control,
  ecr17Deframer,
  ecr17Frame,
  ecr17Progress,
  isProgress,
  variantOfFrame,
} from '../../src/framing/ecr17-frame.ts';
import { ecr17Lrc, type LrcVariant, lrcVariantNames } from '../../src/framing/ecr17-lrc.ts';
import type { Frame } from '../../src/framing/frame.ts';

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

function framesOf(options: Ecr17DeframerOptions, ...chunks: Uint8Array[]): Frame[] {
  const deframer = ecr17Deframer(options);
  return [...chunks.flatMap((chunk) => deframer.push(chunk)), ...deframer.flush()];
}

/** A frame in a few characters: `ok 12345678s`, `progress ...`, `ACK`, `unframed ff`. */
const short = (frame: Frame): string => {
  if (frame.kind === 'control') return frame.name;
  if (frame.kind === 'noise') return `${frame.reason} ${toHex(frame.bytes)}`;
  if (isProgress(frame.data)) return `progress ${fromLatin1(frame.data.subarray(1))}`;
  return `${frame.check} ${fromLatin1(frame.data)}`;
};

const std = { variants: ['std'] } as const;
const seen = (...hex: string[]): string[] => framesOf(std, ...hex.map(bytes)).map(short);

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
const variant = fc.constantFrom<LrcVariant>(...lrcVariantNames);
const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
/** Bytes that begin and end things, and others. */
const byte = fc.oneof(
  fc.constantFrom(0x01, 0x02, 0x03, 0x04, 0x06, 0x15, 0x1b, 0x7d, 0x7f, 0x79, 0x6a),
  fc.integer({ min: 0, max: 255 }),
);
const anything = fc.array(byte, { maxLength: 120 }).map((list) => Uint8Array.from(list));
const wire = fc
  .array(
    fc.oneof(
      fc.tuple(text, variant).map(([data, lrc]) => ecr17Frame(data, lrc)),
      fc
        .tuple(fc.constantFrom('ACK' as const, 'NAK' as const), variant)
        .map(([name, lrc]) => ecr17Control(name, lrc)),
      anything,
    ),
    { maxLength: 12 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => [...part])));

describe('the check of ECR17', () => {
  // The four readings of "the message bytes" for the payload A, nothing, ACK and NAK.
  it.each([
    ['std', 0x3e, 0x7f, 0x79, 0x6a],
    ['stx', 0x3f, 0x7e, 0x78, 0x6b],
    ['noext', 0x3d, 0x7c, 0x7a, 0x69],
    ['stx_noext', 0x3c, 0x7d, 0x7b, 0x68],
  ] as const)('is known in the variant %s', (name, a, nothing, ack, nak) => {
    expect(ecr17Lrc(toLatin1('A'), name)).toBe(a);
    expect(ecr17Lrc(toLatin1(''), name)).toBe(nothing);
    expect(ecr17Control('ACK', name)).toEqual(Uint8Array.of(0x06, 0x03, ack));
    expect(ecr17Control('NAK', name)).toEqual(Uint8Array.of(0x15, 0x03, nak));
  });
});

describe('the ECR17 deframer', () => {
  it('takes an acknowledgement, progress and a result in one chunk apart', () => {
    expect(seen('06 03 79', '01 41 54 54 45 4e 44 45 52 45 04', '02 41 42 03 7c')).toEqual([
      'ACK',
      'progress ATTENDERE',
      'ok AB',
    ]);
    expect(seen('060379014154544e0402414203 7c')).toEqual(['ACK', 'progress ATTN', 'ok AB']);
  });

  it.each([0x01, 0x02, 0x03, 0x04, 0x06, 0x15, 0x1b])(
    'takes exactly the byte behind ETX as the LRC, also when it is %i',
    (lrc) => {
      const frame = ecr17Frame(Uint8Array.of(0x40, 0x3f ^ lrc), 'std');
      expect(frame.at(-1)).toBe(lrc);
      expect(framesOf(std, frame, ecr17Control('ACK', 'std'), frame).map(short)).toEqual([
        `ok ${fromLatin1(frame.slice(1, 3))}`,
        'ACK',
        `ok ${fromLatin1(frame.slice(1, 3))}`,
      ]);
    },
  );

  it('takes all four variants until one is fixed, and that one alone afterwards', () => {
    const frames = lrcVariantNames.map((name) => ecr17Frame(toLatin1('AB'), name));
    expect(framesOf({}, ...frames).map(short)).toEqual(['ok AB', 'ok AB', 'ok AB', 'ok AB']);
    expect(framesOf({}, ...frames).map(variantOfFrame)).toEqual(lrcVariantNames);
    expect(framesOf({ variants: ['noext'] }, ...frames).map(short)).toEqual([
      'bad AB',
      'bad AB',
      'ok AB',
      'bad AB',
    ]);
    const acks = lrcVariantNames.map((name) => ecr17Control('ACK', name));
    expect(framesOf({}, ...acks).map(variantOfFrame)).toEqual(lrcVariantNames);
    expect(framesOf({ variants: ['stx'] }, ...acks).map(short)).toEqual([
      'unframed 060379',
      'ACK',
      'unframed 06037a06037b',
    ]);
  });

  it('asks for no answer to a damaged acknowledgement', () => {
    expect(seen('06 03 55', '02 41 42 03 7c')).toEqual(['unframed 060355', 'ok AB']);
    expect(seen('06 02 41 42 03 7c')).toEqual(['unframed 06', 'ok AB']);
    expect(seen('06 03 02 41 42 03 7c')).toEqual(['unframed 0603', 'ok AB']);
  });

  it('loses no more than the frame that broke off', () => {
    expect(seen('02 31 32', '02 41 42 03 7c')).toEqual(['cut-off 023132', 'ok AB']);
    expect(seen('02 31 32', '06 03 79')).toEqual(['cut-off 023132', 'ACK']);
    expect(seen('02 31 32', '01 41 04', '06 03 79')).toEqual([
      'cut-off 023132',
      'progress A',
      'ACK',
    ]);
    expect(seen('02 31 32 03', '02 41 42 03 7c')).toEqual(['bad 12', 'ok AB']);
    expect(seen('02 31 32 03', '06 03 79')).toEqual(['bad 12', 'ACK']);
  });

  it('reports what is held when the line goes quiet', () => {
    const deframer = ecr17Deframer(std);
    expect(deframer.push(bytes('02 31'))).toEqual([]);
    expect(deframer.pending()).toBe(true);
    expect(deframer.flush().map(short)).toEqual(['cut-off 0231']);
    deframer.push(bytes('06 03'));
    expect(deframer.flush().map(short)).toEqual(['unframed 0603']);
    expect(deframer.pending()).toBe(false);
  });

  it('takes no progress of more than 20 characters, and none without any', () => {
    const full = ecr17Progress(toLatin1('TRANSAZ. IN CORSO'));
    expect(full).toHaveLength(22);
    expect(framesOf(std, full).map(short)).toEqual(['progress TRANSAZ. IN CORSO   ']);
    const long = Uint8Array.of(0x01, ...new Array(21).fill(0x41), 0x04);
    expect(framesOf(std, long).map((frame) => frame.kind)).toEqual(['noise']);
    expect(seen('01 04')).toEqual(['unframed 0104']);
  });

  it('believes no frame with a byte that the line has put in, though the XOR agrees', () => {
    expect(seen('02 41 00 42 03 7c')).toEqual(['bad A\0B']);
  });

  it('gives up a frame that outgrows the limit', () => {
    const flood = Uint8Array.from([0x02, ...new Array(3_000).fill(0x41)]);
    const frames = framesOf({ ...std, maxFrame: 64 }, flood, bytes('02 41 42 03 7c'));
    expect(frames.map(short).at(-1)).toBe('ok AB');
    expect(frames.every((frame) => frame.kind !== 'noise' || frame.bytes.length <= 256)).toBe(true);
    const whole = ecr17Frame(toLatin1('x'.repeat(61)), 'std');
    expect(framesOf({ ...std, maxFrame: 64 }, whole).map((frame) => frame.kind)).toEqual(['frame']);
  });

  it('gives back what was framed, in each variant', () => {
    fc.assert(
      fc.property(text, variant, (data, lrc) => {
        const frame = ecr17Frame(data, lrc);
        expect(framesOf({ variants: [lrc] }, frame).map(short)).toEqual([`ok ${fromLatin1(data)}`]);
      }),
    );
  });

  it('gives the same for any chunking, whatever the bytes', () => {
    fc.assert(
      fc.property(wire, chunkSizes, (whole, sizes) => {
        expect(framesOf({}, ...cut(whole, sizes))).toEqual(framesOf({}, whole));
      }),
    );
  });

  it('never gives a sound frame whose check is wrong, and never throws', () => {
    fc.assert(
      fc.property(wire, variant, (whole, lrc) => {
        for (const frame of framesOf({ variants: [lrc] }, whole)) {
          if (frame.kind === 'control') expect(variantOfFrame(frame)).toBe(lrc);
          if (frame.kind !== 'frame' || frame.check === 'bad' || isProgress(frame.data)) continue;
          expect(frame.bytes.at(-1)).toBe(ecr17Lrc(frame.data, lrc));
          expect(frame.bytes).toEqual(ecr17Frame(frame.data, lrc));
        }
      }),
    );
  });

  it('finds the next good frame behind any noise', () => {
    fc.assert(
      fc.property(anything, text, (junk, data) => {
        const deframer = ecr17Deframer(std);
        deframer.push(junk);
        deframer.flush();
        expect(deframer.push(ecr17Frame(data, 'std')).map(short)).toEqual([
          `ok ${fromLatin1(data)}`,
        ]);
      }),
    );
  });

  it('holds a bounded number of bytes', () => {
    const deframer = ecr17Deframer({ maxFrame: 128 });
    let given = 0;
    let told = 0;
    for (let round = 0; round < 200; round++) {
      const junk = Uint8Array.from({ length: 100 }, (_, i) => 0x20 + ((i * 7 + round) % 0x60));
      given += junk.length + 1;
      for (const frame of [...deframer.push(Uint8Array.of(0x02)), ...deframer.push(junk)])
        told += frame.kind === 'control' ? 3 : frame.bytes.length;
      expect(given - told).toBeLessThanOrEqual(128 + 256);
    }
  });
});
