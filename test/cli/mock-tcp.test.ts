import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ended, firstLine, start, tillwire } from '../support/cli.ts';

const ana = ['--operator', 'ana', '--reason', 'out of stock', '--yes', '--json'];
const running: ReturnType<typeof start>[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('close', resolve));
  }
});

/** A mock terminal on TCP in a process of its own; gives its address. */
async function mock(protocol: string, ...args: string[]) {
  const child = start('mock', protocol, '--tcp', '127.0.0.1:0', '--think', '5', '--json', ...args);
  running.push(child);
  const listening: Record<string, unknown> = JSON.parse(await firstLine(child));
  const { type, port, address } = listening;
  expect(listening).toMatchObject({ type: 'listening', protocol, host: '127.0.0.1' });
  expect([type, address]).toEqual(['listening', `${protocol}+tcp://127.0.0.1:${port}`]);
  return { child, port: Number(port), address: String(address) };
}

const outcomes = (said: readonly Awaited<ReturnType<typeof tillwire>>[]) =>
  said.map(({ status, lines }) => [status, lines.at(-1)?.['outcome'] ?? lines.at(-1)?.['code']]);

describe('tillwire mock --tcp', () => {
  it('is a PrivatBank terminal that every command line can reach, one after the other', async () => {
    const { address } = await mock('privatbank', '--sale', '900');
    const said = [
      await tillwire('status', address, '--json'),
      await tillwire('last', address, '--json'),
      await tillwire('purchase', address, '--amount', '1500', '--json'),
      await tillwire('purchase', address, '--amount', '4200', '--json'),
      await tillwire('void', address, '--amount', '1500', '--receipt', '000002', ...ana),
      await tillwire('void', address, '--amount', '1500', '--receipt', '2', ...ana),
      await tillwire('void', address, '--amount', '4200', '--receipt', '77', ...ana),
      await tillwire('refund', address, '--amount', '900', '--rrn', '300000000001', '--json'),
      await tillwire('settle', address, '--json'),
      await tillwire('last', address, '--json'),
    ];
    expect(outcomes(said)).toEqual([
      [0, 'ready'],
      [0, 'found'],
      [0, 'approved'],
      [0, 'approved'],
      [0, 'voided'],
      [1, 'already-voided'],
      [1, 'not-found'],
      [0, 'approved'],
      [0, 'settled'],
      [1, 'none'],
    ]);
  });

  it('is a Transbank terminal as well, for tests over the network', async () => {
    const { address } = await mock('transbank', '--sale', '1500');
    expect(outcomes([await tillwire('last', address, '--json')])).toEqual([[0, 'found']]);
  });

  it('leaves a sale in doubt when the plug is pulled, and a terminal that is gone has no effect', async () => {
    const { address } = await mock('privatbank', '--fault', 'unplug-after-booking');
    const lost = await tillwire('purchase', address, '--amount', '1500', '--key', 'N-1', '--json');
    expect(outcomes([lost])).toEqual([[3, 'connection-lost']]);
    const gone = await tillwire('status', `${address}?connect-timeout=500`, '--json');
    expect([gone.status, gone.lines.at(-1)]).toMatchObject([
      4,
      { code: 'connection-failed', effect: 'none' },
    ]);
  });

  it('lets one client in at a time', async () => {
    const { address, port } = await mock('privatbank');
    const holder = connect(port, '127.0.0.1');
    await new Promise((resolve) => holder.once('connect', resolve));
    const second = await tillwire('status', address, '--json');
    expect(second.status).toBe(4);
    holder.destroy();
  });

  it('frees its port when it is interrupted', async () => {
    const { child, port } = await mock('privatbank');
    child.kill('SIGINT');
    expect((await ended(child)).status).toBe(0);
    const again = start('mock', 'privatbank', '--tcp', `127.0.0.1:${port}`, '--json');
    running.push(again);
    expect(JSON.parse(await firstLine(again))).toMatchObject({ port });
  });

  it.each([
    [['--tcp', '127.0.0.1']],
    [['--tcp', '127.0.0.1:70000']],
    [['--tcp', ':2000']],
    [['--tcp', '0.0.0.0:0']],
    [['--tcp', '127.0.0.1:0', '--pty', '/tmp/nowhere']],
  ])('ends with 2 for %j', async (args) => {
    const { status, stderr } = await tillwire('mock', 'privatbank', ...args);
    expect(status).toBe(2);
    expect(stderr).not.toContain('    at ');
  });
});

describe('tillwire decode privatbank', () => {
  it('tells a sale in words', async () => {
    const hex = Buffer.from(
      '\0{"method":"Purchase","step":0,"params":{"amount":"0.60","discount":"","merchantId":"0","facepay":"false"}}\0',
    ).toString('hex');
    const { status, lines } = await tillwire('decode', 'privatbank', hex);
    expect(status).toBe(0);
    expect(lines).toMatchObject([
      { kind: 'frame', check: 'ok', code: 'Purchase', name: 'sale', fields: { amount: 60 } },
    ]);
  });
});
