import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apdu, apduDeframer, splitApdu } from '../../src/framing/apdu.ts';
import { toHex } from '../../src/framing/bytes.ts';
import type { Frame } from '../../src/framing/frame.ts';
import { apdus, codecCases, streams } from '../protocols/zvt/vectors.ts';
import { bytes, cut, join } from './cut.ts';

function framesOf(...chunks: Uint8Array[]): Frame[] {
  const deframer = apduDeframer();
  return [...chunks.flatMap((chunk) => deframer.push(chunk)), ...deframer.flush()];
}

const short = (frame: Frame): string =>
  frame.kind === 'noise'
    ? `${frame.reason} ${toHex(frame.bytes)}`
    : frame.kind === 'frame'
      ? toHex(frame.bytes)
      : frame.name;

const seen = (...hex: string[]): string[] => framesOf(...hex.map(bytes)).map(short);
const vector = (name: string): string =>
  [...streams, ...codecCases].find((each) => each.name === name)?.hex ?? '';

const command = fc
  .tuple(fc.constantFrom(0x04, 0x05, 0x06, 0x80, 0x84), fc.integer({ min: 0, max: 255 }))
  .chain(([cla, ins]) => fc.uint8Array({ maxLength: 600 }).map((data) => apdu(cla, ins, data)));
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

describe('an APDU', () => {
  it.each([
    [0, '060f00'],
    [1, '060f0141'],
    [254, `060ffe${'41'.repeat(254)}`],
    [255, `060fffff00${'41'.repeat(255)}`],
    [256, `060fff0001${'41'.repeat(256)}`],
    [995, `060fffe303${'41'.repeat(995)}`],
  ])('of %i bytes has its length in one byte, or in FF and two, low byte first', (length, hex) => {
    expect(toHex(apdu(0x06, 0x0f, new Uint8Array(length).fill(0x41)))).toBe(hex);
  });

  it('of 65535 bytes is the longest; a longer one is refused', () => {
    const longest = new Uint8Array(65_535);
    expect(toHex(apdu(0x06, 0xd3, longest).slice(0, 5))).toBe('06d3ffffff');
    expect(() => apdu(0x06, 0xd3, new Uint8Array(65_536))).toThrow(RangeError);
  });

  it('may have a short length written the long way', () => {
    const split = splitApdu(bytes(vector('apdu-extended-length-1')));
    expect(split).toEqual({ command: 0x040f, data: Uint8Array.of(0x6c) });
  });

  it('is none when its length does not agree with the bytes', () => {
    for (const hex of ['', '04', '040f', '040f02aa', '040f01aabb', '040fff01', '040fff0100'])
      expect(splitApdu(bytes(hex))).toBeUndefined();
  });

  it('is taken apart into what it was made of', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (data) => {
        expect(splitApdu(apdu(0x04, 0x0f, data))).toEqual({ command: 0x040f, data });
      }),
    );
  });
});

describe('the deframer of the TCP stream', () => {
  it.each(apdus)('takes the published APDU $name whole', ({ hex }) => {
    expect(seen(hex)).toEqual([hex]);
  });

  it('takes an acknowledgement and a completion in one segment apart', () => {
    expect(seen(vector('tcp-coalesced-ack-and-completion'))).toEqual([
      '800000',
      '060f0a19002929001006490978',
    ]);
  });

  it('waits for the rest of an APDU that came in part', () => {
    for (const name of ['apdu-shorter-than-len', 'apdu-two-bytes-only']) {
      const deframer = apduDeframer();
      expect(deframer.push(bytes(vector(name)))).toEqual([]);
      expect(deframer.pending()).toBe(true);
    }
    expect(seen('04 0f 06 00 01 02 03', '04 05 80 00', '00')).toEqual([
      '040f06000102030405',
      '800000',
    ]);
  });

  it('ends an APDU where its length says; what is left over begins the next', () => {
    const frames = framesOf(bytes(vector('print-too-long')));
    expect(frames.map((frame) => (frame.kind === 'control' ? 1 : frame.bytes.length))).toEqual([
      19, 4,
    ]);
    expect(frames.map((frame) => frame.kind)).toEqual(['frame', 'noise']);
  });

  it('takes what is no ZVT for noise until the line is silent: TLS, a web server', () => {
    const deframer = apduDeframer();
    expect(deframer.push(bytes('15 03 03 00 02 06 0f 00'))).toEqual([]);
    expect(deframer.pending()).toBe(true);
    expect(deframer.flush().map(short)).toEqual(['unframed 1503030002060f00']);
    expect(deframer.push(bytes('06 0f 00')).map(short)).toEqual(['060f00']);
    expect(seen(toHex(Buffer.from('HTTP/1.1 400')))).toHaveLength(1);
  });

  it('reports an APDU that stops half way when the line goes quiet', () => {
    expect(seen('06 0f 0a 19')).toEqual(['cut-off 060f0a19']);
  });

  it('gives the same for any chunking: joined, split, byte by byte', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 6 }), sizes, (all, lengths) => {
        const stream = join(...all);
        expect(framesOf(...cut(stream, lengths)).map(short)).toEqual(all.map(toHex));
        expect(framesOf(...cut(stream, [1]))).toEqual(framesOf(stream));
      }),
    );
  });

  it('leaves no byte out and never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), sizes, (raw, lengths) => {
        const frames = framesOf(...cut(raw, lengths));
        expect(join(...frames.flatMap((f) => (f.kind === 'control' ? [] : [f.bytes])))).toEqual(
          raw,
        );
        expect(frames).toEqual(framesOf(raw));
      }),
      { numRuns: 500 },
    );
  });

  it('holds one APDU at most, and noise in pieces', () => {
    const deframer = apduDeframer();
    deframer.push(bytes('41'));
    let reported = 0;
    for (let sent = 0; sent < 200_000; sent += 100)
      for (const frame of deframer.push(new Uint8Array(100).fill(0x06)))
        reported += frame.kind === 'noise' ? frame.bytes.length : 0;
    expect(200_000 - reported).toBeLessThan(300);
  });
});
