import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdersOf } from '../../src/transports/hid-holders.ts';
import { describeHidraw, listHidraw, readDescriptor } from '../../src/transports/hid-sysfs.ts';
import type { SystemRoots } from '../../src/transports/sysfs.ts';

let top: string;
let roots: SystemRoots;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'tillwire-hid-')));
  roots = { sys: join(top, 'sys'), dev: join(top, 'dev') };
});

afterEach(() => {
  rmSync(top, { recursive: true });
});

function file(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A hidraw node and the HID device behind it, as a path below /sys/devices. */
function hidraw(name: string, device: string, uevent: readonly string[], descriptor?: Uint8Array) {
  const folder = join(roots.sys, 'devices', device);
  file(join(folder, 'uevent'), `${uevent.join('\n')}\n`);
  if (descriptor) file(join(folder, 'report_descriptor'), descriptor);
  mkdirSync(join(roots.sys, 'class/hidraw', name), { recursive: true });
  symlinkSync(folder, join(roots.sys, 'class/hidraw', name, 'device'));
  file(join(roots.dev, name), '');
}

describe('the list of HID devices of a Linux machine', () => {
  it('says what the kernel and the USB device say', async () => {
    const usb = 'pci0000:00/usb1/1-2';
    hidraw('hidraw3', `${usb}/1-2:1.1/0003:0B00:0074.0001`, [
      'DRIVER=hid-generic',
      'HID_ID=0003:00000B00:00000074',
      'HID_NAME=Ingenico iSC250',
    ]);
    const attributes = {
      idVendor: '0b00',
      idProduct: '0074',
      serial: '80770133',
      product: 'iSC250',
    };
    for (const [name, text] of Object.entries({ ...attributes, manufacturer: 'Ingenico' }))
      file(join(roots.sys, 'devices', usb, name), `${text}\n`);
    file(join(roots.sys, 'devices', usb, '1-2:1.1/bInterfaceNumber'), '01\n');
    expect(await listHidraw(roots)).toEqual([
      {
        path: join(roots.dev, 'hidraw3'),
        vendorId: '0b00',
        productId: '0074',
        serialNumber: '80770133',
        manufacturer: 'Ingenico',
        product: 'iSC250',
        interface: 1,
      },
    ]);
  });

  it('has devices without USB, by what the kernel calls them', async () => {
    hidraw('hidraw0', 'virtual/misc/uhid/0003:0B00:0055.0002', [
      'HID_ID=0003:00000B00:00000055',
      'HID_NAME=Mock\u0007 terminal',
      'HID_UNIQ=SN0001',
    ]);
    expect(await listHidraw(roots)).toMatchObject([
      { vendorId: '0b00', productId: '0055', serialNumber: 'SN0001', product: 'Mock terminal' },
    ]);
  });

  it('leaves out what cannot be read, and is empty where there is nothing', async () => {
    expect(await listHidraw(roots)).toEqual([]);
    hidraw('hidraw0', 'virtual/x', ['HID_ID=nonsense']);
    hidraw('hidraw1', 'virtual/y', ['HID_ID=0003:00000B00:00000074']);
    rmSync(join(roots.dev, 'hidraw1'));
    expect(await listHidraw(roots)).toEqual([]);
  });

  it('follows a link to the device, and reads its descriptor', async () => {
    const descriptor = Uint8Array.of(0x06, 0xd0, 0xf1);
    hidraw('hidraw4', 'virtual/z', ['HID_ID=0003:0000ABCD:00000001'], descriptor);
    const link = join(roots.dev, 'pinpad');
    symlinkSync('hidraw4', link);
    expect(await describeHidraw(link, roots)).toMatchObject({
      path: join(roots.dev, 'hidraw4'),
      vendorId: 'abcd',
    });
    expect(await readDescriptor(link, roots)).toEqual(descriptor);
    expect(await describeHidraw(join(roots.dev, 'hidraw9'), roots)).toBeUndefined();
    expect(await readDescriptor(join(roots.dev, 'hidraw9'), roots)).toBeUndefined();
  });
});

describe('who else has a HID device open', () => {
  it('is told by the open files of the other processes', async () => {
    const proc = join(top, 'proc');
    const device = join(top, 'dev/hidraw0');
    file(device, '');
    for (const [pid, target] of [
      ['100', device],
      ['200', '/dev/null'],
      ['300', device],
    ] as const) {
      mkdirSync(join(proc, pid, 'fd'), { recursive: true });
      symlinkSync(target, join(proc, pid, 'fd/7'));
      file(join(proc, pid, 'comm'), 'steam\n');
    }
    mkdirSync(join(proc, 'self/fd'), { recursive: true });
    expect(await holdersOf(device, proc, 300)).toEqual(['steam (100)']);
    expect(await holdersOf(device, join(top, 'nothing'), 1)).toEqual([]);
  });
});
