import type { Frame } from '../framing/frame.ts';
import type { Progress } from '../model/events.ts';
import type { RelayAnswer, RelayAsk } from '../model/relay.ts';

/** What happens to an exchange machine. It has no clock and no line of its own. */
export type Input =
  /** `previousAnswer`: the frame that ended the exchange before this one on the same connection. */
  | { readonly type: 'start'; readonly previousAnswer: Uint8Array | undefined }
  | { readonly type: 'frame'; readonly frame: Frame }
  /** The till wants it stopped. The exchange still ends by what the terminal says. */
  | { readonly type: 'cancel' }
  /** The wait that the machine asked for last has run out. */
  | { readonly type: 'timeout' };

export type Wait = 'acknowledgement' | 'answer';

/** Why a frame does not count for the exchange at hand. */
export type StrayReason =
  /** The answer we had already, once more: the terminal missed our acknowledgement. */
  | 'duplicate'
  /** An answer to something else, or one that came when nothing was asked. */
  | 'stale';

export type ExchangeFailure =
  /** The terminal refused the request frame each time it was sent: it was never carried out. */
  | 'not-acknowledged'
  /** Silence after the request. */
  | 'no-acknowledgement'
  /** Silence after the acknowledgement. */
  | 'no-answer'
  /** Three times an answer whose check did not agree. */
  | 'garbled-answer'
  /** A sound frame of the right kind whose content makes no sense. */
  | 'unreadable-answer';

/** What an exchange machine wants done, in order. */
export type Effect<A> =
  | { readonly type: 'write'; readonly as: 'request' | 'reply'; readonly bytes: Uint8Array }
  /**
   * Starts the exchange's one timer afresh. Milliseconds. `usual`: what an answer to this command takes, for
   * where neither the till nor its configuration says how long to wait for one. `ms`: the machine's own time,
   * whatever they say. `atLeast`: what the terminal asked for, where that is longer.
   */
  | {
      readonly type: 'wait';
      readonly for: Wait;
      readonly usual?: number;
      readonly ms?: number;
      readonly atLeast?: number;
    }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'stray'; readonly frame: Frame; readonly reason: StrayReason }
  /**
   * The terminal wants the till to carry something to its host. `say`: the reply to the terminal by how that
   * went, if any; then the wait that was asked for last starts afresh. One at a time: while it lasts, another
   * is not begun. What still ends the exchange ends it too.
   */
  | {
      readonly type: 'relay';
      readonly ask: RelayAsk;
      say(answer: RelayAnswer): Uint8Array | undefined;
    }
  /** `bytes`: the frame that ended the exchange, kept to know it again when it is repeated. */
  | {
      readonly type: 'done';
      readonly answer: A;
      readonly bytes: Uint8Array | undefined;
      /** It is the answer of the exchange before to the byte: perhaps that one, once more. */
      readonly again: boolean;
    }
  /**
   * The answer is certain, and something still follows it, such as a receipt: if the exchange fails or the
   * line ends before `done`, this is how it ended.
   */
  | {
      readonly type: 'answered';
      readonly answer: A;
      readonly bytes: Uint8Array | undefined;
      readonly again: boolean;
    }
  | { readonly type: 'failed'; readonly failure: ExchangeFailure };

export interface Step<S, A> {
  readonly state: S;
  readonly effects: readonly Effect<A>[];
}

/**
 * One request and everything until the terminal is idle again, as a pure machine: state and input in,
 * state and effects out. The driver owns the timers and the line.
 */
export interface Exchange<A, S = unknown> {
  /** For people: `last sale`. */
  readonly name: string;
  /** Carrying it out twice, or not knowing whether it was carried out, is a matter of money. */
  readonly money: boolean;
  /**
   * The request as it goes on the wire, but for its secrets: the journal keeps a hash of it, and a short
   * password could be found out from that.
   */
  request(): Uint8Array;
  readonly initial: S;
  step(state: S, input: Input): Step<S, A>;
}

/** The same exchange, its answer read in another way. */
export const mapAnswer = <A, B, S>(
  exchange: Exchange<A, S>,
  map: (answer: A) => B,
): Exchange<B, S> => ({
  ...exchange,
  step(state, input) {
    const step = exchange.step(state, input);
    return {
      state: step.state,
      effects: step.effects.map((effect) =>
        effect.type === 'done' || effect.type === 'answered'
          ? { ...effect, answer: map(effect.answer) }
          : effect,
      ),
    };
  },
});
