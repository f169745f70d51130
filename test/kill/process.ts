import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Line } from './order.ts';

/** A process whose stdout is one JSON object a line. */
export interface SpeakingProcess {
  /** The next line; undefined once it has ended and all it said has been read. */
  next(): Promise<Line | undefined>;
  write(text: string): void;
  /** SIGKILL, at once; a second call does nothing. */
  kill(): void;
  /** Resolves when it is gone and all it said has arrived. */
  readonly ended: Promise<unknown>;
  /** What it said on stderr. */
  readonly complaints: string;
}

const running = new Set<ChildProcessByStdio<Writable, Readable, Readable>>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function startProcess(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  heard: (line: Line) => void,
): SpeakingProcess {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
  running.add(child);
  const lines: Line[] = [];
  let complaints = '';
  let over = false;
  let wake = () => {};
  child.stdin.on('error', () => {});
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = lineOf(text);
    if (line === undefined) return;
    lines.push(line);
    heard(line);
    wake();
  });
  const ended = once(child, 'close').then(() => {
    running.delete(child);
    over = true;
    wake();
  });
  return {
    ended,
    get complaints() {
      return complaints;
    },
    write: (text) => child.stdin.write(text),
    kill: () => void child.kill('SIGKILL'),
    async next() {
      while (lines.length === 0 && !over)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return lines.shift();
    },
  };
}

/** A line that the kill has cut in two was not said. */
function lineOf(text: string): Line | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
