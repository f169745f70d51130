import type { Frame } from '../framing/frame.ts';
import type { Clock } from '../model/clock.ts';
import type { Progress } from '../model/events.ts';
import type { Relay } from '../model/relay.ts';
import type {
  Effect,
  Exchange,
  ExchangeFailure,
  Input,
  StrayReason,
  Wait,
} from '../protocols/exchange.ts';

/** How an exchange ended. */
export type ExchangeOutcome<A> =
  | {
      readonly type: 'answered';
      readonly answer: A;
      readonly repeated: boolean;
      /** It may be the answer of the exchange before, once more. */
      readonly again: boolean;
    }
  | {
      readonly type: 'failed';
      readonly failure: ExchangeFailure | 'connection-lost';
      /** A byte of the request may have left the till. */
      readonly left: boolean;
      readonly repeated: boolean;
      readonly detail?: string;
    };

/** What an exchange needs of the line it runs on. */
export interface ExchangePort {
  readonly clock: Clock;
  readonly previousAnswer: Uint8Array | undefined;
  /** How long to wait, in milliseconds. `usual`: what an answer to the command at hand takes. */
  waitMs(wait: Wait, usual?: number): number;
  /** False: the connection has ended and nothing left. */
  write(bytes: Uint8Array): boolean;
  stray(frame: Frame, reason: StrayReason): void;
  sent(attempt: number): void;
  progress(progress: Progress): void;
  /** Carries to the terminal's host what the terminal may have carried there. */
  readonly relay: Relay;
  /** Called once, when the exchange is over. `answer`: the frame that ended it. */
  ended(answer: Uint8Array | undefined): void;
}

/** An exchange on its way: the line feeds it until its outcome is known. */
export interface RunningExchange {
  frame(frame: Frame): void;
  /** The till wants it stopped. */
  cancel(): void;
  lost(detail: string): void;
}

/** Carries out the effects of an exchange machine: owns its timer, writes its bytes. */
export function startExchange<A, S>(
  exchange: Exchange<A, S>,
  port: ExchangePort,
  resolve: (outcome: ExchangeOutcome<A>) => void,
): RunningExchange {
  let state = exchange.initial;
  let requests = 0;
  let over = false;
  let cancelTimer = () => {};
  let lastWait: (Effect<A> & { type: 'wait' }) | undefined;
  /** Stops what is being carried to the terminal's host. */
  let stopRelay: (() => void) | undefined;

  function end(outcome: ExchangeOutcome<A>, answer?: Uint8Array): void {
    if (over) return;
    over = true;
    cancelTimer();
    stopRelay?.();
    port.ended(answer);
    resolve(outcome);
  }

  /** What the exchange has said before something followed its answer. */
  let answered: Extract<Effect<A>, { type: 'answered' }> | undefined;

  function answer({
    answer: told,
    again,
    bytes,
  }: Omit<NonNullable<typeof answered>, 'type'>): void {
    end({ type: 'answered', answer: told, repeated: requests > 1, again }, bytes);
  }

  function fail(failure: ExchangeFailure | 'connection-lost', detail?: string): void {
    if (answered !== undefined) {
      answer(answered);
      return;
    }
    const ended = { type: 'failed', failure, left: requests > 0, repeated: requests > 1 } as const;
    end(detail === undefined ? ended : { ...ended, detail });
  }

  function write(effect: Effect<A> & { type: 'write' }): void {
    if (!port.write(effect.bytes)) {
      fail('connection-lost', 'the connection had ended');
      return;
    }
    if (effect.as === 'request') port.sent(++requests);
  }

  /** What the machine itself wants may be more or less; what the terminal asks for only lengthens the wait. */
  const msOf = ({ for: what, ms, usual, atLeast }: Effect<A> & { type: 'wait' }): number =>
    Math.max(ms ?? port.waitMs(what, usual), atLeast ?? 0);

  function wait(effect: Effect<A> & { type: 'wait' }): void {
    lastWait = effect;
    if (stopRelay !== undefined) return;
    cancelTimer();
    cancelTimer = port.clock.after(msOf(effect), () => input({ type: 'timeout' }));
  }

  /** The terminal waits for its host meanwhile: that takes as long as it asks for, and no answer is late. */
  function relay({ ask, say }: Effect<A> & { type: 'relay' }): void {
    if (stopRelay !== undefined) return;
    cancelTimer();
    stopRelay = () => {};
    const stop = port.relay(ask, (answer) => {
      if (over || stopRelay === undefined) return;
      stopRelay = undefined;
      const bytes = say(answer);
      if (bytes !== undefined) write({ type: 'write', as: 'reply', bytes });
      if (!over && lastWait !== undefined) wait(lastWait);
    });
    if (stopRelay !== undefined) stopRelay = stop;
  }

  function carryOut(effect: Effect<A>): void {
    switch (effect.type) {
      case 'write':
        write(effect);
        break;
      case 'wait':
        wait(effect);
        break;
      case 'relay':
        relay(effect);
        break;
      case 'progress':
        port.progress(effect.progress);
        break;
      case 'stray':
        port.stray(effect.frame, effect.reason);
        break;
      case 'done':
        answer(effect);
        break;
      case 'answered':
        answered = effect;
        break;
      case 'failed':
        fail(effect.failure);
        break;
    }
  }

  function input(given: Input): void {
    if (over) return;
    const step = exchange.step(state, given);
    state = step.state;
    for (const effect of step.effects) if (!over) carryOut(effect);
  }

  input({ type: 'start', previousAnswer: port.previousAnswer });
  return {
    frame: (frame) => input({ type: 'frame', frame }),
    cancel: () => input({ type: 'cancel' }),
    lost: (detail) => fail('connection-lost', detail),
  };
}
