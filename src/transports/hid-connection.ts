import type { Packing, Report } from '../framing/hid-packing.ts';
import type { HidPort, HidPortListener } from './hid-port.ts';
import type { HidShape } from './hid-shape.ts';
import { inTime } from './serial-deadline.ts';
import type { CloseReason, Connection, ConnectionListener } from './transport.ts';

/** A device that takes no report for so long is dead. Linux gives up on a USB transfer after 5 s. */
const WRITE_LIMIT_MS = 10_000;
/** How long a close waits for the reports of a message that is on its way. In milliseconds. */
const LAST_WRITE_MS = 500;
/** How long the library may take to let the device go. In milliseconds. */
const RELEASE_LIMIT_MS = 5_000;

export interface HidConnection extends Connection {
  readonly ended: boolean;
  /** Resolves when the device is released, whoever ended the connection. Never rejects. */
  readonly released: Promise<void>;
}

export interface HidConnectionParts {
  /** For messages. */
  readonly name: string;
  readonly packing: Packing;
  readonly shape: HidShape;
  readonly listener: ConnectionListener;
  readonly onWarning: (message: string) => void;
}

/** A connection in the making: it listens before the device is open, so that nothing is missed. */
export interface HidOpening {
  readonly port: HidPortListener;
  /** The device was lost while it was being opened. */
  readonly failed: boolean;
  /** From now on bytes go both ways. */
  begin(port: HidPort, epoch: number): HidConnection;
}

/**
 * One opening of a HID device, as a byte stream. A stream has no holes: where a report is missing, a
 * report was not taken or the device is gone, it ends as lost, and not one more report leaves.
 */
export function hidConnection(parts: HidConnectionParts): HidOpening {
  const { name, packing, shape, listener, onWarning } = parts;
  const unpacker = packing.unpacker(shape.toTill);
  let state: 'opening' | 'open' | 'closing' | 'ended' = 'opening';
  let port: HidPort | undefined;
  let waiting: Uint8Array[] = [];
  let writing: Promise<void> | undefined;
  let warned = false;
  let resolveReleased = () => {};
  const released = new Promise<void>((resolve) => {
    resolveReleased = resolve;
  });

  function end(reason: CloseReason): void {
    const told = state === 'open';
    state = 'ended';
    waiting = [];
    if (told) listener.closed(reason);
    if (port !== undefined) void inTime(port.close(), RELEASE_LIMIT_MS).then(resolveReleased);
  }

  function lost(why: string, cause?: unknown): void {
    if (state === 'ended') return;
    const message = `The connection to ${name} was lost: ${why}`;
    end({ type: 'lost', message, ...(cause === undefined ? {} : { cause }) });
  }

  function onReport(bytes: Uint8Array): void {
    if (state === 'ended') return;
    const found = unpacker.push(fromWire(bytes, shape.numbered));
    switch (found.kind) {
      case 'bytes':
        if (state === 'open' && found.bytes.length > 0) listener.data(found.bytes);
        break;
      case 'noise':
        if (!warned) onWarning(`Reports from ${name} that are not the terminal's: ${found.detail}`);
        warned = true;
        break;
      case 'gap':
        // What came while it was being opened belongs to nobody.
        if (state === 'open') lost(`reports from it are missing or damaged: ${found.detail}`);
        break;
    }
  }

  /** Writes what waits, one report after the other; two at a time would mix two messages. */
  async function pump(device: HidPort): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const taken = device.write(next);
      if (!(await inTime(taken, WRITE_LIMIT_MS))) {
        lost(`it took no report for ${WRITE_LIMIT_MS / 1000} s`);
        break;
      }
      try {
        await taken;
      } catch (cause) {
        lost('a report could not be written to it', cause);
      }
    }
    writing = undefined;
  }

  return {
    port: {
      report: onReport,
      failed: (cause) => lost('the device was unplugged, or its driver gave it up', cause),
    },
    get failed() {
      return state === 'ended';
    },
    begin(device, epoch) {
      port = device;
      state = 'open';
      return {
        epoch,
        released,
        get ended() {
          return state === 'ended';
        },
        write(bytes) {
          if (state !== 'open') return false;
          if (packing.maxMessage !== undefined && bytes.length > packing.maxMessage) {
            lost(
              `a message of ${bytes.length} bytes does not fit the packing ${packing.name}, which carries ${packing.maxMessage}; none of it was sent`,
            );
            return false;
          }
          waiting.push(...packing.pack(bytes, shape.toTerminal).map(onWire));
          writing ??= pump(device);
          return true;
        },
        async close() {
          if (state === 'open') {
            state = 'closing';
            listener.closed({ type: 'closed' });
            // Half a message would hang the terminal, or be taken for the start of the next.
            if (writing !== undefined) await inTime(writing, LAST_WRITE_MS);
            end({ type: 'closed' });
          }
          await released;
        },
      };
    },
  };
}

/** The id stands in front of every report that is written, 0 where there are none: 1 + size bytes, always. */
function onWire({ id, data }: Report): Uint8Array {
  const bytes = new Uint8Array(1 + data.length);
  bytes[0] = id;
  bytes.set(data, 1);
  return bytes;
}

/** In front of a report that is read it stands only where there are ids. */
const fromWire = (bytes: Uint8Array, numbered: boolean): Report =>
  numbered ? { id: bytes[0] ?? 0, data: bytes.subarray(1) } : { id: 0, data: bytes };
