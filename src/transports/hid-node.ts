import type { Device } from 'node-hid';
import { holdersOf } from './hid-holders.ts';
import type { HidDeviceEntry, HidPort, HidPortListener, HidSystem } from './hid-port.ts';
import { describeHidraw, listHidraw, readDescriptor } from './hid-sysfs.ts';
import { printable } from './serial-port-entry.ts';

/** Loads node-hid when a device is first needed. Its native part is loaded at the first call. */
const load = async () => (await import('node-hid')).default;

/**
 * The HID devices of this machine. On Linux they are listed from sysfs, without the library; node-hid's
 * own list takes seconds on some machines and slows every transfer meanwhile (node-hid issue 272).
 */
export const systemHid: HidSystem = {
  list: () => (process.platform === 'linux' ? listHidraw() : listWithLibrary()),
  describe: async (path) =>
    process.platform === 'linux'
      ? describeHidraw(path)
      : (await listWithLibrary()).find((entry) => entry.path === path),
  descriptor: async (path) => (process.platform === 'linux' ? readDescriptor(path) : undefined),
  holders: async (path) => (process.platform === 'linux' ? holdersOf(path) : []),
  open: openWithLibrary,
};

async function listWithLibrary(): Promise<readonly HidDeviceEntry[]> {
  const { devicesAsync } = await load();
  // One entry per top-level collection: on macOS several have the same path.
  const byPath = new Map<string, HidDeviceEntry>();
  for (const device of await devicesAsync())
    if (device.path !== undefined) byPath.set(device.path, entryOf(device, device.path));
  return [...byPath.values()];
}

const hex = (id: number): string => id.toString(16).padStart(4, '0');

const entryOf = (device: Device, path: string): HidDeviceEntry => ({
  path,
  vendorId: hex(device.vendorId),
  productId: hex(device.productId),
  serialNumber: printable(device.serialNumber),
  manufacturer: printable(device.manufacturer),
  product: printable(device.product),
  interface: device.interface >= 0 ? device.interface : undefined,
});

/**
 * HIDAsync has a thread and a queue for each device. Its `error` brings a string, and only while somebody
 * listens for `data`; a second close rejects. The listeners are on before anything else can happen.
 */
async function openWithLibrary(path: string, listener: HidPortListener): Promise<HidPort> {
  const { HIDAsync } = await load();
  const device = await HIDAsync.open(path);
  let failed = false;
  device.on('error', (cause: unknown) => {
    if (failed) return;
    failed = true;
    listener.failed(asError(cause));
  });
  device.on('data', (report: Buffer) => {
    // Answers carry card data: the library's copy is wiped.
    const copy = new Uint8Array(report);
    report.fill(0);
    listener.report(copy);
  });
  let closed: Promise<void> | undefined;
  return {
    async write(report) {
      await device.write(Buffer.from(report));
    },
    close() {
      closed ??= device.close().catch(() => {});
      return closed;
    },
  };
}

const asError = (cause: unknown): Error =>
  cause instanceof Error ? cause : new Error(String(cause));
