import type { ControlName, Deframer, Frame, NoiseReason } from './frame.ts';
import { lrc } from './lrc.ts';

const STX = 0x02;
const ETX = 0x03;

/** ASCII control bytes that stand alone between frames. */
export const control: Record<ControlName, number> = { EOT: 0x04, ENQ: 0x05, ACK: 0x06, NAK: 0x15 };

/** `STX data ETX LRC`, the LRC over data and ETX. */
export function stxFrame(data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(data.length + 3);
  frame[0] = STX;
  frame.set(data, 1);
  frame[data.length + 1] = ETX;
  frame[data.length + 2] = lrc(frame.subarray(1, data.length + 2));
  return frame;
}

export interface StxEtxLrcOptions {
  /** Longest frame in bytes, STX to LRC; a longer one is noise. */
  readonly maxFrame?: number;
  /** The control bytes this protocol uses; others between frames are noise. */
  readonly controls?: readonly ControlName[];
}

/** An STX held, where a frame may begin. */
interface Start {
  readonly at: number;
  readonly check: number;
}

/** Noise is reported in pieces of this many bytes at most, wherever the chunks were cut. */
const noisePiece = 256;

/**
 * The deframer for `STX data ETX LRC` with bare control bytes between frames.
 *
 * The byte after ETX is the LRC whatever its value: 02, 03, 04, 06, 15 and 00 all occur. When the check
 * fails, each later STX seen since is tried in turn, so a frame cut short by a lost byte does not take
 * the good one behind it along. Each STX is tried once, which keeps the work linear on pure noise.
 */
export function stxEtxLrcDeframer(options: StxEtxLrcOptions = {}): Deframer {
  const maxFrame = options.maxFrame ?? 4096;
  const controls: (ControlName | undefined)[] = new Array(256).fill(undefined);
  for (const name of options.controls ?? (['ACK', 'NAK'] as const)) controls[control[name]] = name;

  // Held bytes: buffer[head..tail). Not empty means in a frame, and then buffer[head] is an STX.
  const buffer = new Uint8Array(2 * maxFrame);
  let head = 0;
  let tail = 0;
  let etxSeen = false;
  /** XOR of all bytes since the line was last between frames. */
  let check = 0;
  /** Every STX held, the first at `head`, each with `check` as it was once that STX was in it. */
  let starts: Start[] = [];
  let firstStart = 0;
  const noise = new Uint8Array(noisePiece);
  let noiseLength = 0;
  let noiseReason: NoiseReason = 'unframed';
  let out: Frame[] = [];

  function endNoise(): void {
    if (noiseLength === 0) return;
    out.push({ kind: 'noise', bytes: noise.slice(0, noiseLength), reason: noiseReason });
    noiseLength = 0;
  }

  function addNoise(byte: number, reason: NoiseReason): void {
    if (reason !== noiseReason) endNoise();
    noiseReason = reason;
    noise[noiseLength++] = byte;
    if (noiseLength === noisePiece) endNoise();
  }

  /** Reports the held bytes before `end` as one piece of noise. */
  function cutOff(end: number): void {
    endNoise();
    if (end > head) out.push({ kind: 'noise', bytes: buffer.slice(head, end), reason: 'cut-off' });
  }

  function clear(): void {
    head = 0;
    tail = 0;
    etxSeen = false;
    check = 0;
    starts = [];
    firstStart = 0;
  }

  function hold(byte: number): void {
    buffer[tail++] = byte;
    check ^= byte;
    if (byte === STX) starts.push({ at: tail - 1, check });
    if (byte === ETX) etxSeen = true;
  }

  function betweenFrames(byte: number): void {
    const name = controls[byte];
    if (byte === STX) {
      hold(byte);
    } else if (name === undefined) {
      addNoise(byte, 'unframed');
    } else {
      endNoise();
      out.push({ kind: 'control', name });
    }
  }

  /** The LRC has arrived: the held bytes end with ETX and are judged. */
  function judge(received: number): void {
    buffer[tail++] = received;
    const held = starts.slice(firstStart);
    const good = held.find((start) => (check ^ start.check) === received);
    cutOff(good?.at ?? head);
    const bytes = buffer.slice(good?.at ?? head, tail);
    const data = bytes.slice(1, -2);
    const expected = Uint8Array.of(check ^ (held[0]?.check ?? 0));
    out.push(
      good === undefined
        ? { kind: 'frame', check: 'bad', data, bytes, expected }
        : { kind: 'frame', check: 'ok', data, bytes },
    );
    clear();
    // A lost LRC makes the next frame's STX stand in its place.
    if (good === undefined && received === STX) hold(STX);
  }

  /** The frame outgrew the limit: go on from the next STX held, if there is one. */
  function dropFirstStart(): void {
    const next = starts[++firstStart];
    const end = next?.at ?? tail;
    while (head < end) addNoise(buffer[head++] ?? 0, 'too-long');
    if (next === undefined) clear();
  }

  /** Moves the held bytes to the front of the buffer, once in maxFrame bytes at most. */
  function compact(): void {
    buffer.copyWithin(0, head, tail);
    starts = starts.slice(firstStart).map((start) => ({ ...start, at: start.at - head }));
    firstStart = 0;
    tail -= head;
    head = 0;
  }

  function inFrame(byte: number): void {
    if (etxSeen) {
      judge(byte);
      return;
    }
    // Room for this byte, an ETX and the LRC.
    while (tail > head && tail - head + 2 > maxFrame) dropFirstStart();
    if (tail === head) {
      betweenFrames(byte);
      return;
    }
    if (tail + 2 > buffer.length) compact();
    hold(byte);
  }

  function take(): Frame[] {
    const frames = out;
    out = [];
    return frames;
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] ?? 0;
        if (tail > head) inFrame(byte);
        else betweenFrames(byte);
      }
      return take();
    },
    pending: () => tail > head || noiseLength > 0,
    flush() {
      cutOff(tail);
      clear();
      return take();
    },
  };
}
