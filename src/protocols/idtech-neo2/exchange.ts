import { sameBytes } from '../../framing/bytes.ts';
import type { Frame } from '../../framing/frame.ts';
import type { Effect, Exchange, Step } from '../exchange.ts';
import { type Content, message, readContent } from './message.ts';

interface State {
  readonly ended: boolean;
  readonly previousAnswer: Uint8Array | undefined;
}

/**
 * One command and its answer: there are no acknowledgements, and nothing is sent again. An answer carries
 * its command's number; any other belongs to something else, such as a card that was read meanwhile.
 */
export function neo2Exchange<A>(
  name: string,
  [command, subCommand]: readonly [number, number],
  read: (content: Content) => A,
): Exchange<A, State> {
  const request = message('till', command, subCommand);
  const to = (state: State, ...effects: Effect<A>[]): Step<State, A> => ({ state, effects });
  const end = (state: State, effect: Effect<A>) => to({ ...state, ended: true }, effect);

  function onFrame(state: State, frame: Frame): Step<State, A> {
    if (frame.kind !== 'frame') return to(state);
    if (frame.check === 'bad') return end(state, { type: 'failed', failure: 'garbled-answer' });
    const content = readContent(frame.data);
    if (content.command !== command) return to(state, { type: 'stray', frame, reason: 'stale' });
    const { previousAnswer } = state;
    return end(state, {
      type: 'done',
      answer: read(content),
      bytes: frame.bytes,
      again: previousAnswer !== undefined && sameBytes(previousAnswer, frame.bytes),
    });
  }

  return {
    name,
    money: false,
    request: () => request,
    initial: { ended: false, previousAnswer: undefined },
    step(state, input) {
      if (state.ended) return to(state);
      switch (input.type) {
        case 'start':
          return to(
            { ...state, previousAnswer: input.previousAnswer },
            { type: 'write', as: 'request', bytes: request },
            { type: 'wait', for: 'answer' },
          );
        case 'frame':
          return onFrame(state, input.frame);
        case 'cancel':
          return to(state);
        case 'timeout':
          return end(state, { type: 'failed', failure: 'no-answer' });
      }
    },
  };
}
