import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { createMockTerminal, type MockTerminal, openPty } from '../../mocks/index.ts';
import { toHex } from '../../src/framing/bytes.ts';

const folder = mkdtempSync(join(tmpdir(), 'tillwire-pty-'));
afterAll(() => rmSync(folder, { recursive: true }));

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function plugged(mock: MockTerminal, link?: string) {
  const pty = await openPty(mock, link === undefined ? {} : { link });
  endings.push(() => {
    mock.close();
    return pty.close();
  });
  return pty;
}

/** A client with the real serialport. */
async function client(path: string) {
  const port = new SerialPort({ path, baudRate: 115_200, autoOpen: false });
  let heard = '';
  let wake = () => {};
  const closed = new Promise<unknown>((resolve) => port.on('close', resolve));
  port.on('data', (chunk: Uint8Array) => {
    heard += toHex(chunk);
    wake();
  });
  port.on('error', () => {});
  await new Promise<void>((resolve, reject) =>
    port.open((error) => (error ? reject(error) : resolve())),
  );
  return {
    write: (hex: string) => port.write(Buffer.from(hex, 'hex')),
    closed,
    /** Everything heard so far, once it is as long as what is expected. */
    async hears(hex: string): Promise<void> {
      while (heard.length < hex.length) await new Promise<void>((resolve) => (wake = resolve));
      expect(heard).toBe(hex);
    },
    close: () => new Promise<void>((resolve) => port.close(() => resolve())),
  };
}

const poll = '02303130300302';
const loadKeys = '0230383030030b';
const keysLoaded = `06${Buffer.from('\x020810|00|597029414300|75001637\x03').toString('hex')}75`;

describe.skipIf(process.platform === 'win32')('a mock terminal on a pseudo-terminal', () => {
  it('serves two clients one after the other, and the second hears nothing of the first', async () => {
    const mock = createMockTerminal({ protocol: 'transbank', thinkMs: 5 });
    const pty = await plugged(mock);
    const first = await client(pty.path);
    first.write(loadKeys);
    await first.hears(keysLoaded);
    first.write('06');
    // Its ACK tells that the terminal has had ours.
    first.write(poll);
    await first.hears(`${keysLoaded}06`);
    first.write('0230');
    await first.close();

    const second = await client(pty.path);
    second.write(loadKeys);
    await second.hears(keysLoaded);
    await second.close();
    expect(mock.received.map(({ command }) => command)).toEqual(['load-keys', 'poll', 'load-keys']);
  });

  it('passes every byte value in both directions unchanged, with nobody’s echo', async () => {
    const mock = createMockTerminal({ protocol: 'transbank' });
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    mock.use({
      receive({ bytes }, _next, bench) {
        bench.put(bytes);
        return new Uint8Array();
      },
    });
    const pty = await plugged(mock);
    const one = await client(pty.path);
    one.write(toHex(all));
    await one.hears(toHex(all));
    await one.close();
    expect(mock.transcript.filter(({ from }) => from === 'till').length).toBeGreaterThan(0);
  });

  it('is raw for programs that set nothing', async () => {
    const pty = await plugged(createMockTerminal({ protocol: 'transbank' }));
    const settings = execFileSync('stty', ['-a', '-F', pty.path], { encoding: 'utf8' });
    for (const off of ['-echo', '-icanon', '-opost', '-ixon', '-icrnl', '-isig'])
      expect(settings.split(/[\s;]+/)).toContain(off);
  });

  it('loses the client when the plug is pulled, and comes back under the same link', async () => {
    const mock = createMockTerminal({ protocol: 'transbank' });
    const link = join(folder, 'till');
    const pty = await plugged(mock, link);
    expect(pty.path).toBe(link);
    const first = await client(link);
    pty.unplug();
    expect(await first.closed).toMatchObject({ disconnected: true });
    expect(existsSync(link)).toBe(false);
    await expect(client(link)).rejects.toThrow('No such file');

    await pty.replug();
    const second = await client(link);
    second.write(poll);
    await second.hears('06');
    await second.close();
    await pty.close();
    expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined();
  });

  it('delivers what was sent before a fault pulled the plug', async () => {
    const mock = createMockTerminal({ protocol: 'transbank', faults: ['unplug=9'] });
    const pty = await plugged(mock);
    const one = await client(pty.path);
    one.write(loadKeys);
    await one.hears(keysLoaded.slice(0, 18));
    expect(await one.closed).toMatchObject({ disconnected: true });
  });

  it('replaces a link that an earlier run left behind', async () => {
    const link = join(folder, 'left-behind');
    symlinkSync('/dev/pts/no-such-terminal', link);
    const pty = await plugged(createMockTerminal({ protocol: 'transbank' }), link);
    const one = await client(link);
    one.write(poll);
    await one.hears('06');
    await one.close();
    await pty.close();
  });

  it('leaves a file or a living link at that path alone', async () => {
    const file = join(folder, 'precious');
    const living = join(folder, 'living');
    writeFileSync(file, 'precious');
    symlinkSync(file, living);
    for (const link of [file, living]) {
      const mock = createMockTerminal({ protocol: 'transbank' });
      await expect(openPty(mock, { link })).rejects.toThrow(
        `There is something at ${link} already`,
      );
      // The mock is free again.
      await plugged(mock);
    }
    expect(readFileSync(living, 'utf8')).toBe('precious');
  });

  it('says which package is missing where it is missing', async () => {
    vi.doMock('@lydell/node-pty', () => {
      throw new Error('Cannot find package');
    });
    const mock = createMockTerminal({ protocol: 'transbank' });
    await expect(openPty(mock)).rejects.toThrow(
      'Pseudo-terminals need the optional package @lydell/node-pty: npm install @lydell/node-pty',
    );
    vi.doUnmock('@lydell/node-pty');
  });
});
