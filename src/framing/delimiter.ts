import { DelimiterParser } from '@serialport/parser-delimiter';
import type { Deframer, Frame, NoiseReason } from './frame.ts';

export interface DelimiterOptions {
  /** The byte that ends a frame and stands nowhere inside one. Default 00. */
  readonly delimiter?: number;
  /** Longest frame in bytes, its delimiter included; a longer one is noise. Default 262 144. */
  readonly maxFrame?: number;
}

/** Noise is reported in pieces of this many bytes at most, wherever the chunks were cut. */
const noisePiece = 256;

/**
 * The deframer for frames that end with one byte. Empty frames, two delimiters in a row, are skipped.
 *
 * The splitting is done by serialport's DelimiterParser. That one keeps whatever comes without a delimiter,
 * and copies all of it with each chunk; so it stands behind a guard that holds an unfinished frame itself,
 * up to the limit, and lets through only what ends with a delimiter. The parser holds nothing between two
 * pushes. A frame that outgrows the limit is noise, `too-long`, up to the next delimiter.
 */
export function delimiterDeframer(options: DelimiterOptions = {}): Deframer {
  const { delimiter = 0x00, maxFrame = 262_144 } = options;
  const parser = new DelimiterParser({
    delimiter: [delimiter],
    includeDelimiter: true,
    // Otherwise frames that are read together come out as one.
    readableObjectMode: true,
  });
  let held = new Uint8Array(512);
  let heldLength = 0;
  /** The frame at hand has outgrown the limit. */
  let dropping = false;
  const noise = new Uint8Array(noisePiece);
  let noiseLength = 0;
  let out: Frame[] = [];

  function emitNoise(bytes: Uint8Array, reason: NoiseReason): void {
    if (bytes.length > 0) out.push({ kind: 'noise', bytes: bytes.slice(), reason });
  }

  function endNoise(): void {
    emitNoise(noise.subarray(0, noiseLength), 'too-long');
    noiseLength = 0;
  }

  function tooLong(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + noisePiece - noiseLength);
      noise.set(piece, noiseLength);
      noiseLength += piece.length;
      at += piece.length;
      if (noiseLength === noisePiece) endNoise();
    }
  }

  function takeHeld(): Uint8Array {
    const bytes = held.subarray(0, heldLength);
    heldLength = 0;
    return bytes;
  }

  /** Keeps what has no delimiter yet. */
  function hold(bytes: Uint8Array): void {
    if (!dropping && heldLength + bytes.length >= maxFrame) {
      dropping = true;
      tooLong(takeHeld());
    }
    if (dropping) {
      tooLong(bytes);
      return;
    }
    if (heldLength + bytes.length > held.length) {
      const wider = new Uint8Array(Math.min(maxFrame, 2 * (heldLength + bytes.length)));
      wider.set(held.subarray(0, heldLength));
      held = wider;
    }
    held.set(bytes, heldLength);
    heldLength += bytes.length;
  }

  /** Splits bytes that end with a delimiter. `_transform` is synchronous, and so is reading what it pushed. */
  function split(run: Uint8Array): void {
    parser.write(Buffer.from(run));
    for (let read: unknown = parser.read(); read !== null; read = parser.read())
      if (read instanceof Uint8Array) emitFrame(new Uint8Array(read));
  }

  function emitFrame(bytes: Uint8Array): void {
    if (bytes.length === 1) return;
    if (bytes.length > maxFrame) {
      tooLong(bytes);
      endNoise();
      return;
    }
    out.push({ kind: 'frame', check: 'ok', data: bytes.subarray(0, -1), bytes });
  }

  function take(): Frame[] {
    const frames = out;
    out = [];
    return frames;
  }

  return {
    push(chunk) {
      const end = chunk.lastIndexOf(delimiter) + 1;
      let from = 0;
      if (end > 0 && dropping) {
        from = chunk.indexOf(delimiter) + 1;
        tooLong(chunk.subarray(0, from));
        endNoise();
        dropping = false;
      }
      if (end > from) {
        const before = takeHeld();
        const run = new Uint8Array(before.length + end - from);
        run.set(before);
        run.set(chunk.subarray(from, end), before.length);
        split(run);
      }
      hold(chunk.subarray(end));
      return take();
    },
    pending: () => heldLength > 0 || dropping,
    flush() {
      endNoise();
      emitNoise(takeHeld(), 'cut-off');
      dropping = false;
      return take();
    },
  };
}
