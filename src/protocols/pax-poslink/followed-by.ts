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
  readonly asked: boolean;
}

/** What a first answer leads to: another question, or the end. */
export type Follow<A> =
  | { readonly type: 'ask'; readonly exchange: Exchange<A> }
  | { readonly type: 'answer'; readonly answer: A };

export const ask = <A>(exchange: Exchange<A>): Follow<A> => ({ type: 'ask', exchange });
export const answer = <A>(told: A): Follow<A> => ({ type: 'answer', answer: told });

/** One question and, by its answer, another, as one exchange. For questions only: nothing here moves money. */
export function followedBy<P, A>(
  first: Exchange<P>,
  then: (told: P) => Follow<A>,
): Exchange<A, First | Second<A>> {
  type State = First | Second<A>;

  /** The second question is one more word in the same exchange; only its repeats count as such. */
  function later(
    { exchange, state, asked }: Omit<Second<A>, 'phase'>,
    input: Input,
  ): Step<State, A> {
    const step = exchange.step(state, input);
    let said = asked;
    const effects = step.effects.map((effect): Effect<A> => {
      if (effect.type !== 'write' || effect.as !== 'request' || said) return effect;
      said = true;
      return { ...effect, as: 'reply' };
    });
    return { state: { phase: 'second', exchange, state: step.state, asked: said }, effects };
  }

  function before(state: First, input: Input): Step<State, A> {
    const step = first.step(state.state, input);
    const effects: Effect<A>[] = [];
    for (const effect of step.effects)
      switch (effect.type) {
        case 'done': {
          const next = then(effect.answer);
          if (next.type === 'answer') {
            effects.push({ ...effect, answer: next.answer });
            break;
          }
          const { exchange } = next;
          const previousAnswer = effect.bytes ?? state.previousAnswer;
          const start: Input = { type: 'start', previousAnswer };
          const begun = later({ exchange, state: exchange.initial, asked: false }, start);
          return { state: begun.state, effects: [...effects, ...begun.effects] };
        }
        // Its answer is no answer of the whole yet.
        case 'answered':
          break;
        default:
          effects.push(effect);
      }
    return { state: { ...state, state: step.state }, effects };
  }

  return {
    name: first.name,
    money: false,
    request: first.request,
    initial: { phase: 'first', state: first.initial, previousAnswer: undefined },
    step(state, input) {
      if (state.phase === 'second') return later(state, input);
      const known =
        input.type === 'start' ? { ...state, previousAnswer: input.previousAnswer } : state;
      return before(known, input);
    },
  };
}
