import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MockTerminalOptions } from '../../mocks/index.ts';
import { bin } from '../support/cli.ts';
import { startTerminal, type Terminal } from './terminal.ts';

export interface Equipment extends MockTerminalOptions {
  /** Behind the `?` of its address. */
  readonly query?: string;
  readonly timing?: Readonly<Record<string, number>>;
}

/** A service as an integrator installs it, and terminals beside it, each a process. */
export interface Shop {
  readonly url: string;
  readonly terminal: (name: string) => Terminal;
  /** What `tillwire` says, its JSON lines. */
  tillwire(...args: readonly string[]): Promise<readonly Record<string, unknown>[]>;
  /** The code that `tillwire pair` shows. */
  pairingCode(roles: string): Promise<string>;
  /** The service is gone at once, as after a loss of power. */
  kill(): Promise<void>;
  /** It is there again, where it was. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

/** So many requests come from one test as never do from a counter. */
const limits = { requestsPerSecond: 500, burst: 1_000, streams: 64 };

export async function openShop(equipment: Readonly<Record<string, Equipment>>): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-shop-'));
  const place = (name: string) => join(folder, name);
  const env = {
    PATH: process.env['PATH'],
    XDG_STATE_HOME: place('state'),
    XDG_CONFIG_HOME: place('config'),
  };
  for (const name of ['state', 'config', 'bridge', 'books'])
    mkdirSync(place(name), { mode: 0o700 });
  const terminals = new Map<string, Terminal>();
  const addresses: Record<string, object> = {};
  for (const [name, { query = '', timing = {}, ...options }] of Object.entries(equipment)) {
    terminals.set(name, await startTerminal(place(name), options));
    const address = `${options.protocol}+serial:${place(name)}${query === '' ? '' : `?${query}`}`;
    addresses[name] = { address, timing };
  }
  const config = place('config.json');
  const bridge = { state: place('bridge'), limits };
  writeFileSync(config, JSON.stringify({ terminals: addresses, bridge }));

  const start = (...args: readonly string[]) =>
    spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const tillwire = async (...args: readonly string[]) => {
    const child = start(...args, '--config', config, '--json');
    const lines: Record<string, unknown>[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
    await once(child, 'close');
    return lines;
  };

  let url = '';
  let log = '';
  let service: ChildProcess | undefined;
  async function serve(listen: string): Promise<void> {
    const journal = join(place('books'), 'journal.db');
    const args = ['serve', '--config', config, '--journal', journal, '--listen', listen, '--json'];
    const child = start(...args);
    service = child;
    child.stderr.on('data', (text: Buffer) => {
      log += text.toString();
    });
    for await (const line of createInterface({ input: child.stdout })) {
      url = JSON.parse(line).url;
      return;
    }
    throw new Error(`The service does not start: ${log}`);
  }

  async function kill(): Promise<void> {
    if (service === undefined || service.exitCode !== null) return;
    const gone = once(service, 'exit');
    service.kill('SIGKILL');
    await gone;
    service = undefined;
  }

  await serve('127.0.0.1:0');
  return {
    get url() {
      return url;
    },
    terminal(name) {
      const found = terminals.get(name);
      if (found === undefined) throw new Error(`This shop has no terminal ${name}.`);
      return found;
    },
    tillwire,
    async pairingCode(roles) {
      const said = await tillwire('pair', '--roles', roles);
      return String(said.at(-1)?.['code']);
    },
    kill,
    startAgain: () => serve(new URL(url).host),
    async close() {
      await kill();
      for (const terminal of terminals.values()) await terminal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
