import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/framing/bytes.ts';
import { crc16Kermit } from '../../src/framing/crc16-kermit.ts';
import { dleCrcDeframer, dleCrcFrame } from '../../src/framing/dle-crc.ts';
import type { Frame } from '../../src/framing/frame.ts';
import { serialDialogues, serialFrames } from '../protocols/zvt/vectors.ts';
import { bytes, cut, join } from './cut.ts';

function framesOf(...chunks: Uint8Array[]): Frame[] {
  const deframer = dleCrcDeframer();
  return [...chunks.flatMap((chunk) => deframer.push(chunk)), ...deframer.flush()];
}

/** A frame in a few characters: `ok 800000`, `bad 80`, `ACK`, `cut-off 1002`. */
const short = (frame: Frame): string => {
  if (frame.kind === 'control') return frame.name;
  if (frame.kind === 'noise') return `${frame.reason} ${toHex(frame.bytes)}`;
  return `${frame.check} ${toHex(frame.data)}`;
};

const seen = (...hex: string[]): string[] => framesOf(...hex.map(bytes)).map(short);

/** Bytes that are the framing's own, more often than by chance. */
const hostile = fc.array(
  fc.oneof(fc.constantFrom(0x10, 0x02, 0x03, 0x06, 0x15), fc.integer({ min: 0, max: 255 })),
  { maxLength: 120 },
);
const apdu = fc.uint8Array({ maxLength: 80 });
const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
const whole = '10 02 80 00 00 10 03 f5 1f';

describe('the CRC of ZVT', () => {
  it('is CRC-16/KERMIT: 2189 for the nine digits of the catalogue', () => {
    expect(crc16Kermit(bytes('31 32 33 34 35 36 37 38 39'))).toBe(0x2189);
  });
});

describe('the DLE-CRC framing', () => {
  it.each(serialFrames)(
    'writes and reads the published frame $name',
    ({ hex, apdu: inner, crc }) => {
      expect(toHex(dleCrcFrame(bytes(inner)))).toBe(hex);
      expect(hex.endsWith(crc)).toBe(true);
      expect(seen(hex)).toEqual([`ok ${inner}`]);
    },
  );

  it.each(serialDialogues)('reads each frame and bare ACK of $name', ({ said }) => {
    const stream = said.map((line) => line.slice(2)).join('');
    expect(seen(stream)).toEqual([
      'ok 0501051234560303',
      'ACK',
      'ok 800000',
      'ACK',
      'ok 060f0100',
      'ACK',
      'ok 800000',
      'ACK',
    ]);
  });

  it('does not double a CRC byte that is 10, and reads one', () => {
    const frame = dleCrcFrame(bytes('06010a04000000000500490978'));
    expect(toHex(frame.slice(-4))).toBe('10031036');
    expect(seen(`${toHex(frame)}06`)).toEqual(['ok 06010a04000000000500490978', 'ACK']);
  });

  it('doubles a length byte of 10', () => {
    const inner = `04ff10${'aa'.repeat(16)}`;
    expect(toHex(dleCrcFrame(bytes(inner))).startsWith('100204ff1010aa')).toBe(true);
    expect(seen(toHex(dleCrcFrame(bytes(inner))))).toEqual([`ok ${inner}`]);
  });

  it('marks a frame whose check does not agree, and takes the next one', () => {
    expect(seen('10 02 80 00 00 10 03 f5 1e', whole)).toEqual(['bad 800000', 'ok 800000']);
  });

  it('finds the frame behind one that lost its end', () => {
    expect(seen('10 02 04 0f 07 27', whole)).toEqual(['cut-off 1002040f0727', 'ok 800000']);
  });

  it('finds the frame behind one that lost one or both bytes of its check', () => {
    expect(seen('10 02 80 00 00 10 03 f5', whole)).toEqual(['bad 800000', 'ok 800000']);
    expect(seen('10 02 80 00 00 10 03', whole)).toEqual(['bad 800000', 'ok 800000']);
  });

  it('takes no 06 and no 15 in the rest of something damaged for ACK and NAK', () => {
    // The head of a print line is lost: its data holds 06 and 15.
    expect(seen('d1 03 06 15 41 06 15')).toEqual(['unframed d1030615410615']);
    expect(seen('10 02 80 10 03 00 00 06 15')).toEqual(['bad 80', 'unframed 0615']);
  });

  it('believes ACK and NAK again after a silence or a frame', () => {
    const deframer = dleCrcDeframer();
    deframer.push(bytes('ff'));
    expect(deframer.pending()).toBe(true);
    expect(deframer.flush().map(short)).toEqual(['unframed ff']);
    expect(deframer.pending()).toBe(false);
    expect(deframer.push(bytes('15')).map(short)).toEqual(['NAK']);
    expect(seen(`ff ${whole} 06`)).toEqual(['unframed ff', 'ok 800000', 'ACK']);
  });

  it('reads a lone DLE that its sender has not doubled, when the check agrees', () => {
    const doubled = toHex(dleCrcFrame(bytes('04ff10aa')));
    expect(seen(doubled.replace('1010aa', '10aa'))).toEqual(['ok 04ff10aa']);
  });

  it('reports a frame that stops half way when the line goes quiet', () => {
    expect(seen('10 02 80 00')).toEqual(['cut-off 10028000']);
    expect(seen('10')).toEqual(['unframed 10']);
  });

  it('gives up a frame that outgrows the limit', () => {
    const deframer = dleCrcDeframer({ maxFrame: 32 });
    const flood = join(bytes('1002'), new Uint8Array(60).fill(0x41));
    const frames = [...deframer.push(flood), ...deframer.push(bytes(whole))];
    expect(frames.map((frame) => frame.kind)).toEqual(['noise', 'noise', 'frame']);
  });

  it('gives back what was framed, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          apdu,
          hostile.map((raw) => Uint8Array.from(raw)),
        ),
        (inner) => {
          expect(framesOf(dleCrcFrame(inner)).map(short)).toEqual([`ok ${toHex(inner)}`]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives the same for any chunking, whatever the bytes', () => {
    const wire = fc.array(
      fc.oneof(
        apdu.map(dleCrcFrame),
        hostile.map((raw) => Uint8Array.from(raw)),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(wire, sizes, (parts, lengths) => {
        const stream = join(...parts);
        expect(framesOf(...cut(stream, lengths))).toEqual(framesOf(stream));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves no byte out', () => {
    fc.assert(
      fc.property(hostile, (raw) => {
        const frames = framesOf(Uint8Array.from(raw));
        const lengths = frames.map((f) => (f.kind === 'control' ? 1 : f.bytes.length));
        const total = lengths.reduce((a, b) => a + b, 0);
        // The beginning of a frame in the place of a lost check is reported with both.
        const bad = frames.filter((f) => f.kind === 'frame' && f.check === 'bad').length;
        expect(total).toBeGreaterThanOrEqual(raw.length);
        expect(total).toBeLessThanOrEqual(raw.length + 2 * bad);
      }),
      { numRuns: 1000 },
    );
  });

  it('calls no frame good after one bit has flipped', () => {
    fc.assert(
      fc.property(apdu, fc.nat(), fc.integer({ min: 0, max: 7 }), (inner, where, bit) => {
        const frame = dleCrcFrame(inner);
        const at = where % frame.length;
        frame[at] = (frame[at] ?? 0) ^ (1 << bit);
        const good = framesOf(frame).filter((f) => f.kind === 'frame' && f.check === 'ok');
        expect(good).toEqual([]);
      }),
      // A flip that makes or breaks a DLE moves the data, and one in 65 536 of such passes any CRC of two
      // bytes: the same cases each time.
      { numRuns: 1000, seed: 1 },
    );
  });

  it('never gives out a frame whose check it has not computed itself', () => {
    fc.assert(
      fc.property(hostile, (raw) => {
        for (const frame of framesOf(Uint8Array.from(raw)))
          if (frame.kind === 'frame' && frame.check === 'ok')
            expect(toHex(frame.bytes.slice(-2))).toBe(toHex(dleCrcFrame(frame.data).slice(-2)));
      }),
      { numRuns: 500 },
    );
  });

  it('holds no more than its limit under an endless frame and endless noise', () => {
    for (const begin of ['10 02', 'ff']) {
      const deframer = dleCrcDeframer({ maxFrame: 64 });
      let reported = 0;
      deframer.push(bytes(begin));
      for (let sent = 0; sent < 100_000; sent += 50)
        for (const frame of deframer.push(new Uint8Array(50).fill(0x41)))
          reported += frame.kind === 'control' ? 1 : frame.bytes.length;
      expect(100_000 - reported).toBeLessThan(64 + 256);
    }
  });
});
