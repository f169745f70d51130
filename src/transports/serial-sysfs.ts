import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { printable, type SerialPortEntry, usbId } from './serial-port-entry.ts';

/** Where Linux describes its devices. */
export interface SystemRoots {
  readonly sys: string;
  readonly dev: string;
}

export const LINUX_ROOTS: SystemRoots = { sys: '/sys', dev: '/dev' };

/**
 * The serial ports of a Linux machine. Only reads what the kernel says; what is missing or unreadable
 * is left out.
 */
export async function listSysfsPorts(
  roots: SystemRoots = LINUX_ROOTS,
): Promise<readonly SerialPortEntry[]> {
  const stablePaths = await readStablePaths(roots.dev);
  const names = await namesIn(join(roots.sys, 'class/tty'));
  const found = await Promise.all(names.map((name) => describePort(roots, name)));
  const ports = found.filter((port) => port !== undefined);
  // Containers may have the device and its link but not its description.
  for (const path of stablePaths.keys()) {
    if (!ports.some((port) => port.path === path) && (await exists(path))) ports.push({ path });
  }
  return ports.map((port) => {
    const stablePath = stablePaths.get(port.path);
    return stablePath === undefined ? port : { ...port, stablePath };
  });
}

async function describePort(roots: SystemRoots, name: string) {
  const path = join(roots.dev, name);
  const tty = join(roots.sys, 'class/tty', name);
  const device = await orUndefined(realpath(join(tty, 'device')));
  // Consoles and pseudo-terminals have no device behind them. Bluetooth ports have one only while
  // connected.
  if (device === undefined && !/^rfcomm\d+$/.test(name)) return undefined;
  // The four ttyS of every PC: type 0 is "no UART found".
  if ((await firstLine(join(tty, 'type'))) === '0') return undefined;
  if (!(await exists(path))) return undefined;
  const usb = device === undefined ? {} : await describeUsb(roots.sys, device);
  return { path, ...usb };
}

/** A tty hangs one or more levels below its USB device, the first ancestor with an `idVendor`. */
async function describeUsb(sys: string, device: string): Promise<Omit<SerialPortEntry, 'path'>> {
  const top = (await orUndefined(realpath(sys))) ?? sys;
  for (let at = device; at.startsWith(top) && at !== top; at = dirname(at)) {
    const vendorId = usbId(await firstLine(join(at, 'idVendor')));
    if (vendorId === undefined) continue;
    return {
      vendorId,
      productId: usbId(await firstLine(join(at, 'idProduct'))),
      manufacturer: printable(await firstLine(join(at, 'manufacturer'))),
      serialNumber: printable(await firstLine(join(at, 'serial'))),
    };
  }
  return {};
}

/** From the device's path to its link in `/dev/serial/by-id`. */
async function readStablePaths(dev: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(dev, 'serial/by-id');
  const stablePaths = new Map<string, string>();
  for (const name of await namesIn(folder)) {
    const target = await orUndefined(readlink(join(folder, name)));
    if (target !== undefined) stablePaths.set(resolve(folder, target), join(folder, name));
  }
  return stablePaths;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await orUndefined(readdir(folder))) ?? [];
}

async function firstLine(file: string): Promise<string | undefined> {
  const text = await orUndefined(readFile(file, 'utf8'));
  return text?.split('\n', 1)[0];
}

async function exists(path: string): Promise<boolean> {
  return (await orUndefined(lstat(path))) !== undefined;
}

function orUndefined<T>(promise: Promise<T>): Promise<T | undefined> {
  return promise.catch(() => undefined);
}
