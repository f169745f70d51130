import type { Setting } from './face.ts';
import type { Held } from './held.ts';
import { type Answer, bookings, type Request } from './messages.ts';
import type { Acknowledged } from './zvt-acknowledgements.ts';
import { answerMessages } from './zvt-answers.ts';
import { codeOf } from './zvt-codes.ts';
import { dayOf } from './zvt-day.ts';
import { goodsMs, goodsRepeatMs, type TillAnswer, tillAnswer } from './zvt-goods.ts';
import { reversalStatus, statusesOf } from './zvt-meanwhile.ts';
import type { Message } from './zvt-messages.ts';
import type { Registration } from './zvt-registration.ts';
import type { ZvtCommand } from './zvt-requests.ts';
import type { ZvtSetup } from './zvt-setup.ts';
import { end, type Writing } from './zvt-writing.ts';

/** What a command needs of the conversation that it is a part of. */
export interface CommandParts {
  readonly setting: Setting;
  readonly setup: ZvtSetup;
  /** Another command is under way, so that this one, a status enquiry, is answered beside it. */
  readonly beside: boolean;
  readonly registration: () => Registration;
  /** Does it, at the terminal; the request may be another than the one that came. */
  carryOut(request: Request): readonly Answer[];
  /** `more`: the terminal will say more after it. */
  say(message: Message, more: boolean, waitMs: number, settled: (by: Acknowledged) => void): void;
  /** The attempt came to nothing, with this code; or, without one, it was booked. */
  attempted(failure?: number): void;
  ended(): void;
}

/** One command of the till on its way, from 80 00 00 to 06 0F or 06 1E. */
export interface RunningCommand {
  readonly command: ZvtCommand;
  /** It has more to say. */
  more(): boolean;
  begin(): void;
  /** 06 B0. False: it is too late, the card has been charged. */
  abort(): boolean;
  /** The connection has ended: nothing more can be said. */
  hungUp(): void;
  /** Power loss. */
  stop(): void;
}

type Step = (then: () => void) => void;

/** For the till's answer to what the terminal says, in milliseconds; to 04 0F, see `goodsMs`. */
const t3 = 5_000;

const stoppedByTimeout = 0x6c;

export function runCommand(command: ZvtCommand, parts: CommandParts): RunningCommand {
  const { setup } = parts;
  const { behaviours, clock, terminal, thinkMs } = parts.setting;
  const { request } = command;
  const day = dayOf(terminal.memory);
  /** A day that is closed stays closed, whatever the till says to that or does not say. */
  const isForGood = request.command === 'settle';
  let steps: Step[] = [];
  let over = false;
  let told = false;
  let aborted = false;
  let cut = false;
  let held: Held<unknown> | undefined;
  let partial: number | undefined;
  let cancelWait: (() => void) | undefined;
  let awaited: ((by: Acknowledged) => void) | undefined;

  const writing = (): Writing => ({
    terminal,
    setup,
    registration: parts.registration(),
    command,
    day,
    beside: parts.beside,
    now: new Date(clock.now()).toISOString().slice(0, 19),
  });

  function next(): void {
    if (over) return;
    const step = steps.shift();
    if (step === undefined) finish();
    else step(next);
  }

  function finish(): void {
    if (over) return;
    over = true;
    cancelWait?.();
    parts.ended();
  }

  const wait =
    (ms: number): Step =>
    (then) => {
      if (ms <= 0) {
        then();
        return;
      }
      cancelWait = clock.after(ms, () => {
        cancelWait = undefined;
        then();
      });
    };

  const say =
    (
      message: Message,
      onAnswer: (answer: TillAnswer, then: () => void) => void,
      waitMs = t3,
    ): Step =>
    (then) => {
      const settled = (by: Acknowledged) => {
        awaited = undefined;
        if (!over) onAnswer(tillAnswer(by), then);
      };
      awaited = settled;
      if (cut) settled({ by: 'nobody' });
      else parts.say(message, steps.length > 0, waitMs, settled);
    };

  const sayAnyway = (message: Message): Step => say(message, (_answer, then) => then());

  /** 04 0F, and the receipts after it: what the booking hangs on. */
  function sayResult(message: Message): Step {
    let repeatsLeft = command.field(0x02)?.[0] ?? Number.POSITIVE_INFINITY;
    const step = say(
      message,
      (answer, then) => {
        switch (answer.type) {
          case 'taken':
            then();
            break;
          case 'in-part':
            partial = answer.amount;
            then();
            break;
          case 'not-ready':
            if (repeatsLeft <= 0) {
              if (isForGood) then();
              else takeBack();
              return;
            }
            repeatsLeft--;
            steps.unshift(wait(goodsRepeatMs), step);
            then();
            break;
          case 'refused':
            if (held === undefined || isForGood) then();
            else takeBack();
            break;
          case 'silence':
            unacknowledged();
            break;
        }
      },
      message.kind === 'result' ? goodsMs(command) : t3,
    );
    return step;
  }

  /** The automatic reversal: nothing was booked, and the terminal says so if anybody is there. */
  function takeBack(): void {
    held = undefined;
    parts.attempted(stoppedByTimeout);
    steps = cut ? [] : [...reversalStatus(writing()), end(stoppedByTimeout)].map(sayAnyway);
    next();
  }

  /** The standard has two readings. */
  function unacknowledged(): void {
    if (held !== undefined && !isForGood && setup.unacknowledged === 'reversed') {
      takeBack();
      return;
    }
    stand();
    finish();
  }

  function stand(): void {
    held?.stand(partial);
    held = undefined;
  }

  function stepsOf(answer: Answer, commits: boolean): Step[] {
    const messages = answerMessages(answer, request, writing());
    const commit: Step = (then) => {
      stand();
      if (bookings.includes(request.command))
        parts.attempted(codeOf(answer) === 0 ? undefined : codeOf(answer));
      then();
    };
    return [
      wait(answer.afterMs ?? 0),
      ...messages.flatMap((message): Step[] =>
        message.kind === 'end'
          ? [...(commits ? [commit] : []), sayAnyway(message)]
          : [
              message.kind === 'result' || message.kind === 'receipt'
                ? sayResult(message)
                : sayAnyway(message),
              wait(thinkMs),
            ],
      ),
    ];
  }

  /** Carries it out, as the behaviours let it be. */
  const tell: Step = (then) => {
    told = true;
    const done: { held?: Held<readonly Answer[]> } = {};
    const answers = behaviours.answer({ request, state: 'working' }, (asked) => {
      if (aborted) return [{ to: request.command, outcome: 'cancelled' }];
      done.held = terminal.hold(() => parts.carryOut(asked.request));
      return done.held.result;
    });
    held = done.held;
    // Carried out, and nobody is told.
    if (answers.length === 0) stand();
    if (over) {
      if (setup.unacknowledged === 'kept') stand();
      return;
    }
    const last = answers.findLastIndex(({ to }) => to === request.command);
    steps = answers.flatMap((answer, at) => stepsOf(answer, at === last));
    steps.push(afterwards);
    then();
  };

  const afterwards: Step = (then) => {
    then();
    if (request.command === 'reset') terminal.powerLoss();
  };

  function begin(): void {
    const asksHost = bookings.includes(request.command);
    steps = [
      wait(thinkMs),
      ...statusesOf(request.command, writing()).flatMap((status) => [
        sayAnyway(status),
        wait(thinkMs),
      ]),
      ...(asksHost ? [wait(terminal.host.latencyMs)] : []),
      tell,
    ];
    next();
  }

  return {
    command,
    begin,
    more: () => !over && steps.length > 0,
    abort() {
      if (told) return false;
      aborted = true;
      steps = [wait(thinkMs), tell];
      if (cancelWait !== undefined) {
        cancelWait();
        cancelWait = undefined;
        next();
      }
      return true;
    },
    hungUp() {
      // Nobody can acknowledge anything any more. Before that, the customer goes on paying.
      cut = true;
      awaited?.({ by: 'nobody' });
    },
    stop() {
      if (setup.unacknowledged === 'kept') stand();
      finish();
    },
  };
}
