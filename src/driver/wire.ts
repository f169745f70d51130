import { Observable } from 'rxjs';
import type { Crossing, WireFrame } from '../trace/wire-frame.ts';

/**
 * What crosses the line, in words. What makes the words is loaded when somebody begins to listen, and what
 * crosses meanwhile waits for it.
 */
export const traced = (crossed$: Observable<Crossing>): Observable<WireFrame> =>
  new Observable((subscriber) => {
    const waiting: Crossing[] = [];
    let take = (crossing: Crossing): void => {
      waiting.push(crossing);
    };
    const loading = import('../trace/read-frame.ts').then(({ readCrossing }) => {
      take = (crossing) => {
        for (const frame of readCrossing(crossing)) subscriber.next(frame);
      };
      for (const crossing of waiting.splice(0)) take(crossing);
    });
    const end = () => subscriber.complete();
    // Without its words there is nothing to say, and it is no matter of the till's.
    loading.catch(end);
    return crossed$.subscribe({
      next: (crossing) => take(crossing),
      complete: () => void loading.then(end, end),
    });
  });
