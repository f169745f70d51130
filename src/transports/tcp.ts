import { connect, type Socket } from 'node:net';
import { type Clock, systemClock } from '../model/clock.ts';
import { connectTcp, type TcpConnection } from './tcp-connection.ts';
import {
  CONNECT_TIMEOUT_MS,
  checkTcpOptions,
  KEEP_ALIVE_MS,
  placeOf,
  type TcpOptions,
} from './tcp-settings.ts';
import type { Transport } from './transport.ts';

export interface TcpTransportOptions extends TcpOptions {
  /** Takes the place of the system's clock, for tests. */
  readonly clock?: Clock;
  /** Takes the place of the system's sockets, for tests. */
  readonly connect?: () => Socket;
}

/**
 * A terminal on TCP, the till being the client. Each opening is a new connection with a new epoch; bytes go
 * out at once (TCP_NODELAY). At the end of a connection bytes that the other side does not take are dropped
 * after half a second; the socket is released when `close()` resolves.
 * @throws {TerminalError} at once, `bad-address` for a host or port that cannot be, `bad-settings` for times
 *   that make no sense.
 */
export function tcpTransport(options: TcpTransportOptions): Transport {
  checkTcpOptions(options);
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS, clock = systemClock } = options;
  const place = placeOf(options);
  const open = options.connect ?? (() => openSocket(options, connectTimeoutMs));
  let epoch = 0;
  let last: TcpConnection | undefined;

  return {
    name: `tcp://${place}`,
    async open(listener) {
      // A terminal that takes one client only must have seen the end of the connection before.
      if (last?.ended) await last.released;
      last = await connectTcp(open(), listener, {
        place,
        connectTimeoutMs,
        clock,
        nextEpoch: () => ++epoch,
      });
      return last;
    },
  };
}

function openSocket(
  { host, port, keepAliveMs = KEEP_ALIVE_MS }: TcpOptions,
  timeoutMs: number,
): Socket {
  return connect({
    host,
    port,
    noDelay: true,
    // The end of the other half is an end; see connectTcp.
    allowHalfOpen: true,
    keepAlive: keepAliveMs !== false,
    ...(keepAliveMs !== false && { keepAliveInitialDelay: keepAliveMs }),
    // A name with several addresses: Node would give each only 250 ms.
    autoSelectFamilyAttemptTimeout: Math.max(10, Math.floor(timeoutMs / 2)),
  });
}
