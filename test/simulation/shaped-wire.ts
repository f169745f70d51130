import { fromLatin1, sameBytes, toHex } from '../../src/framing/bytes.ts';
import { readLength } from '../../src/framing/length-field.ts';
import {
  countedBeside,
  type FrameShape,
  type Placed,
  placeParts,
  rightCheck,
} from '../../src/framing/shaped-frame.ts';
import { control } from '../../src/framing/stx-etx-lrc.ts';
import type { ProfileProtocol } from '../../src/profiles/compile.ts';
import { describe } from '../../src/profiles/describe.ts';
import { noneNew, type Wire } from './wires.ts';

const startOf = ({ parts: [first] }: FrameShape): Uint8Array =>
  first?.part === 'constant' ? first.bytes : new Uint8Array();

const begins = (bytes: Uint8Array, start: Uint8Array): boolean =>
  start.every((byte, i) => bytes[i] === byte);

/** How long the body of the frame is that these bytes begin with; nothing: that cannot be told from them. */
function bodyLength(shape: FrameShape, bytes: Uint8Array): number | undefined {
  for (const { part, at, end } of placeParts(shape, 0)) {
    if (part.part === 'body') break;
    if (part.part !== 'length' || end > bytes.length) continue;
    const told = readLength(bytes.subarray(at, end), part.encoding);
    return told === undefined ? undefined : told - countedBeside(shape, part).bytes;
  }
  return undefined;
}

/** The sound frame that these bytes begin with: it is whole, and its constants and its checks are right. */
function soundFrame(shape: FrameShape, bytes: Uint8Array): Uint8Array | undefined {
  const body = bodyLength(shape, bytes);
  if (body === undefined || body < 0) return undefined;
  const placed = placeParts(shape, body);
  const end = placed.at(-1)?.end ?? 0;
  if (end > bytes.length || end > shape.maxFrame) return undefined;
  const whole = bytes.subarray(0, end);
  const isRight = ({ part, at, end: until }: Placed): boolean => {
    if (part.part !== 'constant' && part.part !== 'check') return true;
    const right = part.part === 'constant' ? part.bytes : rightCheck(placed, part, whole);
    return sameBytes(right, whole.subarray(at, until));
  };
  return placed.every(isRight) ? whole : undefined;
}

/** Every stretch of bytes that would pass for a sound frame, wherever it begins. */
const believed =
  (shape: FrameShape) =>
  (bytes: Uint8Array): readonly string[] => {
    const start = startOf(shape);
    const found: string[] = [];
    for (let at = 0; at + start.length < bytes.length; at++) {
      const rest = bytes.subarray(at);
      const frame = begins(rest, start) ? soundFrame(shape, rest) : undefined;
      if (frame !== undefined) found.push(fromLatin1(frame));
    }
    return found;
  };

const countOf = (bytes: Uint8Array, wanted: number): number =>
  bytes.reduce((sum, byte) => sum + (byte === wanted ? 1 : 0), 0);

/** The wire that a profile describes. */
export function shapedWire(protocol: ProfileProtocol): Wire {
  const { wire, profile } = protocol;
  const { shape } = wire;
  if (shape.stuffing !== undefined)
    throw new Error(`The simulation does not know yet what ${profile.name} doubles in its body.`);
  const { kind, acknowledges } = profile.link;
  const hasAck = kind === 'ack-nak' || acknowledges;
  const start = startOf(shape);
  const framesIn = believed(shape);
  return {
    kindOf(bytes) {
      const [frame] = protocol.deframer().push(bytes);
      if (frame?.kind !== 'frame') return toHex(bytes.subarray(0, 1));
      return describe(wire, frame.data, undefined).name;
    },
    deframer: () => protocol.deframer(),
    createPosition() {
      let held = new Uint8Array();
      const endOf = (): number => {
        if (!begins(held, start.subarray(0, held.length))) return 1;
        const body = bodyLength(shape, held);
        return body === undefined
          ? Number.POSITIVE_INFINITY
          : (placeParts(shape, body).at(-1)?.end ?? 1);
      };
      return {
        between: () => held.length === 0,
        pass(bytes) {
          held = Uint8Array.of(...held, ...bytes);
          for (let end = endOf(); held.length > 0; end = endOf()) {
            if (end > held.length && held.length <= shape.maxFrame) return;
            held = held.subarray(end > held.length ? 1 : end);
          }
        },
      };
    },
    isAck: (bytes) => hasAck && bytes.length === 1 && bytes[0] === control.ACK,
    nak: kind === 'ack-nak' ? Uint8Array.of(control.NAK) : undefined,
    showsUp(_kind, before, after) {
      if (hasAck && countOf(after, control.ACK) > countOf(before, control.ACK)) return false;
      return noneNew(framesIn, before, after);
    },
    words: hasAck ? [control.ACK, control.NAK] : [],
  };
}
