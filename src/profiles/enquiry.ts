import { control } from '../framing/stx-etx-lrc.ts';
import type { Effect, Exchange, Step } from '../protocols/exchange.ts';

interface State<S> {
  readonly inner: S;
  readonly phase: 'enquiry' | 'inner' | 'ended';
  readonly tries: number;
  readonly previousAnswer: Uint8Array | undefined;
}

const most = 3;

/** ENQ is said first, and only what is behind its ACK is the request: without one, nothing was asked. */
export function behindEnquiry<A, S>(exchange: Exchange<A, S>): Exchange<A, State<S>> {
  type Next = Step<State<S>, A>;

  const enquire = (state: State<S>): Next => ({
    state: { ...state, phase: 'enquiry', tries: state.tries + 1 },
    effects: [
      { type: 'write', as: 'reply', bytes: Uint8Array.of(control.ENQ) },
      { type: 'wait', for: 'acknowledgement' },
    ],
  });

  const inner = (state: State<S>, step: Step<S, A>): Next => ({
    state: { ...state, phase: 'inner', inner: step.state },
    effects: step.effects,
  });

  const refused: Effect<A> = { type: 'failed', failure: 'not-acknowledged' };

  return {
    ...exchange,
    initial: { inner: exchange.initial, phase: 'enquiry', tries: 0, previousAnswer: undefined },
    step(state, input) {
      if (state.phase === 'ended') return { state, effects: [] };
      if (state.phase === 'inner') return inner(state, exchange.step(state.inner, input));
      switch (input.type) {
        case 'start':
          return enquire({ ...state, previousAnswer: input.previousAnswer });
        case 'timeout':
          if (state.tries < most) return enquire(state);
          return { state: { ...state, phase: 'ended' }, effects: [refused] };
        case 'frame':
          if (input.frame.kind === 'control' && input.frame.name === 'ACK')
            return inner(
              state,
              exchange.step(state.inner, {
                type: 'start',
                previousAnswer: state.previousAnswer,
              }),
            );
          if (input.frame.kind === 'frame' && input.frame.check === 'ok')
            return {
              state,
              effects: [{ type: 'stray', frame: input.frame, reason: 'stale' }],
            };
          return { state, effects: [] };
        case 'cancel':
          return { state, effects: [] };
      }
    },
  };
}
