import { describe, expect, it } from 'vitest';
import { Feed } from '../../src/bridge/feed.ts';
import type { TerminalStatus } from '../../src/bridge/terminals.ts';
import { transbankProtocol } from '../../src/protocols/transbank/protocol.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const status: TerminalStatus = {
  name: 'front',
  protocol: 'transbank',
  transport: 'serial',
  currency: 'CLP',
  capabilities: transbankProtocol('integrado').capabilities,
  policy: {},
  state: { type: 'disconnected' },
  queued: 0,
  inDoubt: [],
};

function openFeed() {
  const clock = createFakeClock();
  const feed = new Feed('RUN', clock);
  const source = feed.source({
    language: 'en',
    maySee: () => true,
    lastEventId: 'RUN-0',
    snapshot: () => ({ terminals: [], commands: [] }),
  });
  return { clock, source, change: () => feed.tell({ type: 'terminal', status }) };
}

describe('what changes', () => {
  it('within 50 milliseconds is told to a watcher at once', async () => {
    const { clock, source, change } = openFeed();
    let told = 0;
    source.watch(() => {
      told += 1;
    });
    change();
    await clock.advance(30);
    change();
    await clock.advance(19);
    expect(told).toBe(0);
    await clock.advance(1);
    expect(told).toBe(1);
    expect(source.take()?.match(/event: terminal/g)).toHaveLength(2);
    change();
    await clock.advance(50);
    expect(told).toBe(2);
    expect(clock.pending).toBe(0);
  });

  it('can be taken before it is told', () => {
    const { source, change } = openFeed();
    change();
    expect(source.take()).toContain('id: RUN-1\n');
    expect(source.take()).toBe('');
  });

  it('is told to 25 watchers, then to the next ones behind what has come meanwhile', async () => {
    const { clock, source, change } = openFeed();
    const told: (number | string)[] = [];
    for (let n = 1; n <= 60; n++) source.watch(() => told.push(n));
    change();
    clock.after(50, () => told.push('an answer of a terminal'));
    await clock.advance(50);
    expect(told.indexOf('an answer of a terminal')).toBe(25);
    expect(told.filter((one) => one !== 'an answer of a terminal')).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
  });

  it('is not told to a watcher that has gone while others were told', async () => {
    const { clock, source, change } = openFeed();
    const told: number[] = [];
    const leave: (() => void)[] = [];
    for (let n = 1; n <= 30; n++)
      leave.push(
        source.watch(() => {
          told.push(n);
          if (n === 1) leave[29]?.();
        }),
      );
    change();
    await clock.advance(50);
    expect(told).toHaveLength(29);
  });
});
