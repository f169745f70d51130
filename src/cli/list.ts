import { listSerialPorts, type SerialPortEntry } from '../transports/serial-list.ts';
import { type ExitStatus, exit } from './exit.ts';
import type { Output } from './output.ts';

/** Prints the ports that may be terminals, by a name that survives a replug where the system has one. */
export async function list(output: Output): Promise<ExitStatus> {
  const ports = await listSerialPorts();
  for (const port of ports) {
    const where = port.stablePath ?? port.path;
    output.line(inWords(port, where), { type: 'port', transport: 'serial', where, ...port });
  }
  const message = ports.length === 0 ? 'No serial ports found.' : `Serial ports: ${ports.length}.`;
  output.line(message, { type: 'result', outcome: 'listed', count: ports.length, message });
  return exit.done;
}

function inWords(port: SerialPortEntry, where: string): string {
  const usb = port.vendorId === undefined ? undefined : `${port.vendorId}:${port.productId ?? '?'}`;
  const what = [usb, port.manufacturer, port.serialNumber].filter((part) => part !== undefined);
  const real = where === port.path ? '' : ` -> ${port.path}`;
  return `serial:${where}${real}${what.length > 0 ? `  (${what.join(', ')})` : ''}`;
}
