import type { Side } from '../trace/wire-frame.ts';
import type { MemoryLine, MemoryPeer } from '../transports/memory.ts';
import type { CloseReason, Connection, Transport } from '../transports/transport.ts';

/** Told what passes, after it has been passed on. */
export interface Watcher {
  opened(epoch: number): void;
  passed(from: Side, chunk: Uint8Array): void;
  /** The terminal's side has ended, or could not be opened. */
  ended(message: string): void;
}

/** A terminal's line with a till's behind it; each byte goes through as it is. */
export interface PassThrough {
  /** The till's end. */
  plugged(line: MemoryLine): MemoryPeer;
  /** Ends the terminal's side. What was passed on still leaves. */
  close(): Promise<void>;
}

/** What a till may say while the terminal's side is still being opened, in bytes. */
const mostWaiting = 65_536;

const wordsOf = (reason: CloseReason): string =>
  reason.type === 'lost' ? reason.message : 'the connection was closed';

/**
 * One line to the terminal for as long as it lasts, whatever tills come and go.
 * @throws {TerminalError} why it cannot be opened
 */
export async function throughOne(transport: Transport, watcher: Watcher): Promise<PassThrough> {
  let till: MemoryLine | undefined;
  const connection = await transport.open({
    data(chunk) {
      till?.send(chunk);
      watcher.passed('terminal', chunk);
    },
    closed(reason) {
      if (reason.type === 'lost') watcher.ended(reason.message);
    },
  });
  watcher.opened(connection.epoch);
  return {
    plugged(line) {
      till = line;
      return {
        data(chunk) {
          if (connection.write(chunk)) watcher.passed('till', chunk);
        },
        closed() {
          till = undefined;
        },
      };
    },
    close: () => connection.close(),
  };
}

/** A line to the terminal for each till that connects, as long as both stay: how TCP terminals are used. */
export function throughEach(transport: Transport, watcher: Watcher): PassThrough {
  let current: Connection | undefined;

  function plugged(line: MemoryLine): MemoryPeer {
    let connection: Connection | undefined;
    let waiting: Uint8Array[] = [];
    let left = false;

    function pass(chunk: Uint8Array): void {
      if (connection?.write(chunk) === true) watcher.passed('till', chunk);
    }

    function hangUp(message: string): void {
      if (left) return;
      watcher.ended(message);
      line.unplug(message);
    }

    async function open(): Promise<void> {
      const early: Uint8Array[] = [];
      const opened = await transport.open({
        data(chunk) {
          line.send(chunk);
          if (connection === undefined) early.push(chunk);
          else watcher.passed('terminal', chunk);
        },
        closed: (reason) => hangUp(wordsOf(reason)),
      });
      connection = opened;
      current = opened;
      watcher.opened(opened.epoch);
      for (const chunk of early) watcher.passed('terminal', chunk);
      for (const chunk of waiting) pass(chunk);
      waiting = [];
      // What a till has said before it left still reaches the terminal.
      if (left) await opened.close();
    }

    open().catch((cause: unknown) =>
      hangUp(cause instanceof Error ? cause.message : String(cause)),
    );

    return {
      data(chunk) {
        if (connection !== undefined) pass(chunk);
        else if (waiting.reduce((sum, { length }) => sum + length, chunk.length) <= mostWaiting)
          waiting.push(chunk);
        else hangUp('The till said too much before the terminal had answered the call.');
      },
      closed() {
        left = true;
        void connection?.close();
      },
    };
  }

  return {
    plugged,
    async close() {
      await current?.close();
    },
  };
}
