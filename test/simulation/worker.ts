import type { Ordered } from './crew.ts';
import { perform } from './tasks.ts';

/** One process of a crew: plays what it is told, and reports. */
process.on('message', ({ task, first }: Ordered) => {
  void perform(task, first).then((sum) => process.send?.(sum));
});
// Without the crew there is nothing to do.
process.on('disconnect', () => process.exit());
