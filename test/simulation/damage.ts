import { fromLatin1 } from '../../src/framing/bytes.ts';
import { control } from '../../src/framing/stx-etx-lrc.ts';
import type { Random } from './random.ts';

/** What can happen to one byte on its way. */
export const byteDamages = ['flip', 'remove', 'insert', 'double', 'nul'] as const;
export type ByteDamage = (typeof byteDamages)[number];

const count = (bytes: Uint8Array, wanted: number): number =>
  bytes.reduce((sum, byte) => sum + (byte === wanted ? 1 : 0), 0);

/**
 * Every stretch of bytes that would pass for a sound frame, as text. The project's own deframer is not
 * asked: it is what is to be tested.
 */
function soundFrames(bytes: Uint8Array): string[] {
  const found: string[] = [];
  for (let start = bytes.indexOf(0x02); start >= 0; start = bytes.indexOf(0x02, start + 1)) {
    let check = 0;
    for (let at = start + 1; at + 1 < bytes.length; at++) {
      check ^= bytes[at] ?? 0;
      if (bytes[at] === 0x03 && bytes[at + 1] === check)
        found.push(fromLatin1(bytes.subarray(start, at + 2)));
    }
  }
  return found;
}

/**
 * The limit of the wire's own protection: an LRC of eight bits shows each single damaged byte, but not
 * every two, and an ACK has no check at all. No till can see through damage that the check does not
 * show, so the simulated line does none: no sound frame and no ACK may come out that did not go in.
 */
export function showsUp(before: Uint8Array, after: Uint8Array): boolean {
  if (count(after, control.ACK) > count(before, control.ACK)) return false;
  const sent = soundFrames(before);
  return soundFrames(after).every((frame) => sent.includes(frame));
}

const spliced = (bytes: Uint8Array, at: number, remove: number, ...put: number[]): Uint8Array =>
  Uint8Array.from([...bytes.subarray(0, at), ...put, ...bytes.subarray(at + remove)]);

function damagedAt(
  bytes: Uint8Array,
  kind: ByteDamage,
  at: number,
  random: Random,
  bit: number,
): Uint8Array {
  const byte = bytes[at] ?? 0;
  switch (kind) {
    case 'flip':
      return spliced(bytes, at, 1, byte ^ (1 << bit));
    case 'remove':
      return spliced(bytes, at, 1);
    case 'insert':
      return spliced(bytes, at, 0, random.int(256));
    case 'double':
      return spliced(bytes, at, 0, byte);
    case 'nul':
      return spliced(bytes, at, 0, 0);
  }
}

/** The bytes with one of them damaged, or as they are where the damage would not show. */
export function damaged(
  bytes: Uint8Array,
  kind: ByteDamage,
  at: number,
  random: Random,
  bit = random.int(8),
): Uint8Array {
  const after = damagedAt(bytes, kind, at, random, bit);
  // A NUL leaves the XOR as it is: the frame is sound and the driver has to see the field that is not.
  return kind === 'nul' || showsUp(bytes, after) ? after : bytes;
}

/** Bytes of a disturbed line: anything but an ACK or a NAK, which would be believed. */
export function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => {
    const byte = random.int(256);
    return byte === control.ACK || byte === control.NAK ? 0xff : byte;
  });
}
