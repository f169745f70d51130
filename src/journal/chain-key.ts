import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { codeOf, journalFailure, said } from './failure.ts';
import { createOnce, makePrivateFolder, writeDurably } from './private-file.ts';

const keyBytes = 32;

/** The secret of an existing journal. Without it nobody can tell a forged record from a true one. */
export function readChainKey(keyPath: string, journal: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(keyPath, 'utf8').trim();
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT')
      throw journalFailure(
        journal,
        `cannot be checked: its key ${keyPath} is missing`,
        'Put the key file back from a backup. A new key would hide what may have happened to the journal, so none was made.',
        cause,
      );
    throw journalFailure(
      journal,
      `cannot be checked: its key ${keyPath} cannot be read (${said(cause)})`,
      'Make the key file readable for this user.',
      cause,
    );
  }
  if (!/^[0-9a-f]{64}$/.test(text))
    throw journalFailure(
      journal,
      `cannot be checked: ${keyPath} is no key`,
      'Put the key file back from a backup.',
    );
  return Buffer.from(text, 'hex');
}

/** The secret for a new journal: made at first use, never overwritten. */
export function obtainChainKey(keyPath: string, journal: string): Uint8Array {
  refuseTheSameFolder(keyPath, journal);
  try {
    makePrivateFolder(dirname(keyPath));
    createOnce(keyPath, (unfinished) =>
      writeDurably(unfinished, `${randomBytes(keyBytes).toString('hex')}\n`),
    );
  } catch (cause) {
    throw journalFailure(
      journal,
      `cannot be made: its key ${keyPath} cannot be written (${said(cause)})`,
      'Make the folder of the key writable for this user, or give another place for it.',
      cause,
    );
  }
  return readChainKey(keyPath, journal);
}

/** Whoever can rewrite the journal's folder must not find the key in it (PCI DSS 10.3.4). */
function refuseTheSameFolder(keyPath: string, journal: string): void {
  const way = relative(resolve(dirname(journal)), resolve(keyPath));
  const inside = way !== '..' && !way.startsWith(`..${sep}`) && resolve(keyPath) !== way;
  if (inside)
    throw journalFailure(
      journal,
      `cannot be made: its key ${keyPath} would lie in the same folder`,
      'Give another folder for the one or the other.',
    );
}
