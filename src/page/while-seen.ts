/**
 * Does something as long as the page is to be seen, and from the beginning each time it is seen again.
 * Resolves when it has ended by itself.
 */
export async function whileSeen(act: (signal: AbortSignal) => Promise<void>): Promise<void> {
  for (;;) {
    await seen();
    const hidden = new AbortController();
    const notice = () => {
      if (document.hidden) hidden.abort();
    };
    document.addEventListener('visibilitychange', notice);
    try {
      await act(hidden.signal);
      return;
    } catch (error) {
      if (!hidden.signal.aborted) throw error;
    } finally {
      document.removeEventListener('visibilitychange', notice);
    }
  }
}

function seen(): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const notice = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', notice);
      resolve();
    };
    document.addEventListener('visibilitychange', notice);
  });
}
