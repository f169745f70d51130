import {
  distinctUntilChanged,
  filter,
  type MonoTypeOperatorFunction,
  Observable,
  ReplaySubject,
  share,
  take,
} from 'rxjs';
import { busyLines$ } from '../driver/busy-lines.ts';
import { type Clock, systemClock } from '../model/clock.ts';
import { listPlugged, type PluggedDevice } from '../transports/discovery.ts';

export interface WatchOptions {
  /** From one look to the next, in milliseconds. Default 2 000, and not less than 1 000. */
  readonly everyMs?: number;
  readonly clock?: Clock;
  /** Takes the place of the machine's own list. */
  readonly list?: () => Promise<readonly PluggedDevice[]>;
  /** How many lines are at work; there is no look until it is 0. Default: the terminals of this process. */
  readonly busyLines$?: Observable<number>;
}

/** Looking for devices slows the transfers of the others (node-hid issue 272). */
const leastMs = 1_000;

/**
 * The devices that may be terminals: what is plugged in now, and again at each change. Emits a whole list
 * each time; never completes and never errors: a look that fails is repeated. Looks while somebody is
 * subscribed, once for all subscribers, and not while any terminal of this process is at work. Opens no
 * device and writes to none.
 */
export function watchTerminals(options: WatchOptions = {}): Observable<readonly PluggedDevice[]> {
  const { everyMs = 2_000, clock = systemClock, list = () => listPlugged() } = options;
  const idle$ = (options.busyLines$ ?? busyLines$).pipe(
    filter((count) => count === 0),
    take(1),
  );
  return new Observable<readonly PluggedDevice[]>((subscriber) => {
    let cancel = () => {};
    const again = () => {
      if (!subscriber.closed) cancel = clock.after(Math.max(everyMs, leastMs), whenIdle);
    };
    const look = () => {
      list()
        .then((found) => subscriber.next(found))
        .catch(() => {})
        .finally(again);
    };
    const whenIdle = () => {
      const waiting = idle$.subscribe(look);
      cancel = () => waiting.unsubscribe();
    };
    whenIdle();
    return () => cancel();
  }).pipe(
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    forAll(),
  );
}

/** One look for all subscribers; a later one begins with what was seen last, until nobody is left. */
const forAll = <T>(): MonoTypeOperatorFunction<T> =>
  share({ connector: () => new ReplaySubject<T>(1), resetOnRefCountZero: true });

/** What may be a terminal and is plugged in, with the machine's own list, every two seconds. */
export const terminals$: Observable<readonly PluggedDevice[]> = watchTerminals();
