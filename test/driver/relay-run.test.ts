import { describe, expect, it } from 'vitest';
import { type ExchangeOutcome, startExchange } from '../../src/driver/exchange-run.ts';
import type { Frame } from '../../src/framing/frame.ts';
import type { RelayAnswer, RelayAsk } from '../../src/model/relay.ts';
import type { Effect, Exchange } from '../../src/protocols/exchange.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const ask: RelayAsk = {
  to: { host: '192.0.2.1', port: '5000' },
  data: Uint8Array.of(1, 2),
  wholeReply: () => undefined,
  most: 10,
  ms: 60_000,
};

const frame = (...data: number[]): Frame => ({
  kind: 'frame',
  check: 'ok',
  data: Uint8Array.from(data),
  bytes: Uint8Array.from(data),
});

/** Each frame asks for a relay, but for the one that is the answer. */
const exchange: Exchange<string, number> = {
  name: 'sale',
  money: true,
  request: () => Uint8Array.of(0),
  initial: 0,
  step(state, input) {
    const wait: Effect<string> = { type: 'wait', for: 'answer' };
    const done = { type: 'done', answer: 'done', bytes: undefined, again: false } as const;
    switch (input.type) {
      case 'start':
        return { state, effects: [{ type: 'write', as: 'request', bytes: this.request() }, wait] };
      case 'timeout':
        return { state, effects: [{ type: 'failed', failure: 'no-answer' }] };
      case 'cancel':
        return { state, effects: [] };
      case 'frame': {
        if (input.frame.kind === 'frame' && input.frame.data[0] === 9)
          return { state, effects: [done] };
        const say = ({ type }: RelayAnswer) =>
          type === 'refused' ? undefined : Uint8Array.of(type === 'replied' ? 7 : 8);
        return { state, effects: [{ type: 'relay', ask, say }, wait] };
      }
    }
  },
};

function running() {
  const clock = createFakeClock();
  const relays: { answer(answer: RelayAnswer): void; stopped: boolean }[] = [];
  const written: number[] = [];
  const outcomes: ExchangeOutcome<string>[] = [];
  const run = startExchange(
    exchange,
    {
      clock,
      previousAnswer: undefined,
      waitMs: () => 10_000,
      write: (bytes) => {
        written.push(bytes[0] ?? -1);
        return true;
      },
      stray: () => {},
      sent: () => {},
      progress: () => {},
      ended: () => {},
      relay(_ask, done) {
        const one = { answer: done, stopped: false };
        relays.push(one);
        return () => {
          one.stopped = true;
        };
      },
    },
    (outcome) => outcomes.push(outcome),
  );
  return { clock, relays, written, outcomes, run };
}

describe('an exchange whose terminal is connected to its host', () => {
  it('does not time out meanwhile, and afterwards as it always does', async () => {
    const { clock, relays, written, outcomes, run } = running();
    run.frame(frame(1));
    await clock.advance(59_000);
    expect(outcomes).toEqual([]);
    relays[0]?.answer({ type: 'replied', bytes: Uint8Array.of(3) });
    expect(written).toEqual([0, 7]);
    await clock.advance(9_999);
    expect(outcomes).toEqual([]);
    await clock.advance(1);
    expect(outcomes).toMatchObject([{ type: 'failed', failure: 'no-answer' }]);
    expect(clock.pending).toBe(0);
  });

  it('is connected once at a time, and again when that is over', () => {
    const { relays, written, run } = running();
    run.frame(frame(1));
    run.frame(frame(1));
    expect(relays).toHaveLength(1);
    relays[0]?.answer({ type: 'no-reply' });
    relays[0]?.answer({ type: 'no-reply' });
    run.frame(frame(1));
    expect(relays).toHaveLength(2);
    relays[1]?.answer({ type: 'refused' });
    expect(written).toEqual([0, 8]);
  });

  it.each<[string, (run: ReturnType<typeof running>['run']) => void]>([
    ['its answer', (run) => run.frame(frame(9))],
    ['the loss of its line', (run) => run.lost('unplugged')],
  ])('is disconnected by %s, and nothing is written any more', (_, end) => {
    const { relays, written, outcomes, run } = running();
    run.frame(frame(1));
    end(run);
    expect(relays[0]?.stopped).toBe(true);
    relays[0]?.answer({ type: 'replied', bytes: Uint8Array.of(3) });
    expect(written).toEqual([0]);
    expect(outcomes).toHaveLength(1);
  });
});
