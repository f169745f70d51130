import { readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { HidDeviceEntry } from './hid-port.ts';
import { printable } from './serial-port-entry.ts';
import {
  describeUsb,
  exists,
  LINUX_ROOTS,
  namesIn,
  orUndefined,
  type SystemRoots,
  usbInterface,
} from './sysfs.ts';

/**
 * The hidraw devices of a Linux machine. Only reads what the kernel says, so that it needs no library,
 * takes a millisecond and disturbs no device; what is missing or unreadable is left out.
 */
export async function listHidraw(
  roots: SystemRoots = LINUX_ROOTS,
): Promise<readonly HidDeviceEntry[]> {
  const names = await namesIn(join(roots.sys, 'class/hidraw'));
  const found = await Promise.all(
    names.map((name) => describeHidraw(join(roots.dev, name), roots)),
  );
  return found.filter((entry) => entry !== undefined);
}

/** What the kernel says about the device at this path, a `/dev/hidrawN` or a link to one. */
export async function describeHidraw(
  path: string,
  roots: SystemRoots = LINUX_ROOTS,
): Promise<HidDeviceEntry | undefined> {
  const device = await deviceFolder(path, roots);
  if (device === undefined || !(await exists(path))) return undefined;
  const uevent = await readUevent(join(device, 'uevent'));
  const [, vendorId, productId] = /^[0-9a-f]+:0000([0-9a-f]{4}):0000([0-9a-f]{4})$/i
    .exec(uevent.get('HID_ID') ?? '')
    ?.map((part) => part.toLowerCase()) ?? [undefined, undefined, undefined];
  if (vendorId === undefined || productId === undefined) return undefined;
  const usb = await describeUsb(roots.sys, device);
  return {
    path: (await orUndefined(realpath(path))) ?? path,
    vendorId,
    productId,
    serialNumber: usb.serialNumber ?? printable(uevent.get('HID_UNIQ')),
    manufacturer: usb.manufacturer,
    product: usb.product ?? printable(uevent.get('HID_NAME')),
    interface: await usbInterface(roots.sys, device),
  };
}

/** The report descriptor; every user may read it. */
export async function readDescriptor(
  path: string,
  roots: SystemRoots = LINUX_ROOTS,
): Promise<Uint8Array | undefined> {
  const device = await deviceFolder(path, roots);
  if (device === undefined) return undefined;
  const bytes = await orUndefined(readFile(join(device, 'report_descriptor')));
  return bytes && new Uint8Array(bytes);
}

async function deviceFolder(path: string, { sys }: SystemRoots): Promise<string | undefined> {
  const node = (await orUndefined(realpath(path))) ?? path;
  return orUndefined(realpath(join(sys, 'class/hidraw', basename(node), 'device')));
}

/** Lines such as `HID_ID=0003:00000B00:00000074`. */
async function readUevent(file: string): Promise<ReadonlyMap<string, string>> {
  const text = (await orUndefined(readFile(file, 'utf8'))) ?? '';
  return new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
    }),
  );
}
