import { close, openSync, read, writeSync } from 'node:fs';
import { readUhidEvent, type UhidEvent, uhidEventSize } from './uhid-events.ts';

/** An open /dev/uhid, which stands for one device. */
export interface UhidFile {
  write(event: Uint8Array): void;
  /** Resolves when the kernel has let the device go. */
  readonly gone: Promise<void>;
}

export type OpenUhidFile = (onEvent: (event: UhidEvent) => void) => UhidFile;

/**
 * Opens /dev/uhid. Each read blocks a thread of Node's pool until the kernel has something to say: with
 * four devices in one process its file operations stand still.
 *
 * @throws {Error} where there is no such file, or the user may not use it.
 */
export const openUhidFile: OpenUhidFile = (onEvent) => {
  const file = open();
  const buffer = new Uint8Array(uhidEventSize);
  let resolveGone = () => {};
  const gone = new Promise<void>((resolve) => {
    resolveGone = resolve;
  });

  function next(): void {
    read(file, buffer, 0, buffer.length, null, (error, count) => {
      const event = error === null ? readUhidEvent(buffer.slice(0, count)) : undefined;
      if (event !== undefined) onEvent(event);
      if (event === undefined || event.type === 'stop') close(file, resolveGone);
      else next();
    });
  }

  next();
  return { gone, write: (event) => writeSync(file, event) };
};

function open(): number {
  try {
    return openSync('/dev/uhid', 'r+');
  } catch (cause) {
    const why =
      process.platform === 'linux'
        ? 'the kernel module uhid (sudo modprobe uhid) and a user who may write /dev/uhid, usually root'
        : 'Linux';
    throw new Error(`A mock HID device needs ${why}.`, { cause });
  }
}
