import { toHex } from './bytes.ts';

/** Packed BCD: two decimal digits in a byte, as ZVT and ISO 8583 carry numbers. */

/** Each nibble as a digit: `0978`. Nibbles A to F, which masks and padding use, stay as letters. */
export const bcdDigits = (bytes: Uint8Array): string => toHex(bytes).toUpperCase();

/** The number, or nothing where a nibble is no digit or the number is beyond what is exact. */
export function bcdNumber(bytes: Uint8Array): number | undefined {
  const digits = bcdDigits(bytes);
  if (!/^\d+$/.test(digits)) return undefined;
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * Digits (and the letters A to F) packed into exactly `length` bytes, zeros on the left.
 * @throws {RangeError} when they do not fit; nothing is cut.
 */
export function toBcd(digits: string, length: number): Uint8Array {
  if (!/^[0-9A-Fa-f]*$/.test(digits) || digits.length > 2 * length)
    throw new RangeError(`${digits.length} characters do not fit ${length} bytes of BCD`);
  const padded = digits.padStart(2 * length, '0');
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++)
    bytes[at] = Number.parseInt(padded.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}
