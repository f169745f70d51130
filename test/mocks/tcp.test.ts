import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminal, openTcp } from '../../mocks/index.ts';
import { toHex } from '../../src/framing/bytes.ts';
import { memoryJournal, openTerminal, resultOf } from '../../src/index.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function plugged(mock: MockTerminal, options = {}) {
  const tcp = await openTcp(mock, options);
  endings.push(async () => {
    await tcp.close();
    mock.close();
  });
  return tcp;
}

/** A client that knows nothing but bytes. */
async function client({ host, port }: { host: string; port: number }) {
  const socket: Socket = connect({ host, port, allowHalfOpen: true });
  let heard = '';
  let wake = () => {};
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    heard += toHex(new Uint8Array(chunk));
    wake();
  });
  socket.on('end', () => socket.end());
  await once(socket, 'connect');
  endings.push(() => socket.destroy());
  return {
    write: (hex: string) => socket.write(Buffer.from(hex, 'hex')),
    closed,
    async hears(hex: string): Promise<void> {
      while (heard.length < hex.length)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      expect(heard).toBe(hex);
    },
    heard: () => heard,
    async close(): Promise<void> {
      socket.end();
      await closed;
    },
  };
}

const poll = '02303130300302';

describe('a mock terminal on TCP', () => {
  it('serves clients one after the other', async () => {
    const tcp = await plugged(createMockTerminal({ protocol: 'transbank', thinkMs: 5 }));
    expect(tcp.where).toBe(`//127.0.0.1:${tcp.port}`);
    for (let n = 0; n < 3; n++) {
      const one = await client(tcp);
      one.write(poll);
      await one.hears('06');
      await one.close();
    }
  });

  it('closes a second client when the first stays, and that goes on', async () => {
    const tcp = await plugged(createMockTerminal({ protocol: 'transbank', thinkMs: 5 }));
    const first = await client(tcp);
    first.write(poll);
    await first.hears('06');
    const second = await client(tcp);
    await second.closed;
    expect(second.heard()).toBe('');
    first.write(poll);
    await first.hears('0606');
  });

  it('lets a second client wait for the first that leaves, as one that connects again does', async () => {
    const tcp = await plugged(createMockTerminal({ protocol: 'transbank', thinkMs: 5 }));
    const first = await client(tcp);
    const second = await client(tcp);
    const third = await client(tcp);
    second.write(poll);
    await first.close();
    await second.hears('06');
    await second.close();
    third.write(poll);
    await third.hears('06');
  });

  it('forgets a client that goes while it waits', async () => {
    const tcp = await plugged(createMockTerminal({ protocol: 'transbank', thinkMs: 5 }));
    const first = await client(tcp);
    const second = await client(tcp);
    await second.close();
    await first.close();
    const third = await client(tcp);
    third.write(poll);
    await third.hears('06');
  });

  it('ends the client when the cable is pulled, lets nobody in, and listens again on the same port', async () => {
    const mock = createMockTerminal({ protocol: 'transbank', thinkMs: 5 });
    const tcp = await plugged(mock);
    const first = await client(tcp);
    mock.unplug();
    await first.closed;
    expect(tcp.listening).toBe(false);
    await expect(client(tcp)).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    await tcp.replug();
    const second = await client(tcp);
    second.write(poll);
    await second.hears('06');
  });

  it('lets nobody in when the cable is pulled while no client is there', async () => {
    const tcp = await plugged(createMockTerminal({ protocol: 'transbank' }));
    tcp.unplug();
    await expect(client(tcp)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await tcp.replug();
    expect(tcp.listening).toBe(true);
  });

  it('delivers what was sent before a fault pulled the plug', async () => {
    const tcp = await plugged(
      createMockTerminal({ protocol: 'transbank', thinkMs: 5, faults: ['unplug=9'] }),
    );
    const one = await client(tcp);
    one.write('0230383030030b');
    await one.closed;
    expect(one.heard()).toBe('0602303831307c3030'.slice(0, 18));
  });

  it('listens on loopback only, unless it is told otherwise', async () => {
    const mock = createMockTerminal({ protocol: 'transbank' });
    for (const host of ['0.0.0.0', '192.0.2.7', '::', 'example.com'])
      await expect(openTcp(mock, { host })).rejects.toThrow('loopback addresses only');
    const tcp = await plugged(mock, { host: '0.0.0.0', wide: true });
    expect(tcp.host).toBe('0.0.0.0');
  });

  it('says so when the port is taken', async () => {
    const tcp = await plugged(createMockTerminal({ protocol: 'transbank' }));
    const another = createMockTerminal({ protocol: 'transbank' });
    await expect(openTcp(another, { port: tcp.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('is a terminal like any other to the driver, again after a pulled cable', async () => {
    const mock = createMockTerminal({
      protocol: 'transbank',
      thinkMs: 5,
      sales: [{ amount: 1500 }],
    });
    const tcp = await plugged(mock);
    await using terminal = await openTerminal(`transbank+tcp:${tcp.where}`, {
      journal: memoryJournal(),
    });
    expect(await resultOf(terminal.lastTransaction())).toMatchObject({ outcome: 'found' });
    // Its answer tells that the terminal has had our ACK of the one before.
    await resultOf(terminal.status());
    const lost = firstValueFrom(
      terminal.state$.pipe(filter(({ type }) => type === 'disconnected')),
    );
    tcp.unplug();
    await lost;
    await tcp.replug();
    expect(await resultOf(terminal.lastTransaction())).toMatchObject({ outcome: 'found' });
  });
});
