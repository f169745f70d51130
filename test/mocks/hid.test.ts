import { describe, expect, it } from 'vitest';
import { createMockHid } from '../../mocks/hid.ts';
import { createMockTerminal } from '../../mocks/mock-terminal.ts';
import { openUhid } from '../../mocks/uhid.ts';
import {
  readUhidEvent,
  type UhidEvent,
  uhidCreate,
  uhidDestroy,
  uhidEventSize,
  uhidInput,
} from '../../mocks/uhid-events.ts';
import { toHex } from '../../src/framing/bytes.ts';
import { parseReportDescriptor } from '../../src/framing/hid-descriptor.ts';
import { createFakeClock, settle } from '../support/fake-clock.ts';

/** `STX 0100 ETX LRC`, the poll of Transbank, in one report of the packing rba. */
const poll = [0x02, 0x30, 0x31, 0x30, 0x30, 0x03, 0x02];
const rba = (id: number, ...bytes: number[]) =>
  Uint8Array.from([id, bytes.length, ...bytes, ...new Uint8Array(30 - bytes.length)]);

const newMock = (clock = createFakeClock()) => createMockTerminal({ protocol: 'transbank', clock });

describe('a mock terminal as a HID device', () => {
  it('takes and gives reports as the device would', async () => {
    const hid = createMockHid(newMock(), { packing: 'rba' });
    const heard: string[] = [];
    const port = await hid.open('/dev/hidraw0', {
      report: (bytes) => heard.push(toHex(bytes)),
      failed: (cause) => heard.push(String(cause)),
    });
    await port.write(rba(2, ...poll));
    await settle();
    expect(heard).toEqual([toHex(rba(1, 0x06))]);
    hid.unplug();
    await settle();
    expect(heard[1]).toMatch(/device disconnected/);
    await expect(port.write(rba(2, 0x06))).rejects.toThrow('No such device');
    await port.close();
    await port.close();
    expect(hid.handles).toBe(0);
  });

  it('is listed while it is plugged in, with the descriptor of its reports', async () => {
    const hid = createMockHid(newMock(), { packing: 'neo2', device: { productId: '4480' } });
    expect(await hid.list()).toMatchObject([{ productId: '4480', path: '/dev/hidraw0' }]);
    const descriptor = await hid.descriptor('/dev/hidraw0');
    expect(parseReportDescriptor(descriptor ?? new Uint8Array())).toMatchObject({
      numbered: true,
      output: new Map([1, 2, 3, 4].map((id) => [id, 63])),
    });
    hid.unplug();
    expect(await hid.list()).toEqual([]);
    await expect(hid.open('/dev/hidraw0', { report() {}, failed() {} })).rejects.toThrow(
      'No such file',
    );
    hid.replug();
    expect(await hid.list()).toHaveLength(1);
  });
});

describe('the events of /dev/uhid', () => {
  // Offsets: struct uhid_create2_req and uhid_output_req in <linux/uhid.h>, all packed.
  it('make a device', () => {
    const identity = { name: 'Mock', serialNumber: 'SN1', vendorId: 0x0b00, productId: 0x0074 };
    const event = uhidCreate(identity, Uint8Array.of(0xde, 0xad));
    expect(event.length).toBe(uhidEventSize);
    expect(toHex(event.subarray(0, 9))).toBe('0b0000004d6f636b00');
    expect(toHex(event.subarray(196, 200))).toBe('534e3100');
    expect(toHex(event.subarray(260, 282))).toBe(
      '02000300000b000074000000000100000000' + '0000dead',
    );
  });

  it('bring reports both ways, and the end', () => {
    expect(toHex(uhidInput(Uint8Array.of(1, 2, 3)))).toBe('0c0000000300010203');
    expect(toHex(uhidDestroy())).toBe('01000000');
    const output = new Uint8Array(uhidEventSize);
    output.set([6, 0, 0, 0, 2, 1, 6]);
    output.set([32, 0, 1], 4 + 4096);
    expect(readUhidEvent(output)).toEqual({ type: 'output', report: output.slice(4, 36) });
    expect(readUhidEvent(Uint8Array.of(3, 0, 0, 0)).type).toBe('stop');
    const asks = readUhidEvent(Uint8Array.of(9, 0, 0, 0, 7, 0, 0, 0, 1, 0));
    expect(asks.type === 'asks' && toHex(asks.reply)).toBe('0a0000000700000005000000');
    for (const short of [[], [6, 0, 0, 0], [9, 0, 0, 0], [2, 0, 0, 0]])
      expect(readUhidEvent(Uint8Array.from(short)).type).toBe('other');
  });
});

/** A kernel with /dev/uhid, as far as a mock sees it. */
function kernel() {
  const events: string[] = [];
  const devices: { plugged: boolean; tell: (event: UhidEvent) => void }[] = [];
  return {
    events,
    devices,
    list: async () =>
      devices.flatMap(({ plugged }, at) =>
        plugged
          ? [{ path: `/dev/hidraw${at}`, vendorId: '0b00', productId: '0074', serialNumber: 'SN1' }]
          : [],
      ),
    openFile: (tell: (event: UhidEvent) => void) => {
      const device = { plugged: false, tell };
      devices.push(device);
      let resolveGone = () => {};
      const gone = new Promise<void>((resolve) => {
        resolveGone = resolve;
      });
      return {
        gone,
        write(event: Uint8Array) {
          events.push(toHex(event.subarray(0, 10)));
          if (event[0] === 11) device.plugged = true;
          if (event[0] !== 1) return;
          device.plugged = false;
          resolveGone();
        },
      };
    },
  };
}

describe('a mock terminal on /dev/uhid', () => {
  it('answers over reports of the kernel, and has an address', async () => {
    const { devices, events, list, openFile } = kernel();
    const mock = newMock();
    const uhid = await openUhid(mock, { packing: 'rba', serialNumber: 'SN1', list, openFile });
    expect(uhid.path).toBe('/dev/hidraw0');
    expect(uhid.address).toBe('hid:0b00:0074?serial=SN1&packing=rba');
    devices[0]?.tell({ type: 'output', report: rba(2, ...poll) });
    await settle();
    expect(events[1]).toBe('0c000000200001010600');
    await uhid.close();
    expect(events.at(-1)).toBe('01000000');
    expect(mock.plugged).toBe(true);
  });

  it('can be unplugged and plugged in again', async () => {
    const clock = createFakeClock();
    const { devices, list, openFile } = kernel();
    const uhid = await openUhid(newMock(clock), {
      packing: 'rba',
      serialNumber: 'SN1',
      list,
      openFile,
    });
    uhid.unplug();
    await clock.advance(100);
    expect(await list()).toEqual([]);
    devices[0]?.tell({ type: 'output', report: rba(2, ...poll) });
    await uhid.replug();
    expect(uhid.path).toBe('/dev/hidraw1');
    await uhid.close();
  });

  it('says so where no device appears', async () => {
    const clock = createFakeClock();
    const { openFile } = kernel();
    const opening = openUhid(newMock(clock), { packing: 'rba', list: async () => [], openFile });
    const failure = expect(opening).rejects.toThrow('no hidraw device');
    await clock.advance(6_000);
    await failure;
  });
});
