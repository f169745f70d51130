import { TerminalError } from '../model/error.ts';
import type { HidDeviceEntry } from './hid-port.ts';
import type { HidSelector } from './hid-settings.ts';

/** True when the device is one that the address can mean; the path is not compared. */
export const fits = (device: HidDeviceEntry, wanted: HidSelector): boolean =>
  (wanted.vendorId === undefined || wanted.vendorId === device.vendorId) &&
  (wanted.productId === undefined || wanted.productId === device.productId) &&
  (wanted.serialNumber === undefined || wanted.serialNumber === device.serialNumber) &&
  (wanted.interface === undefined || wanted.interface === device.interface);

/** True when it is the same device, as far as the system can tell two apart. */
export const same = (a: HidDeviceEntry, b: HidDeviceEntry): boolean =>
  a.vendorId === b.vendorId && a.productId === b.productId && a.serialNumber === b.serialNumber;

/**
 * The one device that the address means. With two that fit, none is taken: money would go to either.
 * @throws {TerminalError} `no-such-device` or, for more than one, `bad-settings`
 */
export function selectHidDevice(
  devices: readonly HidDeviceEntry[],
  wanted: HidSelector,
): HidDeviceEntry {
  const [found, ...more] = devices.filter((device) => fits(device, wanted));
  if (found === undefined) {
    const names = devices.map(inWords);
    throw new TerminalError(
      'no-such-device',
      'none',
      `There is no HID device ${wantedInWords(wanted)}. ${names.length === 0 ? 'No HID device was found on this machine: check the cable and the power' : `Found: ${names.slice(0, 4).join(', ')}${names.length > 4 ? ', ...' : ''}`}. \`tillwire list\` shows those that may be terminals.`,
    );
  }
  if (more.length > 0)
    throw new TerminalError(
      'bad-settings',
      'none',
      `There are several HID devices ${wantedInWords(wanted)}: ${[found, ...more].map(inWords).join(', ')}. Say which with serial=, interface= or path=. None was opened.`,
    );
  return found;
}

function inWords({ path, vendorId, productId, serialNumber, product, ...rest }: HidDeviceEntry) {
  const details = [
    product,
    serialNumber && `serial ${serialNumber}`,
    rest.interface !== undefined && `interface ${rest.interface}`,
    path,
  ].filter((part) => typeof part === 'string');
  return `${vendorId}:${productId} (${details.join(', ')})`;
}

function wantedInWords(wanted: HidSelector): string {
  const parts = [
    wanted.vendorId !== undefined && `${wanted.vendorId}:${wanted.productId}`,
    wanted.serialNumber !== undefined && `with serial number ${wanted.serialNumber}`,
    wanted.interface !== undefined && `with interface ${wanted.interface}`,
  ];
  return parts.filter((part) => typeof part === 'string').join(' ') || 'at all';
}
