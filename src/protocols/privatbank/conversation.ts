import { sameBytes } from '../../framing/bytes.ts';
import type { Frame } from '../../framing/frame.ts';
import type { Effect, Exchange, ExchangeFailure, Step, Wait } from '../exchange.ts';
import { isNoise, type Message, readMessage, serviceType } from './envelope.ts';

/** What an answer leads to. */
export type Next<A> =
  | { readonly type: 'answer'; readonly answer: A }
  /** One more question first. */
  | { readonly type: 'ask'; readonly ask: Ask<A> }
  /** The answer to something else. */
  | { readonly type: 'other' }
  /** The right kind of answer, but its content makes no sense. */
  | { readonly type: 'unreadable' }
  /** The terminal did not take the question. */
  | { readonly type: 'refused' };

/** One question that changes nothing at the terminal, and what its answers mean. */
export interface Ask<A> {
  readonly request: Uint8Array;
  /** The method that the answer repeats; for a ServiceMessage its msgType. */
  readonly method: string;
  readonly service: boolean;
  /**
   * `acknowledgement`: the terminal knows the answer by itself and gives it at once, so that the question is
   * asked again on silence. `answer`: it has to print, or to ask its host or a person first.
   */
  readonly wait: Wait;
  read(message: Message): Next<A>;
  /** The terminal is at work on something else. */
  readonly busy: Next<A>;
  readonly notImplemented: Next<A>;
}

interface State<A> {
  readonly phase: 'new' | 'asking' | 'pausing' | 'ended';
  readonly ask: Ask<A>;
  readonly sent: number;
  readonly steps: number;
}

const tries = 3;

/** The vendor forbids two messages at once; its peers leave this many milliseconds between two. */
export const gapMs = 100;

/** A chain of questions that goes on for ever has lost its way. */
const mostSteps = 10;

export const answer = <A>(value: A): Next<A> => ({ type: 'answer', answer: value });

/**
 * The exchange machine of questions: one question after the other, each answered by a message that repeats
 * its method. There is no acknowledgement and no request id on this line.
 *
 * ```
 * till      question >             question >
 * terminal            < answer               < answer
 * ```
 */
export function conversation<A>(name: string, first: Ask<A>): Exchange<A, State<A>> {
  type Move = Step<State<A>, A>;

  const to = (state: State<A>, ...effects: Effect<A>[]): Move => ({ state, effects });

  const fail = (state: State<A>, failure: ExchangeFailure): Move =>
    to({ ...state, phase: 'ended' }, { type: 'failed', failure });

  const send = (state: State<A>): Move =>
    to(
      { ...state, phase: 'asking', sent: state.sent + 1 },
      {
        type: 'write',
        // The questions that follow are no repeats of the first; each asked again is one.
        as: state.steps === 0 || state.sent > 0 ? 'request' : 'reply',
        bytes: state.ask.request,
      },
      { type: 'wait', for: state.ask.wait },
    );

  const stray = (state: State<A>, frame: Frame): Move =>
    to(state, { type: 'stray', frame, reason: 'stale' });

  function follow(state: State<A>, frame: Frame & { kind: 'frame' }, next: Next<A>): Move {
    switch (next.type) {
      case 'answer':
        return to(
          { ...state, phase: 'ended' },
          { type: 'done', answer: next.answer, bytes: frame.bytes, again: false },
        );
      case 'ask':
        if (state.steps >= mostSteps) return fail(state, 'unreadable-answer');
        return to(
          { phase: 'pausing', ask: next.ask, sent: 0, steps: state.steps + 1 },
          { type: 'wait', for: 'acknowledgement', ms: gapMs },
        );
      case 'other':
        return stray(state, frame);
      case 'unreadable':
        return fail(state, 'unreadable-answer');
      case 'refused':
        return fail(state, 'not-acknowledged');
    }
  }

  function onFrame(state: State<A>, frame: Frame & { kind: 'frame' }): Move {
    const { ask } = state;
    const message = readMessage(frame.data);
    if (message === undefined && isNoise(frame.data)) return stray(state, frame);
    // Nothing on this line asks for it again but the question itself.
    if (message === undefined) return askAgain(state, 'garbled-answer');
    const service = serviceType(message);
    if (state.phase !== 'asking') return stray(state, frame);
    if (!ask.service && service === 'deviceBusy') return follow(state, frame, ask.busy);
    if (service === 'methodNotImplemented') return follow(state, frame, ask.notImplemented);
    const mine = ask.service ? service === ask.method : message.method === ask.method;
    return mine ? follow(state, frame, ask.read(message)) : stray(state, frame);
  }

  function askAgain(state: State<A>, failure: ExchangeFailure): Move {
    if (state.phase !== 'asking') return to(state);
    if (state.ask.wait === 'acknowledgement' && state.sent < tries) return send(state);
    return fail(state, failure);
  }

  return {
    name,
    money: false,
    request: () => first.request,
    initial: { phase: 'new', ask: first, sent: 0, steps: 0 },
    step(state, input) {
      if (state.phase === 'ended') return to(state);
      switch (input.type) {
        case 'start':
          return send(state);
        case 'timeout':
          if (state.phase === 'pausing') return send(state);
          return askAgain(
            state,
            state.steps === 0 && state.ask.wait === 'acknowledgement'
              ? 'no-acknowledgement'
              : 'no-answer',
          );
        case 'cancel':
          return to(state);
        case 'frame':
          if (input.frame.kind === 'frame') return onFrame(state, input.frame);
          return input.frame.kind === 'noise' ? askAgain(state, 'garbled-answer') : to(state);
      }
    },
  };
}

/** A message when nothing was asked: there is nothing to acknowledge; it is surfaced. */
export function idle(
  frame: Frame,
  previousAnswer: Uint8Array | undefined,
): readonly Effect<never>[] {
  if (frame.kind !== 'frame') return [];
  const repeated = previousAnswer !== undefined && sameBytes(previousAnswer, frame.bytes);
  return [{ type: 'stray', frame, reason: repeated ? 'duplicate' : 'stale' }];
}
