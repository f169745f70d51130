import type { Behaviour } from './behaviours.ts';
import type { Command } from './messages.ts';

/** Counts the times a fault strikes: true, and one time used, while it still may. */
export type Strike = () => boolean;

/** A fault by name: what it does, what may stand behind its `=`, and how it is made. */
export interface Fault {
  readonly description: string;
  /** What the argument means and its default; absent for a fault without one. */
  readonly argument?: string;
  /** The commands it concerns unless others are named; absent: all. */
  readonly on?: readonly Command[];
  /** @throws {Error} when the argument makes no sense. */
  create(argument?: string, strike?: Strike): Behaviour;
}

export const always: Strike = () => true;

export function once(): Strike {
  let struck = false;
  return () => {
    const first = !struck;
    struck = true;
    return first;
  };
}

/** A fault whose argument is a whole number. */
export function numbered(
  fault: Omit<Fault, 'create' | 'argument'> & { readonly argument: string },
  fallback: number | undefined,
  make: (strike: Strike, n: number) => Behaviour,
): Fault {
  return {
    ...fault,
    create(argument, strike = always) {
      const n = argument === undefined ? fallback : Number(argument);
      if (n === undefined || argument === '' || !Number.isSafeInteger(n) || n < 0)
        throw new Error(`needs a whole number (${fault.argument}); got ${argument ?? 'none'}`);
      return make(strike, n);
    },
  };
}

/** A fault without argument. */
export function plain(
  fault: Omit<Fault, 'create' | 'argument'>,
  make: (strike: Strike) => Behaviour,
): Fault {
  return {
    ...fault,
    create(argument, strike = always) {
      if (argument !== undefined) throw new Error(`takes no argument; got ${argument}`);
      return make(strike);
    },
  };
}
