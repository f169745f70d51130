import { existsSync } from 'node:fs';
import type { DeviceSide } from '../guest/device-side.ts';
import { UsbGadget } from '../guest/gadget.ts';
import { until } from '../runner/wait.ts';
import { mockRig } from './mock-rig.ts';
import type { Rig } from './rig.ts';
import { type SerialPlug, serialCable } from './serial-cable.ts';

/** The name that survives being plugged in again; udev makes it from the device's own strings. */
export const acmPath = '/dev/serial/by-id/usb-Mock_Terminal_SN0001-if00';

/** The terminal's end of a CDC-ACM gadget, both ends in the guest: `/dev/ttyACM0` through cdc_acm. */
export function acmPlug(): SerialPlug {
  const gadget = new UsbGadget({ name: 'acm', vendorId: 0x2fb8, productId: 0x0102, acm: true });
  let side: DeviceSide | undefined;
  return {
    async push(onData) {
      gadget.plug();
      side = await gadget.openAcm(onData);
      await until(`${acmPath} is there`, () => existsSync(acmPath));
    },
    async pull() {
      gadget.unplug();
      side?.close();
      side = undefined;
      await until(`${acmPath} is gone`, () => !existsSync(acmPath));
    },
    send: (bytes) => side?.send(bytes),
    async close() {
      side?.close();
      gadget.remove();
    },
  };
}

/** A mock terminal behind it. */
export const acmRig = (): Rig => mockRig(serialCable(acmPlug()), `transbank+serial:${acmPath}`);
