import { describe, expect, it } from 'vitest';
import { knownDevice } from '../../src/transports/device-table.ts';
import { listPlugged } from '../../src/transports/discovery.ts';
import type { HidDeviceEntry } from '../../src/transports/hid-port.ts';
import { selectHidDevice } from '../../src/transports/hid-select.ts';
import { parseHidAddress } from '../../src/transports/hid-settings.ts';
import type { SerialPortEntry } from '../../src/transports/serial-list.ts';

const pad = (number: number, more: Partial<HidDeviceEntry> = {}): HidDeviceEntry => ({
  path: `/dev/hidraw${number}`,
  vendorId: '0b00',
  productId: '0074',
  ...more,
});

const list = (serial: readonly SerialPortEntry[], hid: readonly HidDeviceEntry[], all = false) =>
  listPlugged({ serial: async () => serial, hid: async () => hid }, all);

const addresses = async (hid: readonly HidDeviceEntry[]) =>
  (await list([], hid)).map(({ address }) => address);

describe('what may be a terminal', () => {
  it('is every serial port, by its stable name, and with what the table says', async () => {
    const stablePath = '/dev/serial/by-id/usb-Verifone_P200-if00';
    const found = await list(
      [
        { path: '/dev/ttyACM0', stablePath, vendorId: '11ca', productId: '0300' },
        { path: '/dev/ttyS0' },
        { path: '/dev/ttyUSB0', vendorId: '0403', productId: '6001' },
      ],
      [],
    );
    expect(found).toEqual([
      {
        transport: 'serial',
        address: `serial:${stablePath}`,
        path: '/dev/ttyACM0',
        vendorId: '11ca',
        productId: '0300',
        known: { maker: 'Verifone', name: 'P200', quality: 'second-hand', by: 'serial' },
      },
      { transport: 'serial', address: 'serial:/dev/ttyS0', path: '/dev/ttyS0' },
      {
        transport: 'serial',
        address: 'serial:/dev/ttyUSB0',
        path: '/dev/ttyUSB0',
        vendorId: '0403',
        productId: '6001',
      },
    ]);
  });

  it('is a HID device that the table knows, and any with all', async () => {
    const keyboard = pad(1, { vendorId: '046d', productId: 'c31c' });
    const deck = pad(2, { productId: '1001' });
    const found = await list([], [keyboard, deck, pad(0, { serialNumber: '80770133' })]);
    expect(found.map(({ address }) => address)).toEqual([
      'hid:0b00:0074?serial=80770133&packing=rba',
    ]);
    expect(await list([], [keyboard, deck], true)).toHaveLength(2);
  });

  it('has an address that means this device and no other', async () => {
    const sets: HidDeviceEntry[][] = [
      [pad(0)],
      [pad(0, { serialNumber: 'A&B ?' }), pad(1, { serialNumber: 'C' })],
      [pad(0, { interface: 0 }), pad(1, { interface: 1 })],
    ];
    for (const devices of sets)
      for (const [at, address] of (await addresses(devices)).entries()) {
        const [, where = '', query = ''] = /^hid:([^?]*)(?:\?(.*))?$/.exec(address) ?? [];
        const wanted = parseHidAddress(where, new Map(new URLSearchParams(query)));
        expect(selectHidDevice(devices, wanted), address).toBe(devices[at]);
      }
    expect(await addresses([pad(0), pad(1)])).toEqual([
      'hid:0b00:0074?path=%2Fdev%2Fhidraw0&packing=rba',
      'hid:0b00:0074?path=%2Fdev%2Fhidraw1&packing=rba',
    ]);
  });

  it('is not said of a maker’s id alone, nor of a generic chip', () => {
    expect(knownDevice('0b00', 'ffff')).toMatchObject({
      maker: 'Ingenico',
      quality: 'vendor-only',
    });
    for (const generic of ['0403', '067b', '10c4', '1a86', '1fc9'])
      expect(knownDevice(generic, '6001')).toBeUndefined();
    expect(knownDevice('0b00', '1001')).toBeUndefined();
    expect(knownDevice(undefined, undefined)).toBeUndefined();
  });
});
