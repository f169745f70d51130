import type { PackingName } from '../src/framing/hid-packing.ts';
import { packings } from '../src/framing/hid-packings.ts';
import type { HidDeviceEntry } from '../src/transports/hid-port.ts';
import type { BothWays } from '../src/transports/hid-settings.ts';
import { reportShape } from '../src/transports/hid-shape.ts';
import { listHidraw } from '../src/transports/hid-sysfs.ts';
import { vendorDescriptor } from './hid-descriptor.ts';
import { hidDevice } from './hid-device.ts';
import type { MockPlug } from './mock-terminal.ts';
import { uhidCreate, uhidDestroy, uhidInput } from './uhid-events.ts';
import { type OpenUhidFile, openUhidFile } from './uhid-file.ts';

export interface MockUhidOptions {
  readonly packing: PackingName;
  readonly reportId?: BothWays;
  readonly reportSize?: BothWays;
  /** Four lower-case hex digits. Default `0b00`. */
  readonly vendorId?: string;
  /** Four lower-case hex digits. Default `0074`. */
  readonly productId?: string;
  /** Default `TILLWIRE-` and the process's number. */
  readonly serialNumber?: string;
  /** Take the place of /dev/uhid and of the list of hidraw devices, for tests. */
  readonly openFile?: OpenUhidFile;
  readonly list?: () => Promise<readonly HidDeviceEntry[]>;
}

/** A mock terminal as a real HID device of a Linux kernel: any program can open it. */
export interface MockUhid {
  /** `/dev/hidrawN`. */
  readonly path: string;
  /** Behind the protocol in an address: `hid:0b00:0074?serial=...&packing=rba`. */
  readonly address: string;
  /** Pulls the plug: the device is gone for whoever has it open. */
  unplug(): void;
  /** Plugs it in again, after `unplug` or after a fault has pulled it. */
  replug(): Promise<void>;
  /** Ends the device; resolves when it is gone. The mock goes on. */
  close(): Promise<void>;
}

/** What the terminal said last needs a moment to be read: a reader is told of the end first. */
const unplugMs = 20;
/** udev and the kernel make the node within this time, in milliseconds. */
const appearMs = 5_000;
const lookEveryMs = 20;

/**
 * Puts a mock terminal on /dev/uhid, where the kernel has it; usually only root may. As with a real
 * device, clients may come and go, and reports that nobody reads are lost.
 *
 * @throws {Error} where there is no /dev/uhid, or no hidraw device appears.
 */
export async function openUhid(mock: MockPlug, options: MockUhidOptions): Promise<MockUhid> {
  const { packing, vendorId = '0b00', productId = '0074' } = options;
  const serialNumber = options.serialNumber ?? `TILLWIRE-${process.pid}`;
  const { openFile = openUhidFile, list = listHidraw } = options;
  const shape = reportShape(packings[packing], undefined, options);
  const descriptor = vendorDescriptor(shape);
  const identity = {
    name: 'Tillwire mock payment terminal',
    serialNumber,
    vendorId: Number.parseInt(vendorId, 16),
    productId: Number.parseInt(productId, 16),
  };
  const query = new URLSearchParams({ serial: serialNumber, packing, ...idsAndSizes(options) });

  async function plugIn() {
    let destroyed = false;
    const file = openFile((event) => {
      if (event.type === 'output') terminal.receive(event.report);
      else if (event.type === 'asks') file.write(event.reply);
    });
    const write = (bytes: Uint8Array) => {
      if (!destroyed) file.write(bytes);
    };
    const terminal = hidDevice(mock, packings[packing], shape, {
      send: (report) => write(uhidInput(report)),
      unplugged: () => {
        mock.clock.after(unplugMs, destroy);
      },
    });
    function destroy(): Promise<void> {
      terminal.detach();
      write(uhidDestroy());
      destroyed = true;
      return file.gone;
    }
    write(uhidCreate(identity, descriptor));
    try {
      return { path: await appeared(), destroy };
    } catch (error) {
      await destroy();
      throw error;
    }
  }

  async function appeared(): Promise<string> {
    for (let waited = 0; waited < appearMs; waited += lookEveryMs) {
      const found = (await list()).find((entry) => entry.serialNumber === serialNumber);
      if (found !== undefined) return found.path;
      await new Promise<void>((resolve) => mock.clock.after(lookEveryMs, resolve));
    }
    throw new Error('The kernel made no hidraw device (is the module hidraw there?).');
  }

  let device = await plugIn();
  return {
    get path() {
      return device.path;
    },
    address: `hid:${vendorId}:${productId}?${query}`,
    unplug: () => mock.unplug(),
    async replug() {
      await device.destroy();
      mock.replug();
      device = await plugIn();
    },
    close: () => device.destroy(),
  };
}

const pair = ({ toTerminal, toTill }: BothWays): string => `${toTerminal}/${toTill}`;

const idsAndSizes = ({ reportId, reportSize }: MockUhidOptions): Record<string, string> => ({
  ...(reportId && { 'report-id': pair(reportId) }),
  ...(reportSize && { 'report-size': pair(reportSize) }),
});
