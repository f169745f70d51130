import { sameBytes } from '../../framing/bytes.ts';
import { isProgress } from '../../framing/ecr17-frame.ts';
import type { Frame } from '../../framing/frame.ts';
import type { AckNakWords } from '../ack-nak.ts';
import type { Effect, Exchange, Input, Step } from '../exchange.ts';
import { progressText } from './answers.ts';
import { prompt } from './codes.ts';
import { nothingYet, receiptPart, type Unfinished, unfinishedLines } from './receipt.ts';

/** How long to wait for the next part of a receipt, in milliseconds. The vendor gives no figure. */
const partMs = 5_000;
/** A receipt of more parts than this, progress among them, is none. */
const mostParts = 200;

type Done<A> = Extract<Effect<A>, { type: 'done' }>;

interface Answering {
  readonly phase: 'answering';
  readonly state: unknown;
}

interface Printing<A> {
  readonly phase: 'printing';
  readonly done: Done<A>;
  readonly rest: Unfinished;
  readonly heard: number;
  readonly lastPart: Uint8Array | undefined;
}

type State<A> = Answering | Printing<A> | { readonly phase: 'ended' };

/** Receipts come as frames with the code `S`; from the till that code is a reversal. */
const isReceipt = (data: Uint8Array): boolean => data.length >= 10 && data[9] === 0x53;

const receiptLines = (lines: readonly string[]): Effect<never>[] =>
  lines.length === 0
    ? []
    : [{ type: 'progress', progress: { type: 'receipt', lines, from: 'terminal' } }];

/**
 * The same exchange and the receipts that the terminal sends behind its answer. It is over with their last
 * part. The answer itself is certain before: neither receipts that stay away nor a line that ends take it
 * back.
 */
export function withReceipts<A>(exchange: Exchange<A>, words: AckNakWords): Exchange<A, State<A>> {
  type Next = Step<State<A>, A>;

  const reply = (bytes: Uint8Array): Effect<A> => ({ type: 'write', as: 'reply', bytes });
  const ack = reply(words.ack);
  const wait: Effect<A> = { type: 'wait', for: 'answer', ms: partMs };

  function answering(state: Answering, input: Input): Next {
    const step = exchange.step(state.state, input);
    const done = step.effects.find((effect): effect is Done<A> => effect.type === 'done');
    if (done === undefined)
      return { state: { phase: 'answering', state: step.state }, effects: step.effects };
    const before = step.effects.filter((effect) => effect !== done);
    const certain: Effect<A> = { ...done, type: 'answered' };
    return {
      state: { phase: 'printing', done, rest: nothingYet, heard: 0, lastPart: undefined },
      effects: [...before, certain, wait],
    };
  }

  const end = ({ done, rest }: Printing<A>, ...effects: Effect<A>[]): Next => ({
    state: { phase: 'ended' },
    effects: [...effects, ...receiptLines(unfinishedLines(rest)), done],
  });

  /** Something is under way: wait afresh, but not for ever. */
  const goOn = (state: Printing<A>, ...effects: Effect<A>[]): Next =>
    state.heard >= mostParts
      ? end(state, ...effects)
      : { state: { ...state, heard: state.heard + 1 }, effects: [...effects, wait] };

  const stray = (state: Printing<A>, frame: Frame, reason: 'duplicate' | 'stale'): Next =>
    goOn(state, ack, { type: 'stray', frame, reason });

  function onFrame(state: Printing<A>, frame: Frame): Next {
    if (frame.kind === 'control') return { state, effects: [] };
    if (frame.kind === 'noise')
      return frame.reason === 'cut-off' ? goOn(state, reply(words.nak)) : { state, effects: [] };
    if (frame.check === 'bad') return goOn(state, reply(words.nak));
    if (isProgress(frame.data))
      return goOn(state, { type: 'progress', progress: prompt(progressText(frame.data)) });
    const known = [state.done.bytes, state.lastPart];
    if (known.some((bytes) => bytes !== undefined && sameBytes(bytes, frame.bytes)))
      return stray(state, frame, 'duplicate');
    if (!isReceipt(frame.data)) return stray(state, frame, 'stale');
    const { lines, rest, last } = receiptPart(frame.data, state.rest);
    const printing = { ...state, rest, lastPart: frame.bytes };
    const effects = [ack, ...receiptLines(lines)];
    return last ? end(printing, ...effects) : goOn(printing, ...effects);
  }

  return {
    ...exchange,
    initial: { phase: 'answering', state: exchange.initial },
    step(state, input) {
      switch (state.phase) {
        case 'ended':
          return { state, effects: [] };
        case 'answering':
          return answering(state, input);
        case 'printing':
          switch (input.type) {
            case 'timeout':
              return end(state);
            case 'frame':
              return onFrame(state, input.frame);
            case 'start':
            case 'cancel':
              return { state, effects: [] };
          }
      }
    },
  };
}
