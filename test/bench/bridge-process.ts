import { join } from 'node:path';
import { startBridge } from '../../src/bridge/bridge.ts';
import { openClients } from '../../src/bridge/clients.ts';
import { stateFiles } from '../../src/bridge/state-files.ts';
import { systemClock } from '../../src/model/clock.ts';

/** What a service under load is started with. */
export interface Started {
  readonly folder: string;
  /** The devices of its terminals, which are called t0, t1 and so on. */
  readonly paths: readonly string[];
}

/** What the service has taken of the machine so far. */
export interface Usage {
  /** Bytes, after everything that can be collected has been. */
  readonly rss: number;
  readonly heap: number;
  /** Of the processor, milliseconds. */
  readonly cpu: number;
}

const limits = { requestsPerSecond: 10_000, burst: 100_000, streams: 10_000, connections: 10_000 };

async function start({ folder, paths }: Started) {
  const state = join(folder, 'bridge');
  const token = openClients(stateFiles(state).clients, systemClock).add(
    'till',
    new Set(['query', 'sell', 'void']),
  );
  const { url } = await startBridge({
    config: { bridge: { listen: '127.0.0.1:0', state, limits } },
    terminals: paths.map((path, n) => ({
      name: `t${n}`,
      address: `transbank+serial:${path}`,
      options: () => ({}),
    })),
    journal: { path: join(folder, 'books', 'journal.db'), key: join(folder, 'key', 'journal.key') },
    version: 'bench',
  });
  process.send?.({ url, token });
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  for (let again = 0; again < 3; again++) globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heap: heapUsed, cpu: (user + system) / 1_000 };
}

process.on('message', (asked: Started | 'usage') => {
  if (asked === 'usage') process.send?.(usage());
  else start(asked).catch((error: unknown) => process.send?.({ failed: String(error) }));
});
process.once('disconnect', () => process.exit());
