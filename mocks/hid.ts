import type { PackingName } from '../src/framing/hid-packing.ts';
import { packings } from '../src/framing/hid-packings.ts';
import type {
  HidDeviceEntry,
  HidPort,
  HidPortListener,
  HidSystem,
} from '../src/transports/hid-port.ts';
import type { BothWays } from '../src/transports/hid-settings.ts';
import { type HidShape, reportShape } from '../src/transports/hid-shape.ts';
import { vendorDescriptor } from './hid-descriptor.ts';
import { hidDevice } from './hid-device.ts';
import type { MockPlug } from './mock-terminal.ts';

export interface MockHidOptions {
  readonly packing: PackingName;
  /** Its report ids and sizes, where the packing leaves them open; else none, and 64 bytes. */
  readonly reportId?: BothWays;
  readonly reportSize?: BothWays;
  readonly device?: Partial<HidDeviceEntry>;
  /** False: a system that does not show the report descriptor. Default true. */
  readonly showsDescriptor?: boolean;
}

/** A report as it crosses the port: what is written has its id in front, 0 where there are none. */
export interface MockHidReport {
  readonly from: 'till' | 'terminal';
  readonly bytes: Uint8Array;
}

/** What becomes of a report. `unplug`: it does not arrive. `last`: it arrives, and then the plug is out. */
export type ReportFate = 'pass' | 'lose' | 'unplug' | 'last';

/** A mock terminal as the one HID device of a machine, behind the port that node-hid stands behind. */
export interface MockHid extends HidSystem {
  readonly device: HidDeviceEntry;
  readonly shape: HidShape;
  readonly descriptorBytes: Uint8Array;
  /** The reports that crossed the port, lost ones too, oldest first; the last 1 000. */
  readonly reports: readonly MockHidReport[];
  /** How many handles are open now. */
  readonly handles: number;
  /** Decides about each report; the newest takes the place of the one before. */
  decide(fate: (report: MockHidReport, at: number) => ReportFate): void;
  unplug(): void;
  /** Plugs it in again; as on Linux, under the path it had. */
  replug(): void;
}

const kept = 1_000;
/** What node-hid 3.4 says on Linux, as text and not as an Error. */
const unplugged =
  'could not read from HID device: hid_read_timeout: unexpected poll error (device disconnected)';

export function createMockHid(mock: MockPlug, options: MockHidOptions): MockHid {
  const packing = packings[options.packing];
  const shape = reportShape(packing, undefined, options);
  const descriptorBytes = vendorDescriptor(shape);
  const shown = options.showsDescriptor === false ? undefined : descriptorBytes;
  const device: HidDeviceEntry = {
    path: '/dev/hidraw0',
    vendorId: '0b00',
    productId: '0074',
    serialNumber: 'MOCK-1',
    product: 'Mock payment terminal',
    ...options.device,
  };
  const reports: MockHidReport[] = [];
  let handles = 0;
  let decide: (report: MockHidReport, at: number) => ReportFate = () => 'pass';
  let crossed = 0;

  function cross(report: MockHidReport, arrive: () => void): ReportFate {
    reports.push(report);
    if (reports.length > kept) reports.shift();
    const fate = decide(report, ++crossed);
    if (fate === 'pass' || fate === 'last') arrive();
    if (fate === 'unplug' || fate === 'last') mock.unplug();
    return fate;
  }

  function open(listener: HidPortListener): HidPort {
    let state: 'open' | 'gone' | 'closed' = 'open';
    const terminal = hidDevice(mock, packing, shape, {
      send(bytes) {
        const copy = bytes.slice();
        queueMicrotask(() =>
          cross({ from: 'terminal', bytes: copy }, () => {
            if (state === 'open') listener.report(copy);
          }),
        );
      },
      unplugged() {
        if (state === 'open') state = 'gone';
        queueMicrotask(() => {
          if (state !== 'closed') listener.failed(unplugged);
        });
      },
    });
    handles++;
    return {
      async write(bytes) {
        if (state === 'closed') throw new TypeError('device has been closed');
        if (state === 'gone') throw new Error('Cannot write to hid device: No such device');
        const copy = bytes.slice();
        const fate = cross({ from: 'till', bytes: copy }, () => terminal.receive(copy));
        if (fate === 'unplug') throw new Error('Cannot write to hid device: No such device');
      },
      async close() {
        if (state === 'closed') return;
        state = 'closed';
        handles--;
        terminal.detach();
      },
    };
  }

  return {
    device,
    shape,
    descriptorBytes,
    reports,
    get handles() {
      return handles;
    },
    decide(fate) {
      decide = fate;
      crossed = 0;
    },
    unplug: () => mock.unplug(),
    replug: () => mock.replug(),
    list: async () => (mock.plugged ? [device] : []),
    describe: async (path) => (mock.plugged && path === device.path ? device : undefined),
    descriptor: async (path) => (mock.plugged && path === device.path ? shown : undefined),
    holders: async () => [],
    async open(path, listener) {
      if (!mock.plugged || path !== device.path)
        throw new Error(`cannot open device with path ${path}: No such file or directory`);
      return open(listener);
    },
  };
}
