import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The built command line, as the package ships it. */
export const bin = join(import.meta.dirname, '../../dist/src/cli/main.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The JSON objects on stdout, one a line. */
  readonly lines: readonly Record<string, unknown>[];
}

type Process = ChildProcessByStdio<null, Readable, Readable>;

/** Journals, keys and configuration of the processes under test lie here, not in the user's folders. */
export const home = mkdtempSync(join(tmpdir(), 'tillwire-home-'));
process.once('exit', () => rmSync(home, { recursive: true, force: true }));

const env = {
  ...process.env,
  XDG_STATE_HOME: join(home, 'state'),
  XDG_CONFIG_HOME: join(home, 'config'),
};

export const start = (...args: string[]): Process =>
  spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });

/** Waits for a process to end. */
export async function ended(child: Process): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status]: (number | null)[] = await once(child, 'close');
  return { status: status ?? null, stdout, stderr, lines: jsonLines(stdout) };
}

export const tillwire = (...args: string[]): Promise<Ended> => ended(start(...args));

function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line): Record<string, unknown> => JSON.parse(line));
}

/** Waits for a line of a running process's stdout. */
export async function firstLine(child: Process): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('The process ended without a word.');
}
