import { BehaviorSubject, Subject } from 'rxjs';
import type { Deframer, Frame } from '../framing/frame.ts';
import type { Clock } from '../model/clock.ts';
import { TerminalError } from '../model/error.ts';
import type { Progress } from '../model/events.ts';
import { noRelay, type Relay } from '../model/relay.ts';
import type { Exchange, StrayReason, Wait } from '../protocols/exchange.ts';
import type { Protocol, Timing } from '../protocols/protocol.ts';
import type { Crossing, Words } from '../trace/wire-frame.ts';
import type { CloseReason, Connection, Transport } from '../transports/transport.ts';
import { lineBusy } from './busy-lines.ts';
import { type ExchangeOutcome, type RunningExchange, startExchange } from './exchange-run.ts';
import { exchangeError } from './failure.ts';
import { describeStray, type Unsolicited } from './unsolicited.ts';

export type TerminalState =
  | { readonly type: 'disconnected'; readonly reason?: string }
  | { readonly type: 'connecting' }
  | { readonly type: 'idle' }
  | { readonly type: 'busy'; readonly request: string }
  | { readonly type: 'closed' };

export interface LineParts {
  readonly transport: Transport;
  readonly protocol: Protocol;
  readonly timing: Timing;
  /** For an answer, in milliseconds, where the till is set up so: then no command has a time of its own. */
  readonly answerMs?: number;
  readonly clock: Clock;
  /** Carries to a terminal's host what it asks for. Nothing is carried when not given. */
  readonly relay?: Relay;
}

export interface RunOptions {
  /** Only on this connection: the epoch under which the command was journalled. */
  readonly epoch?: number;
  /** How long to wait for the answer, in milliseconds. */
  readonly answerMs?: number;
  /** Asks the terminal to stop, where the protocol can. */
  readonly signal?: AbortSignal;
  sent?(sent: { request: string; attempt: number; money: boolean }): void;
  progress?(progress: Progress): void;
}

/** What a poll after a silence has shown. `silent`: the terminal took no poll at once. */
export type Synchronised = 'in-step' | 'silent' | 'lost';

const nothing: Deframer = { push: () => [], pending: () => false, flush: () => [] };

/** How many quiet times to wait for a silence on a line that keeps talking. */
const longestUnrest = 10;

/** What follows such a silence is not the rest of what came before it. */
const shortSilenceMs = 200;

/** How often the line is proved idle before we say that the terminal is busy. */
const synchroniseRounds = 3;

/**
 * The one line to a terminal: opens connections, runs one exchange at a time on them, and knows when the
 * line is out of step. After an exchange that ended without its answer, or whose request went out more
 * than once, answers may still be under way; the line is used again only after a silence and a poll that
 * was answered at once. A serial line delivers in order, so nothing older can come after that.
 */
export class Line {
  readonly state$ = new BehaviorSubject<TerminalState>({ type: 'disconnected' });
  readonly unsolicited$ = new Subject<Unsolicited>();
  /** Everything that crosses the line. A frame of the till is still in bytes: nobody may want to see it. */
  readonly crossed$ = new Subject<Crossing>();

  readonly #parts: LineParts;
  #protocol: Protocol;
  #connection: Connection | undefined;
  #deframer = nothing;
  /** An exchange has been run on this connection. */
  #spent = false;
  #running: RunningExchange | undefined;
  #previousAnswer: Uint8Array | undefined;
  #disturbed = false;
  /** What an earlier program was owed may still come, and look like the answer to what is sent now. */
  #unproven = false;
  #heardAt = 0;
  #cancelInterByte = () => {};
  /** Ends a wait for silence at once. */
  #wake = () => {};

  constructor(parts: LineParts) {
    this.#parts = parts;
    this.#protocol = parts.protocol;
  }

  /** As it is spoken on the connection at hand. */
  get protocol(): Protocol {
    return this.#protocol;
  }

  /** The epoch of the open connection. */
  get epoch(): number | undefined {
    return this.#connection?.epoch;
  }

  /**
   * Opens a connection if there is none, and brings the line in step if it is not. Where nothing else parts an
   * answer from an earlier one, the terminal is proved idle first, once on each connection.
   * @throws {TerminalError} why it cannot be used; the effect is `none`.
   */
  async ready(): Promise<void> {
    await this.connected();
    await this.inStep();
    if (this.#unproven) await this.provenIdle();
  }

  /**
   * Opens a connection if there is none, and says what the protocol wants to be said first on it.
   * @throws {TerminalError} why it cannot be used; the effect is `none`.
   */
  async connected(): Promise<void> {
    if (this.#connection !== undefined) return;
    await this.#connect(this.#parts.protocol);
    const greeting = this.#protocol.greeting?.();
    if (greeting === undefined) return;
    const outcome = await this.run(greeting);
    if (outcome.type === 'failed') {
      await this.release();
      throw exchangeError(greeting, outcome);
    }
    const { answer } = outcome;
    if ('outcome' in answer) {
      await this.release();
      throw notGreeted(answer.message);
    }
    this.#speak(answer);
  }

  /**
   * Opens a connection if there is none, where nothing has to be said first on it and it outlives a command.
   * @returns false where it is not so; nothing is opened then.
   * @throws {TerminalError} why it cannot be opened; the effect is `none`.
   */
  async open(): Promise<boolean> {
    const { protocol } = this.#parts;
    if (protocol.connection !== 'kept' || protocol.greeting !== undefined) return false;
    if (this.#connection === undefined) await this.#connect(protocol);
    return true;
  }

  /** Between two commands of a terminal that wants a connection for each. */
  async betweenCommands(): Promise<void> {
    if (this.#protocol.connection === 'per-command') await this.release();
  }

  /**
   * A connection on which nothing was said yet, where the terminal may end each after an exchange: what is
   * written to one that it has just ended is lost, and nobody knows. Elsewhere the one at hand.
   * @throws {TerminalError} why there is none; the effect is `none`.
   */
  async unspent(): Promise<void> {
    if (!this.#isSpent) return;
    await this.release();
    await this.#connect(this.#protocol);
  }

  get #isSpent(): boolean {
    return this.#spent && this.#protocol.connection === 'per-command';
  }

  /** Ends the connection; the next command opens another. */
  async release(): Promise<void> {
    await this.#connection?.close();
  }

  /**
   * Proves that the terminal is at work on nothing, whatever the state of the line.
   * @throws {TerminalError} when it is not proved; the effect is `none`.
   */
  async provenIdle(): Promise<void> {
    const found = await this.synchronise();
    if (found === 'lost') throw lostBeforeSending();
    if (found !== 'in-step') throw busy();
  }

  /**
   * The same, but on the connection that is open: what was found out on it still holds.
   * @throws {TerminalError} also when it has been lost; the effect is `none`.
   */
  async inStep(): Promise<void> {
    await this.unspent();
    if (this.#connection === undefined) throw lostBeforeSending();
    if (this.#disturbed) await this.provenIdle();
  }

  /** Waits for a silence and polls the terminal, until a poll is answered at once. */
  async synchronise(): Promise<Synchronised> {
    for (let round = 0; round < synchroniseRounds; round++) {
      await this.unspent().catch(() => {});
      if (!(await this.#silence())) return this.#connection === undefined ? 'lost' : 'silent';
      this.#disturbed = false;
      const outcome = await this.run(this.#protocol.synchronise());
      if (outcome.type === 'failed')
        return outcome.failure === 'connection-lost' ? 'lost' : 'silent';
      if (!outcome.answer.idle) return 'silent';
      if (this.#disturbed) continue;
      this.#unproven = false;
      return 'in-step';
    }
    return 'silent';
  }

  /** Runs one exchange on the open connection. Never rejects; the caller gives the line to one at a time. */
  async run<A>(exchange: Exchange<A>, options: RunOptions = {}): Promise<ExchangeOutcome<A>> {
    // The connection that a command was journalled for is not exchanged.
    if (this.#isSpent && options.epoch === undefined) await this.unspent().catch(() => {});
    const connection = this.#connection;
    if (connection === undefined || (options.epoch ?? connection.epoch) !== connection.epoch)
      return {
        type: 'failed',
        failure: 'connection-lost',
        left: false,
        repeated: false,
        detail: 'the connection had ended',
      };
    this.#spent = true;
    this.state$.next({ type: 'busy', request: exchange.name });
    const quiet = lineBusy();
    const outcome = await new Promise<ExchangeOutcome<A>>((resolve) => {
      this.#start(connection, exchange, options, resolve);
    }).finally(quiet);
    // What only prepared the request may still be answered, too.
    const unanswered =
      outcome.type === 'failed' && (outcome.left || outcome.failure !== 'connection-lost');
    // What answers a wish to stop may come after the end.
    const stopped = options.signal?.aborted === true;
    if (outcome.repeated || unanswered || stopped) this.#disturbed = true;
    if (this.#connection === connection) this.state$.next({ type: 'idle' });
    return outcome;
  }

  /** Ends the connection for good. */
  async close(): Promise<void> {
    const connection = this.#connection;
    await connection?.close();
    this.state$.next({ type: 'closed' });
    this.state$.complete();
    this.unsolicited$.complete();
    this.crossed$.complete();
  }

  #start<A>(
    connection: Connection,
    exchange: Exchange<A>,
    options: RunOptions,
    resolve: (outcome: ExchangeOutcome<A>) => void,
  ): void {
    const { clock, timing, relay = noRelay } = this.#parts;
    const answerMs = options.answerMs ?? this.#parts.answerMs;
    let over = false;
    const cancel = () => running.cancel();
    const running = startExchange(
      exchange,
      {
        clock,
        previousAnswer: this.#previousAnswer,
        waitMs: (wait: Wait, usual?: number) =>
          wait === 'answer' ? (answerMs ?? usual ?? timing.answerMs) : timing.acknowledgementMs,
        write: (bytes) => this.#write(connection, bytes),
        relay,
        stray: (frame, reason) => this.#surface(frame, reason),
        sent: (attempt) =>
          options.sent?.({ request: exchange.name, attempt, money: exchange.money }),
        progress: (progress) => options.progress?.(progress),
        ended: (answer) => {
          over = true;
          options.signal?.removeEventListener('abort', cancel);
          this.#running = undefined;
          if (answer !== undefined) this.#previousAnswer = answer;
        },
      },
      resolve,
    );
    if (over) return;
    this.#running = running;
    options.signal?.addEventListener('abort', cancel, { once: true });
    // Wanted while the mark was written.
    if (options.signal?.aborted === true) cancel();
    if (this.#connection !== connection) running.lost('the connection had ended');
  }

  async #connect(protocol: Protocol): Promise<void> {
    const { transport } = this.#parts;
    this.state$.next({ type: 'connecting' });
    let ended: CloseReason | undefined;
    let opened: Connection | undefined;
    try {
      opened = await transport.open({
        data: (chunk) => {
          if (opened !== undefined && this.#connection === opened) this.#heard(chunk);
        },
        closed: (reason) => {
          ended = reason;
          if (opened !== undefined && this.#connection === opened) this.#lost(reason);
        },
      });
    } catch (cause) {
      const error = asConnectionError(cause, transport.name);
      this.state$.next({ type: 'disconnected', reason: error.message });
      throw error;
    }
    if (ended !== undefined) {
      this.state$.next({ type: 'disconnected', reason: endedBecause(ended) });
      throw lostBeforeSending(endedBecause(ended));
    }
    this.#protocol = protocol;
    this.#deframer = protocol.deframer();
    this.#previousAnswer = undefined;
    this.#connection = opened;
    this.#spent = false;
    this.#unproven = protocol.provenIdleFirst === true;
    this.#heardAt = this.#parts.clock.now();
    this.state$.next({ type: 'idle' });
  }

  /** From now on, on this connection. */
  #speak(protocol: Protocol): void {
    this.#take(this.#deframer.flush());
    this.#protocol = protocol;
    this.#deframer = protocol.deframer();
  }

  #lost(reason: CloseReason): void {
    this.#cancelInterByte();
    for (const frame of this.#deframer.flush())
      this.#crossed(this.epoch, { from: 'terminal', frame });
    this.#connection = undefined;
    this.#deframer = nothing;
    this.state$.next({ type: 'disconnected', reason: endedBecause(reason) });
    this.#running?.lost(endedBecause(reason));
    this.#wake();
  }

  #heard(chunk: Uint8Array): void {
    const { clock, timing } = this.#parts;
    this.#heardAt = clock.now();
    this.#cancelInterByte();
    this.#take(this.#deframer.push(chunk));
    if (this.#deframer.pending())
      this.#cancelInterByte = clock.after(
        this.#deframer.lost?.() === true
          ? Math.min(timing.interByteMs, shortSilenceMs)
          : timing.interByteMs,
        () => this.#take(this.#deframer.flush()),
      );
  }

  /** False: there was no connection any more. */
  #write(connection: Connection | undefined, bytes: Uint8Array): boolean {
    if (connection?.write(bytes) !== true) return false;
    this.#crossed(connection.epoch, { from: 'till', bytes });
    return true;
  }

  /** For whoever watches; nothing is done for nobody. */
  #crossed(epoch: number | undefined, what: Words): void {
    if (epoch === undefined || !this.crossed$.observed) return;
    this.crossed$.next({
      at: this.#parts.clock.now(),
      epoch,
      protocol: this.#protocol,
      ...what,
    });
  }

  #take(frames: readonly Frame[]): void {
    for (const frame of frames) {
      this.#crossed(this.epoch, { from: 'terminal', frame });
      if (frame.kind === 'noise') this.#surface(frame, 'noise');
      else if (frame.kind === 'frame' && frame.check === 'bad') this.#surface(frame, 'bad-check');
      if (this.#running !== undefined) this.#running.frame(frame);
      else this.#idle(frame);
    }
  }

  #idle(frame: Frame): void {
    for (const effect of this.#protocol.idle(frame, this.#previousAnswer)) {
      if (effect.type === 'write') this.#write(this.#connection, effect.bytes);
      else if (effect.type === 'stray') this.#surface(effect.frame, effect.reason);
    }
  }

  #surface(frame: Frame, reason: StrayReason | 'noise' | 'bad-check'): void {
    const now = this.#parts.clock.now();
    this.unsolicited$.next(describeStray(frame, reason, now, this.#protocol));
  }

  /** True when the line has been silent for the protocol's quiet time; false when it never is, or is lost. */
  async #silence(): Promise<boolean> {
    const { clock, timing } = this.#parts;
    for (let waited = 0; waited < longestUnrest * timing.quietMs; ) {
      if (this.#connection === undefined) return false;
      // A clock that was set back must not make the wait longer.
      const left = Math.min(this.#heardAt + timing.quietMs - clock.now(), timing.quietMs);
      if (left <= 0) return true;
      waited += left;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(left, resolve);
        this.#wake = () => {
          cancel();
          resolve();
        };
      });
      this.#wake = () => {};
    }
    return false;
  }
}

const endedBecause = (reason: CloseReason): string =>
  reason.type === 'lost' ? reason.message : 'the connection was closed';

const busy = () =>
  new TerminalError(
    'terminal-busy',
    'none',
    'The terminal does not answer: it is still busy with something else, or out of reach. Nothing was sent. Look at its display and try again.',
  );

const notGreeted = (message: string) =>
  new TerminalError(
    'bad-settings',
    'none',
    `The terminal does not take this till as it is set up: ${message} Nothing was sent.`,
  );

const lostBeforeSending = (detail = 'unplugged') =>
  new TerminalError(
    'connection-lost',
    'none',
    `The connection to the terminal was lost before anything was sent (${detail}).`,
  );

function asConnectionError(cause: unknown, name: string): TerminalError {
  if (cause instanceof TerminalError) return cause;
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new TerminalError('connection-failed', 'none', `Cannot open ${name}: ${detail}`, {
    cause,
  });
}
