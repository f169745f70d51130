import { EventEmitter, once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { connectSerialPort, OPENING_LIMIT_MS } from '../../src/transports/serial-connection.ts';
import { setModemLines } from '../../src/transports/serial-modem-lines.ts';
import { recordingListener } from '../support/recording-listener.ts';
import { type DeviceScript, scriptedDevice } from '../support/scripted-device.ts';

const line = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 } as const;
const card = new TextEncoder().encode('4111111111111111');

afterEach(() => {
  vi.useRealTimers();
});

/** A read under way that the test lets succeed or fail. */
function pendingRead() {
  let answer: (bytes: Uint8Array) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const pending = new Promise<Uint8Array>((resolve, reject) => {
    answer = resolve;
    fail = reject;
  });
  const unplug = () => fail(new Error('bad file descriptor'));
  return { read: () => pending, answer, unplug };
}

async function connect(script: DeviceScript, prepare = async () => {}) {
  const device = scriptedDevice(script);
  const listener = recordingListener();
  const connection = await connectSerialPort(device.port, listener, () => 1, prepare);
  return { device, listener, connection };
}

test('no card data stays in the receive pool of serialport', async () => {
  const answers = [card, card.subarray(0, 5), card];
  const { device, listener, connection } = await connect({
    read: async () => answers.shift() ?? new Promise<never>(() => {}),
  });
  const chunks: Buffer[] = [];
  device.port.on('data', (chunk: Buffer) => chunks.push(chunk));
  const expected = Buffer.concat([card, card.subarray(0, 5), card]);
  expect(Buffer.from(await listener.receive(expected.length))).toEqual(expected);
  expect(chunks.length).toBeGreaterThan(0);
  for (const { buffer } of chunks) expect(Buffer.from(buffer).indexOf('4111')).toBe(-1);
  await connection.close();
});

test('bytes that come in while the connection ends are wiped and not delivered', async () => {
  const { read, answer } = pendingRead();
  const { device, listener, connection } = await connect({ read });
  const chunks: Buffer[] = [];
  device.port.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closing = connection.close();
  answer(card);
  await closing;
  await setImmediate();
  expect(listener.bytes()).toHaveLength(0);
  for (const chunk of chunks) expect(chunk.every((byte) => byte === 0)).toBe(true);
});

test('a failed write, which serialport reports as an error and two closings, is one end', async () => {
  const released = vi.fn();
  const { device, listener, connection } = await connect({
    write: async () => {
      throw new Error('EIO: i/o error, write');
    },
    async close() {
      await setImmediate();
      released();
    },
  });
  const signs: string[] = [];
  for (const sign of ['error', 'close']) device.port.on(sign, () => signs.push(sign));
  expect(connection.write(card)).toBe(true);
  expect(await listener.ended).toMatchObject({ type: 'lost', cause: { message: /EIO/ } });
  await connection.close();
  expect(released).toHaveBeenCalledOnce();
  await setImmediate();
  expect(signs).toEqual(['error', 'close', 'close']);
  expect(listener.closings).toHaveLength(1);
  expect(device.closings).toBe(1);
});

test('an unplugged device is one end and is released once', async () => {
  const { read, unplug } = pendingRead();
  const { device, listener, connection } = await connect({ read });
  unplug();
  expect(await listener.ended).toMatchObject({
    type: 'lost',
    cause: { disconnected: true, message: 'bad file descriptor' },
  });
  await connection.close();
  expect(listener.closings).toHaveLength(1);
  expect(device.closings).toBe(1);
  expect(device.port.destroyed).toBe(true);
});

test('a write between the unplugging and its report is refused', async () => {
  const { read, unplug } = pendingRead();
  const events = new EventEmitter();
  const closing = once(events, 'closing');
  const close = async () => {
    events.emit('closing');
    await once(events, 'let it close');
  };
  const { device, listener, connection } = await connect({ read, close });
  unplug();
  await closing;
  expect(listener.closings).toEqual([]);
  expect(connection.write(card)).toBe(false);
  events.emit('let it close');
  await listener.ended;
  expect(device.written).toEqual([]);
});

test('bytes that the device does not take are dropped at closing, and no more are accepted', async () => {
  const steps: string[] = [];
  const { connection, listener } = await connect({
    write: () => new Promise(() => {}),
    flush: async () => void steps.push('bytes dropped'),
    close: async () => void steps.push('device released'),
  });
  expect(connection.write(card)).toBe(true);
  const closing = connection.close();
  expect(listener.closings).toEqual([{ type: 'closed' }]);
  expect(connection.write(card)).toBe(false);
  await closing;
  expect(steps).toEqual(['bytes dropped', 'device released']);
});

test('a USB terminal that cannot set its lines is used, with a warning', async () => {
  const warnings: string[] = [];
  const device = scriptedDevice({
    set: async () => {
      throw new Error('Error: Operation not supported, cannot set');
    },
  });
  const connection = await connectSerialPort(
    device.port,
    recordingListener(),
    () => 1,
    () =>
      setModemLines(device.port, { ...line, hupcl: true, dtr: true }, (text) =>
        warnings.push(text),
      ),
  );
  expect(warnings).toEqual([
    'The device /dev/scripted did not let DTR and RTS be set (Operation not supported, cannot set).',
  ]);
  expect(connection.write(card)).toBe(true);
  await connection.close();
});

test('a device that goes away while it is being prepared fails the opening and tells no end', async () => {
  const { read, unplug } = pendingRead();
  const device = scriptedDevice({ read });
  const listener = recordingListener();
  const opening = connectSerialPort(
    device.port,
    listener,
    () => 1,
    async () => {
      unplug();
      await setImmediate();
    },
  );
  await expect(opening).rejects.toMatchObject({ code: 'connection-failed', effect: 'none' });
  expect(listener.closings).toEqual([]);
  expect(device.closings).toBe(1);
});

test('a device that never opens fails in time, and is closed again if it opens after all', async () => {
  vi.useFakeTimers();
  let openAtLast = () => {};
  const device = scriptedDevice({
    open: () =>
      new Promise((resolve) => {
        openAtLast = resolve;
      }),
    read: async () => card,
  });
  const listener = recordingListener();
  const opening = connectSerialPort(
    device.port,
    listener,
    () => 1,
    async () => {},
  );
  const failure = expect(opening).rejects.toMatchObject({
    code: 'connection-failed',
    message: '/dev/scripted did not open within 10 s.',
  });
  await vi.advanceTimersByTimeAsync(OPENING_LIMIT_MS);
  await failure;
  const closed = new Promise((resolve) => device.port.once('close', resolve));
  openAtLast();
  await closed;
  expect(device.closings).toBe(1);
  expect(listener.closings).toEqual([]);
  expect(listener.bytes()).toHaveLength(0);
});
