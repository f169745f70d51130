import type { Clock } from '../../src/model/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  happen: (() => void) | undefined;
}

const before = (a: Timer, b: Timer): boolean => (a.at === b.at ? a.order < b.order : a.at < b.at);

/** Time that passes only from one event to the next: a binary heap of them. */
export interface VirtualClock extends Clock {
  /** Events that have neither happened nor been called off. */
  readonly pending: number;
  /** Counts what was asked of the clock, to see whether anything still moves. */
  readonly asked: number;
  /** Makes the earliest event happen; of two at the same time, the one set first. False: there is none. */
  step(): boolean;
}

export function createVirtualClock(start = Date.UTC(2026, 0, 2, 3, 4, 5)): VirtualClock {
  const heap: Timer[] = [];
  let now = start;
  let order = 0;
  let pending = 0;

  const at = (index: number): Timer => {
    const timer = heap[index];
    if (timer === undefined) throw new Error('The heap of events is broken.');
    return timer;
  };

  function rise(timer: Timer): void {
    let hole = heap.length;
    heap.push(timer);
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!before(timer, at(parent))) break;
      heap[hole] = at(parent);
      hole = parent;
    }
    heap[hole] = timer;
  }

  function takeFirst(): Timer | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(at(child + 1), at(child))) child++;
      if (!before(at(child), last)) break;
      heap[hole] = at(child);
      hole = child;
    }
    heap[hole] = last;
    return first;
  }

  return {
    now: () => now,
    after(ms, then) {
      const timer: Timer = { at: now + Math.max(0, ms), order: order++, happen: then };
      pending++;
      rise(timer);
      return () => {
        if (timer.happen !== undefined) pending--;
        timer.happen = undefined;
      };
    },
    get pending() {
      return pending;
    },
    get asked() {
      return order;
    },
    step() {
      for (;;) {
        const timer = takeFirst();
        if (timer === undefined) return false;
        const { happen } = timer;
        if (happen === undefined) continue;
        timer.happen = undefined;
        pending--;
        now = timer.at;
        happen();
        return true;
      }
    },
  };
}

/** Promises go through the driver from one touch of their world to the next in 10 turns at most. */
const turns = 20;

/** Lets promises settle until nothing has moved for a while. No time passes. */
export async function settle(moved: () => number): Promise<void> {
  let before: number;
  do {
    before = moved();
    for (let turn = 0; turn < turns; turn++) await null;
  } while (before !== moved());
}
