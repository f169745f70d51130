import { closeSync, constants, openSync } from 'node:fs';
import type { ReadStream } from 'node:tty';
import * as pty from '@lydell/node-pty';

declare module '@lydell/node-pty' {
  // Exported by the package, missing in its types.
  export function open(options: { encoding: null }): {
    readonly master: ReadStream;
    readonly slave: ReadStream;
    readonly ptsName: string;
  };
}

/** A real pseudo-terminal: a test holds the terminal's end, the till opens `path`. */
export interface PtyPair {
  readonly path: string;
  /** Sends to the till. */
  write(bytes: Uint8Array): void;
  /** Everything the till has sent so far. */
  received(): Uint8Array;
  /** Resolves with everything the till has sent, once that is `count` bytes. */
  receive(count: number): Promise<Uint8Array>;
  /** The terminal stops taking bytes; after some 60 kB the till's writes get stuck. */
  stopReading(): void;
  /** The terminal goes away; resolves when its end is gone. */
  hangUp(): Promise<void>;
}

export function openPtyPair(): PtyPair {
  const { master, slave, ptsName: path } = pty.open({ encoding: null });
  // The pair must outlive the till's closings, so its other end is held open here. The package's own
  // stream on it would take bytes away from the till.
  slave.pause();
  const held = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  slave.destroy();

  const chunks: Uint8Array[] = [];
  const gone = new Promise<void>((resolve) => master.once('close', resolve));
  let holding = true;
  master.on('data', (chunk: Buffer) => chunks.push(new Uint8Array(chunk)));
  master.on('error', () => {});

  function received(): Uint8Array {
    return new Uint8Array(Buffer.concat(chunks));
  }

  return {
    path,
    received,
    write(bytes) {
      master.write(bytes);
    },
    receive(count) {
      return new Promise((resolve) => {
        function check() {
          if (received().length < count) return;
          master.off('data', check);
          resolve(received());
        }
        master.on('data', check);
        check();
      });
    },
    stopReading() {
      master.pause();
    },
    async hangUp() {
      if (holding) closeSync(held);
      holding = false;
      master.destroy();
      await gone;
    },
  };
}
