import { sameBytes } from '../framing/bytes.ts';
import type { Frame } from '../framing/frame.ts';
import { control } from '../framing/stx-etx-lrc.ts';
import type { Progress } from '../model/events.ts';
import type { Effect, Exchange, ExchangeFailure, Step, StrayReason, Wait } from './exchange.ts';

/** What a whole, sound frame means to the exchange at hand. */
export type Reading<A> =
  /** `names`: it says that this exchange's very transaction was carried out, so it cannot be another's. */
  | { readonly type: 'answer'; readonly answer: A; readonly names: boolean }
  /** One part of an answer that goes on in the next frame. */
  | { readonly type: 'part' }
  | { readonly type: 'progress'; readonly progress: Progress }
  /** The right kind of answer, but its content makes no sense. */
  | { readonly type: 'unreadable' }
  /** Its check agrees, and yet it cannot have been sent like this. */
  | { readonly type: 'garbled' }
  /** The answer to something else. */
  | { readonly type: 'other' };

/** What a till writes to acknowledge a frame, and to have it said again. */
export interface AckNakWords {
  readonly ack: Uint8Array;
  readonly nak: Uint8Array;
}

/** One request under ACK and NAK, as a protocol describes it. */
export interface AckNakRequest<A> {
  readonly name: string;
  readonly money: boolean;
  /**
   * Sent again when the terminal says NAK. A damaged ACK looks like one: by default not what moves money,
   * which is sent again only once the terminal's memory has proved that it was not taken.
   */
  readonly repeatOnNak?: boolean;
  /** The whole request frame. */
  readonly request: Uint8Array;
  /** Send the request again on silence too. Never for a money command: it may have been carried out. */
  readonly repeatOnSilence: boolean;
  /** How ACK and NAK are written; by default each is its bare control byte. */
  readonly words?: AckNakWords;
  /** False: the terminal wants no acknowledgement of its progress. */
  readonly confirmsProgress?: boolean;
  /** What NAK to every try means, where that is an answer; otherwise the exchange fails. Not for money. */
  readonly refusal?: A;
  /** `acknowledgement`: the ACK is the whole answer, and this is what it means. */
  readonly answer:
    | { readonly by: 'acknowledgement'; readonly means: A }
    | {
        readonly by: 'frame';
        /** `parts`: the data of the parts already received. */
        read(data: Uint8Array, parts: readonly Uint8Array[]): Reading<A>;
      };
}

interface State {
  readonly phase: 'new' | Wait | 'ended';
  readonly sent: number;
  /** The last try was refused too: only what proves the contrary is waited for. */
  readonly refused: boolean;
  readonly garbled: number;
  readonly progressed: number;
  readonly parts: readonly Uint8Array[];
  /** The last frame accepted in this exchange. */
  readonly lastPart: Uint8Array | undefined;
  readonly previousAnswer: Uint8Array | undefined;
}

/** The request and two repeats; the answer and two repeats. Transbank's rule, and the usual one. */
const tries = 3;

/** A terminal that goes on telling of progress and never answers has lost its way. */
const mostProgress = 500;

const bareWords: AckNakWords = {
  ack: Uint8Array.of(control.ACK),
  nak: Uint8Array.of(control.NAK),
};
const reply = (bytes: Uint8Array): Effect<never> => ({ type: 'write', as: 'reply', bytes });
const acknowledged: Effect<never> = { type: 'progress', progress: { type: 'acknowledged' } };

/**
 * The exchange machine of the protocols that acknowledge each frame with ACK or NAK.
 *
 * ```
 * till      request >                    ACK >         ACK >
 * terminal           < ACK   < progress        < answer
 * ```
 *
 * A frame before the terminal's ACK cannot be the answer to this request, unless it says that it was done
 * and names the very transaction that was asked for: then the ACK was lost on the way. A serial line delivers in order, so
 * whatever was still under way from an earlier exchange arrives before that ACK.
 */
export function ackNakExchange<A>(spec: AckNakRequest<A>): Exchange<A, State> {
  type Next = Step<State, A>;

  const { words = bareWords, confirmsProgress = true } = spec;
  const ack = reply(words.ack);
  const nak = reply(words.nak);

  const to = (state: State, ...effects: Effect<A>[]): Next => ({ state, effects });

  const end = (state: State, ...effects: Effect<A>[]): Next =>
    to({ ...state, phase: 'ended' }, ...effects);

  const fail = (state: State, failure: ExchangeFailure): Next =>
    end(state, { type: 'failed', failure });

  const send = (state: State): Next =>
    to(
      { ...state, phase: 'acknowledgement', sent: state.sent + 1 },
      { type: 'write', as: 'request', bytes: spec.request },
      { type: 'wait', for: 'acknowledgement' },
    );

  const stray = (state: State, frame: Frame, reason: StrayReason): Next =>
    to(state, ack, { type: 'stray', frame, reason });

  function onAck(state: State): Next {
    if (state.phase !== 'acknowledgement') return to(state);
    if (spec.answer.by === 'acknowledgement')
      return end(state, acknowledged, {
        type: 'done',
        answer: spec.answer.means,
        bytes: undefined,
        again: false,
      });
    return to({ ...state, phase: 'answer' }, acknowledged, { type: 'wait', for: 'answer' });
  }

  function onNak(state: State): Next {
    if (state.phase !== 'acknowledgement' || state.refused) return to(state);
    if (state.sent < tries && (spec.repeatOnNak ?? !spec.money)) return send(state);
    if (!spec.money && spec.refusal !== undefined)
      return end(state, {
        type: 'done',
        answer: spec.refusal,
        bytes: undefined,
        again: false,
      });
    if (!spec.money) return fail(state, 'not-acknowledged');
    // A damaged ACK looks like a NAK, and a terminal at work says NAK to the repeats.
    return to({ ...state, refused: true }, { type: 'wait', for: 'acknowledgement' });
  }

  /**
   * A frame whose check failed, or that stopped half way: ask for it again. Before the ACK it cannot be the
   * answer, and a NAK would make the terminal repeat something older.
   */
  function onGarbled(state: State): Next {
    if (state.phase === 'acknowledgement') return to(state);
    const garbled = state.garbled + 1;
    if (garbled >= tries) return fail(state, 'garbled-answer');
    return to({ ...state, garbled }, nak, {
      type: 'wait',
      for: 'answer',
    });
  }

  function isRepeat(state: State, bytes: Uint8Array): boolean {
    if (state.lastPart !== undefined && sameBytes(state.lastPart, bytes)) return true;
    // After the ACK it is a new one: two exchanges may rightly have the same answer.
    if (state.phase !== 'acknowledgement' || state.previousAnswer === undefined) return false;
    return sameBytes(state.previousAnswer, bytes);
  }

  function onFrame(state: State, frame: Frame & { kind: 'frame' }): Next {
    if (isRepeat(state, frame.bytes)) return stray(state, frame, 'duplicate');
    const reading: Reading<A> =
      spec.answer.by === 'frame' ? spec.answer.read(frame.data, state.parts) : { type: 'other' };
    const early = state.phase === 'acknowledgement';
    const implied = early ? [acknowledged] : [];
    switch (reading.type) {
      case 'other':
        return stray(state, frame, 'stale');
      case 'garbled':
        return onGarbled(state);
      case 'progress':
        if (state.progressed >= mostProgress) return fail(state, 'no-answer');
        // It names no transaction, so it does not stand for the ACK; but something is at work.
        return to(
          { ...state, progressed: state.progressed + 1 },
          ...(confirmsProgress ? [ack] : []),
          { type: 'progress', progress: reading.progress },
          { type: 'wait', for: 'answer' },
        );
      case 'part':
        if (early) return stray(state, frame, 'stale');
        return to(
          { ...state, garbled: 0, parts: [...state.parts, frame.data], lastPart: frame.bytes },
          ack,
          { type: 'wait', for: 'answer' },
        );
      case 'unreadable':
        if (early) return stray(state, frame, 'stale');
        return end(state, ack, { type: 'failed', failure: 'unreadable-answer' });
      case 'answer':
        // On a new connection it may be the answer to the same thing, asked for on the one before.
        if (early && !(reading.names && state.previousAnswer !== undefined))
          return stray(state, frame, 'stale');
        return end(state, ...implied, ack, {
          type: 'done',
          answer: reading.answer,
          bytes: frame.bytes,
          again: state.previousAnswer !== undefined && sameBytes(state.previousAnswer, frame.bytes),
        });
    }
  }

  function onTimeout(state: State): Next {
    if (state.phase === 'answer') return fail(state, 'no-answer');
    if (state.refused) return fail(state, 'not-acknowledged');
    if (spec.repeatOnSilence && state.sent < tries) return send(state);
    return fail(state, 'no-acknowledgement');
  }

  function onWire(state: State, frame: Frame): Next {
    switch (frame.kind) {
      case 'frame':
        return frame.check === 'ok' ? onFrame(state, frame) : onGarbled(state);
      case 'noise':
        return frame.reason === 'cut-off' ? onGarbled(state) : to(state);
      case 'control':
        if (frame.name === 'ACK') return onAck(state);
        return frame.name === 'NAK' ? onNak(state) : to(state);
    }
  }

  return {
    name: spec.name,
    money: spec.money,
    request: () => spec.request,
    initial: {
      phase: 'new',
      sent: 0,
      refused: false,
      garbled: 0,
      progressed: 0,
      parts: [],
      lastPart: undefined,
      previousAnswer: undefined,
    },
    step(state, input) {
      if (state.phase === 'ended') return to(state);
      switch (input.type) {
        case 'cancel':
          return to(state);
        case 'start':
          return send({ ...state, previousAnswer: input.previousAnswer });
        case 'timeout':
          return onTimeout(state);
        case 'frame':
          return onWire(state, input.frame);
      }
    },
  };
}

/**
 * A frame when nothing was asked: acknowledged, so that the terminal stops repeating it, and surfaced.
 * A garbled one gets no reply; a terminal that still owes an answer repeats it by itself.
 */
export function idleAckNak(
  frame: Frame,
  previousAnswer: Uint8Array | undefined,
  words: AckNakWords = bareWords,
): readonly Effect<never>[] {
  if (frame.kind !== 'frame' || frame.check === 'bad') return [];
  const repeated = previousAnswer !== undefined && sameBytes(previousAnswer, frame.bytes);
  return [reply(words.ack), { type: 'stray', frame, reason: repeated ? 'duplicate' : 'stale' }];
}
