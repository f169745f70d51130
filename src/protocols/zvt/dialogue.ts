import { splitApdu } from '../../framing/apdu.ts';
import { sameBytes } from '../../framing/bytes.ts';
import type { Frame } from '../../framing/frame.ts';
import type { Progress } from '../../model/events.ts';
import type { Effect, Exchange, ExchangeFailure, Step, StrayReason } from '../exchange.ts';
import { codeOf, control, isAnswer, isOfTheTill, isPositive } from './control-fields.ts';
import { type Dialogue, initialState, type Out, type State } from './dialogue-state.ts';
import { type Ending, failureIn, withResult, withStatus } from './heard.ts';
import { untilHeard } from './last-word.ts';
import {
  isEnquiryCompletion,
  type Message,
  messageApdu,
  type NewMessage,
  sequenceIdOf,
  withoutPassword,
} from './message.ts';
import { cannotAsk, defaultT4Ms, promptOf, t4Of } from './prompts.ts';
import { endReceipt, receive } from './receipts.ts';
import {
  heard as counted,
  linkAck,
  linkNak,
  messageIn,
  onWire,
  reply,
  replyTo,
} from './replies.ts';
import { nextId, type Setup } from './setup.ts';

/** One transmission and two repeats (PA00P016 3.2). */
const tries = 3;

/** A receipt may have any number of lines; a terminal that never ends has lost its way. */
const mostMessages = 20_000;

const acknowledged: Effect<never> = { type: 'progress', progress: { type: 'acknowledged' } };
const forLink: Effect<never> = { type: 'wait', for: 'acknowledgement' };
const progress = (what: Progress): Effect<never> => ({ type: 'progress', progress: what });

/**
 * The exchange machine of ZVT.
 *
 * ```
 * till      06 01 >                  80 00 >         80 00 >         80 00 >
 * terminal          < 80 00   < 04 FF        < 04 0F         < 06 0F
 * ```
 *
 * On a serial line each frame of either side is acknowledged at once by one byte ACK; NAK has it said again.
 * What the terminal says before its 80 00 belongs to something earlier.
 */
export const dialogue = <A>(spec: Dialogue<A>, setup: Setup): Exchange<A> =>
  untilHeard(conversation(spec, setup), setup);

function conversation<A>(spec: Dialogue<A>, setup: Setup): Exchange<A, State> {
  type Next = Step<State, A>;
  const serial = setup.framing === 'serial';

  const to = (state: State, ...effects: Effect<A>[]): Next => ({ state, effects });
  const framed = (message: NewMessage, id: number | undefined) =>
    onWire(messageApdu(message, id), setup);
  const idNow = () => setup.sequence && nextId(setup.sequence.last);

  function takeId(): number | undefined {
    const id = idNow();
    if (setup.sequence !== undefined && id !== undefined) setup.sequence.last = id;
    return id;
  }

  const fail = (state: State, failure: ExchangeFailure): Next =>
    to({ ...state, phase: 'ended' }, { type: 'failed', failure });

  function send(state: State): Next {
    return to(
      { ...state, phase: serial ? 'link' : 'reply', sent: state.sent + 1 },
      { type: 'write', as: 'request', bytes: framed(spec.message, state.id) },
      forLink,
    );
  }

  /** A silence says something after a failed result only when it is as long as T4. */
  function forAnswer({ t4Ms, heard }: State): Effect<never> {
    const atLeast = t4Ms ?? (failureIn(heard) === undefined ? undefined : defaultT4Ms);
    return { type: 'wait', for: 'answer', ...(atLeast !== undefined && { atLeast }) };
  }

  function end(state: State, ending: Ending, ...effects: Effect<A>[]): Next {
    const receipts = endReceipt(state.receipt).map(progress);
    const answer = spec.read(ending, state.heard);
    const silent = ending.by === 'silence';
    const last: Effect<A> =
      answer === undefined
        ? {
            type: 'failed',
            failure: silent
              ? state.garbled > 0
                ? 'garbled-answer'
                : 'no-answer'
              : 'unreadable-answer',
          }
        : {
            type: 'done',
            answer,
            bytes: state.result ?? state.lastFrame,
            again:
              state.result !== undefined &&
              state.previousAnswer !== undefined &&
              sameBytes(state.result, state.previousAnswer),
          };
    return to({ ...state, phase: 'ended' }, ...effects, ...receipts, last);
  }

  /** 06 B0 goes out once, while the terminal has not told a result yet. */
  function stopIt(state: State): Next {
    const wanted = state.stop === 'wanted' && state.phase === 'running' && !state.waitsForLink;
    if (!wanted || state.heard.results.length > 0) return to(state);
    const id = takeId();
    const bytes = onWire(messageApdu({ command: control.stop }, id), setup);
    const out = serial ? { bytes, tries: 1 } : undefined;
    return to({ ...state, stop: 'sent', out }, reply(bytes));
  }

  const andThen = (first: Next, next: (state: State) => Next): Next => {
    const second = next(first.state);
    return { state: second.state, effects: [...first.effects, ...second.effects] };
  };

  function onAnswer(state: State, frame: Frame & { kind: 'frame' }, message: Message): Next {
    const id = sequenceIdOf(message);
    const others = id !== undefined && state.id !== undefined && id !== state.id;
    const asked = state.phase === 'link' || state.phase === 'reply';
    // The answer to 06 B0 says nothing about the command that runs.
    if (!asked && state.stop === 'sent' && !others) return to({ ...state, stop: 'answered' });
    if (isPositive(message.command)) {
      if (!asked || others) return to(state);
      const taken: State = { ...state, phase: 'running', out: undefined, refused: false };
      if (spec.ends === 'reply')
        return end({ ...taken, lastFrame: frame.bytes }, { by: 'reply' }, acknowledged);
      return andThen(to(taken, acknowledged, forAnswer(taken)), stopIt);
    }
    const late = state.phase === 'running' && state.begun;
    if (others || late || message.command >>> 8 !== 0x84) return stray(state, frame, 'stale');
    if (spec.waitsForIdle === true && message.command === control.pleaseWait)
      return fail(state, 'not-acknowledged');
    const ending: Ending = { by: 'refusal', code: codeOf(message.command), message };
    return end({ ...state, lastFrame: frame.bytes }, ending);
  }

  const stray = (state: State, frame: Frame, reason: StrayReason): Next =>
    to(state, { type: 'stray', frame, reason });

  /** The frame that we have taken and answered already: the terminal has missed it. */
  function isRepeat(state: State, frame: Frame & { kind: 'frame' }, message: Message): boolean {
    if (state.lastFrame === undefined || state.phase === 'new') return false;
    const id = sequenceIdOf(message);
    const sameId = state.lastId !== undefined && id === state.lastId;
    // A terminal that has acknowledged our answer has gone on; the same again is then a new one.
    return (
      (sameId || (serial && state.out !== undefined)) && sameBytes(state.lastFrame, frame.bytes)
    );
  }

  function onCommand(state: State, frame: Frame & { kind: 'frame' }, message: Message): Next {
    const answer = replyTo(message, setup);
    if (isRepeat(state, frame, message))
      return andThen(to(state, reply(answer)), (next) => stray(next, frame, 'duplicate'));
    const next: State = {
      ...state,
      out: serial ? { bytes: answer, tries: 1 } : undefined,
      lastFrame: frame.bytes,
      lastId: sequenceIdOf(message),
    };
    if (state.phase !== 'running')
      return to(next, reply(answer), { type: 'stray', frame, reason: 'stale' });
    return andThen(to(next, reply(answer)), (ours) => onOurs(ours, frame, message));
  }

  /** A poll in the middle of a payment is answered with a completion of its own, and the payment goes on. */
  function isOurCompletion(
    { another }: State,
    frame: Frame & { kind: 'frame' },
    message: Message,
  ): boolean {
    const data = splitApdu(frame.data)?.data ?? new Uint8Array();
    if (spec.enquiry === true) return isEnquiryCompletion(data);
    return !another && (message.rest.length === 0 || !isEnquiryCompletion(data));
  }

  /** Something of the terminal in the middle of this exchange, already acknowledged. */
  function onOurs(state: State, frame: Frame & { kind: 'frame' }, message: Message): Next {
    const waitOn = (next: State, ...effects: Effect<A>[]): Next => {
      const waiting: State = { ...next, waitsForLink: serial };
      return to(waiting, ...effects, serial ? forLink : forAnswer(waiting));
    };
    const goOn = (next: State, ...effects: Effect<A>[]): Next =>
      waitOn({ ...next, begun: true }, ...effects);
    const aside = (another: boolean): Next =>
      waitOn({ ...state, another }, { type: 'stray', frame, reason: 'stale' });
    switch (message.command) {
      case control.intermediateStatus: {
        const t4Ms = t4Of(message) ?? state.t4Ms;
        const heard = withStatus(state.heard, message);
        return goOn({ ...state, t4Ms, heard }, progress(promptOf(message, setup)));
      }
      case control.statusInformation:
        if (spec.withoutResult === true) return aside(true);
        return goOn({
          ...state,
          result: frame.bytes,
          heard: withResult(state.heard, message),
        });
      case control.printLine:
      case control.textBlock: {
        if (!setup.print) return goOn(state);
        const { receipt, done } = receive(state.receipt, message, setup);
        return goOn({ ...state, receipt }, ...done.map(progress));
      }
      case control.completion:
        if (!isOurCompletion(state, frame, message)) return aside(false);
        return end(state, { by: 'completion', message });
      case control.abort:
        // 05 01 is answered in every state of the terminal: this ends something else.
        if (spec.enquiry === true || state.another) return aside(false);
        return end(state, { by: 'abort', code: message.head.get('resultCode')?.[0], message });
      case control.inputRequest:
      case control.menuRequest:
      case control.graphicMenu:
        return goOn(state, progress(cannotAsk(message.command)));
      default:
        return goOn(state);
    }
  }

  function onSound(state: State, frame: Frame & { kind: 'frame' }): Next {
    const link: Effect<A>[] = serial ? [linkAck] : [];
    const message = messageIn(frame.data, spec.enquiry === true);
    const next: State = { ...state, garbled: 0, messages: state.messages + 1 };
    if (message === undefined) return to(next, ...link, { type: 'stray', frame, reason: 'stale' });
    // An answer to it would come back as well, and be taken for the terminal's.
    if (isOfTheTill(message.command)) return stray(next, frame, 'stale');
    counted(message, setup);
    const taken = isAnswer(message.command)
      ? onAnswer(next, frame, message)
      : onCommand(next, frame, message);
    const effects = evenIfLost([...link, ...taken.effects]);
    if (next.messages <= mostMessages || taken.state.phase === 'ended')
      return { state: taken.state, effects };
    // Acknowledged all the same; but this goes on for ever.
    return andThen({ state: taken.state, effects }, (endless) => fail(endless, 'no-answer'));
  }

  /** What the terminal has told holds, also when our acknowledgement does not leave the till any more. */
  function evenIfLost(effects: readonly Effect<A>[]): readonly Effect<A>[] {
    const done = effects.find((effect) => effect.type === 'done');
    return done === undefined ? effects : [{ ...done, type: 'answered' }, ...effects];
  }

  /** On a serial line what arrived damaged is asked for again, three times at most. */
  function onGarbled(state: State): Next {
    if (!serial) return to(state);
    const garbled = state.garbled + 1;
    return garbled > tries ? to(state) : to({ ...state, garbled }, linkNak);
  }

  function onAck(state: State): Next {
    if (state.phase === 'link') return to({ ...state, phase: 'reply' }, forLink);
    if (state.out === undefined) return to(state);
    const free: State = { ...state, out: undefined, waitsForLink: false };
    return andThen(to(free, ...(state.waitsForLink ? [forAnswer(free)] : [])), stopIt);
  }

  function onNak(state: State): Next {
    if (state.phase === 'link') {
      if (state.refused) return to(state);
      // A damaged ACK looks like a NAK: what moves money goes out again only once it is proved that it was not taken.
      if (spec.money) return to({ ...state, refused: true }, forLink);
      return state.sent < tries ? send(state) : fail(state, 'not-acknowledged');
    }
    return state.out === undefined || state.out.tries >= tries
      ? to(state)
      : sayAgain(state, state.out);
  }

  const sayAgain = (state: State, { bytes, tries: said }: Out): Next =>
    to(
      { ...state, out: { bytes, tries: said + 1 } },
      reply(bytes),
      ...(state.waitsForLink ? [forLink] : []),
    );

  function onTimeout(state: State): Next {
    switch (state.phase) {
      case 'new':
      case 'ended':
        return to(state);
      case 'link':
        if (state.refused) return fail(state, 'not-acknowledged');
        if (spec.repeatOnSilence && state.sent < tries) return send(state);
        return fail(state, 'no-acknowledgement');
      case 'reply':
        if (state.garbled > 0) return fail(state, 'garbled-answer');
        return fail(state, serial ? 'no-answer' : 'no-acknowledgement');
      case 'running': {
        if (!state.waitsForLink) return end(state, { by: 'silence' });
        if (state.out !== undefined && state.out.tries < tries) return sayAgain(state, state.out);
        // Nobody has acknowledged our acknowledgement; the terminal may say more all the same.
        const deaf: State = { ...state, out: undefined, waitsForLink: false };
        return andThen(to(deaf, forAnswer(deaf)), stopIt);
      }
    }
  }

  function onFrame(state: State, frame: Frame): Next {
    switch (frame.kind) {
      case 'control':
        if (!serial) return to(state);
        if (frame.name === 'ACK') return onAck(state);
        return frame.name === 'NAK' ? onNak(state) : to(state);
      case 'noise':
        return frame.reason === 'cut-off' ? onGarbled(state) : to(state);
      case 'frame':
        return frame.check === 'ok' ? onSound(state, frame) : onGarbled(state);
    }
  }

  return {
    name: spec.name,
    money: spec.money,
    /** Its password is masked here: a digest of this goes into the journal. */
    request: () => framed(withoutPassword(spec.message), idNow()),
    initial: initialState,
    step(state, input) {
      if (state.phase === 'ended') return to(state);
      switch (input.type) {
        case 'start':
          return send({ ...state, id: takeId(), previousAnswer: input.previousAnswer });
        case 'timeout':
          return onTimeout(state);
        case 'cancel':
          return spec.stoppable === true && state.stop === 'none'
            ? stopIt({ ...state, stop: 'wanted' })
            : to(state);
        case 'frame':
          return onFrame(state, input.frame);
      }
    },
  };
}
