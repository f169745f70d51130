import { answered } from './answer.ts';
import { BridgeError } from './error.ts';
import { eventStreamParser, type ServerSentEvent } from './sse.ts';

/** Opens an event stream behind the message of this id; undefined: from its beginning. */
export type OpenStream = (lastId: string | undefined, signal: AbortSignal) => Promise<Response>;

/** Waits before asking once more: longer each time, so that a service that is down is not hammered. */
const backOffMs = (attempt: number): number => Math.min(250 * 2 ** attempt, 10_000);

/** Longer than two heartbeats of the service: a connection that says nothing any more is a dead one. */
const longestSilenceMs = 40_000;

/**
 * The messages of an event stream, over as many connections as it takes: after a lost one it goes on behind
 * the last message that came. Ends when `isLast` says so, or with the loop that reads it. A request that the
 * service refuses ends it with a {@link BridgeError}; a service that cannot be reached is asked again.
 */
export async function* followStream(
  open: OpenStream,
  isLast: (message: ServerSentEvent) => boolean,
  signal?: AbortSignal,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const ending = new AbortController();
  const end = () => ending.abort(signal?.reason);
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end, { once: true });
  let lastId: string | undefined;
  try {
    for (let attempt = 0; ; attempt++) {
      ending.signal.throwIfAborted();
      try {
        for await (const message of messagesOf(open, lastId, ending.signal)) {
          attempt = 0;
          if (message.id !== '') lastId = message.id;
          yield message;
          if (isLast(message)) return;
        }
      } catch (error) {
        ending.signal.throwIfAborted();
        if (!mayComeBack(error)) throw error;
      }
      await pause(backOffMs(attempt), ending.signal);
    }
  } finally {
    signal?.removeEventListener('abort', end);
    ending.abort();
  }
}

/** What the service says no to, it says no to again. */
const mayComeBack = (error: unknown): boolean =>
  !(error instanceof BridgeError) ||
  error.code === 'unreadable' ||
  error.code === 'too-many-requests' ||
  error.code === 'shutting-down';

async function* messagesOf(
  open: OpenStream,
  lastId: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent> {
  const connection = new AbortController();
  const hangUp = () => connection.abort();
  signal.addEventListener('abort', hangUp, { once: true });
  let silence = setTimeout(hangUp, longestSilenceMs);
  try {
    const response = await open(lastId, connection.signal);
    if (!response.ok || response.body === null) await answered(response, 'none');
    const parse = eventStreamParser();
    const decoder = new TextDecoder();
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
      clearTimeout(silence);
      silence = setTimeout(hangUp, longestSilenceMs);
      yield* parse(decoder.decode(read.value, { stream: true }));
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', hangUp);
    connection.abort();
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', cancel);
      resolve();
    }, ms);
    signal.addEventListener('abort', cancel, { once: true });
  });
