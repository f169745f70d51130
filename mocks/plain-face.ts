import type { Deframer } from '../src/framing/frame.ts';
import { control } from '../src/framing/stx-etx-lrc.ts';
import type { Asked, Piece } from './behaviours.ts';
import type { Face, Setting } from './face.ts';
import { type Answer, bookings, type Request } from './messages.ts';

/** A protocol without acknowledgements, as its terminal speaks it. */
export interface PlainDialect {
  deframer(): Deframer;
  /** Nothing: the terminal cannot make sense of the frame, and says nothing. */
  read(data: Uint8Array, at: number): Request | undefined;
  /** Says ACK once it has the request. */
  readonly acknowledges: boolean;
  /** What it likes to tell before its answer, whole. */
  between(request: Request): readonly Uint8Array[];
  carryOut(request: Request): readonly Answer[];
  write(answer: Answer, request: Request): Uint8Array;
}

/** Half a request that goes no further is forgotten. */
const interByteMs = 1_000;

interface Exchange {
  readonly request: Request;
  cancel?: (() => void) | undefined;
}

/**
 * The terminal's side of a protocol in which one request has one answer. What comes while it works is not
 * heard. It goes on when the cable is pulled: the sale is booked, and the answer said into the void.
 */
export function plainFace(dialect: PlainDialect, setting: Setting): Face {
  const { behaviours, clock, terminal, thinkMs, wire } = setting;
  const deframer = dialect.deframer();
  let exchange: Exchange | undefined;
  let cancelGap: (() => void) | undefined;

  function end(mine: Exchange): void {
    mine.cancel?.();
    if (exchange === mine) exchange = undefined;
  }

  function later(mine: Exchange, ms: number, then: () => void): void {
    if (exchange !== mine) return;
    if (ms > 0) mine.cancel = clock.after(ms, then);
    else then();
  }

  function say(kind: Piece['kind'], bytes: Uint8Array, request: Request, then: () => void): void {
    const piece: Piece = { kind, bytes, request, attempt: 1, followed: kind !== 'answer' };
    wire.play(behaviours.transmit(piece), then);
  }

  function sayBetween(mine: Exchange, [bytes, ...rest]: readonly Uint8Array[]): void {
    if (bytes !== undefined) {
      later(mine, thinkMs, () => say('status', bytes, mine.request, () => sayBetween(mine, rest)));
      return;
    }
    const { latencyMs } = terminal.host;
    const asksHost = bookings.includes(mine.request.command);
    later(mine, thinkMs + (asksHost ? latencyMs : 0), () =>
      sayAnswers(
        mine,
        behaviours.answer({ request: mine.request, state: 'working' }, ({ request }) =>
          dialect.carryOut(request),
        ),
      ),
    );
  }

  function sayAnswers(mine: Exchange, [answer, ...rest]: readonly Answer[]): void {
    if (answer === undefined) {
      end(mine);
      return;
    }
    later(mine, answer.afterMs ?? 0, () =>
      say('answer', dialect.write(answer, mine.request), mine.request, () =>
        sayAnswers(mine, rest),
      ),
    );
  }

  function begin(request: Request): void {
    if (exchange !== undefined) end(exchange);
    const mine: Exchange = { request };
    exchange = mine;
    const go = () => sayBetween(mine, dialect.between(request));
    if (dialect.acknowledges) say('ack', Uint8Array.of(control.ACK), request, go);
    else go();
  }

  function onRequest(data: Uint8Array): void {
    const request = dialect.read(data, clock.now());
    if (request === undefined) return;
    setting.received(request);
    const state: Asked['state'] = exchange === undefined ? 'idle' : 'working';
    // There is no NAK on this line: what is refused finds no reaction.
    if (behaviours.request({ request, state }) === 'acknowledge') begin(request);
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
        if (frame.kind === 'frame' && frame.check === 'ok' && terminal.listening())
          onRequest(frame.data);
      if (deframer.pending()) cancelGap = clock.after(interByteMs, () => deframer.flush());
    },
    reset() {
      if (exchange !== undefined) end(exchange);
      cancelGap?.();
      deframer.flush();
      wire.reset();
    },
  };
}
