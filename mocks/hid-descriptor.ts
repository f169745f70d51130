import type { ReportShape } from '../src/framing/hid-packing.ts';
import type { HidShape } from '../src/transports/hid-shape.ts';

/**
 * A report descriptor on a vendor page for these reports (Device Class Definition for HID 1.11): one
 * collection, every report a row of bytes.
 */
export function vendorDescriptor({ toTerminal, toTill }: HidShape): Uint8Array {
  const input = [0x81, 0x02];
  const output = [0x91, 0x02];
  return Uint8Array.from([
    // Usage page FF00, usage 1, application collection.
    ...[0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01],
    // Logical values from 0 to 255, eight bits each.
    ...[0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08],
    ...reports(toTill, input),
    ...reports(toTerminal, output),
    0xc0,
  ]);
}

const reports = ({ ids, size }: ReportShape, main: readonly number[]): number[] =>
  ids.flatMap((id) => [
    ...(id === 0 ? [] : [0x85, id]),
    ...(size < 256 ? [0x95, size] : [0x96, size & 0xff, size >> 8]),
    ...[0x09, 0x01],
    ...main,
  ]);
