import { SerialPort } from 'serialport';

/** What a device below serialport can be made to do; what is not given works. */
export interface DeviceScript {
  open?(): Promise<void>;
  set?(): Promise<void>;
  write?(): Promise<void>;
  flush?(): Promise<void>;
  close?(): Promise<void>;
  /** The bytes of the next read, or its failure. The default waits until the port is closed. */
  read?(): Promise<Uint8Array>;
}

export interface ScriptedDevice {
  readonly port: SerialPort;
  readonly written: Uint8Array[];
  closings: number;
}

/** A serialport whose device follows a script: for faults that no pseudo-terminal shows. */
export function scriptedDevice(script: DeviceScript): ScriptedDevice {
  let cancelRead = (_: Error) => {};
  const device = {
    isOpen: false,
    async read(buffer: Buffer, offset: number) {
      const closed = new Promise<never>((_, reject) => {
        cancelRead = reject;
      });
      const bytes = await Promise.race([script.read?.() ?? closed, closed]);
      buffer.set(bytes, offset);
      return { buffer, bytesRead: bytes.length };
    },
    async write(bytes: Buffer) {
      await script.write?.();
      result.written.push(new Uint8Array(bytes));
    },
    async set() {
      await script.set?.();
    },
    async flush() {
      await script.flush?.();
    },
    async close() {
      device.isOpen = false;
      result.closings += 1;
      cancelRead(Object.assign(new Error('Canceled'), { canceled: true }));
      await script.close?.();
    },
  };
  const binding = {
    async open() {
      await script.open?.();
      device.isOpen = true;
      return device;
    },
  };
  const options = { path: '/dev/scripted', baudRate: 9_600, autoOpen: false, binding };
  const result: ScriptedDevice = { port: new SerialPort(options), written: [], closings: 0 };
  return result;
}
