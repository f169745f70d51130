import { fromLatin1, joined, sameBytes, toHex } from '../framing/bytes.ts';
import { readLength, writeLength } from '../framing/length-field.ts';
import { readTlvLength, tlvLength } from '../framing/tlv.ts';
import type { Profile } from './schema.ts';
import { decodeValue, encodeValue, type Field, type Habits, isUnfit, type Unfit } from './value.ts';

type Body = Profile['body'];
type TlvBody = Extract<Body, { codec: 'tlv' }>;

export interface Valued {
  readonly field: Field;
  readonly value: string;
}

/** Bytes in hexadecimal, from a profile. */
export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length >> 1);
  for (let at = 0; at < bytes.length; at++)
    bytes[at] = Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** Why a request cannot be written: the field and its limit. */
export interface UnfitField extends Unfit {
  readonly field: string;
  readonly value: string;
}

const isWrong = (encoded: Uint8Array | UnfitField): encoded is UnfitField => 'limit' in encoded;

function encoded({ field, value }: Valued, habits: Habits): Uint8Array | UnfitField {
  const bytes = encodeValue(field, value, habits);
  return isUnfit(bytes) ? { ...bytes, field: field.name, value } : bytes;
}

/** The body of a message that carries these values, in their order. */
export function writeBody(
  body: Body,
  values: readonly Valued[],
  habits: Habits,
): Uint8Array | UnfitField {
  switch (body.codec) {
    case 'json':
      return writeJson(values, habits);
    case 'tlv':
      return writeElements(body, values, habits);
    case 'fixed':
    case 'delimited': {
      const pieces: Uint8Array[] = [];
      for (const valued of values) {
        const bytes = encoded(valued, habits);
        if (isWrong(bytes)) return bytes;
        if (body.codec === 'delimited' && holds(bytes, fromHex(body.separator)))
          return { field: valued.field.name, value: valued.value, limit: 'without the separator' };
        if (body.codec === 'delimited' && pieces.length > 0) pieces.push(fromHex(body.separator));
        pieces.push(bytes);
      }
      return joined(pieces);
    }
  }
}

const holds = (bytes: Uint8Array, part: Uint8Array): boolean =>
  toHexSpaced(bytes).includes(toHexSpaced(part));

const toHexSpaced = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => `<${byte}>`).join('');

function writeJson(values: readonly Valued[], habits: Habits): Uint8Array | UnfitField {
  // A message that says nothing has no body at all.
  if (values.length === 0) return new Uint8Array();
  const root: Record<string, unknown> = {};
  for (const { field, value } of values) {
    const bytes = encodeValue(field.type === 'number' ? { ...field, size: 6 } : field, value, {
      ...habits,
      charset: 'utf8',
    });
    if (isUnfit(bytes)) return { ...bytes, field: field.name, value };
    const path = (field.key ?? field.name).split('.');
    let place = root;
    for (const step of path.slice(0, -1)) {
      const inner = place[step];
      const next: Record<string, unknown> = isObject(inner) ? inner : {};
      place[step] = next;
      place = next;
    }
    const text = new TextDecoder().decode(bytes);
    place[path.at(-1) ?? ''] = field.type === 'number' ? Number(value) : text;
  }
  return new TextEncoder().encode(JSON.stringify(root));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function writeElements(
  body: TlvBody,
  values: readonly Valued[],
  habits: Habits,
): Uint8Array | UnfitField {
  const head = new Map<string, Uint8Array>();
  /** In the order of the first element of each tag; a nested element goes into its container. */
  const elements = new Map<string, Uint8Array[]>();
  for (const valued of values) {
    const bytes = encoded(valued, habits);
    if (isWrong(bytes)) return bytes;
    if (body.head.includes(valued.field.name)) {
      head.set(valued.field.name, bytes);
      continue;
    }
    const [outer = '', inner] = (valued.field.tag ?? '').toUpperCase().split('/');
    const piece = inner === undefined ? bytes : element(body, inner, bytes);
    elements.set(outer, [...(elements.get(outer) ?? []), piece]);
  }
  const end = body.headEnd === undefined ? [] : [fromHex(body.headEnd)];
  try {
    return joined([
      ...body.head.flatMap((name) => head.get(name) ?? []),
      ...end,
      ...[...elements].map(([tag, pieces]) => element(body, tag, joined(pieces))),
    ]);
  } catch (cause) {
    if (cause instanceof RangeError) return { field: 'message', value: '', limit: cause.message };
    throw cause;
  }
}

function element(body: TlvBody, tag: string, value: Uint8Array): Uint8Array {
  const { length, elementEnd } = body;
  const size =
    length.encoding === 'ber'
      ? Uint8Array.from(tlvLength(value.length))
      : writeLength(value.length, length.size, length.encoding);
  return joined([
    fromHex(tag),
    size,
    value,
    ...(elementEnd === undefined ? [] : [fromHex(elementEnd)]),
  ]);
}

/** What was read of a body: values by the names of their fields, and the names of those that make no sense. */
export interface ReadBody {
  readonly values: ReadonlyMap<string, string>;
  readonly malformed: readonly string[];
  /** What stands in the body and in no field of the profile, by tag or key; card numbers and all. */
  readonly unknown: ReadonlyMap<string, string>;
}

/** Reads a body. `layout`: the fields in order, where the body itself does not name them. */
export function readBody(
  body: Body,
  bytes: Uint8Array,
  fields: readonly Field[],
  layout: readonly Field[],
  habits: Habits,
): ReadBody {
  switch (body.codec) {
    case 'json':
      return readJson(bytes, fields, habits);
    case 'tlv':
      return readElements(body, bytes, fields, habits);
    case 'fixed':
      return readColumns(bytes, layout, habits);
    case 'delimited':
      return readSeparated(bytes, fromHex(body.separator), layout, habits);
  }
}

interface Gathering extends ReadBody {
  take(field: Field, bytes: Uint8Array): void;
}

function gather(habits: Habits): Gathering {
  const values = new Map<string, string>();
  const malformed: string[] = [];
  return {
    values,
    malformed,
    unknown: new Map(),
    take(field, bytes) {
      const value = decodeValue(field, bytes, habits);
      if (value === undefined) malformed.push(field.name);
      else if (value !== '') values.set(field.name, value);
    },
  };
}

function readColumns(bytes: Uint8Array, layout: readonly Field[], habits: Habits): ReadBody {
  const all = gather(habits);
  let at = 0;
  for (const field of layout) {
    const end = field.size === undefined ? bytes.length : at + field.size;
    if (end > bytes.length) return { ...all, malformed: [...all.malformed, field.name] };
    all.take(field, bytes.subarray(at, end));
    at = end;
  }
  return at < bytes.length ? { ...all, malformed: [...all.malformed, 'the rest'] } : all;
}

function readSeparated(
  bytes: Uint8Array,
  separator: Uint8Array,
  layout: readonly Field[],
  habits: Habits,
): ReadBody {
  const all = gather(habits);
  let from = 0;
  for (const field of layout) {
    if (from > bytes.length) break;
    let to = from;
    while (to < bytes.length && !separator.every((byte, i) => bytes[to + i] === byte)) to++;
    all.take(field, bytes.subarray(from, to));
    from = to + separator.length;
  }
  return all;
}

function readElements(
  body: TlvBody,
  bytes: Uint8Array,
  fields: readonly Field[],
  habits: Habits,
): ReadBody {
  const all = gather(habits);
  const unknown = new Map<string, string>();
  const malformed: string[] = [];
  let at = 0;
  for (const name of body.head) {
    const field = fields.find((one) => one.name === name);
    const end = at + (field?.size ?? 0);
    if (field === undefined || end > bytes.length) return { ...all, malformed: [name] };
    all.take(field, bytes.subarray(at, end));
    at = end;
  }
  const headEnd = body.headEnd === undefined ? new Uint8Array() : fromHex(body.headEnd);
  if (!headEnd.every((byte, i) => bytes[at + i] === byte)) malformed.push('the end of the head');
  const elements = splitElements(body, bytes.subarray(at + headEnd.length));
  if (!elements.whole) malformed.push('the elements');
  const known = byTag(body, fields);
  const seen = new Map<string, Uint8Array>();
  for (const { tag, value } of elements.list) {
    const before = seen.get(tag);
    if (before !== undefined && !sameBytes(before, value)) malformed.push(tag);
    if (before !== undefined) continue;
    seen.set(tag, value);
    const meant = known.get(tag);
    if (meant === undefined) unknown.set(tag, fromLatin1(value));
    else for (const field of meant) all.take(field, value);
  }
  return { values: all.values, malformed: [...malformed, ...all.malformed], unknown };
}

function byTag({ head }: TlvBody, fields: readonly Field[]): ReadonlyMap<string, readonly Field[]> {
  const found = new Map<string, Field[]>();
  for (const field of fields) {
    const tag = field.tag?.toUpperCase();
    if (tag === undefined || head.includes(field.name)) continue;
    const before = found.get(tag);
    if (before === undefined) found.set(tag, [field]);
    else before.push(field);
  }
  return found;
}

interface Elements {
  readonly list: readonly { readonly tag: string; readonly value: Uint8Array }[];
  readonly whole: boolean;
}

/** Elements by their tags, nested ones as `DF06/DF10`. Bytes of any kind are no error. */
function splitElements(body: TlvBody, bytes: Uint8Array, inside = ''): Elements {
  const list: { tag: string; value: Uint8Array }[] = [];
  const elementEnd = body.elementEnd === undefined ? new Uint8Array() : fromHex(body.elementEnd);
  let at = 0;
  while (at < bytes.length) {
    const begin = at + body.tag;
    const length = elementLength(body, bytes, begin);
    if (begin > bytes.length || length === undefined) return { list, whole: false };
    const from = begin + length.size;
    const to = from + length.number;
    if (
      to + elementEnd.length > bytes.length ||
      !elementEnd.every((byte, i) => bytes[to + i] === byte)
    )
      return { list, whole: false };
    const tag = toHex(bytes.subarray(at, begin)).toUpperCase();
    const value = bytes.subarray(from, to);
    list.push({ tag: inside === '' ? tag : `${inside}/${tag}`, value });
    if (inside === '' && body.nested.some((one) => one.toUpperCase() === tag)) {
      const inner = splitElements(body, value, tag);
      // A container may hold something else in other messages: then it is bytes.
      if (inner.whole) list.push(...inner.list);
    }
    at = to + elementEnd.length;
  }
  return { list, whole: true };
}

function elementLength(
  { length }: TlvBody,
  bytes: Uint8Array,
  at: number,
): { readonly number: number; readonly size: number } | undefined {
  if (length.encoding === 'ber') return readTlvLength(bytes, at);
  const field = bytes.subarray(at, at + length.size);
  if (field.length < length.size) return undefined;
  const number = readLength(field, length.encoding);
  return number === undefined ? undefined : { number, size: length.size };
}

function readJson(bytes: Uint8Array, fields: readonly Field[], habits: Habits): ReadBody {
  const all = gather({ ...habits, charset: 'utf8' });
  if (bytes.length === 0) return all;
  let root: unknown;
  try {
    root = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return { ...all, malformed: ['the JSON'] };
  }
  for (const field of fields) {
    const value = (field.key ?? field.name)
      .split('.')
      .reduce<unknown>(
        (place, step) => (isObject(place) && Object.hasOwn(place, step) ? place[step] : undefined),
        root,
      );
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      if (field.means !== undefined) return { ...all, malformed: [...all.malformed, field.name] };
      continue;
    }
    const text = { ...field, type: 'text' as const, size: undefined };
    all.take(text, new TextEncoder().encode(String(value)));
  }
  return isObject(root) ? all : { ...all, malformed: ['the JSON'] };
}
