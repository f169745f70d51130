import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockTerminal, type MockTerminal, openTcp } from '../../mocks/index.ts';
import { startBridge } from '../../src/bridge/bridge.ts';
import { openClients, type Role } from '../../src/bridge/clients.ts';
import type { Limits } from '../../src/bridge/guard.ts';
import { silentLog } from '../../src/bridge/log.ts';
import { createPairingCode } from '../../src/bridge/pairing.ts';
import { stateFiles } from '../../src/bridge/state-files.ts';
import { systemClock } from '../../src/model/clock.ts';

/** The whole service behind a wire that can be cut, with a Transbank terminal `front`. */
export interface ServedBridge {
  /** Of the wire. */
  readonly url: string;
  readonly mock: MockTerminal;
  tokenFor(name: string, ...roles: Role[]): string;
  pairingCode(...roles: Role[]): string;
  /** Ends every connection at once, in the middle of whatever it says. */
  cut(): void;
  close(): Promise<void>;
}

const home = mkdtempSync(join(tmpdir(), 'tillwire-client-'));
process.env['XDG_STATE_HOME'] = join(home, 'state');
process.once('exit', () => rmSync(home, { recursive: true, force: true }));

const limits: Limits = {
  bodyBytes: 16_384,
  requestsPerSecond: 1_000,
  burst: 2_000,
  streams: 8,
  connections: 64,
  headersMs: 10_000,
  requestMs: 15_000,
};

export async function openServedBridge(given: Partial<Limits> = {}): Promise<ServedBridge> {
  const folder = mkdtempSync(join(home, 'bridge-'));
  const files = stateFiles(join(folder, 'state'));
  const clients = openClients(files.clients, systemClock);
  const mock = createMockTerminal({ protocol: 'transbank', thinkMs: 1, sales: [{ amount: 1500 }] });
  const line = await openTcp(mock);
  const wire = await openWire();
  const bridge = await startBridge({
    config: {
      bridge: {
        listen: '127.0.0.1:0',
        hosts: [new URL(wire.url).host],
        state: files.folder,
        limits: { ...limits, ...given },
      },
    },
    terminals: [{ name: 'front', address: `transbank+tcp:${line.where}`, options: () => ({}) }],
    journal: {
      path: join(folder, 'books', 'journal.db'),
      key: join(folder, 'keys', 'journal.key'),
    },
    version: '0.0.0',
    log: silentLog(),
  });
  wire.to(Number(new URL(bridge.url).port));
  return {
    ...{ mock, url: wire.url, cut: wire.cut },
    tokenFor: (name, ...may) => clients.add(name, new Set(may)),
    pairingCode: (...may) => createPairingCode(files.pairing, new Set(may), systemClock.now()).code,
    async close() {
      await bridge.stop();
      await wire.close();
      await line.close();
      mock.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Wire {
  readonly url: string;
  to(port: number): void;
  cut(): void;
  close(): Promise<void>;
}

/** Hands on what it hears, both ways. */
async function openWire(): Promise<Wire> {
  let target = 0;
  const sockets = new Set<Socket>();
  const keep = (socket: Socket, other: () => Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      other().destroy();
    });
  };
  const server: Server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    keep(near, () => far);
    keep(far, () => near);
    near.pipe(far);
    far.pipe(near);
  });
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    to(port) {
      target = port;
    },
    cut,
    close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      cut();
      return closed;
    },
  };
}
