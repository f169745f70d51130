import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bcdDigits, bcdNumber, toBcd } from '../../src/framing/bcd.ts';
import { codecCases } from '../protocols/zvt/vectors.ts';
import { bytes } from './cut.ts';

describe('packed BCD', () => {
  it('reads the published amount of 12.50', () => {
    const amount = codecCases.find(({ name }) => name === 'bcd-amount-1250')?.hex ?? '';
    expect(bcdNumber(bytes(amount))).toBe(1250);
    expect(toBcd('1250', 6)).toEqual(bytes(amount));
  });

  it('keeps leading zeros, mask and padding as digits', () => {
    expect(bcdDigits(bytes('09 78'))).toBe('0978');
    expect(bcdDigits(bytes('68 05 90 ee ee 5f'))).toBe('680590EEEE5F');
  });

  it('is no number where a nibble is no digit, or where it is beyond what is exact', () => {
    expect(bcdNumber(bytes('12 e4'))).toBeUndefined();
    expect(bcdNumber(bytes('ff ff'))).toBeUndefined();
    expect(bcdNumber(bytes('99 99 99 99 99 99 99 99'))).toBeUndefined();
    expect(bcdNumber(new Uint8Array())).toBeUndefined();
  });

  it('refuses what does not fit; nothing is cut', () => {
    expect(() => toBcd('1234567', 3)).toThrow(RangeError);
    expect(() => toBcd('12x', 3)).toThrow(RangeError);
    expect(toBcd('', 2)).toEqual(bytes('00 00'));
  });

  it('gives back what was packed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (amount) => {
        expect(bcdNumber(toBcd(String(amount), 6))).toBe(amount);
      }),
    );
  });
});
