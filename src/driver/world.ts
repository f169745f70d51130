import type { Clock } from '../model/clock.ts';

/** All that the driver takes from outside besides its line and its journal. Nothing else is hidden in it. */
export interface World {
  readonly clock: Clock;
  /** `length` characters out of 0-9 and A-Z, hard to guess. */
  random(length: number): string;
}
