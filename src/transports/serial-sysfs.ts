import { readlink, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SerialPortEntry } from './serial-port-entry.ts';
import {
  describeUsb,
  exists,
  firstLine,
  LINUX_ROOTS,
  namesIn,
  orUndefined,
  type SystemRoots,
} from './sysfs.ts';

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
  const { product: _, ...usb } = device === undefined ? {} : await describeUsb(roots.sys, device);
  return { path, ...usb };
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
