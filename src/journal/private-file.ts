import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { codeOf } from './failure.ts';

/** Makes a folder that only its owner can enter; it and every parent made for it outlast a power cut. */
export function makePrivateFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let at = resolve(folder); at !== top; at = dirname(at)) syncFolder(at);
  syncFolder(top);
}

/**
 * Puts a finished file at `path` in one step, or leaves the one that is there: true when it is ours.
 * `write` fills a file of another name. The file and its name are durable when this returns.
 */
export function createOnce(path: string, write: (unfinished: string) => void): boolean {
  const unfinished = `${path}.${randomBytes(6).toString('hex')}.new`;
  closeSync(openSync(unfinished, 'wx', 0o600));
  try {
    write(unfinished);
    linkSync(unfinished, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(unfinished);
    syncFolder(dirname(path));
  }
}

/** Replaces what is in a file and waits until it is on the disk. */
export function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Windows cannot sync a folder; NTFS keeps names in its own journal. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
