import { type BigIntStats, statSync } from 'node:fs';
import { TerminalError } from '../model/error.ts';
import { codeOf, journalFailure, said } from './failure.ts';
import type { JournalSource } from './reader.ts';

const lookFirst = 'Look at the terminal for what may be open before anything else.';

/**
 * Writes whole transactions, one process at a time. After one failure it writes nothing more: what a
 * failed sync left on the disk is unknown, and a second one that succeeds proves nothing (fsync on Linux
 * drops the dirty pages it could not write).
 */
export class Writer {
  readonly #source: JournalSource;
  readonly #file: BigIntStats | undefined;
  #failed: TerminalError | undefined;
  /** Opened so. */
  #syncing = true;

  constructor(source: JournalSource) {
    this.#source = source;
    if (source.path !== ':memory:') this.#file = statSync(source.path, { bigint: true });
  }

  /**
   * Runs `change` while no other process writes. With `sync`, what it wrote and all that was written before
   * is on the disk when this returns; without, a power cut may still take it back, and what comes after it.
   */
  write<T>(sync: boolean, change: () => T): T {
    this.check();
    const { database } = this.#source;
    this.#setSync(sync);
    this.#begin();
    try {
      const result = change();
      database.exec('COMMIT');
      return result;
    } catch (cause) {
      this.#rollBack();
      // Refused, not failed: nothing of it was written.
      if (cause instanceof TerminalError && cause.code === 'key-reused') throw cause;
      this.#failed = cause instanceof TerminalError ? cause : this.#unwritable(cause);
      throw this.#failed;
    }
  }

  /** @throws {TerminalError} when nothing is written any more */
  check(): void {
    if (this.#failed !== undefined) throw this.#failed;
  }

  close(): void {
    this.#failed ??= journalFailure(this.#source.path, 'has been closed', 'Open it again.');
  }

  #setSync(sync: boolean): void {
    if (this.#syncing === sync) return;
    // In WAL mode NORMAL writes the log without waiting for the disk; the next FULL commit waits for all of it.
    this.#source.database.exec(`PRAGMA synchronous = ${sync ? 'FULL' : 'NORMAL'}`);
    this.#syncing = sync;
  }

  #begin(): void {
    this.#checkFile();
    try {
      this.#source.database.exec('BEGIN IMMEDIATE');
    } catch (cause) {
      if (codeOf(cause).startsWith('SQLITE_BUSY'))
        throw journalFailure(
          this.#source.path,
          'is being written by another process',
          'Nothing was written; try again.',
          cause,
        );
      this.#failed = this.#unwritable(cause);
      throw this.#failed;
    }
  }

  /** A journal that was moved away or replaced would go on growing where nobody looks for it. */
  #checkFile(): void {
    if (this.#file === undefined) return;
    const now = statSync(this.#source.path, { bigint: true, throwIfNoEntry: false });
    if (now?.ino === this.#file.ino && now.dev === this.#file.dev) return;
    this.#failed = journalFailure(
      this.#source.path,
      'was moved, removed or replaced while it was open',
      `Put it back, then start again. ${lookFirst}`,
    );
    throw this.#failed;
  }

  #rollBack(): void {
    try {
      if (this.#source.database.inTransaction) this.#source.database.exec('ROLLBACK');
    } catch {
      // The file is given up as it is; SQLite rolls it back when it is opened again.
    }
  }

  #unwritable = (cause: unknown) =>
    journalFailure(
      this.#source.path,
      `cannot be written (${said(cause)}) and takes nothing more`,
      `Check the disk, then start again. ${lookFirst}`,
      cause,
    );
}
