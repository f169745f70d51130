import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The drivers that a terminal is reached through, and those that play one. */
const drivers = [
  // the till's side
  'xhci-pci',
  'hid-generic',
  'usbhid',
  'usbserial',
  'ftdi_sio',
  'cdc-acm',
  // the terminal's side
  'uhid',
  'dummy_hcd',
  'libcomposite',
  'usb_f_hid',
  'usb_f_acm',
  'configfs',
] as const;

/**
 * Copies the drivers, and those that they need, from an unpacked kernel package into the guest's root.
 * A driver that the kernel has built in is no file and is passed over.
 */
export function copyModules(unpacked: string, root: string, busybox: string): void {
  const [folder] = ['lib/modules', 'usr/lib/modules']
    .map((path) => join(unpacked, path))
    .filter(existsSync);
  if (folder === undefined) throw new Error(`There are no kernel modules in ${unpacked}.`);
  const [version = ''] = readdirSync(folder);
  const target = join(root, 'lib/modules', version);
  mkdirSync(target, { recursive: true });

  const files = new Map(
    readdirSync(join(folder, version), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.ko(\.xz)?$/.test(file))
      .map((file) => [nameOf(file), join(folder, version, file)]),
  );
  const done = new Set<string>();

  function copy(name: string): void {
    const file = files.get(name);
    if (file === undefined || done.has(name)) return;
    done.add(name);
    let copied = join(target, basename(file));
    copyFileSync(file, copied);
    if (copied.endsWith('.xz')) {
      execFileSync(busybox, ['unxz', copied]);
      copied = copied.slice(0, -'.xz'.length);
    }
    for (const needed of dependenciesOf(readFileSync(copied))) copy(needed);
  }

  for (const driver of drivers) copy(driver.replaceAll('-', '_'));
  for (const list of ['modules.builtin', 'modules.order', 'modules.builtin.modinfo'])
    if (existsSync(join(folder, version, list)))
      copyFileSync(join(folder, version, list), join(target, list));
  execFileSync(busybox, ['depmod', '-b', root, version]);
  rmSync(join(target, 'modules.order'), { force: true });
}

/** The kernel takes `-` and `_` in a module's name for the same. */
const nameOf = (file: string): string =>
  basename(file)
    .replace(/\.ko(\.xz)?$/, '')
    .replaceAll('-', '_');

/** From the module's own `.modinfo` section, whose entries end with a zero. */
const dependenciesOf = (module: Buffer): string[] =>
  (/\0depends=([^\0]*)\0/.exec(module.toString('latin1'))?.[1] ?? '')
    .split(',')
    .filter((name) => name !== '')
    .map((name) => name.replaceAll('-', '_'));
