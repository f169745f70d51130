import { sameBytes } from '../../framing/bytes.ts';
import type { Deframer, Frame, NoiseReason } from '../../framing/frame.ts';
import { check, crcLength, headerLength, longestMessage, type Sender, tag } from './message.ts';

/** Noise is reported in pieces of this many bytes at most, wherever the chunks were cut. */
const noisePiece = 256;

/**
 * Cuts a stream into messages by their tag and length. A message whose length is beyond the limit, or
 * whose CRC is wrong while another begins inside it, gives way to the next tag. `data` is command, status,
 * length and data.
 *
 * The end is never found by looking for zeros: a CRC may end in 00.
 */
export function neo2Deframer(sender: Sender = 'terminal'): Deframer {
  /** Begins like the tag, as far as it goes. */
  let held = new Uint8Array();
  let noise: number[] = [];
  let noiseReason: NoiseReason = 'unframed';
  let out: Frame[] = [];

  function endNoise(): void {
    if (noise.length === 0) return;
    out.push({ kind: 'noise', bytes: Uint8Array.from(noise), reason: noiseReason });
    noise = [];
  }

  function addNoise(bytes: Uint8Array, reason: NoiseReason): void {
    if (reason !== noiseReason) endNoise();
    noiseReason = reason;
    for (const byte of bytes) {
      noise.push(byte);
      if (noise.length === noisePiece) endNoise();
    }
  }

  /** Gives up the start held, and goes on at the next place that begins like the tag. */
  function drop(reason: NoiseReason): void {
    const next = nextStart(held, 1);
    addNoise(held.subarray(0, next), reason);
    held = held.slice(next);
  }

  function judge(bytes: Uint8Array): void {
    const expected = check(sender, bytes.subarray(0, -crcLength));
    const good = sameBytes(bytes.subarray(-crcLength), expected);
    // A start of another message inside it: this one was cut short.
    if (!good && nextWholeTag(bytes) < bytes.length) {
      drop('cut-off');
      return;
    }
    endNoise();
    const data = bytes.slice(tag.length, -crcLength);
    out.push(
      good
        ? { kind: 'frame', check: 'ok', data, bytes }
        : { kind: 'frame', check: 'bad', data, bytes, expected },
    );
    held = held.slice(bytes.length);
  }

  /** @returns true when something was taken off the bytes held. */
  function advance(): boolean {
    if (held.length === 0) return false;
    const begins = nextStart(held, 0);
    if (begins > 0) {
      addNoise(held.subarray(0, begins), 'unframed');
      held = held.slice(begins);
      return true;
    }
    if (held.length < headerLength) return false;
    const length = (held[tag.length + 2] ?? 0) * 256 + (held[tag.length + 3] ?? 0);
    const total = headerLength + length + crcLength;
    if (total > longestMessage) drop('too-long');
    else if (held.length < total) return false;
    else judge(held.slice(0, total));
    return true;
  }

  function take(): Frame[] {
    const frames = out;
    out = [];
    return frames;
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length; at += longestMessage) {
        held = Uint8Array.from([...held, ...chunk.subarray(at, at + longestMessage)]);
        while (advance());
      }
      return take();
    },
    pending: () => held.length > 0 || noise.length > 0,
    flush() {
      endNoise();
      if (held.length > 0) out.push({ kind: 'noise', bytes: held, reason: 'cut-off' });
      held = new Uint8Array();
      return take();
    },
  };
}

/** The next place from `from` on where the tag stands, or might stand once more bytes are there. */
function nextStart(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    const part = bytes.subarray(at, at + tag.length);
    if (sameBytes(part, tag.subarray(0, part.length))) return at;
  }
  return bytes.length;
}

function nextWholeTag(bytes: Uint8Array): number {
  for (let at = 1; at + tag.length <= bytes.length; at++)
    if (sameBytes(bytes.subarray(at, at + tag.length), tag)) return at;
  return bytes.length;
}
