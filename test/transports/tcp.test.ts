import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tcpTransport } from '../../src/transports/tcp.ts';
import { LAST_WRITE_MS } from '../../src/transports/tcp-connection.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { recordingListener } from '../support/recording-listener.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const everyByte = Uint8Array.from({ length: 256 }, (_, value) => value);

/** A terminal on a real loopback port. */
async function listen(options: { pauseOnConnect?: boolean } = {}) {
  const sockets: Socket[] = [];
  const waiting: ((socket: Socket) => void)[] = [];
  const server = createServer({ allowHalfOpen: true, ...options }, (socket) => {
    socket.on('error', () => {});
    const taker = waiting.shift();
    if (taker === undefined) sockets.push(socket);
    else taker(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const made: Socket[] = [];
  return {
    port,
    /** The next client. */
    async client(): Promise<Socket> {
      const socket =
        sockets.shift() ?? (await new Promise<Socket>((resolve) => waiting.push(resolve)));
      made.push(socket);
      return socket;
    },
    async close(): Promise<void> {
      for (const socket of [...made, ...sockets]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

let terminal: Awaited<ReturnType<typeof listen>>;
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);

beforeEach(async () => {
  terminal = await listen();
  process.on('uncaughtException', note);
});

afterEach(async () => {
  await terminal.close();
  await setImmediate();
  process.off('uncaughtException', note);
  expect(unhandled.splice(0)).toEqual([]);
});

async function open(port = terminal.port) {
  const listener = recordingListener();
  const transport = tcpTransport({ host: '127.0.0.1', port });
  const connection = await transport.open(listener);
  return { transport, listener, connection, far: await terminal.client() };
}

/** Everything a socket receives until the other side ends. */
async function all(socket: Socket): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return new Uint8Array(Buffer.concat(chunks));
}

describe('an open TCP connection', () => {
  test('carries all 256 byte values both ways', async () => {
    const { connection, listener, far } = await open();
    far.write(everyByte);
    expect(connection.write(everyByte)).toBe(true);
    expect(await listener.receive(256)).toEqual(everyByte);
    const [heard] = await once(far, 'data');
    expect(new Uint8Array(heard)).toEqual(everyByte);
    await connection.close();
  });

  test('sends what was handed over even if the caller reuses its array at once', async () => {
    const { connection, far } = await open();
    const request = bytes('REQUEST');
    connection.write(request);
    request.fill(0);
    await connection.close();
    expect(await all(far)).toEqual(bytes('REQUEST'));
  });

  test('takes a megabyte in one write and delivers it whole, in order, before its end', async () => {
    const { connection, far } = await open();
    const big = Uint8Array.from({ length: 1 << 20 }, (_, i) => (i * 7) & 0xff);
    const heard = all(far);
    expect(connection.write(big)).toBe(true);
    await connection.close();
    expect(Buffer.compare(await heard, big)).toBe(0);
  });

  test('delivers what came with the end before it says lost, and says it once', async () => {
    const { listener, far, connection } = await open();
    far.end(bytes('LAST WORDS'));
    expect(await listener.ended).toEqual({
      type: 'lost',
      message: `The connection to 127.0.0.1:${terminal.port} was lost: the other side ended it`,
    });
    expect(listener.bytes()).toEqual(bytes('LAST WORDS'));
    await connection.close();
    await setImmediate();
    expect(listener.closings).toHaveLength(1);
  });

  test('counts a half-close of the other side as the end, and writes nothing after it', async () => {
    const { listener, far, connection } = await open();
    const heard = all(far);
    far.end();
    await listener.ended;
    expect(connection.write(bytes('LATE'))).toBe(false);
    expect(await heard).toEqual(new Uint8Array());
  });

  test('is lost when it is reset in the middle of a frame, after what had come', async () => {
    const { listener, far, connection } = await open();
    far.write(bytes('{"meth'));
    await listener.receive(6);
    far.resetAndDestroy();
    expect(await listener.ended).toMatchObject({
      type: 'lost',
      message: expect.stringContaining('the other side reset it'),
      cause: { code: 'ECONNRESET' },
    });
    expect(connection.write(bytes('LATE'))).toBe(false);
    await connection.close();
    await setImmediate();
    expect(listener.closings).toHaveLength(1);
    expect(listener.bytes()).toEqual(bytes('{"meth'));
  });

  test('delivers nothing once it has ended', async () => {
    const { listener, far, connection } = await open();
    const closing = connection.close();
    expect(listener.closings).toEqual([{ type: 'closed' }]);
    far.write(bytes('TOO LATE'));
    await closing;
    await setImmediate();
    expect(listener.bytes()).toEqual(new Uint8Array());
    expect(listener.closings).toHaveLength(1);
    expect(connection.write(bytes('LATE'))).toBe(false);
  });

  test('may be closed again and again, and after it was lost', async () => {
    const { listener, far, connection } = await open();
    far.resetAndDestroy();
    await listener.ended;
    await Promise.all([connection.close(), connection.close()]);
    await connection.close();
    expect(listener.closings).toHaveLength(1);
  });

  test('wipes what it delivered: card data does not stay in a buffer', async () => {
    const chunks: Buffer[] = [];
    const socket = new Socket();
    const listener = recordingListener();
    const transport = tcpTransport({
      host: '127.0.0.1',
      port: terminal.port,
      connect: () => socket.connect(terminal.port, '127.0.0.1'),
    });
    const connection = await transport.open(listener);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    (await terminal.client()).write(bytes('4111111111111111'));
    expect(await listener.receive(16)).toEqual(bytes('4111111111111111'));
    expect(chunks.every((chunk) => chunk.every((byte) => byte === 0))).toBe(true);
    await connection.close();
  });
});

describe('each opening of a TCP transport', () => {
  test('is a new connection with a new epoch, and the old one stays ended', async () => {
    const { transport, connection, far, listener } = await open();
    far.end();
    await listener.ended;
    const again = recordingListener();
    const second = await transport.open(again);
    const farAgain = await terminal.client();
    expect([connection.epoch, second.epoch]).toEqual([1, 2]);
    expect(connection.write(bytes('OLD'))).toBe(false);
    second.write(bytes('NEW'));
    await second.close();
    expect(await all(farAgain)).toEqual(bytes('NEW'));
    expect(listener.closings).toHaveLength(1);
  });

  test('that fails takes no epoch', async () => {
    const closed = await listen();
    await closed.close();
    const transport = tcpTransport({ host: '127.0.0.1', port: closed.port });
    await expect(transport.open(recordingListener())).rejects.toMatchObject({ effect: 'none' });
  });
});

describe('an opening that fails', () => {
  test('says that nothing accepts connections, and tells no end', async () => {
    const gone = await listen();
    await gone.close();
    const listener = recordingListener();
    await expect(
      tcpTransport({ host: '127.0.0.1', port: gone.port }).open(listener),
    ).rejects.toMatchObject({
      code: 'connection-failed',
      effect: 'none',
      message: expect.stringMatching(
        new RegExp(`^Cannot connect to 127.0.0.1:${gone.port}\\. Nothing accepts connections`),
      ),
    });
    expect(listener.closings).toEqual([]);
  });

  test('says that a name is unknown', async () => {
    const connect = () => {
      const socket = new Socket();
      queueMicrotask(() =>
        socket.destroy(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })),
      );
      return socket;
    };
    await expect(
      tcpTransport({ host: 'no-such-terminal.invalid', port: 1, connect }).open(
        recordingListener(),
      ),
    ).rejects.toMatchObject({ code: 'no-such-device', effect: 'none' });
  });

  test.each([
    ['EHOSTUNREACH', 'connection-failed'],
    ['ENETUNREACH', 'connection-failed'],
    ['ETIMEDOUT', 'connection-failed'],
    ['EAI_AGAIN', 'connection-failed'],
    ['EACCES', 'no-permission'],
    ['EWHATEVER', 'connection-failed'],
  ])('on %s is %s with effect none', async (code, expected) => {
    const connect = () => {
      const socket = new Socket();
      queueMicrotask(() => socket.destroy(Object.assign(new Error(code), { code })));
      return socket;
    };
    await expect(
      tcpTransport({ host: '192.0.2.7', port: 2000, connect }).open(recordingListener()),
    ).rejects.toMatchObject({ code: expected, effect: 'none' });
  });

  test('gives up in time on a terminal that says neither yes nor no, and lets the socket go', async () => {
    const clock = createFakeClock();
    const socket = new Socket();
    const listener = recordingListener();
    const opening = tcpTransport({
      host: '192.0.2.7',
      port: 2000,
      connectTimeoutMs: 700,
      clock,
      connect: () => socket,
    }).open(listener);
    const failure = expect(opening).rejects.toMatchObject({
      code: 'connection-failed',
      effect: 'none',
      message: expect.stringContaining('192.0.2.7:2000 did not accept a connection within 700 ms'),
    });
    await clock.advance(699);
    expect(socket.destroyed).toBe(false);
    await clock.advance(1);
    await failure;
    expect(socket.destroyed).toBe(true);
    expect(listener.closings).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

test('closing waits half a second for a terminal that does not take its bytes, and no longer', async () => {
  const clock = createFakeClock();
  const stuck = await listen({ pauseOnConnect: true });
  const listener = recordingListener();
  const connection = await tcpTransport({ host: '127.0.0.1', port: stuck.port, clock }).open(
    listener,
  );
  await stuck.client();
  // More than the system's buffers hold.
  expect(connection.write(new Uint8Array(64 << 20))).toBe(true);
  let released = false;
  const closing = connection.close().then(() => {
    released = true;
  });
  await clock.advance(LAST_WRITE_MS - 1);
  expect(released).toBe(false);
  await clock.advance(1);
  await closing;
  expect(listener.closings).toEqual([{ type: 'closed' }]);
  await stuck.close();
});
