import { sameBytes } from '../../framing/bytes.ts';
import type { Frame } from '../../framing/frame.ts';
import { control } from '../../framing/stx-etx-lrc.ts';
import { type AckNakRequest, ackNakExchange, type Reading } from '../ack-nak.ts';
import type { Effect, Exchange, Step } from '../exchange.ts';

/** One request, as POSLINK puts it. */
export interface PoslinkRequest<A> extends Pick<AckNakRequest<A>, 'name' | 'money' | 'request'> {
  read(data: Uint8Array): Reading<A>;
  /** The frame that stops it (A14), where it can be stopped. */
  readonly cancel?: Uint8Array;
  /** Told once the terminal has the request. */
  readonly prompt?: Extract<Effect<A>, { type: 'progress' }>['progress'];
}

type Done<A> = Extract<Effect<A>, { type: 'done' }>;

interface State<A> {
  readonly inner: unknown;
  readonly phase: 'open' | 'ending' | 'over';
  readonly acknowledged: boolean;
  readonly cancel: 'no' | 'wanted' | 'said';
  /** What ends the exchange: known with the answer, and said with EOT. */
  readonly done: Done<A> | undefined;
  /** How often the ACK was said again. */
  readonly again: number;
}

/** A public serial client says its ACK again every 3 s until EOT comes. Milliseconds. */
const endMs = 3_000;
const mostAgain = 3;
/** A terminal that goes on repeating does not hear us. */
const mostReplies = 20;
/** How long a terminal that has ended a transaction on our wish may take to say how. Milliseconds. */
const stoppedMs = 15_000;
/** A question needs nobody at the terminal. Milliseconds. */
const questionMs = 30_000;

const say = (name: 'ACK' | 'EOT'): Effect<never> => ({
  type: 'write',
  as: 'reply',
  bytes: Uint8Array.of(control[name]),
});
const ack = say('ACK');
const untilEnd: Effect<never> = { type: 'wait', for: 'acknowledgement', ms: endMs };

/**
 * The exchange machine of POSLINK: ACK and NAK as elsewhere, and the terminal ends it with EOT.
 *
 * ```
 * till      T00 >                ACK >          NAK >: the answer once more, never the request
 * terminal        < ACK   < T01         < EOT
 * ```
 *
 * The answer counts as soon as it is read; EOT only shows that the terminal knows it was. Without it the ACK
 * is said again, and the exchange ends all the same. To a third damaged answer the till says EOT itself. A
 * cancellation (A14) has no answer but EOT: the transaction still ends by what its own answer says.
 */
export function untilEot<A>(spec: PoslinkRequest<A>): Exchange<A, State<A>> {
  type Now = State<A>;
  type Next = Step<Now, A>;

  const inner: Exchange<A> = ackNakExchange<A>({
    name: spec.name,
    money: spec.money,
    request: spec.request,
    repeatOnSilence: !spec.money,
    answer: { by: 'frame', read: (data) => spec.read(data) },
  });
  const to = (state: Now, ...effects: Effect<A>[]): Next => ({ state, effects });

  const end = (state: Now): Next =>
    to({ ...state, phase: 'over' }, ...(state.done === undefined ? [] : [state.done]));

  /** Puts into the effects of the inner exchange what is POSLINK's own. */
  function translated(before: Now, { state: own, effects }: Step<unknown, A>): Next {
    let state: Now = { ...before, inner: own };
    const out: Effect<A>[] = [];
    for (const effect of effects)
      switch (effect.type) {
        case 'done':
          state = { ...state, phase: 'ending', done: effect };
          out.push({ ...effect, type: 'answered' }, untilEnd);
          break;
        case 'progress':
          out.push(effect);
          if (effect.progress.type !== 'acknowledged' || state.acknowledged) break;
          if (spec.prompt !== undefined) out.push({ type: 'progress', progress: spec.prompt });
          if (state.cancel === 'wanted' && spec.cancel !== undefined) {
            out.push({ type: 'write', as: 'reply', bytes: spec.cancel });
            state = { ...state, cancel: 'said' };
          }
          state = { ...state, acknowledged: true };
          break;
        case 'failed':
          if (effect.failure === 'garbled-answer') out.push(say('EOT'));
          state = { ...state, phase: 'over' };
          out.push(effect);
          break;
        case 'wait':
          out.push(
            spec.money || effect.for !== 'answer' ? effect : { ...effect, usual: questionMs },
          );
          break;
        case 'write':
        case 'stray':
        case 'relay':
        case 'answered':
          out.push(effect);
          break;
      }
    return to(state, ...out);
  }

  function onCancel(state: Now): Next {
    if (spec.cancel === undefined || state.phase !== 'open' || state.cancel !== 'no')
      return to(state);
    if (!state.acknowledged) return to({ ...state, cancel: 'wanted' });
    return to({ ...state, cancel: 'said' }, { type: 'write', as: 'reply', bytes: spec.cancel });
  }

  function again(state: Now, most: number, ...effects: Effect<A>[]): Next {
    if (state.again >= most) return end(state);
    return to({ ...state, again: state.again + 1 }, ack, ...effects, untilEnd);
  }

  /** The answer is in. Whatever the terminal still says, it has not heard the ACK. */
  function onEnding(state: Now, frame: Frame): Next {
    switch (frame.kind) {
      case 'control':
        if (frame.name === 'EOT') return end(state);
        return frame.name === 'NAK' ? again(state, mostReplies) : to(state);
      case 'noise':
        return frame.reason === 'cut-off' ? again(state, mostReplies) : to(state);
      case 'frame': {
        if (frame.check === 'bad') return again(state, mostReplies);
        const taken = state.done?.bytes;
        const repeated = taken !== undefined && sameBytes(taken, frame.bytes);
        return again(state, mostReplies, {
          type: 'stray',
          frame,
          reason: repeated ? 'duplicate' : 'stale',
        });
      }
    }
  }

  return {
    name: spec.name,
    money: spec.money,
    request: () => spec.request,
    initial: {
      inner: inner.initial,
      phase: 'open',
      acknowledged: false,
      cancel: 'no',
      done: undefined,
      again: 0,
    },
    step(state, input) {
      if (state.phase === 'over') return to(state);
      if (input.type === 'cancel') return onCancel(state);
      if (state.phase === 'ending') {
        if (input.type === 'timeout') return again(state, mostAgain);
        return input.type === 'frame' ? onEnding(state, input.frame) : to(state);
      }
      if (input.type === 'frame' && input.frame.kind === 'control' && input.frame.name === 'EOT')
        return state.cancel === 'said'
          ? to(state, { type: 'wait', for: 'answer', ms: stoppedMs })
          : to(state);
      return translated(state, inner.step(state.inner, input));
    },
  };
}
