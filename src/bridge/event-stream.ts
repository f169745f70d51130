import type { Clock } from '../model/clock.ts';

/** What a watcher is told, as its index into it. Nothing is kept for a watcher but where it has got to. */
export interface Source {
  /** What is there to be sent, as text; empty: nothing yet; undefined: nothing any more. */
  take(): string | undefined;
  /** Calls back whenever there may be more. */
  watch(changed: () => void): () => void;
}

export interface EventStreamParts {
  readonly clock: Clock;
  /** Fires when the service ends. What is there by then is still sent. */
  readonly ending: AbortSignal;
  /** Told once, when the stream is over, whoever ended it. */
  readonly closed?: () => void;
}

/** So often a comment goes out on a stream that has nothing to say, milliseconds: a dead line shows. */
const heartbeatMs = 15_000;

/** One message of server-sent events (WHATWG HTML, 9.2). `data` is JSON and has no line ends. */
export const sse = (id: string | number, event: string, data: unknown): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/**
 * A stream of server-sent events that is pulled: the next piece is made when the one before has been taken,
 * so a client that is slow, or reads nothing, holds nothing but its place.
 */
export function eventStream(source: Source, parts: EventStreamParts): ReadableStream<Uint8Array> {
  const { clock, ending } = parts;
  const encoder = new TextEncoder();
  let over = false;
  let begun = false;
  let wake = () => {};
  const stop = () => wake();
  ending.addEventListener('abort', stop, { once: true });

  const finish = () => {
    if (over) return;
    over = true;
    ending.removeEventListener('abort', stop);
    wake();
    parts.closed?.();
  };

  /** True when a heartbeat is due. */
  const pause = () =>
    new Promise<boolean>((resolve) => {
      const awake = (late: boolean) => {
        cancel();
        unwatch();
        wake = () => {};
        resolve(late);
      };
      const stirred = () => awake(false);
      const cancel = clock.after(heartbeatMs, () => awake(true));
      const unwatch = source.watch(stirred);
      wake = stirred;
    });

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const send = (text: string) => controller.enqueue(encoder.encode(text));
        if (!begun) {
          // How long a browser waits before it comes back; and proxies see that something flows.
          begun = true;
          send('retry: 2000\n\n');
          return;
        }
        while (!over) {
          const text = source.take();
          if (text !== undefined && text !== '') {
            send(text);
            return;
          }
          if (text === undefined || ending.aborted) break;
          const late = await pause();
          if (over || !late) continue;
          send(': still here\n\n');
          return;
        }
        if (!over) controller.close();
        finish();
      },
      cancel: finish,
    },
    { highWaterMark: 0 },
  );
}
