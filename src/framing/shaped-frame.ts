import { joined } from './bytes.ts';
import { type CheckKind, checkOf, checkSize } from './check-sums.ts';
import { type LengthEncoding, readLength, writeLength } from './length-field.ts';

/** One part of a frame, in the order of the wire. */
export type FramePart =
  | { readonly part: 'constant'; readonly name: string; readonly bytes: Uint8Array }
  /** Bytes of the message that stand at a fixed place outside its body. */
  | { readonly part: 'field'; readonly name: string; readonly size: number }
  | {
      readonly part: 'length';
      readonly name: string;
      readonly size: number;
      readonly encoding: LengthEncoding;
      /** The parts whose bytes it counts, and what is added to that. */
      readonly counts: readonly string[];
      readonly plus: number;
    }
  | { readonly part: 'body'; readonly name: string; readonly size?: number }
  | {
      readonly part: 'check';
      readonly name: string;
      readonly check: CheckKind;
      /** The first and the last part that it covers, both included. */
      readonly from: string;
      readonly to: string;
    };

/** A frame as data. It begins with a constant; its body ends by a length, by its size, or by the constant behind it. */
export interface FrameShape {
  readonly parts: readonly FramePart[];
  /** Longest frame in bytes, as it is on the wire. */
  readonly maxFrame: number;
  /** What stands on the wire for a byte of the body that would be taken for something else. */
  readonly stuffing?: {
    readonly pairs: ReadonlyMap<number, Uint8Array>;
    /** Whether a length counts the body before or after stuffing. */
    readonly counted: 'before' | 'after';
  };
}

const sizeOf = (part: FramePart, body: number): number => {
  switch (part.part) {
    case 'constant':
      return part.bytes.length;
    case 'field':
    case 'length':
      return part.size;
    case 'body':
      return body;
    case 'check':
      return checkSize(part.check);
  }
};

/** Where each part lies in a frame whose body has this many bytes; the body not stuffed. */
export interface Placed {
  readonly part: FramePart;
  readonly at: number;
  readonly end: number;
}

export function placeParts(shape: FrameShape, body: number): readonly Placed[] {
  let at = 0;
  return shape.parts.map((part) => {
    const placed = { part, at, end: at + sizeOf(part, body) };
    at = placed.end;
    return placed;
  });
}

/** How many bytes a length counts beside the body, and whether it counts that. */
export function countedBeside(
  shape: FrameShape,
  length: Extract<FramePart, { part: 'length' }>,
): { readonly bytes: number; readonly body: boolean } {
  const counted = shape.parts.filter(({ name }) => length.counts.includes(name));
  return {
    bytes: counted.reduce((sum, part) => sum + sizeOf(part, 0), length.plus),
    body: counted.some(({ part }) => part === 'body'),
  };
}

/** The check that belongs over a frame, not stuffed. */
export function rightCheck(
  placed: readonly Placed[],
  part: Extract<FramePart, { part: 'check' }>,
  frame: Uint8Array,
): Uint8Array {
  const from = placed.find((one) => one.part.name === part.from)?.at ?? 0;
  const to = placed.find((one) => one.part.name === part.to)?.end ?? 0;
  return checkOf(part.check, frame.subarray(from, to));
}

/** The body as it goes on the wire. */
export function stuff(shape: FrameShape, body: Uint8Array): Uint8Array {
  const { stuffing } = shape;
  if (stuffing === undefined) return body;
  return Uint8Array.from(
    Array.from(body).flatMap((byte) => [...(stuffing.pairs.get(byte) ?? [byte])]),
  );
}

/** The body as it was before stuffing, or nothing when a stuffed byte lacks its second half. */
export function unstuff(shape: FrameShape, wire: Uint8Array): Uint8Array | undefined {
  const { stuffing } = shape;
  if (stuffing === undefined) return wire;
  const out: number[] = [];
  for (let at = 0; at < wire.length; ) {
    const found = [...stuffing.pairs].find(([, pair]) =>
      pair.every((byte, i) => wire[at + i] === byte),
    );
    const byte = wire[at] ?? 0;
    if (found === undefined && stuffing.pairs.has(byte)) return undefined;
    out.push(found?.[0] ?? byte);
    at += found?.[1].length ?? 1;
  }
  return Uint8Array.from(out);
}

/**
 * A frame around a body. `fields`: the bytes of the parts outside the body, each of its part's size.
 * @throws {RangeError} when it is longer than the shape allows, or a length does not fit its field
 */
export function writeFrame(
  shape: FrameShape,
  body: Uint8Array,
  fields: ReadonlyMap<string, Uint8Array> = new Map(),
): Uint8Array {
  const placed = placeParts(shape, body.length);
  const plain = new Uint8Array(placed.at(-1)?.end ?? 0);
  const onWire = stuff(shape, body);
  const counted = shape.stuffing?.counted === 'after' ? onWire.length : body.length;
  for (const { part, at } of placed)
    switch (part.part) {
      case 'constant':
        plain.set(part.bytes, at);
        break;
      case 'field':
        plain.set(fields.get(part.name) ?? new Uint8Array(part.size), at);
        break;
      case 'length': {
        const beside = countedBeside(shape, part);
        const length = beside.bytes + (beside.body ? counted : 0);
        plain.set(writeLength(length, part.size, part.encoding), at);
        break;
      }
      case 'body':
        plain.set(body, at);
        break;
      case 'check':
        break;
    }
  for (const { part, at } of placed)
    if (part.part === 'check') plain.set(rightCheck(placed, part, plain), at);
  const frame = joined(
    placed.map(({ part, at, end }) => (part.part === 'body' ? onWire : plain.subarray(at, end))),
  );
  if (frame.length > shape.maxFrame)
    throw new RangeError(`a frame of ${frame.length} bytes is longer than ${shape.maxFrame}`);
  return frame;
}

/** Where the parts lie in a whole frame that is not stuffed. */
export function partsOf(shape: FrameShape, frame: Uint8Array): readonly Placed[] {
  const beside = placeParts(shape, 0).at(-1)?.end ?? 0;
  return placeParts(shape, Math.max(0, frame.length - beside));
}

export { readLength };
