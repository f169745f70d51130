/** Numbers that look drawn and follow from their seed alone. */
export interface Random {
  /** 0 up to, never reaching, 1. */
  next(): number;
  /** A whole number from 0 up to, never reaching, `below`. */
  int(below: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Another sequence, so that what one part of a world draws does not move the others. */
  fork(): Random;
}

/** SplitMix32: one state word, and neighbouring seeds have nothing in common. */
export function createRandom(seed: number): Random {
  let state = seed | 0;

  function word(): number {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  const next = () => word() / 0x1_0000_0000;
  const int = (below: number) => Math.floor(next() * below);
  return {
    next,
    int,
    chance: (probability) => probability > 0 && next() < probability,
    pick(list) {
      const one = list[int(list.length)];
      if (one === undefined) throw new Error('There is nothing to pick from.');
      return one;
    },
    fork: () => createRandom(word()),
  };
}
