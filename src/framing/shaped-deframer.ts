import { sameBytes } from './bytes.ts';
import type { ControlName, Deframer, Frame, NoiseReason } from './frame.ts';
import { readLength } from './length-field.ts';
import { noiseCollector } from './noise.ts';
import {
  countedBeside,
  type FramePart,
  type FrameShape,
  type Placed,
  placeParts,
  rightCheck,
  unstuff,
} from './shaped-frame.ts';
import { control } from './stx-etx-lrc.ts';

/** What the held bytes are, taken as a frame from their first byte on. */
type Attempt =
  | { readonly type: 'more' }
  /** No frame, although it began like one. `end`: where it would have ended, as far as that is known. */
  | { readonly type: 'no'; readonly end: number }
  | { readonly type: 'frame'; readonly frame: Frame; readonly end: number };

const more: Attempt = { type: 'more' };

/**
 * The deframer for frames of any shape. A frame that turns out not to be one costs only itself: whatever
 * begins behind its first byte is tried too. Within bytes that may be the rest of a damaged frame no control
 * byte is believed. `data` of a frame is the whole frame, its body not stuffed.
 */
export function shapedDeframer(
  shape: FrameShape,
  controls: readonly ControlName[] = ['ACK', 'NAK'],
): Deframer {
  const [first] = shape.parts;
  const start = first?.part === 'constant' ? first.bytes : Uint8Array.of(0x02);
  const names = new Map(controls.map((name) => [control[name], name]));
  let held = new Uint8Array(0);
  /** Up to here the held bytes may belong to a damaged frame. */
  let doubtful = 0;
  const noise = noiseCollector();
  let out: Frame[] = [];

  function drop(count: number, reason: NoiseReason): void {
    for (const byte of held.subarray(0, count)) out.push(...noise.add(byte, reason));
    take(count);
  }

  function take(count: number): void {
    held = held.subarray(count);
    doubtful = Math.max(0, doubtful - count);
  }

  const beginsFrame = (): boolean => start.every((byte, i) => i >= held.length || held[i] === byte);

  /** Deals with the first held byte where no frame begins. */
  function betweenFrames(): void {
    const name = doubtful > 0 ? undefined : names.get(held[0] ?? 0);
    if (name === undefined) {
      drop(1, doubtful > 0 ? 'cut-off' : 'unframed');
      return;
    }
    out.push(...noise.end(), { kind: 'control', name });
    take(1);
  }

  function work(ended: boolean): void {
    while (held.length > 0) {
      if (!beginsFrame()) {
        betweenFrames();
        continue;
      }
      const attempt = held.length < start.length ? more : attemptFrame(shape, held);
      switch (attempt.type) {
        case 'more':
          if (!ended) return;
          doubtful = held.length;
          drop(1, 'cut-off');
          break;
        case 'no':
          doubtful = Math.max(doubtful, attempt.end);
          drop(1, 'cut-off');
          break;
        case 'frame':
          out.push(...noise.end(), ...withoutNext(attempt.frame));
          take(attempt.end - (isLost(attempt.frame) ? start.length : 0));
      }
    }
  }

  /** Where the last bytes got lost, the start of the next frame stands in their place. */
  const isLost = (frame: Frame): boolean =>
    frame.kind === 'frame' &&
    frame.check === 'bad' &&
    frame.bytes.length > start.length &&
    sameBytes(frame.bytes.subarray(-start.length), start);

  const withoutNext = (frame: Frame): Frame[] =>
    frame.kind === 'frame' && isLost(frame)
      ? [{ ...frame, bytes: frame.bytes.slice(0, -start.length) }]
      : [frame];

  function result(): Frame[] {
    const frames = out;
    out = [];
    return frames;
  }

  return {
    push(chunk) {
      // In pieces of a frame's length, so that no chunk makes it hold more than that.
      for (let at = 0; at < chunk.length; at += shape.maxFrame) {
        const piece = chunk.subarray(at, at + shape.maxFrame);
        const joined = new Uint8Array(held.length + piece.length);
        joined.set(held);
        joined.set(piece, held.length);
        held = joined;
        work(false);
      }
      return result();
    },
    pending: () => held.length > 0 || noise.held() > 0 || doubtful > 0,
    flush() {
      work(true);
      out.push(...noise.end());
      doubtful = 0;
      return result();
    },
  };
}

function attemptFrame(shape: FrameShape, held: Uint8Array): Attempt {
  const head = placeParts(shape, 0);
  const bodyIndex = shape.parts.findIndex(({ part }) => part === 'body');
  const bodyAt = head[bodyIndex]?.at ?? 0;
  const tail = (head.at(-1)?.end ?? 0) - bodyAt;
  if (!constantsAgree(head.slice(0, bodyIndex), held, 0)) return { type: 'no', end: 0 };
  if (held.length < bodyAt) return more;
  const bodyEnd = findBodyEnd(shape, held, head, bodyIndex);
  if (bodyEnd === 'more') return held.length > shape.maxFrame ? { type: 'no', end: bodyAt } : more;
  if (bodyEnd === 'no' || bodyEnd + tail > shape.maxFrame) return { type: 'no', end: bodyAt };
  const end = bodyEnd + tail;
  // What stands behind the body tells a wrong length before all of it has come.
  if (!constantsAgree(head.slice(bodyIndex + 1), held, bodyEnd - bodyAt))
    return { type: 'no', end };
  if (held.length < end) return more;
  const body = unstuff(shape, held.subarray(bodyAt, bodyEnd));
  if (body === undefined) return { type: 'no', end };
  const bytes = held.slice(0, end);
  const data = Uint8Array.from([...bytes.subarray(0, bodyAt), ...body, ...bytes.subarray(bodyEnd)]);
  return { type: 'frame', end, frame: judged(placeParts(shape, body.length), data, bytes) };
}

function judged(placed: readonly Placed[], data: Uint8Array, bytes: Uint8Array): Frame {
  for (const { part, at, end } of placed) {
    if (part.part !== 'check') continue;
    const expected = rightCheck(placed, part, data);
    if (!sameBytes(expected, data.subarray(at, end)))
      return { kind: 'frame', check: 'bad', data, bytes, expected };
  }
  return { kind: 'frame', check: 'ok', data, bytes };
}

const constantsAgree = (placed: readonly Placed[], held: Uint8Array, shift: number): boolean =>
  placed.every(
    ({ part, at }) =>
      part.part !== 'constant' ||
      part.bytes.every((byte, i) => {
        const there = held[at + shift + i];
        return there === undefined || there === byte;
      }),
  );

/** Where the body ends on the wire. */
function findBodyEnd(
  shape: FrameShape,
  held: Uint8Array,
  head: readonly Placed[],
  bodyIndex: number,
): number | 'more' | 'no' {
  const bodyAt = head[bodyIndex]?.at ?? 0;
  const lengthAt = head.findIndex(({ part }) => part.part === 'length');
  const length = head[lengthAt];
  if (length !== undefined && length.part.part === 'length' && lengthAt < bodyIndex) {
    const told = readLength(held.subarray(length.at, length.end), length.part.encoding);
    if (told === undefined) return 'no';
    const body = told - countedBeside(shape, length.part).bytes;
    if (body < 0 || body > shape.maxFrame) return 'no';
    return shape.stuffing?.counted === 'before'
      ? stuffedEnd(shape, held, bodyAt, body)
      : bodyAt + body;
  }
  const body = shape.parts[bodyIndex];
  if (body?.part === 'body' && body.size !== undefined)
    return stuffedEnd(shape, held, bodyAt, body.size);
  return endByConstant(shape, held, bodyAt, shape.parts[bodyIndex + 1]);
}

/** Where so many bytes end, counted before stuffing. */
function stuffedEnd(
  { stuffing }: FrameShape,
  held: Uint8Array,
  from: number,
  count: number,
): number | 'more' {
  if (stuffing === undefined) return from + count;
  let at = from;
  for (let done = 0; done < count; done++) {
    const byte = held[at];
    if (byte === undefined) return 'more';
    at += stuffing.pairs.get(byte)?.length ?? 1;
  }
  return at;
}

function endByConstant(
  { stuffing }: FrameShape,
  held: Uint8Array,
  from: number,
  behind: FramePart | undefined,
): number | 'more' | 'no' {
  if (behind?.part !== 'constant') return 'no';
  const { bytes } = behind;
  for (let at = from; at + bytes.length <= held.length; ) {
    if (bytes.every((byte, i) => held[at + i] === byte)) return at;
    at += stuffing?.pairs.get(held[at] ?? 0)?.length ?? 1;
  }
  return 'more';
}
