import { type ErrorCode, TerminalError } from '../model/error.ts';
import type { DeviceAccess } from './serial-access.ts';
import type { SerialPortEntry } from './serial-port-entry.ts';

/** What surrounds a failed opening. Gathered afterwards; see `explainOpening` in serial.ts. */
export interface OpeningFacts {
  readonly path: string;
  readonly platform: NodeJS.Platform;
  readonly access: DeviceAccess;
  readonly ports: readonly SerialPortEntry[];
}

/** serialport passes the system's own words on, and they differ between glibc, musl, macOS and Windows. */
const SAYINGS = {
  busy: /cannot lock port|resource busy|unknown error code (32|170)$/i,
  missing:
    /no such file|not a directory|file not found|no such device|device not configured|not supported by device|unknown error code (123|433|1167)$/i,
  notSerial: /inappropriate ioctl|not a tty|is a directory/i,
  noHardware: /input\/output error|i\/o error|unknown error code 31$/i,
  denied: /permission denied|access denied/i,
  forbidden: /operation not permitted/i,
  settings:
    /baud rate|IOSSIOSPEED|invalid (data bits|parity|stop bits)|setcommstate|parameter is incorrect/i,
};

/**
 * What a failed opening means, in words that say what to do. No byte has left: the effect is `none`.
 */
export function openingError(cause: unknown, facts: OpeningFacts): TerminalError {
  if (cause instanceof TerminalError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const [code, message] = interpret(said, facts);
  return new TerminalError(code, 'none', message, { cause });
}

function interpret(said: string, facts: OpeningFacts): [ErrorCode, string] {
  const { path, platform, access } = facts;
  const windows = platform === 'win32';
  if (SAYINGS.busy.test(said) || (windows && SAYINGS.denied.test(said))) {
    return ['device-busy', `${path} is in use by another program. ${busyHint(facts)}`];
  }
  if (SAYINGS.denied.test(said)) return ['no-permission', denied(facts)];
  if (SAYINGS.forbidden.test(said)) {
    return [
      'no-permission',
      `The system forbids opening ${path} to this program. In a container, pass the device on (docker run --device=${path}); otherwise a security policy such as AppArmor or snap confinement forbids it.`,
    ];
  }
  if (access.file === 'other' || SAYINGS.notSerial.test(said)) {
    return ['no-such-device', `${path} is not a serial device. ${whereToLook(facts)}`];
  }
  if (SAYINGS.missing.test(said)) {
    return ['no-such-device', `There is no serial device ${path}. ${whereToLook(facts)}`];
  }
  if (SAYINGS.noHardware.test(said)) {
    return ['no-such-device', `No working hardware is behind ${path}. ${whereToLook(facts)}`];
  }
  if (SAYINGS.settings.test(said)) {
    return [
      'bad-settings',
      `${path} does not take these line settings (${plain(said)}). Use a speed and format that both the adapter and the terminal know.`,
    ];
  }
  return ['connection-failed', `${path} could not be opened: ${plain(said)}.`];
}

function busyHint({ path, platform }: OpeningFacts): string {
  if (platform === 'win32') {
    return 'Close the other program; if the port was closed just now, wait a second and try again.';
  }
  if (platform === 'linux') {
    return `Find it with: fuser -v ${path}. ModemManager and brltty open new ports by themselves.`;
  }
  return `Find it with: lsof ${path}.`;
}

function denied(facts: OpeningFacts): string {
  const { path, access } = facts;
  const { user, group } = access;
  const start = `User ${user} may not open ${path}`;
  if (group?.mayUse && !group.listed && !group.inForce) {
    return `${start}: it belongs to group ${group.name} and the user is not in it. Add yourself to the group and log in again: sudo usermod -aG ${group.name} ${user}`;
  }
  if (group?.mayUse && !group.inForce) {
    return `${start}: the user is in group ${group.name}, but this session began before that. Log out and in again, or restart the service.`;
  }
  if (group?.mayUse || facts.platform !== 'linux') {
    return `${start}. Check who owns it: ls -l ${path}`;
  }
  return `${start}: only its owner may. Give it to group ${access.serialGroup} with this line in /etc/udev/rules.d/60-payment-terminal.rules, run sudo udevadm control --reload, plug the terminal in again: ${udevRule(facts)}`;
}

function udevRule({ path, access, ports }: OpeningFacts): string {
  const port = ports.find((entry) => entry.path === path || entry.stablePath === path);
  const match =
    port?.vendorId !== undefined && port.productId !== undefined
      ? `ATTRS{idVendor}=="${port.vendorId}", ATTRS{idProduct}=="${port.productId}"`
      : `KERNEL=="${path.slice(path.lastIndexOf('/') + 1)}"`;
  return `SUBSYSTEM=="tty", ${match}, MODE="0660", GROUP="${access.serialGroup}"`;
}

const MENTIONED = 4;

function whereToLook({ ports, platform }: OpeningFacts): string {
  const names = ports
    .slice(0, MENTIONED)
    .map(({ path, manufacturer }) => (manufacturer ? `${path} (${manufacturer})` : path));
  const found =
    names.length === 0
      ? 'No serial port was found on this machine: check the cable and the power'
      : `Ports found: ${names.join(', ')}${ports.length > MENTIONED ? ', ...' : ''}`;
  const stable =
    platform === 'linux' ? '; names in /dev/serial/by-id survive being plugged in again' : '';
  return `${found}. \`tillwire list\` shows them${stable}.`;
}

function plain(said: string): string {
  return said.replace(/^Error:? /, '').replace(/[.\s]+$/, '');
}
