/**
 * The guest's program: runs each case file in a process of its own, so that one that dies takes no other
 * with it, and carries what they say over the second serial line to the host.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ReadStream } from 'node:tty';
import type { FromGuest, ToGuest, Told } from '../runner/messages.ts';

/** A case file that says nothing for so long is stuck, in milliseconds. */
const silenceLimitMs = 180_000;

const line = '/dev/ttyS1';
const out = openSync(line, 'w');
const tell = (message: FromGuest): void => {
  writeSync(out, `${JSON.stringify(message)}\n`);
};

let current: ChildProcess | undefined;

function runFile(file: string, only: string): Promise<void> {
  tell({ type: 'start', file });
  return new Promise((resolve) => {
    const child = fork(`/bench/${file}`, [], {
      execArgv: ['--jitless'],
      // Each device on /dev/uhid keeps a thread of Node's pool.
      env: { ...process.env, TILLWIRE_ONLY: only, UV_THREADPOOL_SIZE: '12' },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    current = child;
    let stuck = false;
    const kill = () => {
      stuck = true;
      child.kill('SIGKILL');
    };
    let timer = setTimeout(kill, silenceLimitMs);
    child.on('message', (told: Told) => {
      clearTimeout(timer);
      timer = setTimeout(kill, silenceLimitMs);
      tell(told);
    });
    child.on('exit', (status, signal) => {
      clearTimeout(timer);
      const how = stuck ? 'killed: it was stuck' : `ended with ${signal ?? `status ${status}`}`;
      tell({ type: 'end', file, how, ok: status === 0 });
      resolve();
    });
  });
}

async function runFiles(files: readonly string[], only = ''): Promise<void> {
  for (const file of files) await runFile(file, only);
  tell({ type: 'done' });
  process.exit(0);
}

createInterface({ input: new ReadStream(openSync(line, 'r')) }).on('line', (text) => {
  const message: ToGuest = JSON.parse(text);
  if (message.type === 'go') void runFiles(message.files, message.only);
  else current?.send(message);
});

tell({ type: 'ready', bootSeconds: Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) });
