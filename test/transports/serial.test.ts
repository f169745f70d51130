import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SerialTransportOptions, serialTransport } from '../../src/transports/serial.ts';
import { openPtyPair, type PtyPair } from '../support/pty-pair.ts';
import { recordingListener } from '../support/recording-listener.ts';

const line = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;
const everyByte = Uint8Array.from({ length: 256 }, (_, value) => value);
const bytes = (text: string) => new TextEncoder().encode(text);

let pair: PtyPair;
let folder: string;
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);

beforeEach(() => {
  pair = openPtyPair();
  folder = mkdtempSync(join(tmpdir(), 'tillwire-serial-'));
  process.on('uncaughtException', note);
});

afterEach(async () => {
  await pair.hangUp();
  rmSync(folder, { recursive: true });
  await setImmediate();
  process.off('uncaughtException', note);
  expect(unhandled.splice(0)).toEqual([]);
});

async function open(options: Partial<SerialTransportOptions> = {}) {
  const listener = recordingListener();
  const transport = serialTransport({ path: pair.path, ...line, ...options });
  return { transport, listener, connection: await transport.open(listener) };
}

describe('an open serial port', () => {
  test('carries all 256 byte values both ways', async () => {
    const { connection, listener } = await open();
    pair.write(everyByte);
    expect(connection.write(everyByte)).toBe(true);
    expect(await listener.receive(256)).toEqual(everyByte);
    expect(await pair.receive(256)).toEqual(everyByte);
    await connection.close();
  });

  test('keeps bytes 11 and 13 hex with hardware flow control and 7E1', async () => {
    const { connection, listener } = await open({ dataBits: 7, parity: 'even', rtscts: true });
    const control = Uint8Array.of(0x11, 0x13, 0x0a, 0x0d, 0x03, 0x1a);
    pair.write(control);
    expect(await listener.receive(control.length)).toEqual(control);
    connection.write(control);
    expect(await pair.receive(control.length)).toEqual(control);
    await connection.close();
  });

  test('sends what was handed over even if the caller reuses its array at once', async () => {
    const { connection } = await open();
    const request = bytes('REQUEST');
    connection.write(request);
    request.fill(0);
    expect(await pair.receive(7)).toEqual(bytes('REQUEST'));
    await connection.close();
  });

  test('does not let a second opening in while it is locked, and says so at once', async () => {
    const { connection, transport } = await open();
    const start = performance.now();
    await expect(transport.open(recordingListener())).rejects.toMatchObject({
      code: 'device-busy',
      effect: 'none',
      message: expect.stringContaining(`${pair.path} is in use by another program`),
    });
    expect(performance.now() - start).toBeLessThan(5_000);
    await connection.close();
  });

  test('shares the device when locking is off', async () => {
    const first = await open({ lock: false });
    const second = await open({ lock: false });
    await Promise.all([first.connection.close(), second.connection.close()]);
  });

  test('leaves DTR alone at closing by default, and lets it fall when asked', async () => {
    stty('hupcl'); // as a real port comes from the kernel
    const kept = await open();
    expect(stty('-a')).toContain('-hupcl');
    await kept.connection.close();
    const dropped = await open({ hupcl: true });
    expect(stty('-a')).toContain('hupcl');
    await dropped.connection.close();
  });

  test('has the speed, stop bits and flow control asked for', async () => {
    const plain = await open({ baudRate: 9_600 });
    expect(stty('-a')).toEqual(expect.arrayContaining(['9600', '-cstopb', '-crtscts']));
    await plain.connection.close();
    const other = await open({ baudRate: 19_200, stopBits: 2, rtscts: true });
    expect(stty('-a')).toEqual(expect.arrayContaining(['19200', 'cstopb', 'crtscts']));
    await other.connection.close();
  });

  test('is used all the same when the device refuses DTR and RTS, with a warning', async () => {
    const warnings: string[] = [];
    const { connection } = await open({ dtr: true, onWarning: (text) => warnings.push(text) });
    expect(warnings).toEqual([
      expect.stringMatching(/did not let DTR and RTS be set \(Inappropriate ioctl/),
    ]);
    connection.write(bytes('STATUS'));
    await pair.receive(6);
    await connection.close();
  });
});

describe('a closed serial port', () => {
  test('says closed exactly once, within the call, and resolves when the device is free', async () => {
    const { connection, listener } = await open();
    const closing = connection.close();
    expect(listener.closings).toEqual([{ type: 'closed' }]);
    await Promise.all([closing, connection.close()]);
    await (await open()).connection.close();
    expect(listener.closings).toHaveLength(1);
  });

  test('opens again under a new epoch', async () => {
    const { transport, connection } = await open();
    await connection.close();
    const listener = recordingListener();
    const again = await transport.open(listener);
    expect([connection.epoch, again.epoch]).toEqual([1, 2]);
    pair.write(everyByte);
    expect(await listener.receive(256)).toEqual(everyByte);
    await again.close();
  });

  test('opens again without waiting for the closing to be over', async () => {
    const { transport, connection } = await open();
    pair.stopReading();
    connection.write(new Uint8Array(1_000_000)); // makes the closing slow
    const closing = connection.close();
    const again = await transport.open(recordingListener());
    await Promise.all([closing, again.close()]);
  });

  test('takes no byte, and none comes out of the next opening', async () => {
    const { transport, connection } = await open();
    await connection.close();
    expect(connection.write(bytes('STALE VOID'))).toBe(false);
    const again = await transport.open(recordingListener());
    expect(connection.write(bytes('STALE VOID'))).toBe(false);
    again.write(bytes('STATUS'));
    expect(await pair.receive(6)).toEqual(bytes('STATUS'));
    await again.close();
    expect(pair.received()).toEqual(bytes('STATUS'));
  });

  test('hears nothing more of what arrives late', async () => {
    const { transport, connection, listener } = await open();
    const closing = connection.close();
    pair.write(bytes('LATE ANSWER'));
    await closing;
    const again = await transport.open(recordingListener());
    await again.close();
    expect(listener.bytes()).toHaveLength(0);
  });

  test('has sent what was written just before', async () => {
    const { connection } = await open();
    connection.write(Uint8Array.of(0x06));
    await connection.close();
    expect(await pair.receive(1)).toEqual(Uint8Array.of(0x06));
  });

  test('is released even when the terminal takes no bytes any more', async () => {
    const { transport, connection } = await open();
    pair.stopReading();
    connection.write(new Uint8Array(1_000_000));
    await connection.close();
    await (await transport.open(recordingListener())).close();
  });
});

describe('a terminal that goes away', () => {
  test('is told once as lost, with the cause, and the port is released', async () => {
    const { connection, listener } = await open();
    await pair.hangUp();
    expect(await listener.ended).toMatchObject({
      type: 'lost',
      message: expect.stringContaining(pair.path),
      cause: expect.any(Error),
    });
    expect(connection.write(bytes('STALE VOID'))).toBe(false);
    await connection.close();
    await setImmediate();
    expect(listener.closings).toHaveLength(1);
  });

  test('is told once as lost when bytes are on their way to it', async () => {
    const { connection, listener } = await open();
    pair.stopReading();
    for (let i = 0; i < 5; i++) connection.write(new Uint8Array(100_000));
    await pair.hangUp();
    expect(await listener.ended).toMatchObject({ type: 'lost' });
    expect(connection.write(bytes('STALE VOID'))).toBe(false);
    await connection.close();
    await setImmediate();
    expect(listener.closings).toHaveLength(1);
  });

  test('is told once as lost when a write finds out', async () => {
    const { connection, listener } = await open();
    const gone = pair.hangUp();
    connection.write(bytes('VOID'));
    expect(await listener.ended).toMatchObject({ type: 'lost' });
    await Promise.all([gone, connection.close()]);
    await setImmediate();
    expect(listener.closings).toHaveLength(1);
  });

  test('and is plugged in again gets none of the old bytes', async () => {
    const path = join(folder, 'terminal');
    symlinkSync(pair.path, path);
    const { transport, connection, listener } = await open({ path });
    await pair.hangUp();
    await listener.ended;
    expect(connection.write(bytes('STALE VOID'))).toBe(false);

    pair = openPtyPair();
    unlinkSync(path);
    symlinkSync(pair.path, path);
    const again = await transport.open(recordingListener());
    expect(again.epoch).toBe(2);
    expect(connection.write(bytes('STALE VOID'))).toBe(false);
    again.write(bytes('STATUS'));
    await pair.receive(6);
    await again.close();
    expect(pair.received()).toEqual(bytes('STATUS'));
  });

  test('while it is being closed ends as closed', async () => {
    const { connection, listener } = await open();
    const closing = connection.close();
    await pair.hangUp();
    await closing;
    await setImmediate();
    expect(listener.closings).toEqual([{ type: 'closed' }]);
  });
});

describe('an opening that fails', () => {
  async function refusal(path: string) {
    const listener = recordingListener();
    const error: unknown = await serialTransport({ path, ...line })
      .open(listener)
      .catch((reason: unknown) => reason);
    expect(listener.closings).toEqual([]);
    return error;
  }

  test('says which device is missing and where to look', async () => {
    expect(await refusal('/dev/ttyACM77')).toMatchObject({
      code: 'no-such-device',
      effect: 'none',
      message: expect.stringMatching(/no serial device \/dev\/ttyACM77.*tillwire list/),
    });
  });

  test('knows that a file, a folder and /dev/null are no serial devices', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, 'not a port');
    for (const path of [file, folder, '/dev/null']) {
      expect(await refusal(path)).toMatchObject({
        code: 'no-such-device',
        message: expect.stringContaining(`${path} is not a serial device`),
      });
    }
  });

  test('does not count as an epoch, and the next one works', async () => {
    const path = join(folder, 'terminal');
    const transport = serialTransport({ path, ...line });
    await expect(transport.open(recordingListener())).rejects.toMatchObject({
      code: 'no-such-device',
    });
    symlinkSync(pair.path, path);
    const connection = await transport.open(recordingListener());
    expect(connection.epoch).toBe(1);
    await connection.close();
  });
});

function stty(request: string): readonly string[] {
  return execFileSync('stty', [request, '-F', pair.path])
    .toString()
    .split(/[\s;]+/);
}
