import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { knownHidDevices } from '../../src/transports/device-table.ts';
import {
  type HidOpeningFacts,
  hidOpeningError,
  libraryError,
  udevRules,
} from '../../src/transports/hid-errors.ts';

const facts = (more: Partial<HidOpeningFacts> = {}): HidOpeningFacts => ({
  device: { path: '/dev/hidraw0', vendorId: '0b00', productId: '0074' },
  platform: 'linux',
  access: { user: 'ana', file: 'character-device', serialGroup: 'dialout' },
  mayUse: true,
  ...more,
});

const inGroup = (listed: boolean): HidOpeningFacts =>
  facts({
    mayUse: false,
    access: {
      user: 'ana',
      file: 'character-device',
      serialGroup: 'dialout',
      group: { name: 'plugdev', mayUse: true, listed, inForce: false },
    },
  });

/** As node-hid 3.4 with hidapi 0.15 words it. */
const refused = (why: string) => `cannot open device with path /dev/hidraw0: ${why}`;

describe('a HID device that does not open', () => {
  it.each<[string, HidOpeningFacts, string, RegExp]>([
    [
      'only its owner may',
      facts({ mayUse: false }),
      refused('Failed to open a device with path: Permission denied'),
      /no-permission.*70-tillwire\.rules.*SUBSYSTEM=="hidraw", ATTRS\{idVendor\}=="0b00", ATTRS\{idProduct\}=="0074".*SUBSYSTEM=="usb".*ATTR\{idVendor\}/,
    ],
    [
      'no reason is given',
      facts({ mayUse: false }),
      refused('(null)'),
      /no-permission.*only its owner may/,
    ],
    ['another group may', inGroup(false), refused('Permission denied'), /usermod -aG plugdev ana/],
    [
      'the session is older',
      inGroup(true),
      refused('Permission denied'),
      /no-permission.*Log out and in/,
    ],
    [
      'it is on a Mac',
      facts({ platform: 'darwin' }),
      'hid_open_path: failed to open IOHIDDevice from mach entry: (0xE00002E2) (iokit/common) not permitted',
      /no-permission.*Input Monitoring/,
    ],
    [
      'it is on Windows',
      facts({ platform: 'win32' }),
      'Access is denied.',
      /no-permission.*Windows keeps/,
    ],
    [
      'it went away',
      facts({ access: { user: 'ana', file: 'missing', serialGroup: 'dialout' }, mayUse: false }),
      refused('No such file or directory'),
      /no-such-device.*unplugged/,
    ],
    ['the kernel lost it', facts(), refused('No such device'), /no-such-device/],
    ['libusb has it', facts(), 'Resource busy', /device-busy.*another program/],
    [
      'something else is wrong',
      facts(),
      refused('Value too large'),
      /connection-failed.*could not be opened/,
    ],
  ])('because %s', (_, surroundings, said, expected) => {
    const error = hidOpeningError(new Error(said), surroundings);
    expect(`${error.code} ${error.message}`).toMatch(expected);
    expect(error).toMatchObject({ effect: 'none', cause: expect.any(Error) });
  });

  it.each([
    [
      'libusb-1.0.so.0: cannot open shared object file: No such file or directory',
      /needs libusb-1\.0\.so\.0.*apt-get install libusb-1\.0-0/,
    ],
    ['Failed to load native binding', /native part of the package node-hid.*npm rebuild node-hid/],
  ])('because the library is not whole: %s', (said, expected) => {
    expect(libraryError(new Error(said))?.message).toMatch(expected);
    expect(hidOpeningError(said, facts())).toMatchObject({ code: 'connection-failed' });
  });

  it('is no matter of the library otherwise', () => {
    expect(libraryError(new Error('Permission denied'))).toBeUndefined();
  });
});

describe('the udev rules of the package', () => {
  const text = readFileSync(join(import.meta.dirname, '../../udev/70-tillwire.rules'), 'utf8');

  it('open the hidraw node and the usb node of every HID device in the table', () => {
    for (const device of knownHidDevices())
      for (const rule of udevRules(device, 'dialout')) expect(text.split('\n')).toContain(rule);
  });

  it('have nothing else in them', () => {
    const rules = text.split('\n').filter((line) => line.startsWith('SUBSYSTEM'));
    expect(rules.length).toBe(2 * knownHidDevices().length);
  });
});
