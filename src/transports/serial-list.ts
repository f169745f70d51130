import { TerminalError } from '../model/error.ts';
import { loadSerialPort } from './serial-binding.ts';
import { printable, type SerialPortEntry, usbId } from './serial-port-entry.ts';
import { listSysfsPorts } from './serial-sysfs.ts';
import type { SystemRoots } from './sysfs.ts';

export type { SerialPortEntry } from './serial-port-entry.ts';
export type { SystemRoots } from './sysfs.ts';

/**
 * The serial ports of this machine; none is opened. On Linux the list is read from sysfs and
 * `/dev/serial/by-id` and not through serialport, which needs the program `udevadm` (containers have
 * none) and lists `ttyS` ports without hardware. `roots` stands in for `/sys` and `/dev`.
 * @throws {TerminalError} `connection-failed` where the system gives no list (never on Linux).
 */
export async function listSerialPorts(roots?: SystemRoots): Promise<readonly SerialPortEntry[]> {
  const ports =
    roots !== undefined || process.platform === 'linux'
      ? await listSysfsPorts(roots)
      : await listSystemPorts();
  return ports.toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

async function listSystemPorts(): Promise<readonly SerialPortEntry[]> {
  const SerialPort = await loadSerialPort();
  const ports = await SerialPort.list().catch((cause: unknown) => {
    const message = 'The system gave no list of serial ports.';
    throw new TerminalError('connection-failed', 'none', message, { cause });
  });
  return ports.map((port) => ({
    path: port.path,
    manufacturer: printable(port.manufacturer),
    serialNumber: printable(port.serialNumber),
    vendorId: usbId(port.vendorId),
    productId: usbId(port.productId),
  }));
}
