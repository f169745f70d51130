import type { Socket } from 'node:net';
import type { Clock } from '../model/clock.ts';
import { connectError, connectTimedOut, lostBecause } from './tcp-errors.ts';
import type { CloseReason, Connection, ConnectionListener } from './transport.ts';

/** How long a close waits for bytes that the other side has not taken yet. In milliseconds. */
export const LAST_WRITE_MS = 500;

export interface TcpConnection extends Connection {
  readonly ended: boolean;
  /** Resolves when the socket is released, whoever ended the connection. Never rejects. */
  readonly released: Promise<void>;
}

export interface TcpConnecting {
  /** For messages: `192.0.2.7:20007`. */
  readonly place: string;
  readonly connectTimeoutMs: number;
  readonly clock: Clock;
  nextEpoch(): number;
}

/**
 * One socket for one connection. When the other side has said that it will send no more, all it had sent
 * has been delivered, and the connection has ended: a terminal that closes its half listens no longer.
 * @throws {TerminalError} why nobody accepted it; the listener hears of no end then.
 */
export async function connectTcp(
  socket: Socket,
  listener: ConnectionListener,
  { place, connectTimeoutMs, clock, nextEpoch }: TcpConnecting,
): Promise<TcpConnection> {
  let state: 'opening' | 'open' | 'ended' = 'opening';
  let failure: unknown;
  const released = new Promise<void>((resolve) => socket.once('close', () => resolve()));

  socket.on('data', (chunk: Buffer) => {
    // Answers carry card data: what lies in the socket's buffer is wiped once it is delivered.
    const copy = new Uint8Array(chunk);
    chunk.fill(0);
    if (state === 'open') listener.data(copy);
  });
  socket.on('error', (cause) => {
    failure ??= cause;
    lost(lostBecause(place, cause), cause);
  });
  socket.on('end', () => {
    lost(`The connection to ${place} was lost: the other side ended it`);
    socket.destroy();
  });
  socket.on('close', () => lost(lostBecause(place, failure), failure));

  function lost(message: string, cause?: unknown): void {
    end({ type: 'lost', message, ...(cause !== undefined && { cause }) });
  }

  function end(reason: CloseReason): void {
    const told = state === 'open';
    state = 'ended';
    if (told) listener.closed(reason);
  }

  async function giveUp(): Promise<void> {
    state = 'ended';
    socket.destroy();
    await released;
  }

  const opened = await new Promise<'open' | 'failed' | 'late'>((resolve) => {
    const cancel = clock.after(connectTimeoutMs, () => resolve('late'));
    const settled = (how: 'open' | 'failed') => () => {
      cancel();
      // In this same tick: whatever comes next is for the listener.
      if (how === 'open' && state === 'opening') state = 'open';
      resolve(how);
    };
    socket.once('connect', settled('open'));
    socket.once('close', settled('failed'));
  });
  if (opened === 'late') {
    await giveUp();
    throw connectTimedOut(place, connectTimeoutMs);
  }
  if (opened === 'failed') {
    await giveUp();
    throw connectError(place, failure);
  }

  return {
    epoch: nextEpoch(),
    released,
    get ended() {
      return state === 'ended';
    },
    write(bytes) {
      if (state !== 'open' || socket.destroyed || !socket.writable) return false;
      socket.write(Buffer.from(bytes));
      return true;
    },
    async close() {
      if (state === 'open') {
        state = 'ended';
        const cancel = clock.after(LAST_WRITE_MS, () => socket.destroy());
        socket.once('close', cancel);
        socket.destroySoon();
        listener.closed({ type: 'closed' });
      }
      await released;
    },
  };
}
