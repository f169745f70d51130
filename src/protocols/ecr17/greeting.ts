import { ecr17Frame, isProgress, variantOfFrame } from '../../framing/ecr17-frame.ts';
import { type LrcVariant, lrcVariantNames } from '../../framing/ecr17-lrc.ts';
import type { Frame } from '../../framing/frame.ts';
import type { Effect, Exchange, Step } from '../exchange.ts';
import { wordsIn } from './kinds.ts';
import { request } from './requests.ts';
import type { Link } from './setup.ts';
import { readStatus, type StatusSaid } from './status.ts';

/** What the terminal said first on a connection, and how it writes. */
export interface Greeted {
  readonly lrc: LrcVariant;
  readonly said: StatusSaid;
}

interface State {
  readonly phase: 'acknowledgement' | 'answer' | 'ended';
  /** In which our request went out last. */
  readonly variant: LrcVariant;
  readonly sent: number;
  readonly refused: number;
  readonly garbled: number;
  /** The variant of the terminal's acknowledgement. */
  readonly acknowledged: LrcVariant | undefined;
}

const mostSent = 8;
const mostRefused = 3;
const mostGarbled = 3;

const next = (variant: LrcVariant): LrcVariant | undefined =>
  lrcVariantNames[lrcVariantNames.indexOf(variant) + 1];

/**
 * The first status exchange of a connection: it finds out which of the four checks the terminal uses.
 *
 * The request goes out in the usual one. A terminal that wants another says NAK, in its own, or nothing at
 * all; then it is asked in that one, or in the next. Its own is known once its acknowledgement and its
 * answer agree: a check that is wrong in its last two bits alone looks like another variant.
 */
export function greeting(link: Link): Exchange<Greeted, State> {
  type Next = Step<State, Greeted>;

  const initial: State = {
    phase: 'acknowledgement',
    variant: 'std',
    sent: 0,
    refused: 0,
    garbled: 0,
    acknowledged: undefined,
  };
  const payload = request(link, 's').slice(1, -2);

  const reply = (bytes: Uint8Array): Effect<Greeted> => ({ type: 'write', as: 'reply', bytes });

  const fail = (state: State, failure: 'not-acknowledged' | 'no-answer'): Next => ({
    state: { ...state, phase: 'ended' },
    effects: [{ type: 'failed', failure }],
  });

  const ask = (state: State, variant: LrcVariant): Next =>
    state.sent >= mostSent
      ? fail(state, 'not-acknowledged')
      : {
          state: {
            ...state,
            phase: 'acknowledgement',
            variant,
            sent: state.sent + 1,
            acknowledged: undefined,
          },
          effects: [
            { type: 'write', as: 'request', bytes: ecr17Frame(payload, variant) },
            { type: 'wait', for: 'acknowledgement' },
          ],
        };

  function onControl(state: State, frame: Frame & { kind: 'control' }): Next {
    const variant = variantOfFrame(frame);
    if (variant === undefined || state.phase !== 'acknowledgement') return { state, effects: [] };
    if (frame.name === 'ACK')
      return {
        state: { ...state, phase: 'answer', acknowledged: variant },
        effects: [
          { type: 'progress', progress: { type: 'acknowledged' } },
          { type: 'wait', for: 'answer' },
        ],
      };
    // In the check that it uses itself: it was not for the check.
    const refused = state.refused + (variant === state.variant ? 1 : 0);
    if (refused >= mostRefused) return fail(state, 'not-acknowledged');
    return ask({ ...state, refused }, variant);
  }

  function onGarbled(state: State): Next {
    if (state.acknowledged === undefined) return { state, effects: [] };
    const garbled = state.garbled + 1;
    if (garbled >= mostGarbled)
      return {
        state: { ...state, phase: 'ended' },
        effects: [{ type: 'failed', failure: 'garbled-answer' }],
      };
    return {
      state: { ...state, garbled },
      effects: [reply(wordsIn(state.acknowledged).nak), { type: 'wait', for: 'answer' }],
    };
  }

  function onFrame(state: State, frame: Frame & { kind: 'frame' }): Next {
    if (isProgress(frame.data)) return { state, effects: [] };
    const lrc = variantOfFrame(frame);
    if (frame.check === 'bad' || lrc === undefined) return onGarbled(state);
    const said = readStatus(frame.data);
    // Left over from before this connection, or an answer that outran its acknowledgement.
    if (said === undefined || state.acknowledged === undefined)
      return {
        state,
        effects: [reply(wordsIn(lrc).ack), { type: 'stray', frame, reason: 'stale' }],
      };
    if (lrc !== state.acknowledged) return onGarbled(state);
    return {
      state: { ...state, phase: 'ended' },
      effects: [
        reply(wordsIn(lrc).ack),
        { type: 'done', answer: { lrc, said }, bytes: frame.bytes, again: false },
      ],
    };
  }

  function onTimeout(state: State): Next {
    if (state.phase === 'answer') return fail(state, 'no-answer');
    const variant = next(state.variant);
    if (variant !== undefined) return ask(state, variant);
    return {
      state: { ...state, phase: 'ended' },
      effects: [{ type: 'failed', failure: 'no-acknowledgement' }],
    };
  }

  return {
    name: 'first status',
    money: false,
    request: () => ecr17Frame(payload, 'std'),
    initial,
    step(state, input) {
      if (state.phase === 'ended') return { state, effects: [] };
      switch (input.type) {
        case 'start':
          return ask(state, 'std');
        case 'timeout':
          return onTimeout(state);
        case 'cancel':
          return { state, effects: [] };
        case 'frame':
          switch (input.frame.kind) {
            case 'control':
              return onControl(state, input.frame);
            case 'frame':
              return onFrame(state, input.frame);
            case 'noise':
              return input.frame.reason === 'cut-off' ? onGarbled(state) : { state, effects: [] };
          }
      }
    },
  };
}
