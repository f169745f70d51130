import { once } from 'node:events';
import { type AddressInfo, createServer, isIP, type Server, type Socket } from 'node:net';
import type { MockPlug } from './mock-terminal.ts';

export interface MockTcpOptions {
  /** Where to listen. Default `127.0.0.1`. */
  readonly host?: string;
  /** 0 or nothing: any free port. After a replug it is the same one. */
  readonly port?: number;
  /** Accept that others on the network reach the mock: without it only loopback addresses are taken. */
  readonly wide?: boolean;
}

/** A mock terminal on a TCP port that any program in any language can connect to. */
export interface MockTcp {
  readonly host: string;
  readonly port: number;
  /** As it stands behind `tcp:` in an address: `//127.0.0.1:20007`. */
  readonly where: string;
  readonly listening: boolean;
  /** Pulls the network cable: the client's connection ends, and nobody is let in. */
  unplug(): void;
  /** Listens again on the same port, after `unplug` or after a fault has pulled the cable. */
  replug(): Promise<void>;
  /** Ends the server and its client; resolves when both are gone. The mock goes on. */
  close(): Promise<void>;
}

/** What may wait for a client that does not read. */
const maxUnread = 1 << 20;

/** How long a newcomer may wait for the client before it to be gone, in milliseconds. */
const patienceMs = 250;
const mostWaiting = 8;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

/**
 * Puts a mock terminal on a TCP port. Terminals take one client at a time: a second waits shortly, as in a
 * listen backlog, for the one before to be gone, and is closed if that stays; while the mock is unplugged
 * each one is closed at once. Clients may come and go; an answer that nobody is there for is lost, as on the
 * real line.
 *
 * @throws {Error} for an address that others could reach, without `wide`; and when the port is taken.
 */
export async function openTcp(mock: MockPlug, options: MockTcpOptions = {}): Promise<MockTcp> {
  const { host = '127.0.0.1', port = 0, wide = false } = options;
  if (!wide && !isLoopback(host))
    throw new Error(
      `The mock terminal listens on loopback addresses only, since anybody who reaches it can use it; ${host} has to be allowed for.`,
    );
  let client: Socket | undefined;
  let server = await listen(host, port);
  const bound = server.address() as AddressInfo;

  async function listen(on: string, at: number): Promise<Server> {
    const fresh = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => accept(socket));
    fresh.listen(at, on);
    await once(fresh, 'listening');
    return fresh;
  }

  /** Newcomers, the first in front; each is let in or sent away. */
  const waiting: { enter(): void; leave(): void }[] = [];

  function accept(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    if (client === undefined || !mock.plugged || waiting.length >= mostWaiting) {
      admit(socket);
      return;
    }
    const settled = (then: () => void) => () => {
      clearTimeout(timer);
      const place = waiting.indexOf(newcomer);
      if (place < 0) return;
      waiting.splice(place, 1);
      socket.off('close', newcomer.leave);
      then();
    };
    const newcomer = {
      enter: settled(() => admit(socket)),
      leave: settled(() => socket.destroy()),
    };
    const timer = setTimeout(newcomer.enter, patienceMs);
    socket.once('close', newcomer.leave);
    waiting.push(newcomer);
  }

  function gone(socket: Socket): void {
    if (client !== socket) return;
    client = undefined;
    waiting[0]?.enter();
  }

  function admit(socket: Socket): void {
    let end = () => {};
    try {
      const peer = mock.plug({
        send(chunk) {
          if (socket.writable && socket.writableLength < maxUnread) socket.write(chunk);
        },
        unplug() {
          // What was sent before still arrives.
          socket.destroySoon();
          if (!mock.plugged) server.close();
        },
      });
      end = () => peer.closed();
      socket.on('data', (chunk) => peer.data(new Uint8Array(chunk)));
    } catch {
      // Unplugged, or another till holds it.
      socket.destroySoon();
      if (!mock.plugged) server.close();
      return;
    }
    client = socket;
    socket.on('end', () => {
      end();
      socket.destroySoon();
    });
    socket.on('close', () => {
      end();
      gone(socket);
    });
  }

  /** Resolves when neither the server nor its client is there any more. */
  async function stop(): Promise<void> {
    const leaving = client;
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    for (const newcomer of [...waiting]) newcomer.leave();
    if (leaving !== undefined && !leaving.closed) {
      const left = once(leaving, 'close');
      leaving.destroy();
      await left;
    }
    await closed;
  }

  const place = isIP(bound.address) === 6 ? `[${bound.address}]` : bound.address;
  return {
    host: bound.address,
    port: bound.port,
    where: `//${place}:${bound.port}`,
    get listening() {
      return server.listening;
    },
    unplug() {
      mock.unplug();
      server.close();
    },
    async replug() {
      await stop();
      mock.replug();
      server = await listen(bound.address, bound.port);
    },
    close: stop,
  };
}
