import { connect, type Socket } from 'node:net';
import type { SerialPlug } from '../rigs/serial-cable.ts';
import type { Qmp } from './qmp.ts';

const id = 'terminal';

const properties = {
  chardev: 'terminal',
  bus: 'xhci.0',
  // Without it QEMU takes the adapter off whenever nobody is on its socket.
  'always-plugged': true,
  // QEMU's own number has the port in it, and by that the name in /dev/serial/by-id would change.
  serial: 'TILL0001',
};

/**
 * The far end of QEMU's emulated FTDI adapter. Pulling the plug takes the adapter off the guest's USB; the
 * socket behind it stays.
 */
export function ftdiPlug(qmp: Qmp, serial: string): SerialPlug {
  let socket: Socket | undefined;
  let hear: (bytes: Uint8Array) => void = () => {};
  return {
    async push(onData) {
      hear = onData;
      socket ??= await connected(serial, (bytes) => hear(bytes));
      await qmp.plug(id, 'usb-serial', properties);
    },
    async pull() {
      hear = () => {};
      await qmp.unplug(id);
    },
    send: (bytes) => void socket?.write(bytes),
    async close() {
      socket?.destroy();
      socket = undefined;
    },
  };
}

async function connected(path: string, onData: (bytes: Uint8Array) => void): Promise<Socket> {
  const socket = connect(path);
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => onData(new Uint8Array(chunk)));
  return socket;
}
