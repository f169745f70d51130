import type { Random } from '../simulation/random.ts';

const drawn = (random: Random, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random.int(256));

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

/** What can happen to a message on its way: one byte, a piece of it, or another message into it. */
const mutations: readonly ((
  message: Uint8Array,
  random: Random,
  other: Uint8Array,
) => Uint8Array)[] = [
  (message) => message,
  (message, random) => {
    const changed = message.slice();
    const at = random.int(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 << random.int(8));
    return changed;
  },
  (message, random) => {
    const changed = message.slice();
    changed[random.int(changed.length)] = random.int(256);
    return changed;
  },
  (message, random) => message.subarray(0, random.int(message.length)),
  (message, random) => message.subarray(random.int(message.length)),
  (message, random) => {
    const at = random.int(message.length + 1);
    const noise = drawn(random, 1 + random.int(8));
    return joined(message.subarray(0, at), noise, message.subarray(at));
  },
  (message, random, other) => {
    const at = random.int(message.length + 1);
    return joined(message.subarray(0, at), other);
  },
  (message, random) => {
    const at = random.int(message.length);
    const piece = message.subarray(at, at + 1 + random.int(16));
    return joined(message.subarray(0, at), piece, piece, message.subarray(at));
  },
  // The digits of a number, which the checks of most protocols do not care about.
  (message, random) =>
    message.map((byte) =>
      byte >= 0x30 && byte <= 0x39 && random.chance(0.2) ? 0x30 + random.int(10) : byte,
    ),
  (_message, random) => drawn(random, 1 + random.int(64)),
];

/** The next bytes on the wire: a message of the protocol, mostly damaged, or noise. */
export const nextBytes = (corpus: readonly Uint8Array[], random: Random): Uint8Array =>
  random.pick(mutations)(random.pick(corpus), random, random.pick(corpus));
