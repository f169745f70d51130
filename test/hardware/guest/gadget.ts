import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { until } from '../runner/wait.ts';
import { DeviceSide } from './device-side.ts';

export interface GadgetOptions {
  readonly name: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber?: string;
  /** A HID function with this report descriptor and size of report, its id included. */
  readonly hid?: { readonly descriptor: Uint8Array; readonly size: number };
  /** A CDC-ACM function: a serial port. */
  readonly acm?: boolean;
}

const gadgets = '/sys/kernel/config/usb_gadget';

/**
 * A USB device made inside the guest: the kernel's dummy host controller with a gadget from configfs.
 * Unlike a device from /dev/uhid it is a USB device to the till's side, with descriptors and all. There is
 * one such controller: remove a gadget before another is plugged in.
 */
export class UsbGadget {
  readonly #folder: string;

  constructor(options: GadgetOptions) {
    const folder = `${gadgets}/${options.name}`;
    this.#folder = folder;
    // A case file that was killed leaves its device plugged in.
    for (const left of readdirSync(gadgets)) dismantle(`${gadgets}/${left}`);
    const put = (file: string, value: string | Uint8Array) =>
      writeFileSync(`${folder}/${file}`, value);
    mkdirSync(`${folder}/strings/0x409`, { recursive: true });
    put('idVendor', `0x${options.vendorId.toString(16)}`);
    put('idProduct', `0x${options.productId.toString(16)}`);
    put('strings/0x409/serialnumber', options.serialNumber ?? 'SN0001');
    put('strings/0x409/manufacturer', 'Mock');
    put('strings/0x409/product', 'Terminal');
    mkdirSync(`${folder}/configs/c.1`);
    const functions = [...(options.hid ? ['hid.0'] : []), ...(options.acm ? ['acm.0'] : [])];
    for (const one of functions) mkdirSync(`${folder}/functions/${one}`);
    if (options.hid) {
      put('functions/hid.0/report_length', String(options.hid.size));
      put('functions/hid.0/report_desc', options.hid.descriptor);
    }
    for (const one of functions)
      symlinkSync(`${folder}/functions/${one}`, `${folder}/configs/c.1/${one}`);
  }

  plug(): void {
    const [controller = ''] = readdirSync('/sys/class/udc');
    writeFileSync(`${this.#folder}/UDC`, controller);
  }

  unplug(): void {
    writeFileSync(`${this.#folder}/UDC`, '\n');
  }

  /** Takes it apart, unplugged or not. */
  remove(): void {
    dismantle(this.#folder);
  }

  /** The device's side of the HID function, once plugged in. */
  async openHid(onData: (bytes: Uint8Array) => void): Promise<DeviceSide> {
    const device = readFileSync(`${this.#folder}/functions/hid.0/dev`, 'utf8').trim();
    const path = `/dev/hidg${device.split(':')[1]}`;
    await until(`${path} is there`, () => existsSync(path));
    return new DeviceSide(path, onData);
  }

  /** The device's side of the serial function, once plugged in. */
  async openAcm(onData: (bytes: Uint8Array) => void): Promise<DeviceSide> {
    const path = '/dev/ttyGS0';
    await until(`${path} is there`, () => existsSync(path));
    execFileSync('stty', ['-F', path, 'raw', '-echo']);
    return new DeviceSide(path, onData);
  }
}

/** A gadget's folders go one by one, from the inside out, and only once it is unplugged. */
function dismantle(folder: string): void {
  const functions = readdirSync(`${folder}/functions`);
  const steps = [
    () => writeFileSync(`${folder}/UDC`, '\n'),
    ...functions.map((one) => () => unlinkSync(`${folder}/configs/c.1/${one}`)),
    () => rmdirSync(`${folder}/configs/c.1`),
    ...functions.map((one) => () => rmdirSync(`${folder}/functions/${one}`)),
    () => rmdirSync(`${folder}/strings/0x409`),
    () => rmdirSync(folder),
  ];
  for (const step of steps) {
    try {
      step();
    } catch {
      // It was not there, or is unplugged already.
    }
  }
}
