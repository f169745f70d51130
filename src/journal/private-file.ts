import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
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
  const path = resolve(folder);
  if (existsSync(path)) return;
  const parent = dirname(path);
  // One by one: Node's recursive mkdir goes round for ever in a folder that takes no other (/proc).
  makePrivateFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw cause;
  }
  syncFolder(path);
  syncFolder(parent);
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
