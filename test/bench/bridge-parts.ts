import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandEventView } from '../../src/bridge/schemas.ts';
import { Bridge } from '../../src/client/client.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import type { Usage } from './bridge-process.ts';

/** A process of the bench, asked one thing at a time. */
export interface Part {
  ask<T>(question: object | string): Promise<T>;
  /** The next thing that it says by itself. */
  hear<T>(): Promise<T>;
  end(): Promise<void>;
}

export function startPart(file: string, env: Readonly<Record<string, string>> = {}): Part {
  const child: ChildProcess = fork(join(import.meta.dirname, file), {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    // The service writes its log as it always does; nobody reads it here.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, ...env },
  });
  const hear = async <T>(): Promise<T> => {
    const [said] = await once(child, 'message');
    if (said?.failed !== undefined) throw new Error(`${file}: ${said.failed}`);
    return said;
  };
  return {
    hear,
    ask<T>(question: object | string): Promise<T> {
      const answer = hear<T>();
      child.send(question);
      return answer;
    },
    async end() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** Paths of mock terminals that run in a process of their own until `end`. */
export async function startMocks(count: number, thinkMs: number) {
  const part = startPart('mocks-process.ts');
  return { paths: await part.ask<readonly string[]>({ count, thinkMs }), end: () => part.end() };
}

export interface Service {
  readonly url: string;
  readonly token: string;
  readonly client: Bridge;
  usage(): Promise<Usage>;
  end(): Promise<void>;
}

/** The service in a process of its own, as `tillwire serve` starts it, before these devices. */
export async function startService(paths: readonly string[]): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  const inFolder = (name: string) => join(folder, name);
  for (const name of ['state', 'config']) mkdirSync(inFolder(name), { mode: 0o700 });
  const part = startPart('bridge-process.ts', {
    XDG_STATE_HOME: inFolder('state'),
    XDG_CONFIG_HOME: inFolder('config'),
  });
  const { url, token } = await part.ask<{ url: string; token: string }>({ folder, paths });
  return {
    url,
    token,
    client: new Bridge({ url, token }),
    usage: () => part.ask<Usage>('usage'),
    async end() {
      await part.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks for the last transaction, and how long it took until it was told, milliseconds. */
export interface Asking {
  ask(): Promise<number>;
  close(): Promise<void>;
}

export async function byLibrary(path: string): Promise<Asking> {
  const terminal = await openTerminal(`transbank+serial:${path}`);
  return {
    async ask() {
      const start = performance.now();
      const last = await resultOf(terminal.lastTransaction());
      const took = performance.now() - start;
      if (last.outcome !== 'found') throw new Error(last.message);
      return took;
    },
    close: () => terminal.close(),
  };
}

/** One request for the command, one for its events, which are read to their end. */
export const byBridge = ({ client }: Service, terminal: string): Asking => ({
  async ask() {
    const start = performance.now();
    const { id } = await client.lastTransaction(terminal);
    let last: CommandEventView | undefined;
    for await (const event of client.events(id)) last = event;
    const took = performance.now() - start;
    if (last?.result?.outcome !== 'found') throw new Error(`It ended by ${JSON.stringify(last)}`);
    return took;
  },
  close: async () => {},
});

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** What else the machine does meanwhile: without it the figures mean little. */
export const machineLoad = (): string => `machine load ${loadavg()[0]?.toFixed(1)}`;

export const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;
