import { TerminalError } from '../model/error.ts';

interface Waiting {
  start(): void;
  refuse(error: TerminalError): void;
}

/**
 * One command at a time on a terminal, in the order they came. The line goes to the next command when
 * the one before has ended, never sooner.
 */
export class CommandQueue {
  #waiting: Waiting[] = [];
  #busy = false;
  #closed = false;
  #whenIdle: (() => void)[] = [];

  /**
   * Runs `task` when its turn has come.
   * @throws {TerminalError} `cancelled` when `signal` fires before that, `closed` when the queue closes.
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(closedError());
        return;
      }
      const stopListening = () => signal?.removeEventListener('abort', cancel);
      const waiting: Waiting = {
        start: () => {
          stopListening();
          this.#busy = true;
          task()
            .then(resolve, reject)
            .finally(() => this.#next());
        },
        refuse: (error) => {
          stopListening();
          reject(error);
        },
      };
      const cancel = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        waiting.refuse(cancelledError());
      };
      if (signal?.aborted === true) {
        reject(cancelledError());
        return;
      }
      signal?.addEventListener('abort', cancel, { once: true });
      if (this.#busy) this.#waiting.push(waiting);
      else waiting.start();
    });
  }

  /** Refuses what waits and what comes; resolves when the running command has ended. */
  close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(closedError());
    if (!this.#busy) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #next(): void {
    this.#busy = false;
    const next = this.#waiting.shift();
    if (next !== undefined) next.start();
    else for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

const closedError = () =>
  new TerminalError('closed', 'none', 'The terminal was closed before this command was sent.');

export const cancelledError = () =>
  new TerminalError('cancelled', 'none', 'The command was cancelled before it was sent.');
