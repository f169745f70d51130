import type { FramePart, FrameShape } from '../framing/shaped-frame.ts';
import { partsOf, writeFrame } from '../framing/shaped-frame.ts';
import { minorDigits } from '../model/money.ts';
import { fromHex, readBody, type UnfitField, type Valued, writeBody } from './body.ts';
import type { Profile } from './schema.ts';
import { decodeValue, encodeValue, type Field, fieldOf, type Habits, isUnfit } from './value.ts';

export type Side = 'till' | 'terminal';

/** How the messages of a profile are written and read: everything about bytes, nothing about meaning. */
export interface Wire {
  readonly profile: Profile;
  readonly shape: FrameShape;
  readonly habits: Habits;
  fields(from: Side): readonly Field[];
  /** Those that do not stand in the frame around the body. */
  bodyFields(from: Side): readonly Field[];
  field(name: string, from: Side): Field | undefined;
}

function framePart(
  part: Profile['frame']['parts'][number],
  sizeOf: (name: string) => number,
): FramePart {
  switch (part.part) {
    case 'start':
    case 'end':
    case 'constant':
      return { part: 'constant', name: part.name ?? part.part, bytes: fromHex(part.bytes) };
    case 'length': {
      const { name = 'length', size, encoding, counts, plus } = part;
      return { part: 'length', name, size, encoding, counts, plus };
    }
    case 'field':
      return { part: 'field', name: part.field, size: sizeOf(part.field) };
    case 'body':
      return { part: 'body', name: 'body', ...(part.size !== undefined && { size: part.size }) };
    case 'check': {
      const { name = 'check', over, part: _, ...check } = part;
      return { part: 'check', name, check, from: over[0], to: over[1] };
    }
  }
}

/** The frame of a profile as the framing wants it. */
export function frameShape(profile: Profile): FrameShape {
  const sizeOf = (name: string) => fieldOf(profile, name, 'till')?.size ?? 0;
  const parts = profile.frame.parts.map((part) => framePart(part, sizeOf));
  const { stuffing, max } = profile.frame;
  if (stuffing === undefined) return { parts, maxFrame: max };
  const pairs = Object.entries(stuffing.pairs).map(([byte, pair]): [number, Uint8Array] => [
    Number.parseInt(byte, 16),
    fromHex(pair),
  ]);
  return { parts, maxFrame: max, stuffing: { pairs: new Map(pairs), counted: stuffing.counted } };
}

export function wireOf(profile: Profile): Wire {
  const shape = frameShape(profile);
  const sides = { till: fieldsOf(profile, 'till'), terminal: fieldsOf(profile, 'terminal') };
  const lists = { till: [...sides.till.values()], terminal: [...sides.terminal.values()] };
  const inBody = ({ name }: Field) => !isFramePart({ shape }, name);
  const bodies = { till: lists.till.filter(inBody), terminal: lists.terminal.filter(inBody) };
  return {
    profile,
    shape,
    habits: { charset: profile.charset, minorDigits: minorDigits(profile.currency) },
    fields: (from) => lists[from],
    bodyFields: (from) => bodies[from],
    field: (name, from) => sides[from].get(name),
  };
}

const fieldsOf = (profile: Profile, from: Side): ReadonlyMap<string, Field> =>
  new Map(
    Object.keys(profile.fields).flatMap((name): [string, Field][] => {
      const field = fieldOf(profile, name, from);
      return field === undefined ? [] : [[name, field]];
    }),
  );

/** A frame that carries these values, in their order; or which value does not fit. */
export function writeMessage(
  wire: Wire,
  from: Side,
  values: readonly (readonly [string, string])[],
): Uint8Array | UnfitField {
  const outside = new Map<string, Uint8Array>();
  const inside: Valued[] = [];
  for (const [name, value] of values) {
    const field = wire.field(name, from);
    if (field === undefined) continue;
    if (!isFramePart(wire, name)) {
      inside.push({ field, value });
      continue;
    }
    const bytes = encodeValue(field, value, wire.habits);
    if (isUnfit(bytes)) return { ...bytes, field: name, value };
    outside.set(name, bytes);
  }
  const body = writeBody(wire.profile.body, inside, wire.habits);
  if ('limit' in body) return body;
  try {
    return writeFrame(wire.shape, body, outside);
  } catch (cause) {
    if (cause instanceof RangeError) return { field: 'message', value: '', limit: cause.message };
    throw cause;
  }
}

export const isFramePart = ({ shape }: Pick<Wire, 'shape'>, name: string): boolean =>
  shape.parts.some((part) => part.part === 'field' && part.name === name);

/** The fields that every message of this profile has: in its frame, or in front of its elements. */
export const alwaysThere = ({ profile, shape }: Wire): readonly string[] => [
  ...shape.parts.flatMap((part) => (part.part === 'field' ? [part.name] : [])),
  ...(profile.body.codec === 'tlv' ? profile.body.head : []),
];

/** What a message says, by the names of its fields. */
export interface Message {
  readonly values: ReadonlyMap<string, string>;
  /** Fields whose content makes no sense. */
  readonly malformed: readonly string[];
  readonly unknown: ReadonlyMap<string, string>;
}

/** Reads a whole frame whose body is not stuffed. `layout`: for bodies that do not name their fields. */
export function readMessage(
  wire: Wire,
  frame: Uint8Array,
  from: Side,
  layout: readonly string[],
): Message {
  const values = new Map<string, string>();
  const malformed: string[] = [];
  let body: Uint8Array = new Uint8Array();
  for (const { part, at, end } of partsOf(wire.shape, frame)) {
    if (part.part === 'body') body = frame.subarray(at, end);
    if (part.part !== 'field') continue;
    const field = wire.field(part.name, from);
    const value = field && decodeValue(field, frame.subarray(at, end), wire.habits);
    if (value === undefined) malformed.push(part.name);
    else if (value !== '') values.set(part.name, value);
  }
  const inBody = layout
    .filter((name) => !isFramePart(wire, name))
    .flatMap((name) => wire.field(name, from) ?? []);
  const read = readBody(wire.profile.body, body, wire.bodyFields(from), inBody, wire.habits);
  for (const [name, value] of read.values) values.set(name, value);
  return { values, malformed: [...malformed, ...read.malformed], unknown: read.unknown };
}

/** Reads the frame as a message of this layout. */
export type ReadAs = (layout: readonly string[]) => Message;

/**
 * Reads one frame as each of several messages that it may be. A body that names its fields says the same in
 * any layout, and is read once.
 */
export function readerOf(wire: Wire, frame: Uint8Array, from: Side): ReadAs {
  if (!namesFields(wire)) return (layout) => readMessage(wire, frame, from, layout);
  let message: Message | undefined;
  return () => {
    message ??= readMessage(wire, frame, from, []);
    return message;
  };
}

/** Whether what stands in a body says itself which field it is. */
export const namesFields = ({ profile: { body } }: Wire): boolean =>
  body.codec === 'tlv' || body.codec === 'json';
