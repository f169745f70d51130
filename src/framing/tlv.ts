/**
 * Tag, length, value in the manner of BER, as ZVT uses it (PA00P015 chapter 9): five low bits all ones in the
 * first byte say that the tag goes on, as long as the top bit of its further bytes is set; bit 20 of the
 * first byte says that the value is made of such elements itself. Lengths: 00 to 7F, or 81 and one byte, or
 * 82 and two, high byte first.
 */
export interface Tlv {
  /** The tag's bytes as one number: 0x07, 0x1F07. */
  readonly tag: number;
  readonly value: Uint8Array;
  /** What the value is made of, where the tag says so and the value is. */
  readonly children?: readonly Tlv[];
}

export interface ReadTlv {
  readonly elements: readonly Tlv[];
  /** What could not be read; empty when all of it could. */
  readonly rest: Uint8Array;
}

/** Containers in containers; deeper ones stay as bytes. ZVT needs three. */
const deepest = 8;
const longestTag = 4;

export const isConstructed = (tag: number): boolean => (firstByte(tag) & 0x20) !== 0;

const firstByte = (tag: number): number => Number.parseInt(tagHex(tag).slice(0, 2), 16);

/** `07`, `1F07`. */
export function tagHex(tag: number): string {
  const hex = tag.toString(16).toUpperCase();
  return hex.length % 2 === 0 ? hex : `0${hex}`;
}

interface Part {
  readonly number: number;
  readonly size: number;
}

/**
 * `shortTags`: PA00P015 13.08 writes the tags 1F80 to 1F83 with two bytes, against its own rule; later
 * revisions write three.
 */
function readTag(bytes: Uint8Array, at: number, shortTags: boolean): Part | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if ((first & 0x1f) !== 0x1f) return { number: first, size: 1 };
  let number = first;
  for (let size = 2; size <= longestTag; size++) {
    const next = bytes[at + size - 1];
    if (next === undefined) return undefined;
    number = number * 256 + next;
    const last = (next & 0x80) === 0 || (shortTags && number >= 0x1f80 && number <= 0x1f83);
    if (last) return { number, size };
  }
  return undefined;
}

export function readTlvLength(bytes: Uint8Array, at = 0): Part | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { number: first, size: 1 };
  if (first !== 0x81 && first !== 0x82) return undefined;
  const size = first - 0x80;
  let number = 0;
  for (let i = 1; i <= size; i++) {
    const next = bytes[at + i];
    if (next === undefined) return undefined;
    number = number * 256 + next;
  }
  return { number, size: size + 1 };
}

function readElements(bytes: Uint8Array, shortTags: boolean, depth: number): ReadTlv {
  const elements: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = readTag(bytes, at, shortTags);
    const length = tag && readTlvLength(bytes, at + tag.size);
    if (tag === undefined || length === undefined) break;
    const begin = at + tag.size + length.size;
    const end = begin + length.number;
    if (end > bytes.length) break;
    const value = bytes.slice(begin, end);
    const inner =
      isConstructed(tag.number) && depth < deepest
        ? readElements(value, shortTags, depth + 1)
        : undefined;
    elements.push({
      tag: tag.number,
      value,
      ...(inner !== undefined && inner.rest.length === 0 && { children: inner.elements }),
    });
    at = end;
  }
  return { elements, rest: bytes.slice(at) };
}

/** Reads as much as there is sense in. Bytes of any kind are no error. */
export function readTlv(bytes: Uint8Array): ReadTlv {
  const read = readElements(bytes, false, 0);
  if (read.rest.length === 0) return read;
  const short = readElements(bytes, true, 0);
  return short.rest.length === 0 ? short : read;
}

/** @throws {RangeError} above 65535 bytes. */
export function tlvLength(length: number): number[] {
  if (length < 0x80) return [length];
  if (length <= 0xff) return [0x81, length];
  if (length <= 0xffff) return [0x82, length >>> 8, length & 0xff];
  throw new RangeError(`${length} bytes do not fit a TLV element`);
}

/** An element to write: its value, or what it is made of. */
export type NewTlv =
  | { readonly tag: number; readonly value: Uint8Array }
  | { readonly tag: number; readonly children: readonly NewTlv[] };

export function writeTlv(elements: readonly NewTlv[]): Uint8Array {
  const parts = elements.flatMap((element) => {
    const value = 'children' in element ? writeTlv(element.children) : element.value;
    const hex = tagHex(element.tag);
    const tag = Array.from({ length: hex.length / 2 }, (_, i) =>
      Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
    );
    return [[...tag, ...tlvLength(value.length)], value];
  });
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The first element with this tag among these; not inside their children. */
export const findTlv = (elements: readonly Tlv[], tag: number): Tlv | undefined =>
  elements.find((element) => element.tag === tag);
