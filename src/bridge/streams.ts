/** How many event streams each client has open. */
export interface Streams {
  /** A place for one more; the returned function gives it back, once. Undefined when there is none. */
  open(client: string): (() => void) | undefined;
}

export function createStreams(most: number): Streams {
  const counts = new Map<string, number>();
  return {
    open(client) {
      const count = counts.get(client) ?? 0;
      if (count >= most) return undefined;
      counts.set(client, count + 1);
      let mine = true;
      return () => {
        if (!mine) return;
        mine = false;
        const left = (counts.get(client) ?? 1) - 1;
        if (left === 0) counts.delete(client);
        else counts.set(client, left);
      };
    },
  };
}
