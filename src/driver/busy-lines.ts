import { BehaviorSubject } from 'rxjs';

const busy = new BehaviorSubject(0);

/** How many lines of this process have an exchange running: looking for devices can wait until it is none. */
export const busyLines$ = busy.asObservable();

/** A line is busy from now on, until the returned function is called. */
export function lineBusy(): () => void {
  busy.next(busy.value + 1);
  return () => busy.next(busy.value - 1);
}
