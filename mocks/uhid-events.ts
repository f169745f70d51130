/** The events of /dev/uhid, as <linux/uhid.h> lays them out: packed, in the byte order of the machine. */

const DESTROY = 1;
const STOP = 3;
const OUTPUT = 6;
const GET_REPORT = 9;
const GET_REPORT_REPLY = 10;
const CREATE2 = 11;
const INPUT2 = 12;
const SET_REPORT = 13;
const SET_REPORT_REPLY = 14;

const longestData = 4_096;
/** The type, and create2_req, which is the largest of them. */
export const uhidEventSize = 4 + 128 + 64 + 64 + 2 + 2 + 4 * 4 + longestData;

const BUS_USB = 3;
const EIO = 5;

export interface UhidIdentity {
  readonly name: string;
  readonly serialNumber: string;
  readonly vendorId: number;
  readonly productId: number;
}

/** What the kernel says. */
export type UhidEvent =
  /** The till wrote a report; its id stands in front, 0 where there are none. */
  | { readonly type: 'output'; readonly report: Uint8Array }
  /** It asks for something that a mock does not have; this is the answer to give. */
  | { readonly type: 'asks'; readonly reply: Uint8Array }
  /** The device is gone. */
  | { readonly type: 'stop' }
  | { readonly type: 'other' };

/** Makes the device. Only the kernel of a little-endian machine is served, which is every one Node runs on but s390x. */
export function uhidCreate(identity: UhidIdentity, descriptor: Uint8Array): Uint8Array {
  const event = new Uint8Array(uhidEventSize);
  const view = new DataView(event.buffer);
  const text = new TextEncoder();
  view.setUint32(0, CREATE2, true);
  event.set(text.encode(identity.name).subarray(0, 127), 4);
  event.set(text.encode(identity.serialNumber).subarray(0, 63), 4 + 128 + 64);
  const numbers = 4 + 128 + 64 + 64;
  view.setUint16(numbers, descriptor.length, true);
  view.setUint16(numbers + 2, BUS_USB, true);
  view.setUint32(numbers + 4, identity.vendorId, true);
  view.setUint32(numbers + 8, identity.productId, true);
  view.setUint32(numbers + 12, 0x0100, true);
  event.set(descriptor.subarray(0, longestData), numbers + 20);
  return event;
}

/** One input report, its id in front where there are ids. */
export function uhidInput(report: Uint8Array): Uint8Array {
  const event = new Uint8Array(6 + report.length);
  const view = new DataView(event.buffer);
  view.setUint32(0, INPUT2, true);
  view.setUint16(4, report.length, true);
  event.set(report, 6);
  return event;
}

export function uhidDestroy(): Uint8Array {
  return Uint8Array.of(DESTROY, 0, 0, 0);
}

export function readUhidEvent(event: Uint8Array): UhidEvent {
  if (event.length < 4) return { type: 'other' };
  const view = new DataView(event.buffer, event.byteOffset, event.byteLength);
  switch (view.getUint32(0, true)) {
    case OUTPUT: {
      if (event.length < 4 + longestData + 2) return { type: 'other' };
      const size = Math.min(view.getUint16(4 + longestData, true), longestData);
      return { type: 'output', report: event.slice(4, 4 + size) };
    }
    case GET_REPORT:
      return event.length < 8
        ? { type: 'other' }
        : { type: 'asks', reply: reply(GET_REPORT_REPLY, view.getUint32(4, true), EIO) };
    case SET_REPORT:
      return event.length < 8
        ? { type: 'other' }
        : { type: 'asks', reply: reply(SET_REPORT_REPLY, view.getUint32(4, true), EIO) };
    case STOP:
      return { type: 'stop' };
    default:
      return { type: 'other' };
  }
}

/** The feature reports of the mock: none, so that whoever asks for one hears an error at once. */
function reply(type: number, id: number, error: number): Uint8Array {
  const event = new Uint8Array(12);
  const view = new DataView(event.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, id, true);
  view.setUint16(8, error, true);
  return event;
}
