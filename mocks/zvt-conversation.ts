import type { Asked } from './behaviours.ts';
import type { Setting } from './face.ts';
import type { Answer, Command, Request } from './messages.ts';
import { type Acknowledged, createAcknowledgements } from './zvt-acknowledgements.ts';
import { zvtCarryOut } from './zvt-carry-out.ts';
import { type RunningCommand, runCommand } from './zvt-command.ts';
import { type Hearing, isAnswer, type Saying } from './zvt-link.ts';
import {
  afterSequenceId,
  answerApdu,
  type Message,
  messageApdu,
  sequenceIdOf,
} from './zvt-messages.ts';
import { refusalOf } from './zvt-refusals.ts';
import { loggedOff, type Registration, register } from './zvt-registration.ts';
import { readAnswer, readCommand, type ZvtCommand } from './zvt-requests.ts';
import { zvtCurrency, zvtSetup } from './zvt-setup.ts';

/** The terminal's side of ZVT above the link: commands, answers, who is master, and what is agreed on. */
export interface Conversation {
  /** The request under way. */
  request(): Request | undefined;
  hear(apdu: Uint8Array): Hearing;
  /** The connection has ended. */
  hungUp(): void;
  /** Power loss. */
  reset(): void;
}

/** Commands that are answered while another is under way. */
const beside: readonly Command[] = ['poll', 'abort'];
/** 80 00 00 is the whole answer. */
const withoutEnd: readonly Command[] = ['log-off', 'abort'];

const unknownCommand = 0x83;
const pleaseWait = 0x9c;

/** A till that asks for the status without end is told to wait. */
const mostBeside = 4;

export function zvtConversation(
  setting: Setting,
  link: { say(saying: Saying): void },
): Conversation {
  const { behaviours, clock, terminal } = setting;
  const setup = zvtSetup(terminal);
  const acknowledgements = createAcknowledgements(clock, (saying) => link.say(saying));
  const running = new Set<RunningCommand>();
  let main: RunningCommand | undefined;
  // Durable: kept over a restart.
  let registration: Registration = loggedOff;
  let failed: number | undefined;
  /** The last message sequence id of either side. */
  let sequence = 0;
  let lastAnswered: { readonly id: number; readonly apdu: Uint8Array } | undefined;

  /** 80 00 or 84 xx. */
  function answer(command: ZvtCommand | undefined, code: number, data: readonly number[] = []) {
    const id = registration.sequenceIds ? command?.sequenceId : undefined;
    const apdu = answerApdu(code, id, data);
    if (id !== undefined) lastAnswered = { id, apdu };
    const { request } = command ?? {};
    const followed = code === 0 && request !== undefined && !withoutEnd.includes(request.command);
    link.say({ apdu, request, followed });
  }

  function say(
    command: ZvtCommand,
    message: Message,
    followed: boolean,
    waitMs: number,
    settled: (by: Acknowledged) => void,
  ): void {
    const own = sequenceIdOf(message);
    sequence = own ?? afterSequenceId(sequence);
    const counted = own === undefined && registration.sequenceIds;
    const apdu = messageApdu(message, counted ? sequence : undefined);
    acknowledgements.expect(apdu, { request: command.request, followed }, waitMs, settled);
  }

  function carryOut(command: ZvtCommand, request: Request): readonly Answer[] {
    const currency = command.digits(0x49);
    if (currency !== undefined && currency !== zvtCurrency)
      return [{ to: request.command, outcome: 'declined', code: '6F' }];
    if (request.command === 'register') registration = register(command, setup);
    return zvtCarryOut(terminal, setup, request, failed);
  }

  function begin(command: ZvtCommand, isBeside: boolean): void {
    if (!isBeside) main?.stop();
    const own: RunningCommand = runCommand(command, {
      setting,
      setup,
      beside: main !== undefined,
      registration: () => registration,
      carryOut: (request) => carryOut(command, request),
      say: (message, more, waitMs, settled) => say(command, message, more, waitMs, settled),
      attempted(failure) {
        failed = failure;
      },
      ended() {
        running.delete(own);
        if (main === own) main = undefined;
      },
    });
    running.add(own);
    if (!isBeside) main = own;
    answer(command, 0x00);
    own.begin();
  }

  function take(command: ZvtCommand): void {
    const refusal = refusalOf(command, setup);
    if (refusal !== undefined) {
      answer(command, refusal.code, refusal.data);
      return;
    }
    switch (command.request.command) {
      case 'abort':
        answer(command, main?.abort() === true ? 0x00 : unknownCommand);
        break;
      case 'log-off':
        answer(command, 0x00);
        registration = loggedOff;
        break;
      case 'poll':
        if (running.size > mostBeside) answer(command, pleaseWait);
        else begin(command, true);
        break;
      default:
        begin(command, false);
    }
  }

  function hearCommand(apdu: Uint8Array): Hearing {
    const command = readCommand(apdu, clock.now());
    if (command === undefined)
      return taken(undefined, false, () => answer(undefined, unknownCommand));
    const { request, sequenceId } = command;
    if (registration.sequenceIds && sequenceId !== undefined) {
      const before = lastAnswered;
      if (before?.id === sequenceId)
        return taken(request, true, () => link.say({ apdu: before.apdu, request, followed: true }));
      sequence = sequenceId;
    }
    setting.received(request);
    const isBeside = beside.includes(request.command);
    const state = isBeside ? 'idle' : stateOf();
    switch (behaviours.request({ request, state })) {
      case 'silence':
        return { reaction: 'unheard', request, followed: false, carryOn() {} };
      case 'nak':
        return state === 'idle'
          ? { reaction: 'refused', request, followed: false, carryOn() {} }
          : taken(request, true, () => answer(command, pleaseWait));
      case 'acknowledge':
        return taken(request, true, () => take(command));
    }
  }

  const taken = (
    request: Request | undefined,
    followed: boolean,
    carryOn: () => void,
  ): Hearing => ({ reaction: 'taken', request, followed, carryOn });

  function stateOf(): Asked['state'] {
    if (main === undefined) return 'idle';
    return main.more() ? 'working' : 'awaiting-ack';
  }

  return {
    request: () => main?.command.request,
    hear(apdu) {
      if (!isAnswer(apdu)) return hearCommand(apdu);
      const { code, data } = readAnswer(apdu);
      return taken(main?.command.request, main?.more() === true, () =>
        acknowledgements.answered(code, data),
      );
    },
    hungUp() {
      acknowledgements.reset();
      for (const one of [...running]) one.hungUp();
    },
    reset() {
      acknowledgements.reset();
      for (const one of [...running]) one.stop();
    },
  };
}
