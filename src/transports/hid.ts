import { sameBytes } from '../framing/bytes.ts';
import { packings } from '../framing/hid-packings.ts';
import { TerminalError } from '../model/error.ts';
import { type HidConnection, hidConnection } from './hid-connection.ts';
import { hidOpeningError, hidOpeningFacts, libraryError } from './hid-errors.ts';
import { systemHid } from './hid-node.ts';
import type { HidDeviceEntry, HidPort, HidSystem } from './hid-port.ts';
import { fits, same, selectHidDevice } from './hid-select.ts';
import type { HidOptions } from './hid-settings.ts';
import { reportShape } from './hid-shape.ts';
import { inTime } from './serial-deadline.ts';
import type { Connection, ConnectionListener, Transport } from './transport.ts';

export interface HidTransportOptions extends HidOptions {
  /** Told what does not matter enough to fail for, such as reports that are not the terminal's. */
  readonly onWarning?: (message: string) => void;
  /** Takes the place of the machine's own HID devices, for tests. */
  readonly system?: HidSystem;
}

/** Some drivers never come back from opening a device that is there but dead. In milliseconds. */
const OPENING_LIMIT_MS = 10_000;
/** How long an opening waits for the connection before it to be released. In milliseconds. */
const RELEASE_LIMIT_MS = 10_000;

/** What this process has open: hidraw would let it open a device twice, and both would get every report. */
const held = new WeakMap<HidSystem, Set<string>>();

/**
 * A byte stream over the reports of a HID device. A write is one message: it leaves as whole reports of
 * exactly the size that the device declares, one at a time. The device is looked for at each opening, so
 * that it is found again after it was plugged in elsewhere.
 */
export function hidTransport(options: HidTransportOptions): Transport {
  const { system = systemHid, onWarning = () => {} } = options;
  const packing = packings[options.packing];
  const name = `hid:${wantedName(options)}`;
  let epoch = 0;
  let last: HidConnection | undefined;

  async function connect(listener: ConnectionListener): Promise<Connection> {
    const device = await find(system, options);
    const descriptor = await system.descriptor(device.path);
    const shape = reportShape(packing, descriptor, options);
    const free = hold(system, device.path);
    const opening = hidConnection({ name, packing, shape, listener, onWarning });
    let port: HidPort | undefined;
    try {
      port = await inLimit(name, system.open(device.path, opening.port));
      await checkStillIt(system, device, descriptor);
      if (options.lock !== false) await checkAlone(system, device);
      if (opening.failed) throw wentAway(device);
      last = opening.begin(port, ++epoch);
      void last.released.then(free);
      return last;
    } catch (cause) {
      await port?.close();
      free();
      if (cause instanceof TerminalError) throw cause;
      throw hidOpeningError(cause, await hidOpeningFacts(device));
    }
  }

  return {
    name,
    async open(listener) {
      if (last?.ended) await inTime(last.released, RELEASE_LIMIT_MS);
      return connect(listener);
    },
  };
}

const wantedName = ({ path, vendorId, productId, serialNumber }: HidOptions): string =>
  [path ?? (vendorId === undefined ? '' : `${vendorId}:${productId}`), serialNumber]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');

async function find(system: HidSystem, options: HidOptions): Promise<HidDeviceEntry> {
  try {
    if (options.path === undefined) return selectHidDevice(await system.list(), options);
    const device = await system.describe(options.path);
    if (device !== undefined && fits(device, options)) return device;
    const what =
      device === undefined ? 'no HID device' : 'another HID device than the address says';
    const code = device === undefined ? 'no-such-device' : 'bad-settings';
    const hint = '`tillwire list` shows those that may be terminals.';
    throw new TerminalError(code, 'none', `There is ${what} at ${options.path}. ${hint}`);
  } catch (cause) {
    throw libraryError(cause) ?? cause;
  }
}

function hold(system: HidSystem, path: string): () => void {
  const paths = held.get(system) ?? new Set();
  held.set(system, paths);
  if (paths.has(path))
    throw new TerminalError(
      'device-busy',
      'none',
      `${path} is already open in this program, by another terminal.`,
    );
  paths.add(path);
  return () => paths.delete(path);
}

/** A library that opens too late must not leave the device open behind our back. */
async function inLimit(name: string, opening: Promise<HidPort>): Promise<HidPort> {
  if (await inTime(opening, OPENING_LIMIT_MS)) return opening;
  opening.then(
    (port) => port.close(),
    () => {},
  );
  throw new TerminalError(
    'connection-failed',
    'none',
    `${name} did not open within ${OPENING_LIMIT_MS / 1000} s.`,
  );
}

/** A path is given to the next device that is plugged in: what was opened must be what was looked at. */
async function checkStillIt(
  system: HidSystem,
  device: HidDeviceEntry,
  descriptor: Uint8Array | undefined,
): Promise<void> {
  const [now, nowDescriptor] = await Promise.all([
    system.describe(device.path),
    system.descriptor(device.path),
  ]);
  if (now === undefined || !same(now, device)) throw wentAway(device);
  if (descriptor === nowDescriptor) return;
  if (!descriptor || !nowDescriptor || !sameBytes(descriptor, nowDescriptor))
    throw wentAway(device);
}

async function checkAlone(system: HidSystem, { path }: HidDeviceEntry): Promise<void> {
  const others = await system.holders(path);
  if (others.length === 0) return;
  throw new TerminalError(
    'device-busy',
    'none',
    `${path} is in use by ${others.join(', ')}, which would get a copy of every report and could send its own. Close it, or add lock=no to the address if it only listens.`,
  );
}

const wentAway = ({ path }: HidDeviceEntry): TerminalError =>
  new TerminalError(
    'connection-failed',
    'none',
    `The device at ${path} went away while it was being opened, or another took its place. Nothing was sent.`,
  );
