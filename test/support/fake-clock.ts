import type { Clock } from '../../src/model/clock.ts';

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /**
   * Goes on by `ms` milliseconds: runs every timer due on the way in the order of its time, each at its
   * own time, and lets promises and microtasks settle before the first, between two, and after the last.
   */
  advance(ms: number): Promise<void>;
  /** Timers that have neither run nor been cancelled. */
  readonly pending: number;
}

/** All microtasks have run when the event loop turns. No time passes on the fake clock. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** @param start Milliseconds since the Unix epoch; default 2026-01-02T03:04:05Z. */
export function createFakeClock(start = Date.UTC(2026, 0, 2, 3, 4, 5)): FakeClock {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly then: () => void }>();

  /** The earliest; of two at the same time, the one that was set first. */
  const nextDue = (until: number) =>
    [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];

  return {
    now: () => now,
    after(ms, then) {
      const timer = { at: now + ms, then };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (let timer = nextDue(until); timer !== undefined; timer = nextDue(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.then();
        await settle();
      }
      now = until;
    },
    get pending() {
      return timers.size;
    },
  };
}
