import { fromLatin1 } from '../../framing/bytes.ts';

/** The character sets a ZVT terminal may write in. */
export type Charset = 'cp437' | 'latin1' | 'utf8';

/** The upper half of code page 437, 80 to FF. What is below is ASCII. */
const upper437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ' +
  'áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

function from437(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes)
    text += byte < 0x80 ? String.fromCharCode(byte) : upper437.charAt(byte - 0x80);
  return text;
}

/**
 * Text as the terminal wrote it. Bytes that are no UTF-8 are read as ISO 8859-1, so that each of them can be
 * told from the text: nothing is lost or replaced.
 */
export function decodeText(bytes: Uint8Array, charset: Charset): string {
  switch (charset) {
    case 'cp437':
      return from437(bytes);
    case 'latin1':
      return fromLatin1(bytes);
    case 'utf8':
      return fromUtf8(bytes) ?? fromLatin1(bytes);
  }
}

function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes for the terminal, or nothing when the character set has no such character. */
export function encodeText(text: string, charset: Charset): Uint8Array | undefined {
  if (charset === 'utf8') return new TextEncoder().encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const byte = byteOf(character, charset);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

function byteOf(character: string, charset: 'cp437' | 'latin1'): number | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return code;
  if (charset === 'latin1') return code <= 0xff ? code : undefined;
  const at = upper437.indexOf(character);
  return at < 0 ? undefined : at + 0x80;
}

/** The values of TLV tag 14 (PA00P015 chapter 9.4): FF stands for the terminal's default, code page 437. */
const wireValues: Readonly<Record<Charset, number>> = { cp437: 0xff, latin1: 0x01, utf8: 0xfe };

export const charsetValue = (charset: Charset): number => wireValues[charset];

/** ASCII (00) is part of code page 437. Others are none that Tillwire reads. */
export function charsetOf(value: number | undefined): Charset | undefined {
  switch (value) {
    case 0x00:
    case 0xff:
      return 'cp437';
    case 0x01:
      return 'latin1';
    case 0xfe:
      return 'utf8';
    default:
      return undefined;
  }
}

/** Terminals put LF or CR into a text line: each begins a line of its own. NUL ends a name. */
export const textLines = (text: string): string[] =>
  text.split(/\r\n|\r|\n/).map((line) => line.replace(/\0+$/, '').trimEnd());
