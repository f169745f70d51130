import { delimiterDeframer } from '../src/framing/delimiter.ts';
import type { Face, Setting } from './face.ts';
import { type Answer, bookings } from './messages.ts';
import { writeAnswer, writeMessage, writeService } from './privatbank-answers.ts';
import { carryOutAtTerminal } from './privatbank-carry-out.ts';
import { isKnown, missing, type PrivatbankRequest, readRequest } from './privatbank-requests.ts';

/** What the terminal shows while a card is used, by the codes of getLastStatMsgCode. */
const stages = { idle: '0', card: '9', pin: '6', host: '3', working: '10' } as const;
type Stage = (typeof stages)[keyof typeof stages];

const withCard: readonly string[] = ['purchase', 'refund'];

/** A method under way. */
interface Exchange {
  readonly request: PrivatbankRequest;
  /** What the terminal refused before it did anything. */
  readonly refused: Answer | undefined;
  /** Whether it has been carried out: an interrupt comes too late then. */
  done: boolean;
  cancel?: (() => void) | undefined;
}

/**
 * A PrivatBank terminal. One method at a time; to any other that comes meanwhile it says `deviceBusy`.
 * ServiceMessages it answers at any time. It goes on when the connection ends: the customer still pays, the
 * sale is booked, and the answer goes to whoever is connected then.
 */
export function privatbankFace(setting: Setting): Face {
  const { behaviours, clock, terminal, thinkMs, wire } = setting;
  const deframer = delimiterDeframer();
  let exchange: Exchange | undefined;
  let stage: Stage = stages.idle;
  let cancelGap: (() => void) | undefined;

  function say(
    kind: 'status' | 'answer',
    bytes: Uint8Array,
    request: PrivatbankRequest,
    then?: () => void,
  ): void {
    const piece = { kind, bytes, request, attempt: 1, followed: false } as const;
    wire.play(behaviours.transmit(piece), then);
  }

  function end(mine: Exchange): void {
    mine.cancel?.();
    if (exchange !== mine) return;
    exchange = undefined;
    stage = stages.idle;
  }

  function later(mine: Exchange, ms: number, then: () => void): void {
    if (exchange !== mine) return;
    if (ms > 0) mine.cancel = clock.after(ms, then);
    else then();
  }

  function begin(request: PrivatbankRequest): void {
    const left = missing(request);
    const noAmount = withCard.includes(request.command) && (request.amount ?? 0) === 0;
    const refused: Answer | undefined =
      left === undefined && !noAmount
        ? undefined
        : { to: request.command, outcome: 'amount-malformed' };
    const mine: Exchange = { request, refused, done: false };
    if (exchange !== undefined) end(exchange);
    exchange = mine;
    stage = stages.working;
    const steps: readonly Stage[] =
      refused === undefined && withCard.includes(request.command)
        ? [stages.card, stages.pin, stages.host]
        : [];
    pass(mine, steps);
  }

  /** One stage after the other, each for a while; then it is done and told. */
  function pass(mine: Exchange, [next, ...rest]: readonly Stage[]): void {
    if (next !== undefined) {
      stage = next;
      later(mine, thinkMs, () => pass(mine, rest));
      return;
    }
    const { command } = mine.request;
    const asksHost = mine.refused === undefined && bookings.includes(command);
    later(mine, thinkMs + (asksHost ? terminal.host.latencyMs : 0), () => tell(mine));
  }

  function tell(mine: Exchange): void {
    const { request, refused } = mine;
    mine.done = true;
    stage = stages.working;
    const answers = behaviours.answer({ request, state: 'working' }, () =>
      refused === undefined ? carryOutAtTerminal(terminal, request) : [refused],
    );
    sayAnswers(mine, answers);
  }

  function sayAnswers(mine: Exchange, [answer, ...rest]: readonly Answer[]): void {
    if (answer === undefined) {
      end(mine);
      return;
    }
    later(mine, answer.afterMs ?? 0, () =>
      say('answer', writeAnswer(terminal, answer, mine.request), mine.request, () =>
        sayAnswers(mine, rest),
      ),
    );
  }

  function interrupt(): void {
    const mine = exchange;
    if (mine === undefined || mine.done || !bookings.includes(mine.request.command)) return;
    mine.cancel?.();
    mine.done = true;
    sayAnswers(mine, [{ to: mine.request.command, outcome: 'cancelled' }]);
  }

  /** The vendor prints some msgTypes with a blank before them, and so do we. */
  function onService(request: PrivatbankRequest): void {
    const msgType = request.service ?? '';
    const reply = (type: string, params: Readonly<Record<string, string>> = {}) =>
      say('status', writeService(type, params), request);
    switch (msgType) {
      case 'getLastStatMsgCode':
        reply(msgType, { LastStatMsgCode: stage });
        break;
      case 'getLastResult':
        reply(msgType, { LastResult: exchange === undefined ? '0' : '2' });
        break;
      case 'identify':
        reply(msgType, { result: 'true', vendor: 'PAX', model: 's800' });
        break;
      case 'getMerchantList':
        reply(msgType, { '0': 'Оплата', '4': 'Оплата частинами' });
        break;
      case 'interrupt':
        reply(' interruptTransmitted');
        interrupt();
        break;
      default:
        reply(' methodNotImplemented');
    }
  }

  function onMethod(request: PrivatbankRequest): void {
    const state = exchange === undefined ? 'idle' : 'working';
    switch (behaviours.request({ request, state })) {
      case 'acknowledge':
        if (isKnown(request)) begin(request);
        else say('status', writeService(' methodNotImplemented'), request);
        break;
      case 'nak':
        say('status', writeService('deviceBusy'), request);
        break;
      case 'silence':
        break;
    }
  }

  function onMessage(data: Uint8Array): void {
    const request = readRequest(data, clock.now());
    if (request === undefined) {
      // What it makes of text that is no JSON is in no document: a general error is our choice.
      const none = readRequest(new TextEncoder().encode('{"method":"Unknown"}'), clock.now());
      if (none !== undefined)
        say('status', writeMessage('Unknown', { responseCode: '1000' }, true, 'Bad JSON'), none);
      return;
    }
    setting.received(request);
    if (request.service === undefined) onMethod(request);
    else if (behaviours.request({ request, state: 'idle' }) === 'acknowledge') onService(request);
  }

  return {
    receive(chunk) {
      cancelGap?.();
      cancelGap = undefined;
      const bytes = behaviours.receive({
        bytes: chunk,
        request: exchange?.request,
        awaitingAck: false,
      });
      for (const frame of deframer.push(bytes))
        if (frame.kind === 'frame' && terminal.listening()) onMessage(frame.data);
      if (deframer.pending()) cancelGap = clock.after(1_000, () => deframer.flush());
    },
    reset() {
      if (exchange !== undefined) end(exchange);
      cancelGap?.();
      deframer.flush();
      wire.reset();
    },
    hungUp() {
      cancelGap?.();
      deframer.flush();
    },
  };
}
