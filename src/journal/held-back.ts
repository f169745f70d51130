import type { Entry } from './journal.ts';

/**
 * Entries that nobody waits for: they are written with the next of their intent, or as soon as the event
 * loop comes round. A kill before that loses them, which leaves more to a person, and nothing else.
 */
const isHeldBack = (entries: readonly Entry[]): boolean =>
  entries.length > 0 && entries.every(({ type }) => type === 'taken');

interface Held {
  readonly entries: Entry[];
  readonly written: Promise<void>;
  release(): void;
}

/** Brings entries that can wait together with what follows them, so that they are no write of their own. */
export class HeldBack {
  readonly #write: (key: string, entries: readonly Entry[]) => Promise<void>;
  readonly #held = new Map<string, Held>();

  constructor(write: (key: string, entries: readonly Entry[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when the entries are written, and all that were held back of this intent. */
  append(key: string, entries: readonly Entry[]): Promise<void> {
    const waits = isHeldBack(entries);
    const held = this.#held.get(key);
    if (held === undefined) return waits ? this.#hold(key, entries) : this.#write(key, entries);
    // Only the intent itself is asked for, and it is written with what is held back.
    if (entries.length === 0) return Promise.resolve();
    held.entries.push(...entries);
    if (!waits) held.release();
    return held.written;
  }

  /** Writes everything that is held back. */
  release(): void {
    for (const held of [...this.#held.values()]) held.release();
  }

  #hold(key: string, first: readonly Entry[]): Promise<void> {
    const entries = [...first];
    let release = () => {};
    const written = new Promise<void>((resolve) => {
      const immediate = setImmediate(() => release());
      release = () => {
        clearImmediate(immediate);
        this.#held.delete(key);
        resolve(this.#write(key, entries));
      };
    });
    this.#held.set(key, { entries, written, release });
    return written;
  }
}
