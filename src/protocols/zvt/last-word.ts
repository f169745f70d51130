import { sameBytes } from '../../framing/bytes.ts';
import type { Frame } from '../../framing/frame.ts';
import type { Effect, Exchange, Step } from '../exchange.ts';
import { isAnswer } from './control-fields.ts';
import type { State as Talk } from './dialogue-state.ts';
import { idleReply, linkAck, messageIn, reply } from './replies.ts';
import type { Setup } from './setup.ts';

/** What is still under way when an exchange has ended. */
interface Closing<A> {
  /** How the exchange ends once it is not any more. */
  readonly end: Effect<A>;
  /** Our last 80 00, as long as the terminal has not acknowledged it. */
  readonly word: Uint8Array | undefined;
  readonly said: number;
  /** What our last word answers. */
  readonly heard: Uint8Array;
  /** The terminal has not answered 06 B0. */
  readonly stopOpen: boolean;
}

interface State<A> {
  readonly talk: Talk;
  readonly closing: Closing<A> | undefined;
  readonly over: boolean;
}

/** One transmission and two repeats (PA00P016 3.2). */
const tries = 3;

const none = new Uint8Array();

const waitForLink: Effect<never> = { type: 'wait', for: 'acknowledgement' };

/**
 * An exchange is over when nothing of it is under way any more, or the next command would take it for its own.
 *
 * On a serial line the terminal acknowledges our 80 00 to its 06 0F as well: a command that left before that
 * would take this ACK for its own. And 06 B0 has an answer of its own, which comes after the end when the
 * two have crossed; it is waited for as long as for any answer. What the terminal has said holds, whether it
 * hears us or not.
 */
export function untilHeard<A>(exchange: Exchange<A, Talk>, setup: Setup): Exchange<A, State<A>> {
  type Next = Step<State<A>, A>;
  const serial = setup.framing === 'serial';

  function finish(state: State<A>, { end }: Closing<A>, ...before: Effect<A>[]): Next {
    return {
      state: { ...state, closing: undefined, over: true },
      effects: [...before, end],
    };
  }

  function waitOn(state: State<A>, closing: Closing<A>, ...before: Effect<A>[]): Next {
    if (closing.word === undefined && !closing.stopOpen) return finish(state, closing, ...before);
    return { state: { ...state, closing }, effects: [...before, waitForLink] };
  }

  function sayAgain(state: State<A>, closing: Closing<A>, ...before: Effect<A>[]): Next {
    const { word, said } = closing;
    return word !== undefined && said < tries
      ? waitOn(state, { ...closing, said: said + 1 }, ...before, reply(word))
      : finish(state, closing, ...before);
  }

  /** Said after the end: the missing answer to 06 B0, our own words, or something new. */
  function onFrame(state: State<A>, closing: Closing<A>, frame: Frame & { kind: 'frame' }): Next {
    if (closing.word !== undefined && sameBytes(frame.bytes, closing.heard))
      return sayAgain(state, closing, linkAck);
    const command = messageIn(frame.data, false)?.command;
    const isStop = closing.stopOpen && command !== undefined && isAnswer(command);
    // It goes on with something else, and so it has heard us.
    return waitOn(
      state,
      { ...closing, word: undefined, stopOpen: closing.stopOpen && !isStop },
      ...idleReply(frame, undefined, setup),
    );
  }

  function close(state: State<A>, closing: Closing<A>, frame: Frame): Next {
    switch (frame.kind) {
      case 'noise':
        return { state, effects: [] };
      case 'control':
        if (frame.name === 'ACK' && closing.word !== undefined)
          return waitOn(state, { ...closing, word: undefined });
        return frame.name === 'NAK' && closing.word !== undefined
          ? sayAgain(state, closing)
          : { state, effects: [] };
      case 'frame':
        return frame.check === 'bad' ? { state, effects: [] } : onFrame(state, closing, frame);
    }
  }

  function talk(state: State<A>, step: Step<Talk, A>, heard: Uint8Array): Next {
    const next: State<A> = { ...state, talk: step.state };
    const end = step.effects.find(({ type }) => type === 'done' || type === 'failed');
    if (end === undefined) return { state: next, effects: step.effects };
    const word = serial ? lastWord(step.effects) : undefined;
    const stopOpen = step.state.stop === 'sent';
    const others = step.effects.filter((effect) => effect !== end);
    return waitOn(next, { end, word, said: 1, heard, stopOpen }, ...others);
  }

  return {
    name: exchange.name,
    money: exchange.money,
    request: exchange.request,
    initial: { talk: exchange.initial, closing: undefined, over: false },
    step(state, input) {
      const { closing } = state;
      if (state.over) return { state, effects: [] };
      if (closing === undefined) {
        const heard =
          input.type === 'frame' && input.frame.kind === 'frame' ? input.frame.bytes : none;
        return talk(state, exchange.step(state.talk, input), heard);
      }
      if (input.type === 'timeout') return sayAgain(state, closing);
      return input.type === 'frame' ? close(state, closing, input.frame) : { state, effects: [] };
    },
  };
}

/** Our own 80 00 or 84 xx in a frame; one byte alone is only an ACK. */
function lastWord(effects: readonly Effect<unknown>[]): Uint8Array | undefined {
  const word = effects.findLast(
    (effect) => effect.type === 'write' && effect.as === 'reply' && effect.bytes.length > 1,
  );
  return word?.type === 'write' ? word.bytes : undefined;
}
