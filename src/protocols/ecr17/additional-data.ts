import type { Effect, Exchange, Input, Step } from '../exchange.ts';

interface State {
  readonly state: unknown;
  readonly told: 'not-yet' | 'under-way' | 'done';
  readonly sent: number;
}

const tries = 3;

/**
 * The same exchange, where the request has announced additional data (`U`): they go out as soon as the
 * terminal has acknowledged it, whatever else came with that acknowledgement, and are acknowledged
 * themselves. They are repeated on NAK and never on silence.
 */
export function withAdditionalData<A>(exchange: Exchange<A>, data: Uint8Array): Exchange<A, State> {
  const send: Effect<A>[] = [
    { type: 'write', as: 'reply', bytes: data },
    { type: 'wait', for: 'answer' },
  ];

  const isAcknowledged = (effects: readonly Effect<A>[]): boolean =>
    effects.some(({ type }) => type === 'done' || type === 'failed') === false &&
    effects.some((effect) => effect.type === 'progress' && effect.progress.type === 'acknowledged');

  function pass(state: State, input: Input): Step<State, A> {
    const step = exchange.step(state.state, input);
    if (state.told !== 'not-yet' || !isAcknowledged(step.effects))
      return { state: { ...state, state: step.state }, effects: step.effects };
    return {
      state: { state: step.state, told: 'under-way', sent: 1 },
      effects: [...step.effects, ...send],
    };
  }

  return {
    ...exchange,
    initial: { state: exchange.initial, told: 'not-yet', sent: 0 },
    step(state, input) {
      if (state.told === 'under-way' && input.type === 'frame' && input.frame.kind === 'control') {
        if (input.frame.name === 'NAK' && state.sent < tries)
          return { state: { ...state, sent: state.sent + 1 }, effects: send };
        return { state: { ...state, told: 'done' }, effects: [] };
      }
      return pass(state, input);
    },
  };
}
