import type { Random } from './random.ts';
import type { Wire } from './wires.ts';

/** What can happen to one byte on its way. */
export const byteDamages = ['flip', 'remove', 'insert', 'double', 'nul'] as const;
export type ByteDamage = (typeof byteDamages)[number];

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

/** One damaged byte. */
export interface Damage {
  readonly wire: Wire;
  readonly kind: ByteDamage;
  readonly at: number;
  readonly random: Random;
  /** Which bit is flipped; drawn when absent. */
  readonly bit?: number | undefined;
}

/** The bytes with one of them damaged, or as they are where the damage would not show. */
export function damaged(
  bytes: Uint8Array,
  { wire, kind, at, random, bit = random.int(8) }: Damage,
): Uint8Array {
  const after = damagedAt(bytes, kind, at, random, bit);
  return wire.showsUp(kind, bytes, after) ? after : bytes;
}

/** Bytes of a disturbed line, none of which would be believed. */
export function noise(wire: Wire, random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => {
    const byte = random.int(256);
    return wire.words.includes(byte) ? 0xff : byte;
  });
}
