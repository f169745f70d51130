import type { Clock } from '../src/model/clock.ts';
import type { Answer, Command, Request } from './messages.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

/** One thing to do on the line: wait, then write, then act. */
export interface LineAction {
  /** Milliseconds of silence before it. */
  readonly afterMs?: number;
  readonly bytes?: Uint8Array;
  readonly act?: () => void;
}

/** What the terminal is about to write. */
export interface Piece {
  readonly kind: 'ack' | 'nak' | 'status' | 'answer' | 'receipt';
  readonly bytes: Uint8Array;
  /** The request it belongs to; a NAK to a garbled frame belongs to none. */
  readonly request: Request | undefined;
  /** Counts the transmissions of one frame, from 1. */
  readonly attempt: number;
  /** The terminal has more to say in this exchange. */
  readonly followed: boolean;
  /** How this terminal writes NAK, where that is more than the bare control byte. */
  readonly nak?: Uint8Array;
  /** Which message it is, where a protocol sends many kinds in one exchange (ZVT): `04 0F`. */
  readonly message?: string;
}

/** Bytes from the till as they reach the terminal. */
export interface Heard {
  readonly bytes: Uint8Array;
  /** The request under way. */
  readonly request: Request | undefined;
  /** The terminal waits for the till's ACK. */
  readonly awaitingAck: boolean;
}

/** A request that the terminal could read. */
export interface Asked {
  readonly request: Request;
  /** `working`: on another request; `awaiting-ack`: only the till's ACK of an answer is missing. */
  readonly state: 'idle' | 'working' | 'awaiting-ack';
}

/** `acknowledge` while at work drops the work and turns to the new request. */
export type Reaction = 'acknowledge' | 'nak' | 'silence';

/** The bench the terminal stands on: what a behaviour can reach besides the line. */
export interface Bench {
  readonly clock: Clock;
  readonly terminal: SimulatedTerminal;
  /** Pulls the plug at once. The terminal itself goes on. */
  unplug(): void;
  /** Ends the till's connection at once, as a terminal on TCP does; the next one is let in. */
  hangUp(): void;
  /** Puts bytes on the line out of the blue. */
  put(bytes: Uint8Array): void;
}

/**
 * `next` asks the older behaviours and at last the terminal, with this event or with another one in its
 * place. Not calling it keeps the thing from happening; calling it twice makes it happen once.
 */
export type Hook<E, R> = (event: E, next: (event?: E) => R, bench: Bench) => R;

/**
 * A change to how the terminal behaves. Behaviours stack, the newest outermost: a test changes one thing
 * and inherits the rest.
 */
export interface Behaviour {
  /** Called when it is put on the stack; what it returns is called when it is taken off. */
  install?: ((bench: Bench) => () => void) | undefined;
  /** Bytes come in. */
  receive?: Hook<Heard, Uint8Array> | undefined;
  /** A request has been read; nothing has been said yet. */
  request?: Hook<Asked, Reaction> | undefined;
  /** It is time to do it and to tell: `next` books and returns what there is to tell, in order. */
  answer?: Hook<Asked, readonly Answer[]> | undefined;
  /** Bytes go out. */
  transmit?: Hook<Piece, readonly LineAction[]> | undefined;
}

export interface BehaviourStack {
  /** Puts a behaviour on top; the returned function takes it off. */
  use(behaviour: Behaviour): () => void;
  receive(heard: Heard): Uint8Array;
  request(asked: Asked): Reaction;
  answer(asked: Asked, carryOut: (asked: Asked) => readonly Answer[]): readonly Answer[];
  transmit(piece: Piece): readonly LineAction[];
}

export function createBehaviourStack(bench: Bench): BehaviourStack {
  const stack: Behaviour[] = [];

  function through<E, R>(
    hookOf: (behaviour: Behaviour) => Hook<E, R> | undefined,
    event: E,
    base: (event: E) => R,
  ): R {
    const whole = stack.reduce<(event: E) => R>((inner, behaviour) => {
      const hook = hookOf(behaviour);
      if (hook === undefined) return inner;
      return (own) => {
        let done: { readonly result: R } | undefined;
        return hook(
          own,
          (other = own) => {
            done ??= { result: inner(other) };
            return done.result;
          },
          bench,
        );
      };
    }, base);
    return whole(event);
  }

  return {
    use(behaviour) {
      stack.push(behaviour);
      const uninstall = behaviour.install?.(bench);
      return () => {
        const at = stack.indexOf(behaviour);
        if (at < 0) return;
        stack.splice(at, 1);
        uninstall?.();
      };
    },
    receive: (heard) =>
      through(
        ({ receive }) => receive,
        heard,
        ({ bytes }) => bytes,
      ),
    request: (asked) =>
      through(
        ({ request }) => request,
        asked,
        // What a terminal does with a request while it works is in no document: NAK is our choice.
        ({ state }) => (state === 'idle' ? 'acknowledge' : 'nak'),
      ),
    answer: (asked, carryOut) => through(({ answer }) => answer, asked, carryOut),
    transmit: (piece) =>
      through(
        ({ transmit }) => transmit,
        piece,
        ({ bytes }) => [{ bytes }],
      ),
  };
}

/** The same behaviour, but only in exchanges of these commands. */
export function during(commands: readonly Command[], behaviour: Behaviour): Behaviour {
  const limit = <E extends { readonly request: Request | undefined }, R>(
    hook: Hook<E, R> | undefined,
  ): Hook<E, R> | undefined =>
    hook &&
    ((event, next, bench) =>
      event.request !== undefined && commands.includes(event.request.command)
        ? hook(event, next, bench)
        : next());
  return {
    install: behaviour.install,
    receive: limit(behaviour.receive),
    request: limit(behaviour.request),
    answer: limit(behaviour.answer),
    transmit: limit(behaviour.transmit),
  };
}
