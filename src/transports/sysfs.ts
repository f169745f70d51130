import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { printable, usbId } from './serial-port-entry.ts';

/** Where Linux describes its devices. */
export interface SystemRoots {
  readonly sys: string;
  readonly dev: string;
}

export const LINUX_ROOTS: SystemRoots = { sys: '/sys', dev: '/dev' };

export interface UsbDescription {
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly product?: string | undefined;
}

/** A device hangs one or more levels below its USB device, the first ancestor with an `idVendor`. */
export async function describeUsb(sys: string, device: string): Promise<UsbDescription> {
  for await (const at of ancestors(sys, device)) {
    const vendorId = usbId(await firstLine(join(at, 'idVendor')));
    if (vendorId === undefined) continue;
    return {
      vendorId,
      productId: usbId(await firstLine(join(at, 'idProduct'))),
      manufacturer: printable(await firstLine(join(at, 'manufacturer'))),
      serialNumber: printable(await firstLine(join(at, 'serial'))),
      product: printable(await firstLine(join(at, 'product'))),
    };
  }
  return {};
}

/** The number of the USB interface above a device, from 0. */
export async function usbInterface(sys: string, device: string): Promise<number | undefined> {
  for await (const at of ancestors(sys, device)) {
    const number = await firstLine(join(at, 'bInterfaceNumber'));
    if (number !== undefined && /^[0-9a-f]{2}$/.test(number)) return Number.parseInt(number, 16);
  }
  return undefined;
}

async function* ancestors(sys: string, device: string): AsyncGenerator<string> {
  const top = (await orUndefined(realpath(sys))) ?? sys;
  for (let at = device; at.startsWith(top) && at !== top; at = dirname(at)) yield at;
}

export async function namesIn(folder: string): Promise<readonly string[]> {
  return (await orUndefined(readdir(folder))) ?? [];
}

export async function firstLine(file: string): Promise<string | undefined> {
  const text = await orUndefined(readFile(file, 'utf8'));
  return text?.split('\n', 1)[0];
}

export async function exists(path: string): Promise<boolean> {
  return (await orUndefined(lstat(path))) !== undefined;
}

export function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined);
}
