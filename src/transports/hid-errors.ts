import { access, constants } from 'node:fs/promises';
import { type ErrorCode, TerminalError } from '../model/error.ts';
import type { HidDeviceEntry } from './hid-port.ts';
import { type DeviceAccess, readDeviceAccess } from './serial-access.ts';

/** What surrounds a failed opening; gathered afterwards. */
export interface HidOpeningFacts {
  readonly device: HidDeviceEntry;
  readonly platform: NodeJS.Platform;
  readonly access: DeviceAccess;
  /** The user may read and write the node. */
  readonly mayUse: boolean;
}

/** node-hid passes on what hidapi and the system say, as text. */
const SAYINGS = {
  library: /cannot open shared object|failed to (load|locate)|dlopen|no native build|invalid elf/i,
  denied: /permission denied|access (is )?denied|not permitted|privilege/i,
  busy: /resource busy|in use|sharing violation|exclusive/i,
  missing: /no such (file|device)|cannot find|not found/i,
};

/** Looks at the device's node without opening it. Never rejects. */
export async function hidOpeningFacts(device: HidDeviceEntry): Promise<HidOpeningFacts> {
  const mayUse = access(device.path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return {
    device,
    platform: process.platform,
    access: await readDeviceAccess(device.path),
    mayUse: await mayUse,
  };
}

/** What a failed opening means, in words that say what to do. No byte has left: the effect is `none`. */
export function hidOpeningError(cause: unknown, facts: HidOpeningFacts): TerminalError {
  const [code, message] = interpret(cause instanceof Error ? cause.message : String(cause), facts);
  return new TerminalError(code, 'none', message, { cause });
}

/** The library itself does not work: told when the devices are listed, too. */
export function libraryError(cause: unknown): TerminalError | undefined {
  if (cause instanceof TerminalError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  if (!SAYINGS.library.test(said)) return undefined;
  return new TerminalError('connection-failed', 'none', libraryHint(said), { cause });
}

function interpret(said: string, facts: HidOpeningFacts): [ErrorCode, string] {
  const { device, platform } = facts;
  const { path } = device;
  if (SAYINGS.library.test(said)) return ['connection-failed', libraryHint(said)];
  if (platform === 'linux' && facts.access.file === 'missing')
    return ['no-such-device', `There is no HID device ${path} any more: it was unplugged.`];
  if (SAYINGS.denied.test(said) || (platform === 'linux' && !facts.mayUse))
    return ['no-permission', denied(facts)];
  if (SAYINGS.busy.test(said))
    return ['device-busy', `${path} is in use by another program, which has it for itself.`];
  if (SAYINGS.missing.test(said))
    return ['no-such-device', `There is no HID device ${path} any more: it was unplugged.`];
  return ['connection-failed', `${path} could not be opened: ${said.replace(/[.\s]+$/, '')}.`];
}

function libraryHint(said: string): string {
  const missing = /lib(usb|udev)[\w.-]*/.exec(said)?.[0];
  if (missing !== undefined)
    return `The HID library node-hid needs ${missing}, which this machine does not have. Debian and Ubuntu: apt-get install libusb-1.0-0 libudev1; Fedora: dnf install libusb1 systemd-libs; Alpine: apk add libusb eudev-libs.`;
  const machine = `${process.platform}-${process.arch}, Node ${process.versions.node}`;
  return `The native part of the package node-hid cannot be loaded on this machine (${machine}). Install the dependencies again on this machine: npm ci, or npm rebuild node-hid.`;
}

/** The rules that open a HID device to its users: its hidraw node, and its usb node for libusb. */
export const udevRules = (
  { vendorId, productId }: Pick<HidDeviceEntry, 'vendorId' | 'productId'>,
  group: string,
): readonly string[] => [
  `SUBSYSTEM=="hidraw", ATTRS{idVendor}=="${vendorId}", ATTRS{idProduct}=="${productId}", MODE="0660", GROUP="${group}", TAG+="uaccess"`,
  `SUBSYSTEM=="usb", ENV{DEVTYPE}=="usb_device", ATTR{idVendor}=="${vendorId}", ATTR{idProduct}=="${productId}", MODE="0660", GROUP="${group}", TAG+="uaccess"`,
];

function denied({ device, platform, access: { user, group, serialGroup } }: HidOpeningFacts) {
  const start = `User ${user} may not open ${device.path}`;
  if (platform === 'darwin')
    return `${start}. Allow the program under System Settings, Privacy & Security, Input Monitoring.`;
  if (platform !== 'linux')
    return `${start}: Windows keeps some HID devices for itself, or another program holds it.`;
  if (group?.mayUse && !group.inForce)
    return group.listed
      ? `${start}: the user is in group ${group.name}, but this session began before that. Log out and in again, or restart the service.`
      : `${start}: it belongs to group ${group.name} and the user is not in it. Add yourself to the group and log in again: sudo usermod -aG ${group.name} ${user}`;
  return `${start}: only its owner may. Install the udev rule that comes with this package (sudo cp node_modules/tillwire/udev/70-tillwire.rules /etc/udev/rules.d/, then sudo udevadm control --reload && sudo udevadm trigger), or put these lines into /etc/udev/rules.d/70-tillwire.rules, and plug the terminal in again: ${udevRules(device, serialGroup).join('  ')}`;
}
