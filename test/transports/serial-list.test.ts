import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listSerialPorts, type SystemRoots } from '../../src/transports/serial-list.ts';

let roots: SystemRoots;
let top: string;

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'tillwire-list-'));
  roots = { sys: join(top, 'sys'), dev: join(top, 'dev') };
});

afterEach(() => {
  rmSync(top, { recursive: true });
});

function file(path: string, text = ''): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A tty of the fake machine, with the device behind it as a path below /sys/devices. */
function tty(name: string, device?: string, attributes: Readonly<Record<string, string>> = {}) {
  const folder = join(roots.sys, 'class/tty', name);
  mkdirSync(folder, { recursive: true });
  for (const [key, text] of Object.entries(attributes)) file(join(folder, key), text);
  file(join(roots.dev, name));
  if (device === undefined) return;
  const target = join(roots.sys, 'devices', device);
  mkdirSync(target, { recursive: true });
  symlinkSync(target, join(folder, 'device'));
}

function usb(device: string, attributes: Readonly<Record<string, string>>) {
  for (const [key, text] of Object.entries(attributes)) {
    file(join(roots.sys, 'devices', device, key), `${text}\n`);
  }
}

function stableName(name: string, target: string) {
  const folder = join(roots.dev, 'serial/by-id');
  mkdirSync(folder, { recursive: true });
  symlinkSync(`../../${target}`, join(folder, name));
}

describe('the list of serial ports', () => {
  test('says what the USB device says of itself, and the name that stays', async () => {
    const device = 'pci0000:00/usb1/1-2';
    tty('ttyACM0', `${device}/1-2:1.0`);
    usb(device, { idVendor: '11CA', idProduct: '204', manufacturer: 'Verifone', serial: '401-7' });
    usb('pci0000:00/usb1', { idVendor: '1d6b', idProduct: '0002', manufacturer: 'Linux' });
    stableName('usb-Verifone_401-7-if00', 'ttyACM0');
    expect(await listSerialPorts(roots)).toEqual([
      {
        path: join(roots.dev, 'ttyACM0'),
        stablePath: join(roots.dev, 'serial/by-id/usb-Verifone_401-7-if00'),
        vendorId: '11ca',
        productId: '0204',
        manufacturer: 'Verifone',
        serialNumber: '401-7',
      },
    ]);
  });

  test('finds the USB device of an adapter one level further down', async () => {
    tty('ttyUSB0', 'usb1/1-3/1-3:1.0/ttyUSB0');
    usb('usb1/1-3', { idVendor: '0403', idProduct: '6001' });
    expect(await listSerialPorts(roots)).toMatchObject([{ vendorId: '0403', productId: '6001' }]);
  });

  test('has real UARTs and Bluetooth, but no phantom UART, console or pseudo-terminal', async () => {
    tty('ttyS0', 'pnp0/00:05', { type: '4\n' });
    tty('ttyS1', 'platform/serial8250', { type: '0\n' });
    tty('ttyAMA0', 'platform/uart');
    tty('rfcomm0');
    tty('tty1');
    tty('console');
    tty('ptmx');
    const paths = (await listSerialPorts(roots)).map(({ path }) => path.slice(top.length));
    expect(paths).toEqual(['/dev/rfcomm0', '/dev/ttyAMA0', '/dev/ttyS0']);
  });

  test('is in the order a person counts', async () => {
    for (const name of ['ttyUSB10', 'ttyUSB2', 'ttyACM0']) tty(name, `usb/${name}`);
    const names = (await listSerialPorts(roots)).map(({ path }) => path.split('/').at(-1));
    expect(names).toEqual(['ttyACM0', 'ttyUSB2', 'ttyUSB10']);
  });

  test('leaves out what the kernel has but this container has not', async () => {
    tty('ttyUSB0', 'usb1/1-3');
    rmSync(join(roots.dev, 'ttyUSB0'));
    expect(await listSerialPorts(roots)).toEqual([]);
  });

  test('knows a device by its link alone where sysfs is hidden', async () => {
    file(join(roots.dev, 'ttyUSB0'));
    stableName('usb-FTDI_A5-if00-port0', 'ttyUSB0');
    stableName('usb-gone-if00', 'ttyUSB9');
    expect(await listSerialPorts(roots)).toEqual([
      {
        path: join(roots.dev, 'ttyUSB0'),
        stablePath: join(roots.dev, 'serial/by-id/usb-FTDI_A5-if00-port0'),
      },
    ]);
  });

  test('is empty, and no error, where there is nothing to read', async () => {
    expect(await listSerialPorts(roots)).toEqual([]);
  });

  test('lets no control sequence of a USB device through to a screen', async () => {
    tty('ttyACM0', 'usb1/1-2/1-2:1.0');
    usb('usb1/1-2', { idVendor: 'zz', idProduct: '1', manufacturer: 'x' });
    usb('usb1', { idVendor: '1234', manufacturer: '\u001b]0;owned\u0007Evil\u202e' });
    expect(await listSerialPorts(roots)).toMatchObject([
      { vendorId: '1234', productId: undefined, manufacturer: ']0;ownedEvil' },
    ]);
  });
});

/** Runs a module of the transport in a fresh process without any program in its PATH. */
function runWithoutPath(source: string): unknown {
  const output = execFileSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', source],
    { env: { PATH: '' }, encoding: 'utf8' },
  );
  return JSON.parse(output);
}

/** What of serialport's native part a process has loaded. */
const native = `Object.keys((await import('node:module')).default._cache).filter((path) => path.includes('bindings-cpp'))`;

describe('a machine without udevadm', () => {
  test('has a list all the same, and the process lives on', () => {
    const result = runWithoutPath(`
      import { setTimeout } from 'node:timers/promises';
      import { listSerialPorts } from './src/transports/serial-list.ts';
      const ports = await listSerialPorts();
      await setTimeout(1);
      console.log(JSON.stringify({ isList: Array.isArray(ports), native: ${native} }));
    `);
    expect(result).toEqual({ isList: true, native: [] });
  });

  test('opens ports, and loads serialport only then', () => {
    const result = runWithoutPath(`
      import { serialTransport } from './src/transports/serial.ts';
      const line = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 };
      const transport = serialTransport({ path: '/dev/none', ...line });
      const before = ${native}.length;
      const error = await transport.open({ data() {}, closed() {} }).catch((error) => error);
      console.log(JSON.stringify({ before, after: ${native}.length > 0, code: error.code }));
    `);
    expect(result).toEqual({ before: 0, after: true, code: 'no-such-device' });
  });
});
