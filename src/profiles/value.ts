import iconv from 'iconv-lite';
import { bcdDigits, toBcd } from '../framing/bcd.ts';
import { fromLatin1, toHex, toLatin1 } from '../framing/bytes.ts';
import type { FieldShape, Profile } from './schema.ts';
import { formatTime } from './time.ts';

/** A field as one side sends it. */
export type Field = Omit<FieldShape, 'terminal'> & { readonly name: string };

/** A field of this name as this side sends it. */
export function fieldOf(
  profile: Profile,
  name: string,
  from: 'till' | 'terminal',
): Field | undefined {
  const own = Object.hasOwn(profile.fields, name) ? profile.fields[name] : undefined;
  if (own === undefined) return undefined;
  const { terminal, ...shape } = own;
  const other = from === 'terminal' ? terminal : undefined;
  const given = Object.fromEntries(
    Object.entries(other ?? {}).filter(([, value]) => value !== undefined),
  );
  if (!('type' in given)) return { ...shape, ...given, name };
  // Of another type it is written in another way altogether.
  const { tag, key, means, secret, sample, title } = shape;
  return { tag, key, means, secret, sample, title, type: shape.type, ...given, name };
}

/** What does not go on the wire as it is: the limit that it breaks. */
export interface Unfit {
  readonly limit: string;
}

const unfit = (limit: string): Unfit => ({ limit });

export const isUnfit = (value: Uint8Array | Unfit): value is Unfit => 'limit' in value;

/** A text in this character set, or nothing when a character is not in it. */
function encodeText(text: string, charset: Profile['charset']): Uint8Array | undefined {
  // Printable ASCII is the same in each of them.
  if (/^[\x20-\x7e\t\r\n]*$/.test(text)) return toLatin1(text);
  if (charset === 'ascii') return undefined;
  const bytes = new Uint8Array(iconv.encode(text, charset));
  return iconv.decode(Buffer.from(bytes), charset) === text ? bytes : undefined;
}

/** ASCII is read as ISO 8859-1, so that no byte is lost. */
const decodeText = (bytes: Uint8Array, charset: Profile['charset']): string =>
  charset === 'ascii' || bytes.every(isAscii)
    ? fromLatin1(bytes)
    : iconv.decode(Buffer.from(bytes), charset);

const isAscii = (byte: number): boolean => byte < 0x80;

/** Minor units as the terminal writes them: `1500`, `15.00`. */
function amountText(minor: string, style: Field['amount'], digits: number): string {
  if (style === undefined || style === 'minor' || digits === 0) return minor;
  const sign = minor.startsWith('-') ? '-' : '';
  const padded = minor.replace('-', '').padStart(digits + 1, '0');
  return `${sign}${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}

/** Minor units, with a sign; nothing when it is no amount. Never rounded. */
function amountMinor(text: string, style: Field['amount'], digits: number): string | undefined {
  if (style === undefined || style === 'minor') {
    const found = /^([+-]?)0*(\d{1,15})$/.exec(text.trim());
    return found === null ? undefined : `${found[1] === '-' ? '-' : ''}${found[2]}`;
  }
  const pattern =
    style === 'decimal'
      ? /^([+-]?)(\d{1,12})(?:\.(\d+))?$/
      : /^([+-]?)\s*[A-Z¥￥$€]*\s*([+-]?)\s*(\d{1,12})(?:\.(\d+))?$/u;
  const found = pattern.exec(text.trim());
  if (found === null) return undefined;
  const parts = found.slice(1);
  const fraction = (parts.at(-1) ?? '').padEnd(digits, '0');
  if (/[1-9]/.test(fraction.slice(digits))) return undefined;
  const whole = `${parts.at(-2) ?? ''}${fraction.slice(0, digits)}`.replace(/^0+(?=\d)/, '');
  const negative = parts.slice(0, -2).includes('-');
  return `${negative ? '-' : ''}${whole}`;
}

/** How money and text are written in general. */
export interface Habits {
  readonly charset: Profile['charset'];
  /** Digits behind the decimal point of the currency. */
  readonly minorDigits: number;
}

/** A value as it goes on the wire, or why it does not. Nothing is cut. */
export function encodeValue(field: Field, value: string, habits: Habits): Uint8Array | Unfit {
  let text = value;
  if (field.means === 'amount' && value !== '') {
    if (!/^\d{1,15}$/.test(value.replace(/^-/, field.amount === 'formatted' ? '' : '-')))
      return unfit('an amount in minor units');
    text = amountText(value, field.amount, habits.minorDigits);
  } else if (field.format !== undefined && /^\d{4}-\d\d-\d\d(?:T|$)/.test(value)) {
    const formatted = formatTime(value, field.format);
    if (formatted === undefined) return unfit(`a time that can be written as ${field.format}`);
    text = formatted;
  }
  const bytes = encodeKind(field, text, field.charset ?? habits.charset);
  if (isUnfit(bytes)) return bytes;
  const { size, max } = field;
  if (size !== undefined && bytes.length !== size) return unfit(`at most ${size} bytes long`);
  if (max !== undefined && bytes.length > max) return unfit(`at most ${max} bytes long`);
  return bytes;
}

function encodeKind(field: Field, text: string, charset: Profile['charset']): Uint8Array | Unfit {
  const { size } = field;
  switch (field.type) {
    case 'text': {
      const bytes = encodeText(text, charset);
      if (bytes === undefined) return unfit(`text in ${charset}`);
      return size === undefined ? bytes : padded(field, bytes, size);
    }
    case 'digits':
      // A field with nothing in it is empty, a column blank.
      if (text === '') return toLatin1(' '.repeat(size ?? 0));
      if (!/^\d+$/.test(text)) return unfit('digits');
      return toLatin1(size === undefined ? text : text.padStart(size, '0'));
    case 'bcd': {
      if (!/^\d+$/.test(text)) return unfit('digits');
      const bytes = size ?? Math.ceil(text.length / 2);
      if (text.replace(/^0+/, '').length > 2 * bytes) return unfit(`at most ${2 * bytes} digits`);
      return toBcd(text.length > 2 * bytes ? text.slice(-2 * bytes) : text, bytes);
    }
    case 'number': {
      if (!/^\d{1,15}$/.test(text)) return unfit('a whole number');
      const bytes = size ?? 1;
      if (Number(text) >= 256 ** bytes) return unfit(`below ${256 ** bytes}`);
      const big = Uint8Array.from(
        { length: bytes },
        (_, at) => Math.floor(Number(text) / 256 ** (bytes - 1 - at)) % 256,
      );
      return field.order === 'little' ? big.reverse() : big;
    }
    case 'hex':
      if (!/^(?:[0-9A-Fa-f]{2})*$/.test(text)) return unfit('bytes in hexadecimal');
      return Uint8Array.from(Buffer.from(text, 'hex'));
  }
}

function padded(field: Field, bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length >= size) return bytes;
  const filler = field.padBytes === 'nul' ? 0 : (field.pad ?? ' ').charCodeAt(0);
  const out = new Uint8Array(size).fill(filler);
  out.set(bytes, field.side === 'left' ? size - bytes.length : 0);
  return out;
}

/**
 * A value off the wire, padding taken away; an empty text where there is none. Nothing: it cannot be one of
 * this kind.
 */
export function decodeValue(field: Field, bytes: Uint8Array, habits: Habits): string | undefined {
  if (field.size !== undefined && bytes.length !== field.size) return undefined;
  if (field.max !== undefined && bytes.length > field.max) return undefined;
  const text = decodeKind(field, bytes, field.charset ?? habits.charset);
  if (text === undefined || text === '' || field.means !== 'amount') return text;
  return amountMinor(text, field.amount, habits.minorDigits);
}

function decodeKind(
  field: Field,
  bytes: Uint8Array,
  charset: Profile['charset'],
): string | undefined {
  switch (field.type) {
    case 'text':
      return unpadded(field, decodeText(withoutNul(field, bytes), charset));
    case 'digits': {
      const text = fromLatin1(bytes);
      if (/^[ \0]*$/.test(text)) return '';
      return /^ *\d+ *$/.test(text) ? text.trim() : undefined;
    }
    case 'bcd': {
      const digits = bcdDigits(bytes);
      return /^\d*$/.test(digits) ? digits : undefined;
    }
    case 'number': {
      if (bytes.length > 6) return undefined;
      const big = field.order === 'little' ? bytes.slice().reverse() : bytes;
      return String(big.reduce((sum, byte) => sum * 256 + byte, 0));
    }
    case 'hex':
      return toHex(bytes);
  }
}

const withoutNul = (field: Field, bytes: Uint8Array): Uint8Array => {
  if (field.padBytes !== 'nul') return bytes;
  const end = bytes.findLastIndex((byte) => byte !== 0) + 1;
  return bytes.subarray(0, end);
};

function unpadded(field: Field, text: string): string {
  if (field.size === undefined) return text;
  const pad = field.pad ?? ' ';
  let [from, to] = [0, text.length];
  while (field.side === 'left' && from < to && text[from] === pad) from++;
  while (field.side !== 'left' && to > from && text[to - 1] === pad) to--;
  return text.slice(from, to);
}
