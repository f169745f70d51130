import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/framing/bytes.ts';
import {
  isConstructed,
  type NewTlv,
  readTlv,
  readTlvLength,
  type Tlv,
  tagHex,
  tlvLength,
  writeTlv,
} from '../../src/framing/tlv.ts';
import { codecCases } from '../protocols/zvt/vectors.ts';
import { bytes } from './cut.ts';

const hexOf = (name: string): string => codecCases.find((each) => each.name === name)?.hex ?? '';

/** `20{1E=303132}` */
const short = ({ tag, value, children }: Tlv): string =>
  children === undefined
    ? `${tagHex(tag)}=${toHex(value)}`
    : `${tagHex(tag)}{${children.map(short).join(' ')}}`;

const read = (hex: string): string[] => readTlv(bytes(hex)).elements.map(short);

const primitive = fc.constantFrom(0x07, 0x14, 0x1f07, 0x1f7f, 0x1f8001, 0x5f, 0xc1);
const constructed = fc.constantFrom(0x24, 0x2f, 0x60, 0xe4, 0x3f21);
const tree: fc.Arbitrary<NewTlv> = fc.letrec<{ node: NewTlv }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.record({
      tag: primitive.filter((tag) => tag !== 0x5f),
      value: fc.uint8Array({ maxLength: 300 }),
    }),
    fc.record({ tag: constructed, children: fc.array(tie('node'), { maxLength: 4 }) }),
  ),
})).node;

describe('TLV', () => {
  it('reads the published tags', () => {
    expect(read(`${hexOf('tlv-tag-1F07')} 00`)).toEqual(['1F07=']);
    expect(read(`${hexOf('tlv-tag-1F26')} 01 02`)).toEqual(['1F26=02']);
    expect(read(`${hexOf('tlv-tag-25')} 00`)).toEqual(['25{}']);
    expect(isConstructed(0x25)).toBe(true);
    expect(isConstructed(0x1f07)).toBe(false);
    expect(isConstructed(0x1f26)).toBe(false);
  });

  it('reads the published lengths: one byte, and 82 with the high byte first', () => {
    expect(readTlvLength(bytes(hexOf('tlv-length-1-byte')))).toEqual({ number: 39, size: 1 });
    expect(readTlvLength(bytes(hexOf('tlv-length-82')))).toEqual({ number: 650, size: 3 });
    expect(readTlvLength(bytes('81 ff'))).toEqual({ number: 255, size: 2 });
    expect(readTlvLength(bytes('80'))).toBeUndefined();
    expect(readTlvLength(bytes('82 01'))).toBeUndefined();
  });

  it('writes a length as short as it can be', () => {
    expect([0x7f, 0x80, 0xff, 0x100, 0xffff].map(tlvLength)).toEqual([
      [0x7f],
      [0x81, 0x80],
      [0x81, 0xff],
      [0x82, 0x01, 0x00],
      [0x82, 0xff, 0xff],
    ]);
    expect(() => tlvLength(0x10000)).toThrow(RangeError);
  });

  it('reads the published container in a container', () => {
    expect(read(hexOf('tlv-nested'))).toEqual(['20{1E=303132}']);
  });

  it('reads 1F80 to 1F83 with three bytes, and with two where only that makes sense', () => {
    expect(read('1f 80 01 01 aa')).toEqual(['1F8001=aa']);
    // PA00P015 13.08 writes them with two bytes against its own rule.
    expect(read('1f 80 02 aa bb')).toEqual(['1F80=aabb']);
  });

  it('keeps a container as bytes when its content is no TLV', () => {
    expect(read('24 02 07 05')).toEqual(['24=0705']);
  });

  it('stops at what cannot be read, and says what is left', () => {
    const { elements, rest } = readTlv(bytes('07 01 41 14 05 01'));
    expect(elements.map(short)).toEqual(['07=41']);
    expect(toHex(rest)).toBe('140501');
  });

  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 4 }), (elements) => {
        const written = writeTlv(elements);
        const { elements: again, rest } = readTlv(written);
        expect(rest).toHaveLength(0);
        expect(toHex(writeTlv(again))).toBe(toHex(written));
      }),
    );
  });

  it('neither throws nor digs without end, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => {
        expect(readTlv(raw).rest.length).toBeLessThanOrEqual(raw.length);
      }),
      { numRuns: 500 },
    );
    const depth = 20_000;
    const deep = new Uint8Array(3 * depth).map((_, at) => [0x24, 0x82, 0xff][at % 3] ?? 0);
    expect(() => readTlv(deep)).not.toThrow();
    let nested = new Uint8Array();
    for (let level = 0; level < 5_000; level++)
      nested = Uint8Array.from([0x24, ...tlvLength(Math.min(nested.length, 0xffff)), ...nested]);
    expect(readTlv(nested).rest).toHaveLength(0);
  });
});
