import { closeSync, constants, openSync } from 'node:fs';
import { SerialPort } from 'serialport';
import type { MemoryPeer } from '../src/transports/memory.ts';
import type { MockPlug } from './mock-terminal.ts';
import { placeLink, removeLink } from './pty-link.ts';
import { makePty } from './pty-pair.ts';

/** A mock terminal on a pseudo-terminal: a path that any program in any language can open as a port. */
export interface MockPty {
  /** What to open: the link when one was asked for, else `/dev/pts/N`, which a replug changes. */
  readonly path: string;
  /** Pulls the plug: the client's port closes, and the path is gone. */
  unplug(): void;
  /** Plugs it in again, after `unplug` or after a fault has pulled it. */
  replug(): Promise<void>;
  /** Ends the pseudo-terminal and removes the link; resolves when it is gone. The mock goes on. */
  close(): Promise<void>;
}

/**
 * Bytes written when the plug is pulled need a moment to be read: the kernel throws away what the
 * client has not read by then.
 */
const unplugMs = 20;

/** What may wait for a client that does not read. A serial port loses the rest as well. */
const maxUnread = 65_536;

interface Device {
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Puts a mock terminal on a pseudo-terminal. Linux and macOS; needs the optional package
 * @lydell/node-pty.
 *
 * Clients may come and go. As behind a real port, the terminal does not notice: an answer that nobody
 * acknowledged is said again after 10 s, to whoever is there then. Serial libraries discard what came
 * before they opened the port.
 *
 * @param options.link A path to make a symbolic link at, so that the port keeps its name. A symbolic
 *   link that leads nowhere, left by an earlier run, is replaced.
 * @throws {Error} when there are no pseudo-terminals here, or when something else is at `link`.
 */
export async function openPty(
  mock: MockPlug,
  options: { readonly link?: string } = {},
): Promise<MockPty> {
  let device = await openDevice(mock, options.link);
  return {
    get path() {
      return options.link ?? device.path;
    },
    unplug: () => mock.unplug(),
    async replug() {
      await device.close();
      mock.replug();
      device = await openDevice(mock, options.link);
    },
    close: () => device.close(),
  };
}

async function openDevice(mock: MockPlug, link: string | undefined): Promise<Device> {
  const { path, master, slave } = await makePty();
  const gone = new Promise<void>((resolve) => master.on('close', () => resolve()));
  let held: number | undefined;
  let peer: MemoryPeer | undefined;

  function close(): Promise<void> {
    peer?.closed();
    peer = undefined;
    // The kernel gives the number away again: a link must not lead to somebody else's terminal.
    try {
      if (link !== undefined) removeLink(link, path);
    } finally {
      // Its folder may be gone; the terminal has to be gone all the same.
      if (held !== undefined) closeSync(held);
      held = undefined;
      master.destroy();
    }
    return gone;
  }

  try {
    held = await makeRaw(path);
    peer = mock.plug({
      send(chunk) {
        if (master.writableLength < maxUnread) master.write(chunk);
      },
      unplug: () => {
        mock.clock.after(unplugMs, close);
      },
    });
    if (link !== undefined) placeLink(link, path);
  } catch (error) {
    await close();
    throw error;
  } finally {
    slave.destroy();
  }

  master.on('data', (chunk) => {
    if (chunk instanceof Uint8Array) peer?.data(chunk);
  });
  return { path, close };
}

/**
 * Opens the line once as a serial port, which makes it raw, and holds it open, so that it outlives each
 * client and stays raw.
 */
async function makeRaw(path: string): Promise<number> {
  const port = new SerialPort({
    path,
    baudRate: 115_200,
    hupcl: false,
    lock: false,
    autoOpen: false,
  });
  await new Promise<void>((resolve, reject) =>
    port.open((error) => (error ? reject(error) : resolve())),
  );
  const held = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
  await new Promise<void>((resolve) => port.close(() => resolve()));
  return held;
}
