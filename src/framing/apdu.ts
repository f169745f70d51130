import type { Deframer, Frame } from './frame.ts';
import { noiseCollector } from './noise.ts';

/**
 * The APDU of ZVT (PA00P016 5.2): two control bytes, a length, data. The length is one byte, or FF and two
 * bytes, low byte first; 255 has to be written in the long way.
 */
export const longestApduData = 0xffff;
const shortHeader = 3;
const longHeader = 5;

/**
 * One APDU as it goes into a frame or onto a TCP stream.
 * @throws {RangeError} when the data is longer than 65535 bytes.
 */
export function apdu(cla: number, ins: number, data: Uint8Array = new Uint8Array()): Uint8Array {
  const { length } = data;
  if (length > longestApduData) throw new RangeError(`${length} bytes do not fit an APDU`);
  const header = length < 0xff ? [cla, ins, length] : [cla, ins, 0xff, length & 0xff, length >>> 8];
  return Uint8Array.from([...header, ...data]);
}

export interface Apdu {
  /** Both control bytes: 0x0601 is an authorisation, 0x840F a refusal with code 0F. */
  readonly command: number;
  readonly data: Uint8Array;
}

/** How long the APDU is that begins here; nothing while too little of it is there. */
function lengthOf(bytes: ArrayLike<number>): { header: number; data: number } | undefined {
  const length = bytes[2];
  if (length === undefined) return undefined;
  if (length !== 0xff) return { header: shortHeader, data: length };
  const [low, high] = [bytes[3], bytes[4]];
  if (low === undefined || high === undefined) return undefined;
  return { header: longHeader, data: low | (high << 8) };
}

/** The parts of exactly one APDU; nothing when the length does not agree with the bytes. */
export function splitApdu(bytes: Uint8Array): Apdu | undefined {
  const length = lengthOf(bytes);
  if (length === undefined || bytes.length !== length.header + length.data) return undefined;
  return {
    command: ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0),
    data: bytes.slice(length.header),
  };
}

/**
 * ZVT has commands of the classes up to 0F and answers 80 and 84. Anything else says that the stream is
 * out of step, or is no ZVT at all: a TLS alert begins with 15, a web server's answer with H.
 */
const isClass = (byte: number): boolean => byte <= 0x0f || byte === 0x80 || byte === 0x84;

/**
 * The deframer for bare APDUs on a TCP stream, where nothing marks a beginning: they may come split
 * anywhere, and several in one segment. There is no check, so `check` is always `ok`. What cannot be the
 * beginning of an APDU is noise until the line is silent (`flush`).
 */
export function apduDeframer(): Deframer {
  let held: number[] = [];
  let wanted: number | undefined;
  let outOfStep = false;
  const noise = noiseCollector();
  let out: Frame[] = [];

  function take(byte: number): void {
    if (outOfStep || (held.length === 0 && !isClass(byte))) {
      outOfStep = true;
      out.push(...noise.add(byte, 'unframed'));
      return;
    }
    held.push(byte);
    if (wanted === undefined) {
      const length = lengthOf(held);
      if (length === undefined) return;
      wanted = length.header + length.data;
    }
    if (held.length < wanted) return;
    const bytes = Uint8Array.from(held);
    out.push({ kind: 'frame', check: 'ok', data: bytes, bytes });
    held = [];
    wanted = undefined;
  }

  const taken = (): Frame[] => {
    const frames = out;
    out = [];
    return frames;
  };

  return {
    push(chunk) {
      for (const byte of chunk) take(byte);
      return taken();
    },
    pending: () => held.length > 0 || outOfStep,
    lost: () => outOfStep,
    flush() {
      out.push(...noise.end());
      if (held.length > 0)
        out.push({ kind: 'noise', bytes: Uint8Array.from(held), reason: 'cut-off' });
      held = [];
      wanted = undefined;
      outOfStep = false;
      return taken();
    },
  };
}
