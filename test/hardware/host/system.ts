import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { packArchive } from './archive.ts';
import { run } from './command.ts';
import { copyModules } from './kernel-modules.ts';
import { copyLibraries } from './libraries.ts';

/** The part of the guest that is the same for every run, ready to boot. */
export interface System {
  readonly kernel: string;
  /** Busybox, udev, drivers and libraries, packed. */
  readonly archive: string;
  readonly busybox: string;
}

/** Taken apart and not installed. libkmod: udev needs it; libusb and libudev: node-hid needs them. */
const packages = ['busybox-static', 'udev', 'libkmod2', 'libudev1', 'libusb-1.0-0'];

const libraryFolders = ['lib', 'usr/lib'].flatMap((base) => [`${base}/x86_64-linux-gnu`, base]);

/**
 * The guest's kernel and its small system, from Debian packages. They are downloaded at the first run and
 * kept in `cache`.
 * @throws {Error} when a download fails.
 */
export async function prepareSystem(cache: string, say: (text: string) => void): Promise<System> {
  const folder = join(cache, `system-${recipe()}`);
  if (!existsSync(folder)) {
    say('downloading a Debian kernel (70 MB) and packing the guest’s system, once');
    const building = mkdtempSync(join(cache, 'building-'));
    try {
      await build(building, join(building, 'ready'));
      renameSync(join(building, 'ready'), folder);
    } finally {
      rmSync(building, { recursive: true, force: true });
    }
  }
  return {
    kernel: join(folder, 'vmlinuz'),
    archive: join(folder, 'system.cpio'),
    busybox: join(folder, 'busybox'),
  };
}

async function build(building: string, ready: string): Promise<void> {
  const unpacked = join(building, 'unpacked');
  const root = join(building, 'root');
  mkdirSync(ready);
  await download(building, unpacked);
  const libraries = libraryFolders.map((path) => join(unpacked, path)).filter(existsSync);
  const found = (...places: readonly string[]): string => {
    const [path] = places.map((place) => join(unpacked, place)).filter(existsSync);
    if (path === undefined) throw new Error(`The packages do not contain ${places.join(' or ')}.`);
    return path;
  };

  for (const path of [
    'bin',
    'dev',
    'proc',
    'sys',
    'tmp',
    'usr/bin',
    'lib/udev/rules.d',
    'etc/udev',
  ])
    mkdirSync(join(root, path), { recursive: true });
  const busybox = join(ready, 'busybox');
  copyFileSync(found('bin/busybox', 'usr/bin/busybox'), busybox);
  copyFileSync(busybox, join(root, 'bin/busybox'));
  const udevadm = found('bin/udevadm', 'usr/bin/udevadm');
  copyFileSync(udevadm, join(root, 'bin/udevadm'));
  symlinkSync('udevadm', join(root, 'bin/systemd-udevd'));
  copyLibraries(udevadm, root, libraries);
  for (const rule of ['50-udev-default.rules', '60-serial.rules'])
    copyFileSync(
      found(`lib/udev/rules.d/${rule}`, `usr/lib/udev/rules.d/${rule}`),
      join(root, 'lib/udev/rules.d', rule),
    );
  for (const library of ['libusb-1.0.so.0', 'libudev.so.1']) {
    const path = found(...libraryFolders.map((place) => join(place, library)));
    copyLibraries(path, root, libraries);
    cpSync(path, join(root, 'lib/x86_64-linux-gnu', library), { dereference: true });
  }
  copyModules(unpacked, root, busybox);
  copyFileSync(join(import.meta.dirname, '../guest/init'), join(root, 'init'));
  chmodSync(join(root, 'init'), 0o755);
  packArchive(root, join(ready, 'system.cpio'), busybox);
  const [kernel = ''] = readdirSync(join(unpacked, 'boot')).filter((name) =>
    name.startsWith('vmlinuz-'),
  );
  copyFileSync(join(unpacked, 'boot', kernel), join(ready, 'vmlinuz'));
}

async function download(building: string, unpacked: string): Promise<void> {
  const kernel = await kernelPackage();
  await run('apt-get', ['download', '-qq', kernel, ...packages], { cwd: building });
  const files = readdirSync(building).filter((name) => name.endsWith('.deb'));
  for (const file of files) await run('dpkg-deb', ['-x', file, unpacked], { cwd: building });
}

/** The package that the distribution's ordinary kernel is in. The cloud flavour has no USB. */
async function kernelPackage(): Promise<string> {
  const look = async () =>
    /Depends: (linux-image-\S+)/.exec(
      await run('apt-cache', ['depends', 'linux-image-amd64']),
    )?.[1];
  let name = await look().catch(() => undefined);
  if (name === undefined && process.getuid?.() === 0) {
    await run('apt-get', ['update', '-qq']);
    name = await look();
  }
  if (name !== undefined) return name;
  throw new Error(
    'apt knows no linux-image-amd64. On Debian, run sudo apt-get update and try again; other distributions are not supported.',
  );
}

/** Changes with what goes into the system, so that an old one is not taken for a new one. */
function recipe(): string {
  const hash = createHash('sha256');
  for (const file of ['system.ts', 'kernel-modules.ts', 'libraries.ts', '../guest/init'])
    hash.update(readFileSync(join(import.meta.dirname, file)));
  return hash.digest('hex').slice(0, 16);
}
