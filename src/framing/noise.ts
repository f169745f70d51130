import type { Frame, NoiseReason } from './frame.ts';

/** Noise is reported in pieces of this many bytes at most, wherever the chunks were cut. */
const piece = 256;

/** Gathers bytes that are no frame into pieces, one reason each. */
export interface NoiseCollector {
  held(): number;
  add(byte: number, reason: NoiseReason): Frame[];
  end(): Frame[];
}

export function noiseCollector(): NoiseCollector {
  let bytes: number[] = [];
  let reason: NoiseReason = 'unframed';

  function end(): Frame[] {
    if (bytes.length === 0) return [];
    const frame: Frame = { kind: 'noise', bytes: Uint8Array.from(bytes), reason };
    bytes = [];
    return [frame];
  }

  return {
    held: () => bytes.length,
    add(byte, why) {
      const before = why === reason ? [] : end();
      reason = why;
      bytes.push(byte);
      return bytes.length < piece ? before : [...before, ...end()];
    },
    end,
  };
}
