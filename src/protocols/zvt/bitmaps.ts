import { readTlvLength, tlvLength } from '../../framing/tlv.ts';
import { type Bitmap, bitmaps, type Field, type ReadFields } from './bitmap-table.ts';

/** `F1 F8` is 18, `F0 F1 F9` is 19. */
export function readDigitsLength(bytes: Uint8Array, digits: number): number | undefined {
  let length = 0;
  for (let at = 0; at < digits; at++) {
    const byte = bytes[at];
    if (byte === undefined || byte < 0xf0 || byte > 0xf9) return undefined;
    length = 10 * length + (byte & 0x0f);
  }
  return length;
}

/** @throws {RangeError} when the length has more digits. */
export function writeDigitsLength(length: number, digits: number): number[] {
  const text = String(length).padStart(digits, '0');
  if (text.length > digits) throw new RangeError(`${length} bytes do not fit ${digits} digits`);
  return Array.from(text, (digit) => 0xf0 | Number(digit));
}

/** The bytes before the value, and how long the value is. */
function measure(
  bytes: Uint8Array,
  { length }: Bitmap,
): { head: number; size: number } | undefined {
  switch (length.by) {
    case 'fixed':
      return { head: 1, size: length.bytes };
    case 'digits': {
      const size = readDigitsLength(bytes.subarray(1), length.digits);
      return size === undefined ? undefined : { head: 1 + length.digits, size };
    }
    case 'ber': {
      const read = readTlvLength(bytes, 1);
      return read === undefined ? undefined : { head: 1 + read.size, size: read.number };
    }
  }
}

/** Reads bitmap after bitmap, in any order, until the end or until one that cannot be read. */
export function readFields(data: Uint8Array): ReadFields {
  const fields: Field[] = [];
  let at = 0;
  while (at < data.length) {
    const bmp = data[at] ?? 0;
    const bitmap = bitmaps.get(bmp);
    const measured = bitmap && measure(data.subarray(at), bitmap);
    if (measured === undefined) break;
    const begin = at + measured.head;
    const end = begin + measured.size;
    if (end > data.length) break;
    fields.push({ bmp, value: data.slice(begin, end) });
    at = end;
  }
  return { fields, rest: data.slice(at) };
}

/**
 * The bitmaps in the order given.
 * @throws {RangeError} for a bitmap that is not in the table or a value that does not fit it.
 */
export function writeFields(fields: readonly Field[]): Uint8Array {
  const bytes = fields.flatMap(({ bmp, value }) => {
    const bitmap = bitmaps.get(bmp);
    if (bitmap === undefined) throw new RangeError(`no bitmap ${bmp.toString(16)}`);
    return [bmp, ...lengthBytes(bitmap, value), ...value];
  });
  return Uint8Array.from(bytes);
}

function lengthBytes({ length, name }: Bitmap, value: Uint8Array): number[] {
  switch (length.by) {
    case 'fixed':
      if (value.length !== length.bytes)
        throw new RangeError(`${name} has ${length.bytes} bytes, not ${value.length}`);
      return [];
    case 'digits':
      return writeDigitsLength(value.length, length.digits);
    case 'ber':
      return tlvLength(value.length);
  }
}

/** The value of the first such bitmap. */
export const fieldValue = (fields: readonly Field[], bmp: number): Uint8Array | undefined =>
  fields.find((field) => field.bmp === bmp)?.value;

export { type Bitmap, bitmaps, bmp, type Field, type ReadFields } from './bitmap-table.ts';
