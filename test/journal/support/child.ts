import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A TypeScript program of this folder in a process of its own. */
export interface Child {
  readonly pid: number;
  /** Every line it has written so far. */
  readonly lines: readonly string[];
  /** Resolves once it has written so many lines; rejects when it ends before. */
  written(count: number): Promise<void>;
  kill(): void;
  /** Resolves with its exit status, or null when it was killed; all its lines have arrived then. */
  readonly ended: Promise<number | null>;
}

const tsx = import.meta.resolve('tsx');

export function startChild(
  script: string,
  args: readonly string[],
  { under = [] }: { readonly under?: readonly string[] } = {},
): Child {
  const program = fileURLToPath(new URL(script, import.meta.url));
  const [command = '', ...rest] = [...under, process.execPath, '--import', tsx, program, ...args];
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  let complaints = '';
  const wakers = new Set<() => void>();
  const wake = () => {
    for (const waker of wakers) waker();
  };
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    wake();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  let over = false;
  const ended = once(child, 'close').then(() => {
    over = true;
    wake();
    return child.exitCode;
  });
  return {
    pid: child.pid ?? 0,
    lines,
    ended,
    kill: () => void child.kill('SIGKILL'),
    written: (count) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (lines.length >= count) resolve();
          else if (over) reject(new Error(`It ended after ${lines.length} lines. ${complaints}`));
          else return;
          wakers.delete(check);
        };
        wakers.add(check);
        check();
      }),
  };
}
