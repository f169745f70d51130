import { describe, expect, it } from 'vitest';
import { createMockTerminal, mockTransport } from '../../mocks/index.ts';
import { bareTill } from '../support/bare-till.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const listener = { data: () => undefined, closed: () => undefined };

describe('a mock terminal in process', () => {
  it('refuses to open while it is unplugged, as a missing device does', async () => {
    const mock = createMockTerminal({ protocol: 'transbank', clock: createFakeClock() });
    mock.unplug();
    await expect(mockTransport(mock).open(listener)).rejects.toMatchObject({
      name: 'TerminalError',
      code: 'no-such-device',
      effect: 'none',
    });
    mock.replug();
    await expect(mockTransport(mock).open(listener)).resolves.toMatchObject({ epoch: 1 });
  });

  it('takes one till at a time, as a port does', async () => {
    const mock = createMockTerminal({ protocol: 'transbank', clock: createFakeClock() });
    const transport = mockTransport(mock);
    const first = await transport.open(listener);
    await expect(transport.open(listener)).rejects.toMatchObject({ code: 'device-busy' });
    await first.close();
    await expect(transport.open(listener)).resolves.toMatchObject({ epoch: 3 });
  });

  it('ends the connection when the plug is pulled, and hears nothing through an old one', async () => {
    const till = await bareTill();
    till.mock.unplug('somebody fell over the cable');
    till.mock.replug();
    expect(await till.ask('0100')).toEqual(['0 lost']);
    expect(till.mock.received).toEqual([]);
  });

  it('records requests, and the bytes in both directions with their time', async () => {
    const till = await bareTill();
    const start = till.clock.now();
    await till.ask('0100');
    expect(till.mock.received).toEqual([
      { command: 'poll', code: '0100', text: '0100', at: start },
    ]);
    expect(till.mock.transcript).toEqual([
      { at: start, from: 'till', bytes: Uint8Array.of(2, 0x30, 0x31, 0x30, 0x30, 3, 2) },
      { at: start, from: 'terminal', bytes: Uint8Array.of(6) },
    ]);
  });

  it('lets no timer behind when it is closed', async () => {
    const till = await bareTill({ thinkMs: 5_000 });
    till.send('0800');
    await till.clock.advance(1);
    till.mock.close();
    expect(till.clock.pending).toBe(0);
    expect(till.mock.plugged).toBe(false);
  });
});
