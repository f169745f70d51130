import { sameBytes } from '../../framing/bytes.ts';
import type { Frame } from '../../framing/frame.ts';
import type { Progress } from '../../model/events.ts';
import type { Effect, Exchange, ExchangeFailure, Step } from '../exchange.ts';
import { receiptLines } from './answers.ts';
import { idleStatus, statusCode } from './codes.ts';
import { gapMs } from './conversation.ts';
import { isNoise, type Message, readMessage, serviceType, writeService } from './envelope.ts';

/** What an answer of the right method means to a money command. */
export type Reading<C, A> =
  /** Certain, and certainly about this very command. */
  | { readonly type: 'answer'; readonly answer: A }
  /** Believed once the terminal has shown that it is free, and what it remembers. */
  | { readonly type: 'claim'; readonly claim: C }
  /** The answer to an earlier command, come late. */
  | { readonly type: 'other' }
  | { readonly type: 'unreadable' };

/** One money command, as its method describes it. */
export interface Booking<C, A> {
  readonly name: string;
  readonly method: string;
  readonly request: Uint8Array;
  /** `before`: what the exchange before this one ended with, where that tells of a receipt. */
  read(message: Message, before: Message | undefined): Reading<C, A>;
  /** What the terminal wants printed with this answer is no part of its result. */
  printsApart(answer: A): boolean;
  /** Not taken: `methodNotImplemented`. Certainly nothing was done. */
  notTaken(msgType: string): A;
  /** Asked before a claim is believed. The terminal answers it only when it is at work on nothing. */
  readonly check: { readonly method: string; readonly request: Uint8Array };
  /** What the claim comes to; `told` is nothing where the terminal does not know the question. */
  conclude(claim: C, told: Message | undefined, before: Message | undefined): A;
}

/** The one timer: what runs out when it does. */
type Timer = 'poll' | 'status' | 'answer' | 'check' | 'checked';

interface Claimed<C> {
  readonly claim: C;
  readonly frame: Frame & { kind: 'frame' };
}

interface State<C> {
  readonly phase: 'new' | 'running' | 'claimed' | 'ended';
  readonly timer: Timer;
  readonly before: {
    readonly message: Message | undefined;
    readonly bytes: Uint8Array | undefined;
  };
  readonly claimed: Claimed<C> | undefined;
  /** Something went out after the request: what is refused now may be that. */
  readonly more: boolean;
  readonly interrupted: boolean;
  /** The last status told. */
  readonly status: string;
  /** The terminal was seen at work. */
  readonly worked: boolean;
  /** How often in a row it was seen at nothing. */
  readonly idle: number;
  readonly garbled: boolean;
  readonly polls: number;
  readonly silentChecks: number;
}

/** How often the terminal is asked what it is at, in milliseconds. Its peers ask every 500. */
const pollMs = 1_000;
/** At nothing for so many polls after it had worked: the answer is lost. */
const idlePolls = 5;
/** A terminal that says "not available" from the beginning does not tell what it is at. */
const untold = 3;
/** A quarter of an hour. A terminal that goes on for longer has lost its way. */
const mostPolls = 900;
const checkTries = 3;

const statusType = 'getLastStatMsgCode';
const poll = writeService(statusType);
const interrupt = writeService('interrupt');

/**
 * The exchange machine of the money commands.
 *
 * ```
 * till      Purchase >   status? >          status? >                    last receipt? >
 * terminal                        < 9 (card)         < 6 (PIN)  < declined                < (none newer)
 * ```
 *
 * Nothing on this line says which request an answer belongs to: only its method is repeated. So an answer
 * ends the exchange at once only when it names a receipt that was not there before. Any other is a claim: it
 * is believed when the terminal has then answered a question that it answers only when it is free, and what
 * it remembers does not speak against it. A late answer to an earlier command is followed by "busy", and by
 * the real one.
 *
 * `status?` is a ServiceMessage, which the vendor allows while another method runs. It gives the prompts,
 * and shows that the terminal is still there; one that falls back to nothing and has given no answer has lost
 * it.
 */
export function booking<C, A>(spec: Booking<C, A>): Exchange<A, State<C>> {
  type Move = Step<State<C>, A>;

  const to = (state: State<C>, ...effects: Effect<A>[]): Move => ({ state, effects });

  const write = (bytes: Uint8Array): Effect<A> => ({ type: 'write', as: 'reply', bytes });

  const stray = (frame: Frame): Effect<A> => ({ type: 'stray', frame, reason: 'stale' });

  const told = (progress: Progress): Effect<A> => ({ type: 'progress', progress });

  const fail = (state: State<C>, failure: ExchangeFailure, ...before: Effect<A>[]): Move =>
    to({ ...state, phase: 'ended' }, ...before, { type: 'failed', failure });

  const lost = (state: State<C>): Move =>
    fail(state, state.garbled ? 'garbled-answer' : 'no-answer');

  const pollLater = (state: State<C>, ...effects: Effect<A>[]): Move =>
    to({ ...state, timer: 'poll' }, ...effects, { type: 'wait', for: 'answer', ms: pollMs });

  /** The terminal does not tell what it is at: nothing is left but to wait. */
  const onlyWait = (state: State<C>, ...effects: Effect<A>[]): Move =>
    to({ ...state, timer: 'answer' }, ...effects, { type: 'wait', for: 'answer' });

  const checkIn = (state: State<C>, ms: number, ...effects: Effect<A>[]): Move =>
    to({ ...state, timer: 'check' }, ...effects, { type: 'wait', for: 'acknowledgement', ms });

  function end(
    state: State<C>,
    answer: A,
    frame: Frame & { kind: 'frame' },
    ...before: Effect<A>[]
  ): Move {
    const { bytes } = frame;
    const previous = state.before.bytes;
    const again = previous !== undefined && sameBytes(previous, bytes);
    const lines = spec.printsApart(answer) ? receiptLines(readMessage(frame.data)) : undefined;
    const report = lines === undefined ? [] : [told({ type: 'receipt', lines, from: 'terminal' })];
    return to({ ...state, phase: 'ended' }, ...before, ...report, {
      type: 'done',
      answer,
      bytes,
      again,
    });
  }

  function onTimeout(state: State<C>): Move {
    switch (state.timer) {
      case 'poll':
        if (state.polls >= mostPolls) return lost(state);
        return to({ ...state, timer: 'status', more: true, polls: state.polls + 1 }, write(poll), {
          type: 'wait',
          for: 'answer',
        });
      case 'check':
        if (state.polls >= mostPolls) return lost(state);
        return to(
          { ...state, timer: 'checked', more: true, polls: state.polls + 1 },
          write(spec.check.request),
          { type: 'wait', for: 'acknowledgement' },
        );
      case 'checked':
        if (state.silentChecks + 1 >= checkTries) return lost(state);
        return checkIn({ ...state, silentChecks: state.silentChecks + 1 }, gapMs);
      case 'status':
      case 'answer':
        return lost(state);
    }
  }

  function onStatus(state: State<C>, code: string): Move {
    if (state.phase !== 'running' || state.timer !== 'status') return to(state);
    if (code === idleStatus) {
      const idle = state.idle + 1;
      const mayHaveEnded = state.worked || state.garbled;
      if (mayHaveEnded && idle >= idlePolls) return lost(state);
      if (!mayHaveEnded && idle >= untold) return onlyWait({ ...state, idle });
      return pollLater({ ...state, idle });
    }
    const next = { ...state, worked: true, idle: 0, status: code };
    const news: Effect<A>[] = state.worked ? [] : [told({ type: 'acknowledged' })];
    if (state.status !== code)
      news.push(told({ type: 'prompt', ...statusCode(code), terminalCode: code }));
    return pollLater(next, ...news);
  }

  function onService(
    state: State<C>,
    msgType: string,
    message: Message,
    frame: Frame & { kind: 'frame' },
  ): Move {
    switch (msgType) {
      case statusType:
        return onStatus(state, (message.param('LastStatMsgCode') ?? '').slice(0, 4));
      case 'interruptTransmitted':
        return to(
          state,
          state.interrupted ? told({ ...interrupting, terminalCode: msgType }) : stray(frame),
        );
      case 'deviceBusy':
      case 'methodNotImplemented':
        return onNotTaken(state, msgType, frame);
      default:
        return to(state, stray(frame));
    }
  }

  function onNotTaken(state: State<C>, msgType: string, frame: Frame & { kind: 'frame' }): Move {
    // Nothing else is out: it is about the command itself. Busy it may be with a copy of it, which the line made.
    if (!state.more)
      return msgType === 'deviceBusy'
        ? fail(state, 'not-acknowledged', stray(frame))
        : end(state, spec.notTaken(msgType), frame);
    if (state.phase === 'claimed' && state.timer === 'checked')
      return msgType === 'deviceBusy' ? checkIn(state, pollMs) : concluded(state, undefined);
    if (state.phase === 'running' && state.timer === 'status') return onlyWait(state, stray(frame));
    return to(state, stray(frame));
  }

  function concluded(state: State<C>, message: Message | undefined): Move {
    const { claimed, before } = state;
    if (claimed === undefined) return to(state);
    return end(state, spec.conclude(claimed.claim, message, before.message), claimed.frame);
  }

  function onAnswer(state: State<C>, message: Message, frame: Frame & { kind: 'frame' }): Move {
    const { claimed } = state;
    // The same once more tells nothing new.
    if (claimed !== undefined && sameBytes(claimed.frame.bytes, frame.bytes))
      return to(state, { type: 'stray', frame, reason: 'duplicate' });
    const reading = spec.read(message, state.before.message);
    // Each command has one answer, and they come in order: an earlier claim was about an earlier command.
    const earlier = claimed === undefined ? [] : [stray(claimed.frame)];
    switch (reading.type) {
      case 'other':
        return to(state, stray(frame));
      case 'unreadable':
        return fail(state, 'unreadable-answer', ...earlier);
      case 'answer':
        return end(state, reading.answer, frame, ...earlier);
      case 'claim':
        return checkIn(
          { ...state, phase: 'claimed', claimed: { claim: reading.claim, frame }, silentChecks: 0 },
          gapMs,
          ...earlier,
        );
    }
  }

  function onFrame(state: State<C>, frame: Frame & { kind: 'frame' }): Move {
    const message = readMessage(frame.data);
    if (message === undefined && isNoise(frame.data)) return to(state, stray(frame));
    if (message === undefined) return onGarbled(state);
    const msgType = serviceType(message);
    if (msgType !== undefined) return onService(state, msgType, message, frame);
    if (message.method === spec.method) return onAnswer(state, message, frame);
    if (message.method === spec.check.method && state.timer === 'checked')
      return concluded(state, message);
    return to(state, stray(frame));
  }

  /** It may have been the answer, which does not come again; what the terminal is at will show. */
  function onGarbled(state: State<C>): Move {
    const next = { ...state, garbled: true };
    // Or it was the status.
    return state.timer === 'status' ? pollLater(next) : to(next);
  }

  function onCancel(state: State<C>): Move {
    if (state.phase !== 'running' || state.interrupted) return to(state);
    return to({ ...state, interrupted: true, more: true }, write(interrupt));
  }

  return {
    name: spec.name,
    money: true,
    request: () => spec.request,
    initial: {
      phase: 'new',
      timer: 'poll',
      before: { message: undefined, bytes: undefined },
      claimed: undefined,
      more: false,
      interrupted: false,
      status: idleStatus,
      worked: false,
      idle: 0,
      garbled: false,
      polls: 0,
      silentChecks: 0,
    },
    step(state, input) {
      if (state.phase === 'ended') return to(state);
      switch (input.type) {
        case 'start': {
          const bytes = input.previousAnswer;
          const message = bytes && readMessage(bytes.subarray(0, -1));
          return pollLater(
            { ...state, phase: 'running', before: { message, bytes } },
            { type: 'write', as: 'request', bytes: spec.request },
          );
        }
        case 'timeout':
          return onTimeout(state);
        case 'cancel':
          return onCancel(state);
        case 'frame':
          if (input.frame.kind === 'frame') return onFrame(state, input.frame);
          return input.frame.kind === 'noise' ? onGarbled(state) : to(state);
      }
    },
  };
}

const interrupting = {
  type: 'prompt',
  who: 'nobody',
  code: 'other',
  text: 'the terminal stops what it is doing',
} as const;
