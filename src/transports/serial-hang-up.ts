import { read } from 'node:fs';
import type { SerialPort } from 'serialport';

type Binding = (typeof SerialPort)['binding'];

/** What serialport's ports on Linux and macOS have in common. */
interface PolledPort {
  readonly isOpen: boolean;
  readonly fd: number | null;
  readonly poller: {
    once(event: 'readable', then: (error: Error | null) => void): unknown;
  };
  read(
    buffer: Buffer,
    offset: number,
    length: number,
  ): Promise<{ readonly buffer: Buffer; readonly bytesRead: number }>;
}

/** Nothing to read yet. */
const AGAIN: ReadonlySet<unknown> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

/**
 * serialport's own binding, but for a port that hangs up. Linux answers a read of such a port with no
 * bytes, and bindings-cpp 13.0.0 then reads again, at once and for ever: a terminal that is unplugged
 * while a read is under way, within milliseconds of a byte of it, is never missed, and a processor is
 * busy with it until the port is closed. Here no bytes are the end.
 */
export function noticingHangUp(binding: Binding): Binding {
  return {
    list: () => binding.list(),
    async open(options: Parameters<Binding['open']>[0]) {
      const port = await Reflect.apply(binding.open, binding, [options]);
      if (isPolled(port))
        port.read = (buffer, offset, length) => readSome(port, buffer, offset, length);
      return port;
    },
  } as Binding;
}

/** Not on Windows, whose ports are read in another way. */
const isPolled = (port: object): port is PolledPort => 'poller' in port && 'fd' in port;

async function readSome(port: PolledPort, buffer: Buffer, offset: number, length: number) {
  while (port.isOpen && port.fd !== null) {
    const bytesRead = await readNow(port.fd, buffer, offset, length);
    if (bytesRead === 0)
      throw Object.assign(new Error('the port has hung up'), { disconnect: true });
    if (bytesRead !== undefined) return { buffer, bytesRead };
    // Closed meanwhile: a poller that was destroyed brings the process down when it is used again.
    if (!port.isOpen) break;
    await new Promise<void>((resolve, reject) => {
      port.poller.once('readable', (error) => (error ? reject(error) : resolve()));
    });
  }
  throw Object.assign(new Error('Port is not open'), { canceled: true });
}

const readNow = (
  fd: number,
  buffer: Buffer,
  offset: number,
  length: number,
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    read(fd, buffer, offset, length, null, (error, bytesRead) => {
      if (error === null) resolve(bytesRead);
      else if (AGAIN.has(error.code)) resolve(undefined);
      else reject(error);
    });
  });
