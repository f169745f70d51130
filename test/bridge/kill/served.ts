import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { bin } from '../../support/cli.ts';

/** The built command line; another build than the one in dist where the environment names one. */
export const built = process.env['TILLWIRE_BIN'] ?? bin;

/** A `tillwire serve` in a process of its own. */
export interface Served {
  readonly url: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to its exit status. */
  stop(): Promise<number | null>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves to its exit status, whatever ended it. */
  readonly ended: Promise<number | null>;
}

const running = new Set<ReturnType<typeof spawn>>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts it and waits until it listens. */
export async function serve(bin: string, config: string, env: NodeJS.ProcessEnv): Promise<Served> {
  const child = spawn(process.execPath, [bin, 'serve', '--json', '--config', config], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  running.add(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4_000);
  });
  const ended = once(child, 'close').then(([status]: unknown[]) => {
    running.delete(child);
    return typeof status === 'number' ? status : null;
  });
  for await (const text of createInterface({ input: child.stdout })) {
    const { type, url } = Object(JSON.parse(text));
    if (type !== 'listening') throw new Error(`${text}\n${said}`);
    child.stdout.resume();
    const end = (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended;
    };
    return {
      ...{ url, ended },
      signal: (signal) => void child.kill(signal),
      kill: () => end('SIGKILL').then(() => {}),
      stop: () => end('SIGTERM'),
    };
  }
  throw new Error(`tillwire serve has ended without a word: ${said}`);
}
