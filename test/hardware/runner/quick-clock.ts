import type { Clock } from '../../../src/model/clock.ts';
import { systemClock } from '../../../src/model/clock.ts';

/**
 * A clock on which time passes several times faster. A terminal says an answer without ACK again after
 * 10 s, three times, and is busy until then: on the mock's own clock that need not last half a minute.
 */
export function quickClock(times: number): Clock {
  const start = systemClock.now();
  return {
    now: () => start + (systemClock.now() - start) * times,
    after: (ms, then) => systemClock.after(ms / times, then),
  };
}
