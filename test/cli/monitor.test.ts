import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  createMockTerminal,
  type MockTerminalOptions,
  openPty,
  openTcp,
  replayTerminal,
} from '../../mocks/index.ts';
import { type MonitorRequest, monitor } from '../../src/cli/monitor.ts';
import type { Output } from '../../src/cli/output.ts';
import { memoryJournal, openTerminal, resultOf, type Terminal } from '../../src/index.ts';
import { serialTransport } from '../../src/transports/serial.ts';
import { tcpTransport } from '../../src/transports/tcp.ts';
import { recordingListener } from '../support/recording-listener.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-monitor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cleanUp: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

let made = 0;
const fresh = (name: string) => join(folder, `${name}-${++made}`);

async function mockOnPty(options: Partial<MockTerminalOptions> = {}) {
  const mock = createMockTerminal({
    protocol: 'transbank',
    transport: 'serial',
    thinkMs: 5,
    ...options,
  });
  const pty = await openPty(mock);
  cleanUp.push(
    () => mock.close(),
    () => pty.close(),
  );
  return { mock, path: pty.path };
}

/** A monitor that runs until it is stopped or its line ends. */
async function watching(address: string, request: MonitorRequest) {
  const lines: string[] = [];
  const json: Record<string, unknown>[] = [];
  let listening = (_json: Record<string, unknown>): void => {};
  const ready = new Promise<Record<string, unknown>>((resolve) => {
    listening = resolve;
  });
  const output: Output = {
    event: () => {},
    error: () => {},
    note: () => {},
    speak: () => {},
    line(text, object) {
      lines.push(text);
      const entry = Object.fromEntries(Object.entries(object));
      json.push(entry);
      if (entry['type'] === 'listening') listening(entry);
    },
  };
  let stop = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const ended = monitor(address, request, output, { version: '0.0.0-test', stop: stopped });
  cleanUp.push(async () => {
    stop();
    await ended.catch(() => {});
  });
  const where = await Promise.race([ready, ended.then((): Record<string, unknown> => ({}))]);
  const frames = () => json.filter(({ type }) => type === 'frame');
  return {
    lines,
    json,
    frames,
    where,
    ended,
    stop: () => {
      stop();
      return ended;
    },
  };
}

async function tillOn(address: string): Promise<Terminal> {
  const terminal = await openTerminal(address, { journal: memoryJournal() });
  cleanUp.push(() => terminal.close());
  return terminal;
}

/** A sale and its void, as a till sees them. */
async function sellAndVoid(terminal: Terminal) {
  const amount = { amount: 1500, currency: 'CLP' };
  const sold = await resultOf(terminal.purchase({ amount, ticket: 'AB1234' }));
  const voided = await resultOf(
    terminal.voidTransaction({ amount }, { operator: 'ana', reason: 'out of stock' }),
  );
  await terminal.close();
  // The voucher has the hour of this run, and each run its own keys.
  const { key: _sale, ...sale } = { key: '', ...sold };
  const { key: _void, voucher: _voucher, ...taken } = { key: '', voucher: undefined, ...voided };
  return { sold: sale, voided: taken };
}

const words = (frames: readonly Record<string, unknown>[]) =>
  frames.map(({ from, name }) => `${from === 'till' ? '>' : '<'} ${String(name)}`);

describe('a monitor between a till and its terminal', () => {
  it('shows a sale and its void while they pass, in words', async () => {
    const { path } = await mockOnPty();
    const through = fresh('till');
    const seen = await watching(`transbank+serial:${path}`, { through });
    const { sold, voided } = await sellAndVoid(await tillOn(`transbank+serial:${through}`));
    expect(sold).toMatchObject({ outcome: 'approved' });
    expect(voided).toMatchObject({ outcome: 'voided' });
    expect(await seen.stop()).toBe(0);
    const passed = words(seen.frames());
    expect(passed.filter((word) => !/ACK|status$/.test(word))).toEqual([
      '> sale',
      '< sale answer',
      '> last sale',
      '< last sale answer',
      '> void',
      '< void answer',
    ]);
    const sale = seen.lines.find((line) => line.includes('sale  '));
    expect(sale).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}till → terminal {2}sale {2}amount=1500 {2}ticket=AB1234/,
    );
    expect(seen.json.at(-1)).toMatchObject({ type: 'ended', why: 'interrupted' });
  });

  it('records what can be replayed: the same commands have the same results', async () => {
    const { path } = await mockOnPty();
    const through = fresh('till');
    const record = fresh('recording');
    const seen = await watching(`transbank+serial:${path}`, { through, record });
    const first = await sellAndVoid(await tillOn(`transbank+serial:${through}`));
    await seen.stop();
    expect(statSync(record).mode & 0o777).toBe(0o600);
    const text = readFileSync(record, 'utf8');
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({
      type: 'recording',
      version: 1,
      protocol: 'transbank',
      transport: 'serial',
      tillwire: '0.0.0-test',
      masked: expect.stringContaining('last four digits'),
    });
    const replayed = await replayTerminal(text);
    const pty = await openPty(replayed);
    cleanUp.push(
      () => replayed.close(),
      () => pty.close(),
    );
    const second = await sellAndVoid(await tillOn(`transbank+serial:${pty.path}`));
    expect(second).toEqual(first);
    expect(replayed.mismatch).toBeUndefined();
    // The till's last word may still be on its way.
    await expect.poll(() => replayed.finished).toBe(true);
  });

  it('passes any byte both ways as it is, in any pieces', async () => {
    const { path, write, received } = await (async () => {
      const { openPtyPair } = await import('../support/pty-pair.ts');
      const pair = openPtyPair();
      cleanUp.push(() => pair.hangUp());
      return pair;
    })();
    const through = fresh('till');
    const seen = await watching(`transbank+serial:${path}`, { through });
    const listener = recordingListener();
    const till = await serialTransport({ path: through, ...line }).open(listener);
    const all = Uint8Array.from({ length: 4096 }, (_, at) => (at * 7 + (at >> 8)) & 0xff);
    for (let at = 0; at < all.length; at += 97) till.write(all.subarray(at, at + 97));
    write(all);
    expect(Buffer.from(await listener.receive(all.length))).toEqual(Buffer.from(all));
    await expect.poll(() => received().length).toBe(all.length);
    expect(Buffer.from(received())).toEqual(Buffer.from(all));
    await till.close();
    expect(await seen.stop()).toBe(0);
    const told = seen.frames().reduce((sum, { length }) => sum + Number(length), 0);
    expect(told).toBe(2 * all.length);
  });

  it('ends with status 0 when the terminal is unplugged, says so, and loses no byte that came before', async () => {
    const { openPtyPair } = await import('../support/pty-pair.ts');
    const pair = openPtyPair();
    const through = fresh('till');
    const record = fresh('recording');
    const seen = await watching(`transbank+serial:${pair.path}`, { through, record });
    const listener = recordingListener();
    const till = await serialTransport({ path: through, ...line }).open(listener);
    till.write(Uint8Array.of(0x02, 0x30));
    await pair.receive(2);
    pair.write(Uint8Array.of(0x06, 0x02, 0x30, 0x32));
    await listener.receive(4);
    await pair.hangUp();
    expect(await seen.ended).toBe(0);
    expect((await listener.ended).type).toBe('lost');
    await till.close();
    expect(words(seen.frames())).toEqual(['< ACK', '> noise', '< noise']);
    expect(seen.json.at(-1)).toMatchObject({ type: 'ended', why: 'lost' });
    expect(seen.lines.at(-1)).toContain('unplugged');
    expect(readFileSync(record, 'utf8').split('\n')).toHaveLength(5);
  });

  it('only listens without a port of its own, and writes nothing', async () => {
    const { openPtyPair } = await import('../support/pty-pair.ts');
    const pair = openPtyPair();
    cleanUp.push(() => pair.hangUp());
    const seen = await watching(`transbank+serial:${pair.path}`, {});
    pair.write(Uint8Array.of(0x06, 0x02, 0x30, 0x31, 0x30, 0x30, 0x03, 0x02));
    await expect.poll(() => words(seen.frames())).toEqual(['< ACK', '< poll']);
    await seen.stop();
    expect(pair.received()).toHaveLength(0);
  });

  it('lets a till connect over TCP, and opens a line for each time that it does', async () => {
    const mock = createMockTerminal({ protocol: 'ecr17', transport: 'tcp', thinkMs: 5 });
    const tcp = await openTcp(mock);
    cleanUp.push(
      () => mock.close(),
      () => tcp.close(),
    );
    const seen = await watching(`ecr17+tcp:${tcp.where}`, { listen: '127.0.0.1:0' });
    const address = `ecr17+tcp://127.0.0.1:${String(seen.where['port'])}`;
    for (const epoch of [1, 2]) {
      const terminal = await tillOn(address);
      expect(await resultOf(terminal.status())).toMatchObject({ outcome: 'ready' });
      await terminal.close();
      await expect.poll(() => seen.frames().some((frame) => frame['epoch'] === epoch)).toBe(true);
    }
    expect(await seen.stop()).toBe(0);
  });

  it('keeps no recording of nothing', async () => {
    const record = fresh('recording');
    const nowhere = `transbank+serial:${join(folder, 'nothing')}`;
    await expect(watching(nowhere, { record })).rejects.toMatchObject({ code: 'no-such-device' });
    expect(existsSync(record)).toBe(false);
  });

  it('says that nobody answers, and goes on', async () => {
    const mock = createMockTerminal({ protocol: 'zvt' });
    const tcp = await openTcp(mock);
    await tcp.close();
    const seen = await watching(`zvt+tcp:${tcp.where}`, { listen: '127.0.0.1:0' });
    const socket = connect(Number(seen.where['port']), '127.0.0.1');
    await new Promise((resolve) => socket.once('close', resolve));
    await expect.poll(() => seen.json.at(-1)?.['type']).toBe('disconnected');
    expect(seen.lines.at(-1)).toMatch(/Nothing accepts connections/);
  });

  it('holds no card number of the sale in its recording', async () => {
    const pan = '4111111111111111';
    const server = createMockTerminal({ protocol: 'zvt', thinkMs: 5 });
    const tcp = await openTcp(server);
    cleanUp.push(
      () => server.close(),
      () => tcp.close(),
    );
    const record = fresh('recording');
    const seen = await watching(`zvt+tcp:${tcp.where}`, { listen: '127.0.0.1:0', record });
    const raw = recordingListener();
    const till = await tcpTransport({ host: '127.0.0.1', port: Number(seen.where['port']) }).open(
      raw,
    );
    // 06 01 with a card number in it, as when a till has read the card itself.
    const bytes = Buffer.from(`060113040000000015002 2f0f8${pan}0e2512`.replace(/ /g, ''), 'hex');
    till.write(new Uint8Array(bytes));
    await expect.poll(() => seen.frames().length).toBeGreaterThan(0);
    await till.close();
    await seen.stop();
    const text = readFileSync(record, 'utf8');
    expect(text).toContain('0601');
    expect(text).not.toContain(pan.slice(0, 8));
    expect(seen.lines.join('\n')).not.toContain(pan.slice(0, 8));
  });

  it.each([
    ['both ways for the till', { through: '/tmp/x', listen: '127.0.0.1:1' }, /one of --through/],
    ['an address that others reach', { listen: '0.0.0.0:0' }, /loopback/],
    ['no port', { listen: 'localhost' }, /HOST:PORT/],
    ['an existing file', { record: '/etc/passwd' }, /already/],
  ] as const)('refuses %s before anything is opened', async (_what, request, message) => {
    const address = `transbank+serial:${join(folder, 'nothing')}`;
    await expect(watching(address, request)).rejects.toThrow(message);
  });

  it('watches serial and TCP lines, and takes a file with a serial address', async () => {
    await expect(watching('transbank+mock:', {})).rejects.toThrow(/serial and tcp/);
    await expect(watching('serial:/dev/null', { profile: fresh('none') })).rejects.toThrow(/none/);
    await expect(watching('zvt+serial:/dev/null', { profile: 'x' })).rejects.toThrow(
      /without a protocol/,
    );
    await expect(watching('telepathy+serial:/dev/null', {})).rejects.toThrow(/known/);
    await expect(watching('nowhere', { config: emptyConfig() })).rejects.toThrow(/no terminal/);
  });
});

const line = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;

function emptyConfig(): string {
  const path = fresh('config');
  writeFileSync(path, '{}');
  return path;
}
