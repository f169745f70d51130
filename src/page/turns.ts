/** Runs what it is given, at most so many at once; the others wait until one has ended, or are aborted. */
export function takingTurns(
  most: number,
): (act: () => Promise<void>, signal: AbortSignal) => Promise<void> {
  const waiting = new Set<() => void>();
  let running = 0;
  return async (act, signal) => {
    while (running >= most) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        const stir = () => {
          waiting.delete(stir);
          signal.removeEventListener('abort', stir);
          resolve();
        };
        waiting.add(stir);
        signal.addEventListener('abort', stir, { once: true });
      });
    }
    signal.throwIfAborted();
    running += 1;
    try {
      await act();
    } finally {
      running -= 1;
      const [next] = waiting;
      next?.();
    }
  };
}
