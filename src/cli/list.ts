import { listPlugged, type PluggedDevice } from '../transports/discovery.ts';
import { type ExitStatus, exit } from './exit.ts';
import type { Output } from './output.ts';

export interface ListRequest {
  /** HID devices that no table knows, too. */
  readonly all?: boolean;
}

/**
 * Prints the serial ports and the HID devices that may be terminals, by a name that survives a replug where
 * the system has one. Opens none of them.
 */
export async function list({ all = false }: ListRequest, output: Output): Promise<ExitStatus> {
  const devices = await listPlugged(undefined, all);
  for (const device of devices) output.line(inWords(device), { type: 'device', ...device });
  const ports = devices.filter(({ transport }) => transport === 'serial').length;
  const hid = devices.length - ports;
  const message = `Serial ports: ${ports}. HID devices${all ? '' : ' that may be terminals'}: ${hid}.`;
  output.line(message, { type: 'result', outcome: 'listed', count: devices.length, message });
  return exit.done;
}

function inWords({ address, known, path, transport, ...device }: PluggedDevice): string {
  const usb =
    device.vendorId === undefined ? undefined : `${device.vendorId}:${device.productId ?? '?'}`;
  const said = [usb, device.manufacturer, device.product, device.serialNumber];
  const what = said.filter((part) => part !== undefined).join(', ');
  const real = address.startsWith(`${transport}:${path}`) ? '' : ` -> ${path}`;
  const hint =
    known === undefined ? '' : `; perhaps ${known.maker} ${known.name} [${known.quality}]`;
  return `${address}${real}${what === '' ? '' : `  (${what}${hint})`}`;
}
