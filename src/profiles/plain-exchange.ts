import { sameBytes } from '../framing/bytes.ts';
import type { Frame } from '../framing/frame.ts';
import type { RelayAnswer, RelayAsk } from '../model/relay.ts';
import type { Reading } from '../protocols/ack-nak.ts';
import type { Effect, Exchange, ExchangeFailure, Step, Wait } from '../protocols/exchange.ts';

/** What a frame means where nothing is acknowledged. */
export type PlainReading<A> =
  | Reading<A>
  /** The terminal wants the till to reach its host. `say`: what the terminal is told of how that went. */
  | {
      readonly type: 'relay';
      readonly ask: RelayAsk;
      say(answer: RelayAnswer): Uint8Array | undefined;
    }
  /** The terminal is alive, and that is all. */
  | { readonly type: 'alive' }
  /** Nothing at all: it comes whether the terminal is at work or not. */
  | { readonly type: 'ignored' };

/** One request and its answer, with nothing between but what the terminal likes to tell. */
export interface PlainRequest<A> {
  readonly name: string;
  readonly money: boolean;
  readonly request: Uint8Array;
  /** The terminal may say ACK once it has the request. */
  readonly acknowledges: boolean;
  /** What the answer is waited for: at once, or until a person is done. */
  readonly wait: Wait;
  /** What the answer takes, in milliseconds, where that is a time of its own. */
  readonly usual?: number;
  /** How text outside any frame begins that is a sign of life. */
  readonly outOfBand: readonly Uint8Array[];
  read(data: Uint8Array, parts: readonly Uint8Array[]): PlainReading<A>;
  /** What is said to a message that was taken, where that is anything. */
  confirm(data: Uint8Array): Uint8Array | undefined;
}

interface State {
  readonly phase: 'new' | 'waiting' | 'ended';
  readonly sent: number;
  readonly said: number;
  readonly parts: readonly Uint8Array[];
  readonly previousAnswer: Uint8Array | undefined;
}

const tries = 3;

/** A terminal that goes on talking and never answers has lost its way. */
const mostSaid = 500;

const acknowledged: Effect<never> = { type: 'progress', progress: { type: 'acknowledged' } };

/**
 * The exchange machine of protocols without acknowledgement.
 *
 * ```
 * till      request >
 * terminal           (< ACK)  (< log, progress)  < answer
 * ```
 *
 * A question is asked again on silence and after a damaged answer. A money command is sent once: what cannot
 * be read leaves it in doubt.
 */
export function plainExchange<A>(spec: PlainRequest<A>): Exchange<A, State> {
  type Next = Step<State, A>;

  const to = (state: State, ...effects: Effect<A>[]): Next => ({ state, effects });

  const wait: Effect<A> = {
    type: 'wait',
    // What has a time of its own is no answer at once.
    for: spec.usual === undefined ? spec.wait : 'answer',
    ...(spec.usual !== undefined && { usual: spec.usual }),
  };

  const end = (state: State, ...effects: Effect<A>[]): Next =>
    to({ ...state, phase: 'ended' }, ...effects);

  const fail = (state: State, failure: ExchangeFailure): Next =>
    end(state, { type: 'failed', failure });

  const send = (state: State): Next =>
    to(
      { ...state, phase: 'waiting', sent: state.sent + 1 },
      { type: 'write', as: 'request', bytes: spec.request },
      wait,
    );

  const askAgain = (state: State, failure: ExchangeFailure): Next =>
    !spec.money && state.sent < tries ? send(state) : fail(state, failure);

  const goOn = (state: State, ...effects: Effect<A>[]): Next =>
    state.said >= mostSaid
      ? fail(state, 'no-answer')
      : to({ ...state, said: state.said + 1 }, ...effects, wait);

  function onFrame(state: State, frame: Frame & { kind: 'frame' }): Next {
    const reading = spec.read(frame.data, state.parts);
    const said = spec.confirm(frame.data);
    const confirmed: Effect<A>[] =
      said === undefined ? [] : [{ type: 'write', as: 'reply', bytes: said }];
    switch (reading.type) {
      case 'alive':
        return goOn(state);
      case 'ignored':
        return to(state);
      case 'answer':
        return end(state, ...confirmed, {
          type: 'done',
          answer: reading.answer,
          bytes: frame.bytes,
          again: state.previousAnswer !== undefined && sameBytes(state.previousAnswer, frame.bytes),
        });
      case 'progress':
        return goOn(state, ...confirmed, { type: 'progress', progress: reading.progress });
      case 'part':
        return goOn({ ...state, parts: [...state.parts, frame.data] }, ...confirmed);
      case 'relay':
        return goOn(state, reading);
      case 'other':
        return to(state, ...confirmed, { type: 'stray', frame, reason: 'stale' });
      case 'garbled':
        return askAgain(state, 'garbled-answer');
      case 'unreadable':
        return fail(state, 'unreadable-answer');
    }
  }

  const isSignOfLife = (bytes: Uint8Array): boolean =>
    spec.outOfBand.some((start) => start.every((byte, i) => bytes[i] === byte));

  function onWire(state: State, frame: Frame): Next {
    switch (frame.kind) {
      case 'frame':
        return frame.check === 'ok' ? onFrame(state, frame) : askAgain(state, 'garbled-answer');
      case 'control':
        return spec.acknowledges && frame.name === 'ACK' ? goOn(state, acknowledged) : to(state);
      case 'noise':
        if (isSignOfLife(frame.bytes)) return goOn(state);
        // Half a frame may be anything; a customer may still be at work.
        return frame.reason === 'cut-off' && !spec.money
          ? askAgain(state, 'garbled-answer')
          : to(state);
    }
  }

  return {
    name: spec.name,
    money: spec.money,
    request: () => spec.request,
    initial: { phase: 'new', sent: 0, said: 0, parts: [], previousAnswer: undefined },
    step(state, input) {
      if (state.phase === 'ended') return to(state);
      switch (input.type) {
        case 'start':
          return send({ ...state, previousAnswer: input.previousAnswer });
        case 'cancel':
          return to(state);
        case 'timeout':
          return askAgain(state, spec.wait === 'answer' ? 'no-answer' : 'no-acknowledgement');
        case 'frame':
          return onWire(state, input.frame);
      }
    },
  };
}
