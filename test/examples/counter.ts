import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MockTerminalOptions } from '../../mocks/index.ts';
import { startTerminal, type Terminal } from '../browser/terminal.ts';
import { bin } from '../support/cli.ts';

export interface CounterOptions {
  readonly mock?: Omit<MockTerminalOptions, 'protocol'>;
  readonly timing?: Readonly<Record<string, number>>;
  /** Origins of pages that may call. */
  readonly origins?: readonly string[];
}

/** What a till of the examples finds: `tillwire serve` before a mock terminal `front`, a process each. */
export interface Counter {
  /** `127.0.0.1:PORT` */
  readonly place: string;
  readonly terminal: Terminal;
  /** The first word that a command of `tillwire` prints: a token, a code. */
  word(...args: readonly string[]): Promise<string>;
  /** The service is gone at once, as after a loss of power. */
  kill(): Promise<void>;
  /** It is there again, where it was. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

export async function openCounter(options: CounterOptions = {}): Promise<Counter> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-counter-'));
  const inFolder = (name: string) => join(folder, name);
  const env = {
    PATH: process.env['PATH'],
    XDG_STATE_HOME: inFolder('state'),
    XDG_CONFIG_HOME: inFolder('config'),
  };
  for (const name of ['state', 'config']) mkdirSync(inFolder(name), { mode: 0o700 });
  const terminal = await startTerminal(inFolder('front'), {
    protocol: 'transbank',
    ...options.mock,
  });
  const config = inFolder('config.json');
  const front = {
    address: `transbank+serial:${inFolder('front')}`,
    ...(options.timing && { timing: options.timing }),
  };
  const bridge = { state: inFolder('bridge'), origins: options.origins ?? [] };
  writeFileSync(config, JSON.stringify({ terminals: { front }, bridge }));

  const tillwire = (...args: readonly string[]) =>
    spawn(process.execPath, [bin, ...args, '--config', config], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    });

  async function word(...args: readonly string[]): Promise<string> {
    const child = tillwire(...args);
    let said = '';
    let note = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      note += text.toString();
    });
    await once(child, 'close');
    if (child.exitCode !== 0) throw new Error(`tillwire ${args.join(' ')}: ${note}`);
    return said.trim();
  }

  let service: ChildProcess | undefined;

  async function serve(listen: string): Promise<string> {
    const child = tillwire('serve', '--listen', listen, '--json');
    service = child;
    let log = '';
    child.stderr.on('data', (text: Buffer) => {
      log += text.toString();
    });
    for await (const line of createInterface({ input: child.stdout }))
      return new URL(JSON.parse(line).url).host;
    throw new Error(`The service does not start: ${log}`);
  }

  async function kill(): Promise<void> {
    const running = service;
    service = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const gone = once(running, 'exit');
    running.kill('SIGKILL');
    await gone;
  }

  const place = await serve('127.0.0.1:0');
  return {
    place,
    terminal,
    word,
    kill,
    startAgain: async () => {
      await serve(place);
    },
    async close() {
      await kill();
      await terminal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
