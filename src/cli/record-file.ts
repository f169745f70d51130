import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import type { Terminal } from '../terminal/terminal.ts';
import { type RecordingHeader, recordedLine, recordingHeader } from '../trace/recording.ts';
import type { WireFrame } from '../trace/wire-frame.ts';
import { UsageError } from './exit.ts';
import type { Make } from './run.ts';

/** A recording being written: each frame is in the file when `write` comes back. */
export interface RecordFile {
  write(frame: WireFrame): void;
  /** A recording of nothing is not kept: its name is free for the next try. */
  close(): void;
}

const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && 'code' in cause ? cause.code : undefined;

function create(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST')
      throw new UsageError(`There is something at ${path} already; it was left as it is.`, {
        cause,
      });
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path} cannot be written: ${why}`, { cause });
  }
}

/**
 * Begins a recording in a file of its own, readable by its owner only.
 * @throws {UsageError} when there is something at that path, or nothing can be written there
 */
export function createRecordFile(path: string, header: RecordingHeader): RecordFile {
  const file = create(path);
  writeSync(file, `${JSON.stringify(header)}\n`);
  let open = true;
  let empty = true;
  return {
    write(frame) {
      if (!open) return;
      empty = false;
      writeSync(file, `${recordedLine(frame)}\n`);
    },
    close() {
      if (!open) return;
      open = false;
      closeSync(file);
      if (empty) unlinkSync(path);
    },
  };
}

/** The header for a terminal's own line. */
function headerOf({ name, protocol }: Terminal, tillwire: string): RecordingHeader {
  const [, named = protocol, transport = ''] = /^([a-z0-9-]+)(?:\+([a-z]+):)?/.exec(name) ?? [];
  return recordingHeader({
    tillwire,
    protocol: named,
    ...(named !== protocol && { profile: protocol }),
    transport,
    startedAt: new Date().toISOString(),
  });
}

/** The same command, with what crosses the line written into a file: from before its first byte on. */
export function recorded(path: string, tillwire: string, make: Make) {
  let done = Promise.resolve();
  return {
    make: ((terminal, signal, language) => {
      const file = createRecordFile(path, headerOf(terminal, tillwire));
      done = new Promise((resolve) => {
        terminal.wire$.subscribe({
          next: (frame) => file.write(frame),
          complete: () => {
            file.close();
            resolve();
          },
        });
      });
      return make(terminal, signal, language);
    }) satisfies Make,
    /** Resolves when the terminal is closed and everything is in the file. */
    done: () => done,
  };
}
