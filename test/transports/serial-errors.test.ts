import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TerminalError } from '../../src/model/error.ts';
import { type DeviceAccess, readDeviceAccess } from '../../src/transports/serial-access.ts';
import { type OpeningFacts, openingError } from '../../src/transports/serial-errors.ts';

const access: DeviceAccess = { user: 'ana', file: 'character-device', serialGroup: 'dialout' };
const linux: OpeningFacts = { path: '/dev/ttyUSB0', platform: 'linux', access, ports: [] };
const windows: OpeningFacts = {
  path: 'COM3',
  platform: 'win32',
  access: { ...access, file: 'missing' },
  ports: [],
};
const dialout = { name: 'dialout', mayUse: true, listed: false, inForce: false };

function explain(said: string, facts: Partial<OpeningFacts> = {}, base = linux) {
  return openingError(new Error(said), { ...base, ...facts });
}

describe('what serialport says at opening', () => {
  test.each([
    // glibc
    ['Error: No such file or directory, cannot open /dev/ttyUSB0', 'no-such-device'],
    ['Error: No such device or address, cannot open /dev/ttyUSB0', 'no-such-device'],
    ['Error: Not a directory, cannot open /dev/ttyUSB0', 'no-such-device'],
    ['Error: Is a directory, cannot open /dev/ttyUSB0', 'no-such-device'],
    ['Error: Input/output error setting custom baud rate of 13', 'no-such-device'],
    ['Error: Inappropriate ioctl for device setting custom baud rate of 13', 'no-such-device'],
    ['Error: Permission denied, cannot open /dev/ttyUSB0', 'no-permission'],
    ['Error: Operation not permitted, cannot open /dev/ttyUSB0', 'no-permission'],
    ['Error: Device or resource busy, cannot open /dev/ttyUSB0', 'device-busy'],
    ['Error Resource temporarily unavailable Cannot lock port', 'device-busy'],
    ['Error: Invalid argument || while setting custom baud rate of 12345', 'bad-settings'],
    ['Error baud rate of 12345 is not supported on your platform', 'bad-settings'],
    ['Invalid data bits setting 9', 'bad-settings'],
    ['Error: Too many open files, cannot open /dev/ttyUSB0', 'connection-failed'],
    // musl
    ['Error: Not a tty setting custom baud rate of 13', 'no-such-device'],
    ['Error: I/O error setting custom baud rate of 13', 'no-such-device'],
    ['Error: Resource busy, cannot open /dev/ttyUSB0', 'device-busy'],
    // macOS
    ['Error: Device not configured, cannot open /dev/tty.usbmodem1', 'no-such-device'],
    ['Error: Operation not supported by device, cannot open /dev/tty.x', 'no-such-device'],
    ['Error: Invalid argument calling ioctl(.., IOSSIOSPEED, 12345 )', 'bad-settings'],
  ])('%s: %s', (said, code) => {
    const error = explain(said);
    expect(error).toBeInstanceOf(TerminalError);
    expect(error).toMatchObject({ code, effect: 'none', cause: { message: said } });
    expect(error.message).toContain('/dev/ttyUSB0');
  });

  test.each([
    ['Opening COM3: File not found', 'no-such-device'],
    ['Opening COM3: Unknown error code 1167', 'no-such-device'],
    ['Opening COM3: Unknown error code 31', 'no-such-device'],
    ['Opening COM3: Access denied', 'device-busy'],
    ['Opening COM3: Unknown error code 32', 'device-busy'],
    ['Open (SetCommState): The parameter is incorrect', 'bad-settings'],
    ['Open (SetCommState): Unknown error code 87', 'bad-settings'],
    ['Opening COM3: Unknown error code 121', 'connection-failed'],
  ])('on Windows, %s: %s', (said, code) => {
    const error = explain(said, {}, windows);
    expect(error).toMatchObject({ code, effect: 'none' });
    expect(error.message).toContain('COM3');
  });

  test('an error that is already one of ours passes unchanged', () => {
    const error = new TerminalError('connection-failed', 'none', 'did not open within 10 s');
    expect(openingError(error, linux)).toBe(error);
  });

  test('anything else that is thrown becomes a failed connection', () => {
    expect(openingError('odd', linux)).toMatchObject({
      code: 'connection-failed',
      message: '/dev/ttyUSB0 could not be opened: odd.',
    });
  });
});

describe('the advice for a missing device', () => {
  test('names the ports that are there', () => {
    const ports = [{ path: '/dev/ttyACM1', manufacturer: 'PAX' }, { path: '/dev/ttyUSB3' }];
    expect(explain('Error: No such file or directory, cannot open', { ports }).message).toBe(
      'There is no serial device /dev/ttyUSB0. Ports found: /dev/ttyACM1 (PAX), /dev/ttyUSB3. `tillwire list` shows them; names in /dev/serial/by-id survive being plugged in again.',
    );
  });

  test('speaks of cable and power when there is no port at all', () => {
    expect(explain('Opening COM3: File not found', {}, windows).message).toBe(
      'There is no serial device COM3. No serial port was found on this machine: check the cable and the power. `tillwire list` shows them.',
    );
  });
});

describe('the advice for a missing permission', () => {
  const said = 'Error: Permission denied, cannot open /dev/ttyUSB0';

  test('is to join the group that owns the device', () => {
    expect(explain(said, { access: { ...access, group: dialout } }).message).toBe(
      'User ana may not open /dev/ttyUSB0: it belongs to group dialout and the user is not in it. Add yourself to the group and log in again: sudo usermod -aG dialout ana',
    );
  });

  test('is to log in again when the user has joined the group already', () => {
    const joined = { ...dialout, listed: true };
    expect(explain(said, { access: { ...access, group: joined } }).message).toMatch(
      /is in group dialout, but this session began before that\. Log out and in again/,
    );
  });

  test('is a udev rule when only the owner may use the device', () => {
    const group = { name: 'root', mayUse: false, listed: false, inForce: false };
    const ports = [{ path: '/dev/ttyUSB0', vendorId: '11ca', productId: '0204' }];
    expect(explain(said, { access: { ...access, group }, ports }).message).toContain(
      'SUBSYSTEM=="tty", ATTRS{idVendor}=="11ca", ATTRS{idProduct}=="0204", MODE="0660", GROUP="dialout"',
    );
    expect(explain(said, { access: { ...access, group } }).message).toContain(
      'SUBSYSTEM=="tty", KERNEL=="ttyUSB0", MODE="0660", GROUP="dialout"',
    );
  });

  test('in a container is to pass the device on', () => {
    expect(explain('Error: Operation not permitted, cannot open /dev/ttyUSB0').message).toContain(
      'docker run --device=/dev/ttyUSB0',
    );
  });

  test('on macOS is to look who owns it', () => {
    expect(explain(said, { platform: 'darwin' }).message).toContain('ls -l /dev/ttyUSB0');
  });
});

describe('the access to a device file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tillwire-access-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  test('is read from the file and the group file', async () => {
    const device = join(folder, 'ttyUSB0');
    const groups = join(folder, 'group');
    writeFileSync(device, '');
    chmodSync(device, 0o660);
    const { username } = userInfo();
    const gid = process.getgid?.() ?? 0;
    writeFileSync(groups, `broken line\nterminals:x:${gid}:luis,${username}\nuucp:x:4242:\n`);
    expect(await readDeviceAccess(device, groups)).toEqual({
      user: username,
      serialGroup: 'uucp',
      file: 'other',
      group: { name: 'terminals', mayUse: true, listed: true, inForce: true },
    });
    chmodSync(device, 0o640);
    writeFileSync(groups, `terminals:x:${gid}:luis\n`);
    expect(await readDeviceAccess(device, groups)).toMatchObject({
      serialGroup: 'dialout',
      group: { mayUse: false, listed: false },
    });
  });

  test('knows a character device and a missing file, and does without a group file', async () => {
    const none = join(folder, 'none');
    expect(await readDeviceAccess('/dev/null', none)).toMatchObject({ file: 'character-device' });
    expect(await readDeviceAccess(none, none)).toMatchObject({ file: 'missing' });
  });
});
