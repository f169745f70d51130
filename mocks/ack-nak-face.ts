import type { Deframer, Frame } from '../src/framing/frame.ts';
import { control } from '../src/framing/stx-etx-lrc.ts';
import type { Asked, Piece } from './behaviours.ts';
import { carryOut } from './carry-out.ts';
import type { Face, Setting } from './face.ts';
import { type Answer, bookings, type Request } from './messages.ts';

/** A protocol under ACK and NAK, as its terminal speaks it. */
export interface Dialect {
  deframer(): Deframer;
  /** The request, or nothing when the terminal cannot make sense of the frame: then it says NAK. */
  read(data: Uint8Array, at: number): Request | undefined;
  /** False: the ACK is the whole answer. */
  answered(request: Request): boolean;
  /** What the terminal refuses before it does anything. */
  check(request: Request): Answer | undefined;
  /** The status messages of this request, whole frames. */
  statuses(request: Request): readonly Uint8Array[];
  /** The whole frame. */
  write(answer: Answer, request: Request): Uint8Array;
  /** How it writes ACK and NAK; by default each is its bare control byte. */
  words?(): { readonly ack: Uint8Array; readonly nak: Uint8Array };
  /** False: it waits for no acknowledgement of its status messages. */
  readonly confirmsStatus?: boolean;
  /** False: a frame that it cannot check gets no reply, not even NAK. */
  refusesGarbled?(): boolean;
  /** Does what was asked, where this terminal does it in its own way. */
  carryOut?(request: Request): readonly Answer[];
  /** Frames that it sends behind its answers, each until it is acknowledged. */
  follows?(request: Request): readonly Uint8Array[];
  /** The request says that more comes: the work waits for it. */
  announces?(request: Request): boolean;
  /** This frame is what was announced. */
  completes?(data: Uint8Array): boolean;
  /** Everything about this request has been said, and acknowledged. */
  over?(request: Request): void;
}

/** The vendor's rule for Transbank: a frame without ACK is said again after 10 s, two more times. */
const ackWaitMs = 10_000;
const tries = 3;

/** Half a request that goes no further is forgotten. The vendor gives no figure. */
const interByteMs = 1_000;

const bareWords = { ack: Uint8Array.of(control.ACK), nak: Uint8Array.of(control.NAK) };

type Said = Exclude<Piece['kind'], 'ack' | 'nak'>;

interface Exchange {
  readonly request: Request;
  readonly refused: Answer | undefined;
  /** What the till's ACK and NAK mean now; absent while the terminal owes the next word. */
  awaiting?: { acknowledged(): void; refused(): void } | undefined;
  /** Goes on with the work once what was announced has come. */
  announced?: (() => void) | undefined;
  /** Its one timer. */
  cancel?: (() => void) | undefined;
}

/**
 * The terminal's side of the protocols that acknowledge each frame with ACK or NAK.
 *
 * It goes on when the cable is pulled: the customer still pays, the sale is booked, and the answer is
 * said into the void, three times.
 */
export function ackNakFace(dialect: Dialect, setting: Setting): Face {
  const { behaviours, clock, terminal, thinkMs, wire } = setting;
  const deframer = dialect.deframer();
  let exchange: Exchange | undefined;
  let cancelGap: (() => void) | undefined;

  function reply(kind: 'ack' | 'nak', request: Request | undefined, then?: () => void): void {
    const words = dialect.words?.() ?? bareWords;
    const piece: Piece = {
      kind,
      bytes: words[kind],
      nak: words.nak,
      request,
      attempt: 1,
      followed: kind === 'ack' && request !== undefined && dialect.answered(request),
    };
    wire.play(behaviours.transmit(piece), then);
  }

  /** The line is half duplex: while the terminal talks, it has no word to spare. */
  function nak(request?: Request): void {
    if (!wire.busy()) reply('nak', request);
  }

  function end(mine: Exchange): void {
    mine.cancel?.();
    if (exchange === mine) exchange = undefined;
  }

  function later(mine: Exchange, ms: number, then: () => void): void {
    if (exchange !== mine) return;
    if (ms > 0) mine.cancel = clock.after(ms, then);
    else then();
  }

  /** Says one frame until the till has acknowledged it; after three times the exchange is over. */
  function say(mine: Exchange, kind: Said, bytes: Uint8Array, then: () => void) {
    let attempt = 0;

    function transmit(): void {
      if (attempt >= tries) {
        end(mine);
        return;
      }
      attempt++;
      const piece: Piece = { kind, bytes, request: mine.request, attempt, followed: true };
      wire.play(behaviours.transmit(piece), () => {
        if (exchange !== mine || mine.awaiting !== awaiting) return;
        // A NAK in the middle of the frame has it said again: the two have one timer.
        mine.cancel?.();
        mine.cancel = clock.after(ackWaitMs, transmit);
      });
    }

    const awaiting = {
      acknowledged() {
        mine.cancel?.();
        mine.awaiting = undefined;
        then();
      },
      refused() {
        mine.cancel?.();
        transmit();
      },
    };
    mine.awaiting = awaiting;
    transmit();
  }

  /** Says one status message; where it is not acknowledged, that is all. */
  function sayStatus(mine: Exchange, bytes: Uint8Array, then: () => void): void {
    if (dialect.confirmsStatus !== false) {
      say(mine, 'status', bytes, then);
      return;
    }
    const piece: Piece = {
      kind: 'status',
      bytes,
      request: mine.request,
      attempt: 1,
      followed: true,
    };
    wire.play(behaviours.transmit(piece), () => {
      if (exchange === mine) then();
    });
  }

  function sayStatuses(mine: Exchange, [status, ...rest]: readonly Uint8Array[]): void {
    if (status === undefined) {
      const { latencyMs } = terminal.host;
      const asksHost = bookings.includes(mine.request.command);
      later(mine, thinkMs + (asksHost ? latencyMs : 0), () => sayAnswers(mine, tell(mine)));
      return;
    }
    later(mine, thinkMs, () => sayStatus(mine, status, () => sayStatuses(mine, rest)));
  }

  function sayAnswers(mine: Exchange, [answer, ...rest]: readonly Answer[]): void {
    if (answer === undefined) {
      // An answer that is owed and does not come leaves everything as it is.
      if (dialect.answered(mine.request)) end(mine);
      else sayWhatFollows(mine, dialect.follows?.(mine.request) ?? []);
      return;
    }
    const pause = answer.afterMs ?? 0;
    later(mine, pause, () =>
      say(mine, 'answer', dialect.write(answer, mine.request), () =>
        rest.length === 0
          ? sayWhatFollows(mine, dialect.follows?.(mine.request) ?? [])
          : later(mine, thinkMs, () => sayAnswers(mine, rest)),
      ),
    );
  }

  function sayWhatFollows(mine: Exchange, [frame, ...rest]: readonly Uint8Array[]): void {
    if (frame === undefined) finish(mine);
    else later(mine, thinkMs, () => say(mine, 'receipt', frame, () => sayWhatFollows(mine, rest)));
  }

  function finish(mine: Exchange): void {
    end(mine);
    dialect.over?.(mine.request);
  }

  /** Carries the request out, as the behaviours let it be. */
  function tell({ request, refused }: Exchange): readonly Answer[] {
    return behaviours.answer({ request, state: 'working' }, () =>
      refused === undefined ? work(request) : [refused],
    );
  }

  const work = (request: Request): readonly Answer[] =>
    dialect.carryOut?.(request) ?? carryOut(terminal, request);

  function begin(request: Request): void {
    if (exchange !== undefined) end(exchange);
    const refused = dialect.check(request);
    const mine: Exchange = { request, refused };
    exchange = mine;
    reply('ack', request, () => {
      if (exchange !== mine) return;
      if (dialect.announces?.(request) === true) mine.announced = () => start(mine);
      else start(mine);
    });
  }

  function start(mine: Exchange): void {
    const { request, refused } = mine;
    if (dialect.answered(request))
      sayStatuses(mine, refused === undefined ? dialect.statuses(request) : []);
    else sayAnswers(mine, tell(mine));
  }

  /** What the request under way has announced. */
  function onAnnounced(mine: Exchange): void {
    const goOn = mine.announced;
    mine.announced = undefined;
    reply('ack', mine.request, () => {
      if (exchange === mine) goOn?.();
    });
  }

  function onRequest(data: Uint8Array): void {
    const request = dialect.read(data, clock.now());
    if (request === undefined) {
      nak();
      return;
    }
    setting.received(request);
    switch (behaviours.request({ request, state: stateOf(exchange) })) {
      case 'acknowledge':
        begin(request);
        break;
      case 'nak':
        nak(request);
        break;
      case 'silence':
        break;
    }
  }

  function onFrame(frame: Frame): void {
    if (!terminal.listening()) return;
    switch (frame.kind) {
      case 'frame':
        if (frame.check === 'bad') {
          if (dialect.refusesGarbled?.() !== false) nak();
        } else if (exchange?.announced !== undefined && dialect.completes?.(frame.data) === true)
          onAnnounced(exchange);
        else onRequest(frame.data);
        break;
      case 'control':
        if (frame.name === 'ACK') exchange?.awaiting?.acknowledged();
        if (frame.name === 'NAK') exchange?.awaiting?.refused();
        break;
      case 'noise':
        break;
    }
  }

  return {
    receive(chunk) {
      cancelGap?.();
      cancelGap = undefined;
      const bytes = behaviours.receive({
        bytes: chunk,
        request: exchange?.request,
        awaitingAck: exchange?.awaiting !== undefined,
      });
      for (const frame of deframer.push(bytes)) onFrame(frame);
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

function stateOf(exchange: Exchange | undefined): Asked['state'] {
  if (exchange === undefined) return 'idle';
  return exchange.awaiting === undefined ? 'working' : 'awaiting-ack';
}
