import type { Clock } from '../../src/model/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly mover: Mover;
  happen: (() => void) | undefined;
}

/** Whose an event is. */
type Mover = 'machine' | 'program';

const before = (a: Timer, b: Timer): boolean => (a.at === b.at ? a.order < b.order : a.at < b.at);

/** Time that passes only from one event to the next: a binary heap of them. */
export interface VirtualClock extends Clock {
  /** Events that have neither happened nor been called off. */
  pending(): number;
  /** For what holds no promise, such as a terminal or a cable: its events alone leave nothing to settle. */
  readonly machines: Clock;
  /**
   * Makes the earliest event happen and says whose it was; of two at the same time, the one set first.
   * Nothing: there is none.
   */
  step(): Mover | undefined;
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

  const afterFor = (mover: Mover) => (ms: number, then: () => void) => {
    const timer: Timer = { at: now + Math.max(0, ms), order: order++, mover, happen: then };
    pending++;
    rise(timer);
    return () => {
      if (timer.happen !== undefined) pending--;
      timer.happen = undefined;
    };
  };

  return {
    now: () => now,
    after: afterFor('program'),
    machines: { now: () => now, after: afterFor('machine') },
    pending: () => pending,
    step() {
      for (;;) {
        const timer = takeFirst();
        if (timer === undefined) return undefined;
        const { happen } = timer;
        if (happen === undefined) continue;
        timer.happen = undefined;
        pending--;
        now = timer.at;
        happen();
        return timer.mover;
      }
    },
  };
}

/** Lets every promise settle that can: an immediate comes when no microtask is left. No time passes. */
export const settle = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
