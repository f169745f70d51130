import { bcdNumber, toBcd } from './bcd.ts';
import { fromLatin1, toLatin1 } from './bytes.ts';

/** How a length stands on the wire: `bcd` 00 14, `big` 00 0E, `little` 0E 00, `ascii` 30 30 31 34 for fourteen. */
export type LengthEncoding = 'bcd' | 'big' | 'little' | 'ascii';

/** The number, or nothing where it is none. */
export function readLength(bytes: Uint8Array, encoding: LengthEncoding): number | undefined {
  switch (encoding) {
    case 'bcd':
      return bcdNumber(bytes);
    case 'big':
      return bytes.reduce((number, byte) => number * 256 + byte, 0);
    case 'little':
      return bytes.reduceRight((number, byte) => number * 256 + byte, 0);
    case 'ascii': {
      const text = fromLatin1(bytes);
      return /^\d+$/.test(text) ? Number(text) : undefined;
    }
  }
}

/** The longest length that a field of this size can tell. */
export const longestLength = (size: number, encoding: LengthEncoding): number => {
  switch (encoding) {
    case 'bcd':
      return 100 ** size - 1;
    case 'ascii':
      return 10 ** size - 1;
    case 'big':
    case 'little':
      return 256 ** size - 1;
  }
};

/** @throws {RangeError} when it does not fit; nothing is cut. */
export function writeLength(length: number, size: number, encoding: LengthEncoding): Uint8Array {
  if (length > longestLength(size, encoding))
    throw new RangeError(`a length of ${length} does not fit ${size} bytes`);
  switch (encoding) {
    case 'bcd':
      return toBcd(String(length), size);
    case 'ascii':
      return toLatin1(String(length).padStart(size, '0'));
    case 'big':
    case 'little': {
      const bytes = Uint8Array.from(
        { length: size },
        (_, at) => Math.floor(length / 256 ** (size - 1 - at)) % 256,
      );
      return encoding === 'big' ? bytes : bytes.reverse();
    }
  }
}
