import { existsSync } from 'node:fs';
import { askHost } from '../runner/cases.ts';
import { until } from '../runner/wait.ts';
import type { Fresh, Rig, Seen } from './rig.ts';

/** The name that survives being plugged in again. */
const path = '/dev/serial/by-id/usb-QEMU_QEMU_USB_SERIAL_TILL0001-if00-port0';

/**
 * A mock terminal behind QEMU's emulated FTDI adapter: `/dev/ttyUSB0` through usbserial and ftdi_sio. The
 * terminal itself runs on the host, in its own process.
 */
export async function ftdiRig(): Promise<Rig> {
  const ask = (what: keyof Rig, ...args: readonly unknown[]) => askHost(`ftdi.${what}`, ...args);
  const isThere = () => until(`${path} is there`, () => existsSync(path));
  const isGone = () => until(`${path} is gone`, () => !existsSync(path));
  async function unplug(): Promise<void> {
    await ask('unplug');
    await isGone();
  }

  await ask('fresh');
  await isThere();
  return {
    address: `transbank+serial:${path}`,
    async fresh(options: Fresh = {}) {
      await unplug();
      await ask('fresh', options);
      await isThere();
    },
    unplug,
    async replug() {
      // A fault may have pulled it just now. An old name must not be taken for the new one.
      await isGone();
      await ask('replug');
      await isThere();
    },
    async fault(text) {
      await ask('fault', text);
    },
    async cutAfter(bytes) {
      await ask('cutAfter', bytes);
    },
    seen: async () => (await ask('seen')) as Seen,
    async close() {
      await ask('close');
    },
  };
}
