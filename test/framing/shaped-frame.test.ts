import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/framing/bytes.ts';
import { type CheckKind, checkOf } from '../../src/framing/check-sums.ts';
import type { Deframer, Frame } from '../../src/framing/frame.ts';
import { readLength, writeLength } from '../../src/framing/length-field.ts';
import { shapedDeframer } from '../../src/framing/shaped-deframer.ts';
import { type FrameShape, stuff, unstuff, writeFrame } from '../../src/framing/shaped-frame.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
const constant = (name: string, text: string) =>
  ({ part: 'constant', name, bytes: hex(text) }) as const;
const body = { part: 'body', name: 'body' } as const;
const xor = (from: string, to: string, seed = 0) =>
  ({ part: 'check', name: 'check', check: { kind: 'xor', seed }, from, to }) as const;
const length = (encoding: 'bcd' | 'big' | 'little' | 'ascii', size: number) =>
  ({ part: 'length', name: 'length', size, encoding, counts: ['body'], plus: 0 }) as const;
const crc: CheckKind = {
  kind: 'crc',
  size: 2,
  polynomial: 0x1021,
  initial: 0xffff,
  reflected: false,
  finalXor: 0,
  order: 'big',
};

/** One shape for each way to find the end, and each oddity. */
const shapes: Readonly<Record<string, FrameShape>> = {
  'a length in BCD': {
    maxFrame: 300,
    parts: [
      constant('start', '02'),
      length('bcd', 2),
      body,
      constant('end', '03'),
      xor('length', 'end'),
    ],
  },
  'a length, low byte first, and a field before it': {
    maxFrame: 300,
    parts: [
      constant('start', '02'),
      { part: 'field', name: 'job', size: 1 },
      length('little', 2),
      body,
      constant('end', '03'),
      xor('start', 'end'),
    ],
  },
  'two bytes at each end': {
    maxFrame: 300,
    parts: [
      constant('start', '55aa'),
      length('big', 2),
      body,
      xor('length', 'body'),
      constant('end', 'cc33'),
    ],
  },
  'stuffing and a CRC': {
    maxFrame: 300,
    parts: [
      constant('start', '7e'),
      length('big', 1),
      body,
      { part: 'check', name: 'check', check: crc, from: 'length', to: 'body' },
      constant('end', '7f'),
    ],
    stuffing: { pairs: new Map([[0x7e, hex('7e5e')]]), counted: 'before' },
  },
  'a length that counts the stuffed bytes': {
    maxFrame: 300,
    parts: [
      constant('start', 'aa'),
      length('big', 1),
      body,
      xor('length', 'body'),
      constant('end', 'cc'),
    ],
    stuffing: {
      pairs: new Map([
        [0xaa, hex('aa00')],
        [0xbb, hex('bb00')],
      ]),
      counted: 'after',
    },
  },
};

const all = (deframer: Deframer, chunks: readonly Uint8Array[]): Frame[] => [
  ...chunks.flatMap((chunk) => deframer.push(chunk)),
  ...deframer.flush(),
];

const cut = (bytes: Uint8Array, at: readonly number[]): Uint8Array[] => {
  const places = [0, ...at.map((n) => n % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((to, i) => bytes.slice(places[i], to));
};

const bytesOf = (frames: readonly Frame[]): string =>
  frames
    .map((frame) =>
      frame.kind === 'control' ? (frame.name === 'ACK' ? '06' : '15') : toHex(frame.bytes),
    )
    .join('');

describe.each(Object.entries(shapes))('a frame with %s', (_, shape) => {
  it('is found again, whatever is in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), (data) => {
        const frame = writeFrame(shape, data);
        const found = all(shapedDeframer(shape), [frame]);
        expect(found).toMatchObject([{ kind: 'frame', check: 'ok', bytes: frame }]);
      }),
    );
  });

  it('is the same however it is cut, with anything around it, and no byte is left out', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((data) => writeFrame(shape, data)),
      fc.uint8Array({ maxLength: 12 }),
      fc.constantFrom(hex('06'), hex('15'), hex('00'), hex('02'), hex('55'), hex('7e')),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 6 }),
        fc.array(fc.nat(400), { maxLength: 8 }),
        (pieces, at) => {
          const bytes = Uint8Array.from(pieces.flatMap((one) => [...one]));
          const whole = all(shapedDeframer(shape), [bytes]);
          expect(all(shapedDeframer(shape), cut(bytes, at))).toEqual(whole);
          expect(bytesOf(whole)).toBe(toHex(bytes));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is not believed when a byte of it is turned over', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (data, at, flip) => {
          const frame = writeFrame(shape, data);
          frame[at % frame.length] = (frame[at % frame.length] ?? 0) ^ flip;
          const good = all(shapedDeframer(shape), [frame]).filter(
            (found) =>
              found.kind === 'frame' && found.check === 'ok' && found.bytes.length === frame.length,
          );
          expect(good).toEqual([]);
        },
      ),
    );
  });

  it('stands behind a damaged one', () => {
    const first = writeFrame(shape, hex('31323334'));
    const second = writeFrame(shape, hex('35363738'));
    for (let at = 0; at < first.length; at++) {
      const lost = Uint8Array.from([...first.slice(0, at), ...first.slice(at + 1), ...second]);
      const found = all(shapedDeframer(shape), [lost]);
      expect(
        found.some((frame) => frame.kind === 'frame' && toHex(frame.bytes) === toHex(second)),
      ).toBe(true);
    }
  });

  it('holds no more than its longest frame', () => {
    const deframer = shapedDeframer(shape);
    const start = shape.parts[0]?.part === 'constant' ? shape.parts[0].bytes : hex('02');
    for (let i = 0; i < 2_000; i++) deframer.push(start);
    const left = deframer.flush().reduce((sum, frame) => sum + bytesOf([frame]).length / 2, 0);
    expect(left).toBeLessThanOrEqual(2 * shape.maxFrame);
    expect(deframer.pending()).toBe(false);
  });
});

describe('a frame that ends with a byte of its own', () => {
  const shape: FrameShape = {
    maxFrame: 64,
    parts: [constant('start', '02'), body, constant('end', '03'), xor('body', 'end', 0x7f)],
  };

  it('is found by it, and its check may be any byte', () => {
    for (let n = 0x20; n < 0x7f; n++) {
      const frame = writeFrame(shape, Uint8Array.of(n, 0x41));
      expect(all(shapedDeframer(shape), [frame, hex('06')])).toMatchObject([
        { kind: 'frame', check: 'ok' },
        { kind: 'control', name: 'ACK' },
      ]);
    }
  });

  it('believes no ACK that may be the rest of a damaged frame', () => {
    const damaged = hex('02 0044 31 06 32 09 00');
    const inLength = shapes['a length in BCD'];
    if (inLength === undefined) throw new Error('There is no such shape.');
    const found = all(shapedDeframer(inLength), [damaged]);
    expect(found.filter(({ kind }) => kind === 'control')).toEqual([]);
  });
});

describe('checks', () => {
  const digits = Uint8Array.from(Buffer.from('123456789'));
  const of = (check: CheckKind) => toHex(checkOf(check, digits));

  it('are those of the catalogues', () => {
    const base = {
      kind: 'crc',
      size: 2,
      polynomial: 0x1021,
      initial: 0,
      reflected: false,
      finalXor: 0,
      order: 'big',
    } as const;
    expect(of(base)).toBe('31c3');
    expect(of({ ...base, initial: 0xffff })).toBe('29b1');
    expect(of({ ...base, reflected: true, order: 'little' })).toBe('8921');
    expect(of({ ...base, polynomial: 0x8005, reflected: true, initial: 0xffff })).toBe('4b37');
    const ieee = {
      ...base,
      size: 4,
      polynomial: 0x04c11db7,
      initial: 0xffffffff,
      reflected: true,
      finalXor: 0xffffffff,
    };
    expect(of(ieee)).toBe('cbf43926');
    expect(of({ ...base, size: 1, polynomial: 0x07 })).toBe('f4');
  });

  it('add, and add the other way round', () => {
    const sum = { kind: 'sum', seed: 0, size: 1, complement: 'none', order: 'big' } as const;
    expect(of(sum)).toBe('dd');
    expect(of({ ...sum, complement: 'ones' })).toBe('22');
    expect(of({ ...sum, complement: 'twos' })).toBe('23');
    expect(of({ ...sum, size: 2, order: 'little' })).toBe('dd01');
    expect(of({ kind: 'xor', seed: 0x7f })).toBe('4e');
  });
});

describe('lengths', () => {
  it('say fourteen in four ways, and no more than they can', () => {
    expect(toHex(writeLength(14, 2, 'bcd'))).toBe('0014');
    expect(toHex(writeLength(14, 2, 'big'))).toBe('000e');
    expect(toHex(writeLength(14, 2, 'little'))).toBe('0e00');
    expect(toHex(writeLength(14, 2, 'ascii'))).toBe('3134');
    expect(() => writeLength(100, 1, 'bcd')).toThrow(RangeError);
    expect(readLength(hex('0a14'), 'bcd')).toBeUndefined();
    expect(readLength(hex('2031'), 'ascii')).toBeUndefined();
  });
});

describe('stuffing', () => {
  it('is undone', () => {
    const shape = shapes['a length that counts the stuffed bytes'];
    if (shape === undefined) throw new Error('There is no such shape.');
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        expect(unstuff(shape, stuff(shape, data))).toEqual(data);
      }),
    );
    expect(unstuff(shape, hex('aa01'))).toBeUndefined();
  });
});
