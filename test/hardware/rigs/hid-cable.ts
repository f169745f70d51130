import { existsSync } from 'node:fs';
import { vendorDescriptor } from '../../../mocks/hid-descriptor.ts';
import { hidDevice } from '../../../mocks/hid-device.ts';
import { type MockUhid, openUhid } from '../../../mocks/index.ts';
import type { PackingName } from '../../../src/framing/hid-packing.ts';
import { packings } from '../../../src/framing/hid-packings.ts';
import { reportShape } from '../../../src/transports/hid-shape.ts';
import { listHidraw } from '../../../src/transports/hid-sysfs.ts';
import type { DeviceSide } from '../guest/device-side.ts';
import { UsbGadget } from '../guest/gadget.ts';
import { sleep, until } from '../runner/wait.ts';
import { type Cable, mockRig } from './mock-rig.ts';
import type { Rig } from './rig.ts';

const serialNumber = 'BENCH-1';

/** A mock terminal as a HID device from /dev/uhid: hidraw as it is, without USB below it. */
export function uhidRig(packing: PackingName): Rig {
  let device: MockUhid | undefined;
  const cable: Cable = {
    async plugIn(mock) {
      device = await openUhid(mock, { packing, serialNumber });
    },
    async gone() {
      const path = device?.path;
      if (path === undefined) return;
      await until(`${path} is gone`, () => !existsSync(path));
      await device?.close();
      device = undefined;
    },
    close: async () => {},
  };
  return mockRig(cable, `transbank+hid:0b00:0074?serial=${serialNumber}&packing=${packing}`);
}

/** Reports written right before the plug is pulled are under way for a moment. */
const underWayMs = 40;

/** A mock terminal as a USB device with a HID function: usbhid and the USB stack are in between. */
export function hidGadgetRig(packing: PackingName): Rig {
  const shape = reportShape(packings[packing], undefined, {});
  const { numbered, toTerminal, toTill } = shape;
  const gadget = new UsbGadget({
    name: 'hid',
    vendorId: 0x0801,
    productId: 0x2020,
    serialNumber,
    hid: {
      descriptor: vendorDescriptor(shape),
      size: Math.max(toTerminal.size, toTill.size) + (numbered ? 1 : 0),
    },
  });
  let side: DeviceSide | undefined;
  let pulled: Promise<void> = Promise.resolve();
  const found = async () =>
    (await listHidraw()).find((entry) => entry.serialNumber === serialNumber)?.path;

  const cable: Cable = {
    async plugIn(mock) {
      gadget.plug();
      const path = await until('the HID gadget is there', found);
      const terminal = hidDevice(mock, packings[packing], shape, {
        send: (report) => side?.send(report),
        unplugged: () => {
          pulled = sleep(underWayMs).then(() => pull(path));
        },
      });
      // Over USB a report without an id has no zero in front, as it has through uhid.
      side = await gadget.openHid((report) =>
        terminal.receive(numbered ? report : Uint8Array.from([0, ...report])),
      );
    },
    gone: () => pulled,
    async close() {
      side?.close();
      gadget.remove();
    },
  };

  async function pull(path: string): Promise<void> {
    gadget.unplug();
    side?.close();
    side = undefined;
    await until(`${path} is gone`, () => !existsSync(path));
  }

  return mockRig(cable, `transbank+hid:0801:2020?serial=${serialNumber}&packing=${packing}`);
}
