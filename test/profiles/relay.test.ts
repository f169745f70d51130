import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createMockTerminal } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { parseConfig } from '../../src/config/config.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal, type TerminalOptions } from '../../src/terminal/open.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listen, untilDone } from '../support/till.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function listening(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

const tlv = (tag: string, value: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(value);
  const head = Buffer.from(`${tag}0000`, 'hex');
  head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, bytes]);
};

/** STX, length in BCD, elements, ETX, XOR: by hand, as the terminal of 2018 does it. */
function framed(...elements: readonly Buffer[]): Buffer {
  const body = Buffer.concat(elements);
  const length = Buffer.from(String(body.length).padStart(4, '0'), 'hex');
  const covered = Buffer.concat([length, body, Buffer.of(3)]);
  const check = covered.reduce((sum, byte) => sum ^ byte, 0);
  return Buffer.concat([Buffer.of(2), covered, Buffer.of(check)]);
}

function elementsOf(frame: Buffer): ReadonlyMap<string, Buffer> {
  const body = frame.subarray(3, -2);
  const found = new Map<string, Buffer>();
  for (let at = 0; at < body.length; ) {
    const size = body.readUInt16BE(at + 2);
    const tag = body.subarray(at, at + 2).toString('hex');
    found.set(tag, body.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return found;
}

const card = '4111111111111111';
const message = Buffer.concat([Buffer.of(0, 20), Buffer.from(`0200${card}`)]);

/** Nothing sold yet: the answer to a question, which shows the terminal idle. */
const noSale = framed(tlv('9f01', Buffer.of(15)), tlv('9f14', '25'));

interface Asking {
  readonly host?: string;
  readonly port: number | string;
  readonly seconds?: string;
  readonly times?: number;
  /** The sale is answered without waiting for what the till says. */
  readonly impatient?: true;
}

/** A terminal without a network of its own: its host has to be reached before it answers. */
async function terminalAsking(asking: Asking) {
  const { host = '127.0.0.1', port, seconds = '5', times = 1 } = asking;
  const replies: ReadonlyMap<string, Buffer>[] = [];
  let mark: Buffer = Buffer.of();
  const where = await listening((socket) => {
    const relay = () =>
      socket.write(
        framed(
          tlv('9f01', Buffer.of(17)),
          tlv('9f15', message),
          tlv('9f16', host),
          tlv('9f17', String(port)),
          tlv('9f18', seconds),
        ),
      );
    const answer = () =>
      socket.write(
        framed(
          tlv('9f01', Buffer.of(2)),
          tlv('9f02', '000000000650'),
          tlv('9f0e', '000123'),
          tlv('9f14', '00'),
          tlv('9f1a', mark),
        ),
      );
    socket.on('data', (chunk) => {
      const heard = elementsOf(chunk);
      const type = heard.get('9f01')?.[0];
      if (type === 2) mark = heard.get('9f1a') ?? Buffer.of();
      if (type === 17) replies.push(heard);
      if (type === 17 && asking.impatient === undefined && replies.length < times) relay();
      else if (type === 17 && asking.impatient === undefined) answer();
      if (type === 15) socket.write(noSale);
      if (type !== 2) return;
      relay();
      if (asking.impatient === true) setTimeout(answer, 200);
    });
  });
  return { where, replies, mark: () => mark };
}

/** The acquirer's host. */
async function hostSaying(say: (socket: Socket, heard: Buffer) => void) {
  const heard: Buffer[] = [];
  const ended: number[] = [];
  const port = await listening((socket) => {
    socket.on('close', () => ended.push(heard.length));
    socket.on('data', (chunk) => {
      heard.push(chunk);
      say(socket, chunk);
    });
  });
  return { port, heard, ended };
}

const reply = Buffer.concat([Buffer.of(0, 6), Buffer.from('0210OK')]);

async function sellThrough(asking: Asking, options: TerminalOptions = {}, query = '') {
  const terminal = await terminalAsking(asking);
  const warnings: string[] = [];
  const journal = memoryJournal();
  const till = await openTerminal(`allinpay-mis+tcp://127.0.0.1:${terminal.where}${query}`, {
    journal,
    onWarning: (warning) => warnings.push(warning),
    ...options,
  });
  cleanUps.push(() => till.close());
  const events: unknown[] = [];
  till.unsolicited$.subscribe((stray) => events.push(stray));
  const command = till.purchase({ amount: { amount: 650, currency: 'CNY' } });
  command.subscribe({ next: (event) => events.push(event), error: () => {} });
  const result = await resultOf(command);
  const [told] = terminal.replies;
  return {
    result,
    warnings,
    events,
    code: told?.get('9f14')?.toString(),
    carried: told?.get('9f15'),
    replies: terminal.replies,
    mark: terminal.mark(),
  };
}

describe('a terminal of allinpay-mis that asks the till to reach its host', () => {
  it('is connected to a listed host, each time anew, and has its reply to the byte', async () => {
    const host = await hostSaying((socket) => {
      socket.write(reply.subarray(0, 3));
      // What stands behind a whole reply is not its.
      setTimeout(() => socket.write(Buffer.concat([reply.subarray(3), Buffer.from('more')])), 20);
    });
    const relay = [`127.0.0.1:${host.port}`];
    const sold = await sellThrough({ port: host.port, times: 2 }, { relay });
    expect(sold.result).toMatchObject({ outcome: 'approved', transaction: { trace: '000123' } });
    expect(host.heard.map(String)).toEqual([String(message), String(message)]);
    expect(host.ended.length).toBeGreaterThan(0);
    const [first] = sold.replies;
    expect([...(first?.keys() ?? [])]).toEqual(['9f00', '9f01', '9f14', '9f15', '9f1a']);
    expect(sold.code).toBe('00');
    expect(sold.carried?.toString('hex')).toBe(reply.toString('hex'));
    expect(first?.get('9f1a')?.toString()).toBe(sold.mark.toString());
    expect(sold.warnings).toEqual([]);
  });

  it('takes the list from the address as well', async () => {
    const host = await hostSaying((socket) => socket.write(reply));
    const list = `?relay=192.0.2.1:5000,127.0.0.1:${host.port}`;
    expect((await sellThrough({ port: host.port }, {}, list)).code).toBe('00');
    expect(parseConfig('{"terminals":{"a":{"address":"x","relay":["h:1"]}}}', 'c')).toMatchObject({
      terminals: { a: { relay: ['h:1'] } },
    });
  });

  it.each([
    ['nothing is listed', []],
    ['another host is', ['192.0.2.1:PORT']],
    ['another port is', ['127.0.0.1:1']],
    ['the same place by another name is', ['localhost:PORT']],
  ])('is refused loudly when %s', async (_, listed) => {
    const host = await hostSaying((socket) => socket.write(reply));
    const relay = listed.map((place) => place.replace('PORT', String(host.port)));
    const { code, carried, warnings, result } = await sellThrough({ port: host.port }, { relay });
    expect(code).toBe('-113');
    expect(carried).toBeUndefined();
    expect(host.heard).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(
        new RegExp(`asked the till to connect it to "127\\.0\\.0\\.1:${host.port}".*refused`),
      ),
    ]);
    // What the terminal makes of it is its own business.
    expect(result).toMatchObject({ outcome: 'approved' });
  });

  it('is not led into a local network by a name, unless that address is listed too', async () => {
    const host = await hostSaying((socket) => socket.write(reply));
    const named = `localhost:${host.port}`;
    const asking = { host: 'localhost', port: host.port };
    const refused = await sellThrough(asking, { relay: [named] });
    expect(refused.code).toBe('-113');
    expect(refused.warnings.join()).toMatch(/leads to (127\.0\.0\.1|::1), in a local network/);
    const relay = [named, `127.0.0.1:${host.port}`, `[::1]:${host.port}`];
    expect((await sellThrough(asking, { relay })).code).toBe('00');
  });

  it.each(['0', '99999999', 'ssh', '-1', '1e3', ''])('is refused the port %j', async (port) => {
    const { code, warnings } = await sellThrough({ port }, { relay: ['127.0.0.1:1'] });
    expect(code).toBe('-113');
    expect(warnings).toHaveLength(1);
  });

  it('is told that nobody takes the connection', async () => {
    const host = await hostSaying(() => {});
    await cleanUps.pop()?.();
    const relay = [`127.0.0.1:${host.port}`];
    const { code, warnings } = await sellThrough({ port: host.port }, { relay });
    expect(code).toBe('-115');
    expect(warnings.join()).toMatch(/could not be made/);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing within the time that the terminal gives it', () => {}],
    ['stops in the middle', (socket) => socket.write(reply.subarray(0, 4))],
    ['hangs up', (socket) => socket.end(reply.subarray(0, 4))],
    [
      'says more than fits into a frame',
      (socket) => socket.write(Buffer.concat([Buffer.of(0xff, 0xff), Buffer.alloc(65_535)])),
    ],
  ])('is told that there is no reply when the host %s', async (_, say) => {
    const host = await hostSaying(say);
    const relay = [`127.0.0.1:${host.port}`];
    const asked = { port: host.port, seconds: '1' };
    const { code, carried, warnings } = await sellThrough(asked, { relay });
    expect(code).toBe('-114');
    expect(carried).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });

  it('is let go when it answers meanwhile: the connection to its host ends, and nobody is told', async () => {
    const host = await hostSaying(() => {});
    const relay = [`127.0.0.1:${host.port}`];
    const sold = await sellThrough({ port: host.port, impatient: true }, { relay });
    expect(sold.result).toMatchObject({ outcome: 'approved' });
    await expect.poll(() => host.ended.length).toBe(1);
    expect(sold.replies).toEqual([]);
    expect(sold.warnings).toEqual([]);
  });

  it('has nothing of what it carries told to anybody', async () => {
    const host = await hostSaying((socket) => socket.end(Buffer.from(`${card}${card}`)));
    const relay = [`127.0.0.1:${host.port}`];
    const { events, warnings } = await sellThrough({ port: host.port, seconds: '1' }, { relay });
    const said = JSON.stringify([events, warnings]);
    expect(said).not.toContain(card);
    expect(said).not.toContain(Buffer.from(card).toString('hex'));
  });

  it('has its list looked at before anything is opened', async () => {
    const open = (address: string, relay: readonly string[]) =>
      openTerminal(address, { relay, journal: memoryJournal() });
    const allinpay = 'allinpay-mis+tcp://127.0.0.1:1';
    for (const place of ['127.0.0.1', 'host', '', 'host:70000', 'user@host:1', 'tcp://host:1'])
      await expect(open(allinpay, [place])).rejects.toMatchObject({ code: 'bad-address' });
    await expect(open('transbank+mock:', ['192.0.2.1:1'])).rejects.toMatchObject({
      code: 'bad-settings',
      message: expect.stringContaining('leave relay out'),
    });
    await expect(openTerminal('zvt+mock:?relay=192.0.2.1:1')).rejects.toMatchObject({
      code: 'bad-settings',
    });
  });
});

describe('a terminal of bank-mis-ingenico that asks the till to reach its host', () => {
  it('is not answered, since nobody knows how, and the till is told', async () => {
    const body = Buffer.from('DF010101DF050101DF0603010203', 'hex');
    const covered = Buffer.concat([Buffer.from('0014', 'hex'), body, Buffer.of(3)]);
    const check = covered.reduce((sum, byte) => sum ^ byte, 0);
    const relay = Uint8Array.of(2, ...covered, check);
    const clock = createFakeClock();
    const mock = createMockTerminal({ protocol: 'bank-mis-ingenico', clock });
    const warnings: string[] = [];
    const till = await openTerminal('bank-mis-ingenico?last-type=99', {
      transport: mockTransport(mock),
      world: { clock, random: (length) => 'K'.repeat(length) },
      onWarning: (warning) => warnings.push(warning),
    });
    await untilDone(clock, listen(till.status()).heard);
    const before = mock.transcript.length;
    mock.use({
      transmit: (piece, next) => (piece.kind === 'answer' ? [{ bytes: relay }, ...next()] : next()),
    });
    const { heard } = listen(till.status());
    await untilDone(clock, heard);
    expect(heard.result).toMatchObject({ outcome: 'ready' });
    expect(warnings).toEqual([expect.stringMatching(/its host and does not say where.*refused/)]);
    const sent = mock.transcript.slice(before).filter(({ from }) => from === 'till');
    expect(sent).toHaveLength(1);
  });
});
