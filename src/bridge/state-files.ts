import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf, said } from '../journal/failure.ts';
import { systemLocation } from '../journal/location.ts';
import { makePrivateFolder } from '../journal/private-file.ts';
import { TerminalError } from '../model/error.ts';

/** What the bridge keeps beside the journal. */
export interface StateFiles {
  readonly folder: string;
  readonly clients: string;
  readonly pairing: string;
  readonly audit: string;
}

/** @param folder `bridge.state` of the configuration; without it, where this user's journal is */
export function stateFiles(folder = dirname(systemLocation().journal)): StateFiles {
  return {
    folder,
    clients: join(folder, 'clients.json'),
    pairing: join(folder, 'pairing.json'),
    audit: join(folder, 'audit.jsonl'),
  };
}

export const unusable = (path: string, why: string, cause?: unknown): TerminalError =>
  new TerminalError(
    'bad-settings',
    'none',
    `The file ${path} cannot be used: ${why}.`,
    cause === undefined ? {} : { cause },
  );

/** A file of tokens or codes is short; one that is not is not ours. */
const longest = 1 << 20;

/** Windows has no such rights, and no such flag. */
const posix = process.platform !== 'win32';
const follow = posix ? constants.O_NOFOLLOW : 0;

/**
 * Makes the folder if it is not there.
 * @throws {TerminalError} `bad-settings` when others could put their own files there
 */
export function checkStateFolder(folder: string): void {
  let stats: Stats;
  try {
    makePrivateFolder(folder);
    stats = statSync(folder);
  } catch (cause) {
    throw unusable(folder, `the folder cannot be made (${said(cause)})`, cause);
  }
  if (!stats.isDirectory()) throw unusable(folder, 'it is no folder');
  if (posix && (stats.mode & 0o022) !== 0)
    throw unusable(
      folder,
      `others may write in the folder (its rights are ${octal(stats)}); run: chmod 700 ${folder}`,
    );
  checkOwner(folder, stats);
}

const octal = ({ mode }: Stats): string => (mode & 0o777).toString(8).padStart(4, '0');

function checkOwner(path: string, { uid }: Stats): void {
  const me = process.getuid?.();
  if (me === undefined || me === 0 || uid === me || uid === 0) return;
  throw unusable(path, `it belongs to another user (uid ${uid}, and this is uid ${me})`);
}

function checkPrivate(path: string, stats: Stats): void {
  if (!stats.isFile()) throw unusable(path, 'it is no plain file');
  if (posix && (stats.mode & 0o077) !== 0)
    throw unusable(
      path,
      `others may read or change it (its rights are ${octal(stats)}); whoever could read it may have copied what is in it. Run: chmod 600 ${path}`,
    );
  checkOwner(path, stats);
}

/** Opens a file that only its owner may read; undefined when there is none. */
function openPrivate(path: string, flags: number): number | undefined {
  let file: number;
  try {
    file = openSync(path, flags | follow, 0o600);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    if (codeOf(cause) === 'ELOOP') throw unusable(path, 'it is a symbolic link', cause);
    throw unusable(path, said(cause), cause);
  }
  try {
    checkPrivate(path, fstatSync(file));
    return file;
  } catch (cause) {
    closeSync(file);
    throw cause;
  }
}

/**
 * The text of a file that only its owner may read; undefined when there is none.
 * @throws {TerminalError} `bad-settings`: wider rights, another owner, a link, too long, unreadable
 */
export function readPrivate(path: string): string | undefined {
  const file = openPrivate(path, constants.O_RDONLY);
  if (file === undefined) return undefined;
  try {
    const { size } = fstatSync(file);
    if (size > longest) throw unusable(path, `it has ${size} bytes; at most ${longest} are read`);
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}

/** Puts `text` in place of the file in one step: a reader sees the old one or the new one, whole. */
export function replacePrivate(path: string, text: string): void {
  const folder = dirname(path);
  checkStateFolder(folder);
  const unfinished = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    const file = openSync(unfinished, 'wx', 0o600);
    try {
      writeFileSync(file, text);
      giveToOwner(file, folder);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (cause) {
    removeIfThere(unfinished);
    throw unusable(path, `it cannot be written (${said(cause)})`, cause);
  }
  syncFolder(folder);
}

/** `sudo tillwire pair`: the service, which is not root, has to be able to read what root writes. */
function giveToOwner(file: number, folder: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(folder);
  if (uid !== 0) fchownSync(file, uid, gid);
}

/** The name of a removed file has to be gone after a power cut too. */
export function removePrivate(path: string): void {
  removeIfThere(path);
  syncFolder(dirname(path));
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw unusable(path, said(cause), cause);
  }
}

/**
 * Adds one line in one write. A line that a crash cut short is ended first.
 * @throws {TerminalError} `bad-settings`
 */
export function appendPrivate(path: string, line: string): void {
  const isNew = statSync(path, { throwIfNoEntry: false }) === undefined;
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;
  const file = openPrivate(path, flags);
  if (file === undefined) throw unusable(path, 'its folder is not there');
  try {
    if (isNew) giveToOwner(file, dirname(path));
    writeFileSync(file, `${endsInMidLine(file) ? '\n' : ''}${line}\n`);
  } catch (cause) {
    throw unusable(path, `it cannot be written (${said(cause)})`, cause);
  } finally {
    closeSync(file);
  }
}

function endsInMidLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last[0] !== 0x0a;
}

/** Windows cannot sync a folder; NTFS keeps names in its own journal. */
function syncFolder(folder: string): void {
  if (!posix) return;
  const opened = openSync(folder, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** How long a process that died while it had the file may keep others waiting, milliseconds. */
const staleMs = 5_000;
const patienceMs = 6_000;

/** One process at a time changes the file. What `change` does takes a few milliseconds. */
export function alone<T>(path: string, change: () => T): T {
  const lock = `${path}.lock`;
  checkStateFolder(dirname(path));
  const giveUpAt = Date.now() + patienceMs;
  while (!tryLock(lock)) {
    if (Date.now() > giveUpAt) throw unusable(path, `another program keeps ${lock}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  try {
    return change();
  } finally {
    removeIfThere(lock);
  }
}

function tryLock(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw unusable(lock, said(cause), cause);
  }
  const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
  if (made !== undefined && Date.now() - made > staleMs) removeIfThere(lock);
  return false;
}
