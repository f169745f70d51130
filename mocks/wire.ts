import type { Clock } from '../src/model/clock.ts';
import type { MemoryLine } from '../src/transports/memory.ts';
import type { LineAction } from './behaviours.ts';

/** The terminal's end of the cable. It plays actions one after the other, in the clock's time. */
export interface Wire {
  /** The cable now leads to this line. */
  attach(line: MemoryLine): void;
  detach(line: MemoryLine): void;
  /** Whether the cable leads to this line, or to any. */
  attached(line?: MemoryLine): boolean;
  /** Something is still to be played. */
  busy(): boolean;
  /** Without a line the bytes are lost, and the terminal cannot tell. */
  play(actions: readonly LineAction[], then?: () => void): void;
  put(bytes: Uint8Array): void;
  /** Stops in the middle of the word. */
  reset(): void;
  unplug(message: string): void;
}

export function createWire(clock: Clock, sent: (bytes: Uint8Array) => void): Wire {
  let line: MemoryLine | undefined;
  let queue: LineAction[] = [];
  let cancelWait: (() => void) | undefined;

  function put(bytes: Uint8Array): void {
    if (line === undefined || bytes.length === 0) return;
    sent(bytes);
    line.send(bytes);
  }

  function perform({ bytes, act }: LineAction): void {
    if (bytes !== undefined) put(bytes);
    act?.();
  }

  function run(): void {
    while (cancelWait === undefined) {
      const action = queue.shift();
      if (action === undefined) return;
      const { afterMs = 0 } = action;
      if (afterMs <= 0) {
        perform(action);
        continue;
      }
      cancelWait = clock.after(afterMs, () => {
        cancelWait = undefined;
        perform(action);
        run();
      });
    }
  }

  return {
    attach(newLine) {
      line = newLine;
    },
    detach(oldLine) {
      if (line === oldLine) line = undefined;
    },
    attached: (asked = line) => line !== undefined && line === asked,
    busy: () => cancelWait !== undefined || queue.length > 0,
    play(actions, then) {
      queue.push(...actions);
      if (then !== undefined) queue.push({ act: then });
      run();
    },
    put,
    reset() {
      queue = [];
      cancelWait?.();
      cancelWait = undefined;
    },
    unplug(message) {
      const unplugged = line;
      line = undefined;
      unplugged?.unplug(message);
    },
  };
}
