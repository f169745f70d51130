import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Summary } from './campaign.ts';
import type { Task } from './tasks.ts';

/** Processes that share the work, one for each processor. */
export interface Crew {
  /** Played as soon as one of them is free, in the order of asking. */
  play(task: Task): Promise<Summary>;
  /** Ends them, whatever they are at; what was asked and not played is never heard of again. */
  dismiss(): void;
}

interface Waiting {
  readonly task: Task;
  readonly first: boolean;
  resolve(sum: Summary): void;
  reject(error: Error): void;
}

/** What is between a worker and its crew. */
export type Ordered = Pick<Waiting, 'task' | 'first'>;

const root = join(import.meta.dirname, '../..');

/**
 * The sources as one plain file: tsx keeps the name of every function that a run makes, which takes half as
 * long again. Among node_modules, so that the packages are found.
 */
async function bundle(): Promise<{ readonly file: string; remove(): void }> {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'simulate-'));
  const file = join(folder, 'worker.mjs');
  await build({
    entryPoints: [join(root, 'test/simulation/worker.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'error',
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Most of what a run makes is dead at its end: with more room for it less is copied. Every processor has its
 * worker already, so that helpers of the collector would only be in each other's way. And no single function
 * takes long: compiling all of them plainly and at once, and few of them well, is cheaper than finding out
 * which are worth it.
 */
const execArgv = [
  '--max-semi-space-size=64',
  '--single-threaded-gc',
  '--always-sparkplug',
  '--no-flush-bytecode',
  // Node 22 and later have it no more.
  ...(process.versions.node.startsWith('20.') ? ['--interrupt-budget=500000'] : []),
];

/** `first`: each task ends with its first failing run. */
export async function hire(jobs: number, first = false): Promise<Crew> {
  const { file, remove } = await bundle();
  const waiting: Waiting[] = [];
  const workers = new Map<ChildProcess, Waiting | undefined>();

  function hand(worker: ChildProcess): void {
    const next = waiting.shift();
    workers.set(worker, next);
    if (next === undefined) return;
    const { task } = next;
    worker.send({ task, first } satisfies Ordered);
  }

  function start(): void {
    const worker = fork(file, [], { execArgv });
    workers.set(worker, undefined);
    worker.on('message', (sum: Summary) => {
      workers.get(worker)?.resolve(sum);
      hand(worker);
    });
    worker.on('exit', (code, signal) => {
      workers.get(worker)?.reject(new Error(`A worker ended with ${signal ?? code}.`));
      workers.delete(worker);
    });
  }

  for (let job = 0; job < jobs; job++) start();
  return {
    play(task) {
      return new Promise((resolve, reject) => {
        waiting.push({ task, first, resolve, reject });
        const idle = [...workers].find(([, busy]) => busy === undefined)?.[0];
        if (idle !== undefined) hand(idle);
        else if (workers.size === 0) reject(new Error('No worker is left.'));
      });
    },
    dismiss() {
      for (const worker of workers.keys()) worker.kill();
      workers.clear();
      remove();
    },
  };
}
