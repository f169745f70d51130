import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createMockTerminal, type MockTerminal, openTcp } from '../../mocks/index.ts';
import { startBridge } from '../../src/bridge/bridge.ts';
import { openClients, type Role } from '../../src/bridge/clients.ts';
import type { Limits } from '../../src/bridge/guard.ts';
import { silentLog } from '../../src/bridge/log.ts';
import { type StateFiles, stateFiles } from '../../src/bridge/state-files.ts';
import { systemClock } from '../../src/model/clock.ts';
import { auditLines, posOrigin, testLimits } from './guarded-app.ts';

/** The whole service on a port, with a mock terminal `front`, and what an outsider can learn of it. */
export interface AttackedBridge {
  readonly url: string;
  readonly port: number;
  readonly files: StateFiles;
  readonly mock: MockTerminal;
  /** Of a client added as `tillwire clients add` does it, from outside. */
  tokenFor(name: string, ...roles: Role[]): string;
  clientNames(): readonly string[];
  audited(): readonly Record<string, unknown>[];
  /** Why things were refused, oldest first. */
  denials(): readonly unknown[];
  close(): Promise<void>;
}

/** The locks of terminals lie in the user's folder, which a test has no business in. */
const home = mkdtempSync(join(tmpdir(), 'tillwire-attacked-home-'));
process.env['XDG_STATE_HOME'] = home;
export const removeHome = (): void => rmSync(home, { recursive: true, force: true });

export async function openAttackedBridge(limits: Partial<Limits> = {}): Promise<AttackedBridge> {
  const folder = mkdtempSync(join(home, 'bridge-'));
  const files = stateFiles(folder);
  const clients = openClients(files.clients, systemClock);
  const mock = createMockTerminal({ protocol: 'transbank', thinkMs: 1 });
  const line = await openTcp(mock);
  const bridge = await startBridge({
    config: {
      bridge: {
        listen: '127.0.0.1:0',
        hosts: ['till.local:7465'],
        origins: [posOrigin],
        state: folder,
        limits: { ...testLimits, ...limits },
      },
    },
    terminals: [{ name: 'front', address: `transbank+tcp:${line.where}`, options: () => ({}) }],
    journal: {
      path: join(folder, 'journal.db'),
      key: join(home, 'keys', basename(folder), 'journal.key'),
    },
    version: '0.0.0',
    log: silentLog(),
  });
  const audited = () => auditLines(files.audit);
  return {
    url: bridge.url,
    port: Number(new URL(bridge.url).port),
    ...{ files, mock, audited },
    tokenFor: (name, ...may) => clients.add(name, new Set(may)),
    clientNames: () => clients.list().map(({ name }) => name),
    denials: () =>
      audited()
        .filter(({ what }) => what === 'denied')
        .map(({ why }) => why),
    async close() {
      await bridge.stop();
      await line.close();
      mock.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
