import type { Packing, Report } from '../src/framing/hid-packing.ts';
import type { HidShape } from '../src/transports/hid-shape.ts';
import type { MemoryPeer } from '../src/transports/memory.ts';
import type { MockPlug } from './mock-terminal.ts';

/** The terminal's own side of its HID reports. */
export interface HidDevice {
  /** One output report from the till, its id in front, 0 where there are none. */
  receive(report: Uint8Array): void;
  /** Nobody is at the other end any more. */
  detach(): void;
}

/**
 * Connects a mock terminal to HID reports: what it says is packed for `send`, with the id in front where
 * there are ids. Reports that are none of its own are dropped, as a real device does in silence.
 *
 * @throws {TerminalError} `no-such-device` while it is unplugged, `device-busy` while another till is on.
 */
export function hidDevice(
  mock: MockPlug,
  packing: Packing,
  shape: HidShape,
  till: { send(report: Uint8Array): void; unplugged(message: string): void },
): HidDevice {
  const { toTerminal, toTill, numbered } = shape;
  const unpacker = packing.unpacker(toTerminal);
  const peer: MemoryPeer = mock.plug({
    send(chunk) {
      for (const report of packing.pack(chunk, toTill)) till.send(onWire(report, numbered));
    },
    unplug: (message) => till.unplugged(message),
  });
  return {
    receive(report) {
      const [id = 0] = report;
      if (report.length !== 1 + toTerminal.size || !toTerminal.ids.includes(id)) return;
      const found = unpacker.push({ id, data: report.subarray(1) });
      if (found.kind === 'bytes' && found.bytes.length > 0) peer.data(found.bytes);
    },
    detach: () => peer.closed(),
  };
}

const onWire = ({ id, data }: Report, numbered: boolean): Uint8Array =>
  numbered ? Uint8Array.from([id, ...data]) : data;
