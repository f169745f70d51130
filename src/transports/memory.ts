import type { CloseReason, Connection, ConnectionListener, Transport } from './transport.ts';

/** The far end of a memory connection: where a mock terminal is plugged in. */
export interface MemoryPeer {
  /** Bytes from the till. */
  data(chunk: Uint8Array): void;
  /** The till's side has ended. */
  closed(): void;
}

/** What the far end can do to the till's side. */
export interface MemoryLine {
  /** Delivers bytes to the till. Nothing happens once the connection has ended. */
  send(chunk: Uint8Array): void;
  /** Pulls the plug. */
  unplug(message: string): void;
}

/** Called at each opening; throws a TerminalError to refuse it, as a missing device would. */
export type MemoryPlug = (line: MemoryLine) => MemoryPeer;

/** An in-process pair of wires. Delivery is a later microtask, never inside the call that writes. */
export function memoryTransport(plug: MemoryPlug, name = 'memory'): Transport {
  let epoch = 0;
  return {
    name,
    async open(listener) {
      return connect(plug, listener, ++epoch);
    },
  };
}

function connect(plug: MemoryPlug, listener: ConnectionListener, epoch: number): Connection {
  let open = true;

  function end(reason: CloseReason): void {
    if (!open) return;
    open = false;
    listener.closed(reason);
  }

  const peer = plug({
    send(chunk) {
      const copy = chunk.slice();
      queueMicrotask(() => {
        if (open) listener.data(copy);
      });
    },
    unplug(message) {
      queueMicrotask(() => end({ type: 'lost', message }));
    },
  });

  return {
    epoch,
    write(bytes) {
      if (!open) return false;
      const copy = bytes.slice();
      queueMicrotask(() => peer.data(copy));
      return true;
    },
    async close() {
      if (open) peer.closed();
      end({ type: 'closed' });
    },
  };
}
