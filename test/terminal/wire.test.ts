import { describe, expect, it, vi } from 'vitest';
import type { FaceName } from '../../mocks/index.ts';
import type { WireFrame } from '../../src/index.ts';
import { settle } from '../support/fake-clock.ts';
import { createTill, listen, untilDone } from '../support/till.ts';

/** What makes the words of a trace is loaded when somebody begins to listen. */
await import('../../src/trace/read-frame.ts');

const password = '246810';

async function watched(protocol: FaceName) {
  const till = await createTill({ protocol }, protocol === 'zvt' ? { secrets: { password } } : {});
  const frames: WireFrame[] = [];
  const ended = { complete: false };
  till.terminal.wire$.subscribe({
    next: (frame) => frames.push(frame),
    complete: () => {
      ended.complete = true;
    },
  });
  const done = async (command: Parameters<typeof listen>[0]) => {
    const { heard } = listen(command);
    await untilDone(till.clock, heard);
    return heard;
  };
  return { ...till, frames, ended, done };
}

const words = (frames: readonly WireFrame[]) =>
  frames.map(({ from, name }) => `${from === 'till' ? '>' : '<'} ${name}`);

describe('the wire of a terminal', () => {
  it('tells every frame of both sides in the order in which they crossed', async () => {
    const { terminal, frames, done } = await watched('transbank');
    await done(terminal.status());
    expect(words(frames)).toEqual(['> poll', '< ACK']);
    frames.length = 0;
    await done(terminal.purchase({ amount: { amount: 1500, currency: 'CLP' }, ticket: 'AB1234' }));
    expect(words(frames)).toEqual([
      '> sale',
      '< ACK',
      ...['< status', '> ACK', '< status', '> ACK', '< status', '> ACK', '< status', '> ACK'],
      '< sale answer',
      '> ACK',
    ]);
    await terminal.close();
  });

  it('has the time, the connection, the length and the masked bytes of each', async () => {
    const { terminal, frames, done, clock } = await watched('transbank');
    const before = clock.now();
    await done(terminal.status());
    expect(frames).toEqual([
      {
        at: before,
        epoch: 1,
        from: 'till',
        name: 'poll',
        fields: {},
        hex: '02303130300302',
        length: 7,
        check: 'good',
      },
      {
        at: expect.any(Number),
        epoch: 1,
        from: 'terminal',
        name: 'ACK',
        fields: {},
        hex: '06',
        length: 1,
      },
    ]);
    await terminal.close();
  });

  it('goes on over a lost connection, and completes when the terminal is closed', async () => {
    const { terminal, mock, frames, ended, done } = await watched('transbank');
    await done(terminal.status());
    mock.unplug();
    await settle();
    mock.replug();
    await done(terminal.status());
    expect(frames.map(({ epoch }) => epoch)).toEqual([1, 1, 2, 2]);
    await terminal.close();
    await vi.waitFor(() => expect(ended.complete).toBe(true));
  });

  it('says a piece of a frame before the connection was lost', async () => {
    const { terminal, mock, frames, done } = await watched('transbank');
    mock.fault('unplug@purchase=20');
    await done(terminal.purchase({ amount: { amount: 1500, currency: 'CLP' } }));
    expect(frames.some(({ name }) => name === 'noise')).toBe(true);
    await terminal.close();
  });

  it('is not made for nobody, and a listener that leaves does not disturb the command', async () => {
    const { terminal, clock } = await createTill();
    const first: WireFrame[] = [];
    const subscription = terminal.wire$.subscribe((frame) => {
      first.push(frame);
      subscription.unsubscribe();
    });
    const { heard } = listen(terminal.status());
    await untilDone(clock, heard);
    expect(heard.result).toMatchObject({ outcome: 'ready' });
    expect(first).toHaveLength(1);
    await terminal.close();
  });

  it.each<FaceName>([
    'transbank',
    'transbank-autoservicio',
    'ecr17',
    'zvt',
    'privatbank',
    'allinpay-mis',
  ])('holds no more than four digits of the card in a sale on %s', async (protocol) => {
    const { terminal, frames, done } = await watched(protocol);
    const { result } = await done(
      terminal.purchase({ amount: { amount: 1500, currency: terminal.currency } }),
    );
    expect(result).toMatchObject({ outcome: 'approved' });
    expect(frames.every(({ check }) => check !== 'bad')).toBe(true);
    expect(frames.some(({ from, name }) => from === 'till' && name !== 'ACK')).toBe(true);
    await terminal.close();
  });
});
