import type { Effect, Exchange, Input, Step } from '../exchange.ts';

interface First {
  readonly phase: 'first';
  readonly state: unknown;
  readonly previousAnswer: Uint8Array | undefined;
}

interface Second<A> {
  readonly phase: 'second';
  readonly exchange: Exchange<A>;
  readonly state: unknown;
}

/**
 * One exchange and then another as one: what the terminal has to be told or asked right before. `then` gets
 * the first one's answer, and none to say beforehand what the whole will be; its request must not depend on
 * it. Until the first has ended no byte of the second leaves, so that a first that fails has no effect.
 */
export function inOrder<P, A>(
  first: Exchange<P>,
  then: (answer: P | undefined) => Exchange<A>,
): Exchange<A, First | Second<A>> {
  type State = First | Second<A>;
  const { name, money, request } = then(undefined);

  const second = (exchange: Exchange<A>, state: unknown, input: Input): Step<State, A> => {
    const step = exchange.step(state, input);
    return { state: { phase: 'second', exchange, state: step.state }, effects: step.effects };
  };

  function before(state: First, input: Input): Step<State, A> {
    const step = first.step(state.state, input);
    const effects: Effect<A>[] = [];
    for (const effect of step.effects) {
      switch (effect.type) {
        case 'done': {
          const exchange = then(effect.answer);
          const previousAnswer = effect.bytes ?? state.previousAnswer;
          const next = second(exchange, exchange.initial, { type: 'start', previousAnswer });
          return { state: next.state, effects: [...effects, ...next.effects] };
        }
        case 'write':
          // The request is what the whole is about: this one only prepares it.
          effects.push({ ...effect, as: 'reply' });
          break;
        case 'progress':
          if (effect.progress.type !== 'acknowledged') effects.push(effect);
          break;
        case 'wait':
        case 'stray':
        case 'failed':
          effects.push(effect);
          break;
        // What prepares has no receipts behind its answer.
        case 'answered':
          break;
      }
    }
    return { state: { ...state, state: step.state }, effects };
  }

  return {
    name,
    money,
    request,
    initial: { phase: 'first', state: first.initial, previousAnswer: undefined },
    step(state, input) {
      if (state.phase === 'second') return second(state.exchange, state.state, input);
      const known =
        input.type === 'start' ? { ...state, previousAnswer: input.previousAnswer } : state;
      return before(known, input);
    },
  };
}
