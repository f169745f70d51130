import { fromLatin1, toHex, toLatin1 } from '../framing/bytes.ts';
import { looksLikeCardNumber, maskCardNumbers } from '../model/mask.ts';

/** What stands in the place of a byte that is not shown, where no text is wanted: no digit, no control byte. */
const filler = 0xee;

export const allReplaced = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(bytes.length).fill(filler);

const isDigitPair = (byte: number): boolean => byte >>> 4 <= 9 && (byte & 0x0f) <= 9;

/**
 * For bytes that nobody could read: noise, a frame whose check is bad. A card number or a password is in
 * digits, packed two to a byte or as text, and both are bytes of two decimal nibbles: each of these goes.
 */
export const unreadReplaced = (bytes: Uint8Array): Uint8Array =>
  bytes.map((byte) => (isDigitPair(byte) ? filler : byte));

/** Text with its card numbers reduced to the last four digits; as long as it was. */
export const cardsReplaced = (bytes: Uint8Array): Uint8Array =>
  toLatin1(maskCardNumbers(fromLatin1(bytes)));

/** A card number in text: all but its last four digits. */
export const numberReplaced = (bytes: Uint8Array, by = '*'): Uint8Array =>
  toLatin1(fromLatin1(bytes).replace(/\d(?=(?:\D*\d){4})/g, by));

const fromDigits = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** A card number in packed digits: E for each but the last four, as ZVT terminals mask it. */
export function packedNumberReplaced(bytes: Uint8Array): Uint8Array {
  const digits = toHex(bytes);
  const end = digits.replace(/f+$/, '').length;
  return fromDigits(
    Array.from(digits, (digit, at) => (at < end - 4 && /\d/.test(digit) ? 'e' : digit)).join(''),
  );
}

/** Text, or packed digits that are a card number. */
export function textReplaced(bytes: Uint8Array): Uint8Array {
  const number = toHex(bytes).replace(/f+$/, '');
  return /^\d+$/.test(number) && looksLikeCardNumber(number)
    ? packedNumberReplaced(bytes)
    : cardsReplaced(bytes);
}

/** Digits in text, one a byte, look like a long number when they are written in hexadecimal digits. */
const isText = (run: string): boolean => /^3?(?:\d3)+\d?$/.test(run);

/** Bytes with a layout of their own, which may hold a card number in the middle. */
export const bytesReplaced = (bytes: Uint8Array): Uint8Array =>
  fromDigits(
    toHex(textReplaced(bytes)).replace(/\d{13,}/g, (run) =>
      isText(run) && !looksLikeCardNumber(run) ? run : 'e'.repeat(run.length - 4) + run.slice(-4),
    ),
  );
