import { type KnownDevice, knownDevice } from './device-table.ts';
import { libraryError } from './hid-errors.ts';
import { systemHid } from './hid-node.ts';
import type { HidDeviceEntry } from './hid-port.ts';
import { listSerialPorts, type SerialPortEntry } from './serial-list.ts';

/** A device that may be a terminal, as the system describes it. Nothing was opened or sent. */
export interface PluggedDevice {
  readonly transport: 'serial' | 'hid';
  /**
   * What stands behind the protocol in a terminal's address, by a name that survives a replug where
   * there is one: `serial:/dev/serial/by-id/...`, `hid:0b00:0074?serial=80770133`.
   */
  readonly address: string;
  readonly path: string;
  /** Four lower-case hex digits. */
  readonly vendorId?: string | undefined;
  /** Four lower-case hex digits. */
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly product?: string | undefined;
  /** What the table of devices says; a hint and no proof. */
  readonly known?: KnownDevice;
}

/** Where the devices come from. */
export interface DeviceSources {
  serial(): Promise<readonly SerialPortEntry[]>;
  hid(): Promise<readonly HidDeviceEntry[]>;
}

export const systemSources: DeviceSources = {
  serial: () => listSerialPorts(),
  hid: () =>
    systemHid.list().catch((cause: unknown) => {
      throw libraryError(cause) ?? cause;
    }),
};

/**
 * The serial ports, all of them, and the HID devices that the table knows, or `all`.
 * @throws {TerminalError} `connection-failed` where the system gives no list (never on Linux).
 */
export async function listPlugged(
  sources: DeviceSources = systemSources,
  all = false,
): Promise<readonly PluggedDevice[]> {
  const [serial, hid] = await Promise.all([sources.serial(), sources.hid()]);
  const sorted = hid.toSorted((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
  const found = sorted.map((device) => fromHid(device, hid));
  return [...serial.map(fromSerial), ...found.filter(({ known }) => all || known !== undefined)];
}

const withKnown = (vendorId: string | undefined, productId: string | undefined) => {
  const known = knownDevice(vendorId, productId);
  return known === undefined ? {} : { known };
};

const fromSerial = ({ stablePath, ...port }: SerialPortEntry): PluggedDevice => ({
  ...port,
  transport: 'serial',
  address: `serial:${stablePath ?? port.path}`,
  ...withKnown(port.vendorId, port.productId),
});

function fromHid(device: HidDeviceEntry, all: readonly HidDeviceEntry[]): PluggedDevice {
  const { interface: number, ...rest } = device;
  const found = withKnown(device.vendorId, device.productId);
  const query = new URLSearchParams(which(device, number, all));
  if (found.known?.packing !== undefined) query.set('packing', found.known.packing);
  const options = query.size === 0 ? '' : `?${query}`;
  return {
    ...rest,
    transport: 'hid',
    address: `hid:${device.vendorId}:${device.productId}${options}`,
    ...found,
  };
}

/** The options that tell this device from the others that are plugged in. */
function which(
  device: HidDeviceEntry,
  number: number | undefined,
  all: readonly HidDeviceEntry[],
): Record<string, string> {
  const alike = all.filter(
    ({ vendorId, productId, serialNumber }) =>
      vendorId === device.vendorId &&
      productId === device.productId &&
      serialNumber === device.serialNumber,
  );
  const serial = device.serialNumber === undefined ? {} : { serial: device.serialNumber };
  if (alike.length === 1) return serial;
  const numbers = new Set(alike.map((entry) => entry.interface));
  if (number !== undefined && numbers.size === alike.length)
    return { ...serial, interface: `${number}` };
  return { ...serial, path: device.path };
}
