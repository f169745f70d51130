import type { Observable } from 'rxjs';
import { bookCommand, purchase, refund } from '../driver/book.ts';
import { connect } from '../driver/connect.ts';
import { ask, type Context, type Told, unsupported } from '../driver/context.ts';
import { Line, type TerminalState } from '../driver/line.ts';
import type { VoidPolicy } from '../driver/policy.ts';
import { CommandQueue } from '../driver/queue.ts';
import { type Decider, decide, recover } from '../driver/recover.ts';
import { settle } from '../driver/settle.ts';
import type { Unsolicited } from '../driver/unsolicited.ts';
import { type VoidOrder, voidTransaction } from '../driver/void.ts';
import { traced } from '../driver/wire.ts';
import type { World } from '../driver/world.ts';
import type { Journal } from '../journal/journal.ts';
import type { TerminalLock } from '../journal/lock.ts';
import { TerminalError } from '../model/error.ts';
import type { Relay } from '../model/relay.ts';
import type {
  ConnectResult,
  Decided,
  Decision,
  LastTransactionResult,
  PurchaseResult,
  RecoveryResult,
  Refused,
  SettleResult,
  StatusResult,
  TotalsResult,
  VoidResult,
} from '../model/results.ts';
import type { PurchaseRequest, RefundRequest, Target, Transaction } from '../model/transaction.ts';
import type { Exchange } from '../protocols/exchange.ts';
import type {
  Capabilities,
  CommandName,
  MoneyCommand,
  Protocol,
  ProtocolCommand,
  Timing,
} from '../protocols/protocol.ts';
import type { WireFrame } from '../trace/wire-frame.ts';
import type { Transport } from '../transports/transport.ts';
import { type Command, once } from './command.ts';

export interface CommandOptions {
  /**
   * Asks to stop. A command that waits is taken out and errors with `cancelled`. One that was sent ends by
   * what the terminal says, which is asked to stop where `capabilities.abort` says that it can be.
   */
  readonly signal?: AbortSignal;
  /** How long to wait for the answer, in milliseconds; the protocol's own time otherwise. */
  readonly timeoutMs?: number;
}

export interface MoneyOptions extends CommandOptions {
  /** The till's own key of this command: the same key never sells or voids twice. A fresh one otherwise. */
  readonly key?: string;
  /** Who asked this program for it, for the journal: put before the program's own origin. No part of the key. */
  readonly origin?: string;
}

export interface VoidOptions extends MoneyOptions {
  /** Who takes it back, for the record and the voucher. */
  readonly operator: string;
  /** Why, for the record and the voucher. */
  readonly reason: string;
  /** A second person who agrees, where the merchant's policy wants one. */
  readonly supervisor?: string;
  /**
   * Shown the transaction found, before anything is sent; only true lets the void go on. It holds the line:
   * it must not wait for another command on this terminal.
   */
  readonly confirm?: (found: Transaction) => boolean | Promise<boolean>;
}

/** What a terminal is made of. Tests bring their own transport, journal and world. */
export interface TerminalParts {
  /** The terminal's address, for the journal. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly transport: Transport;
  readonly journal: Journal;
  /** Ends the journal with the terminal, when it was opened for it. */
  readonly closeJournal?: () => Promise<void>;
  /** Keeps other programs from moving money on the same terminal at the same time. */
  readonly lock: TerminalLock;
  readonly world: World;
  /** Which program this is, for the journal and for whoever finds the terminal held: `tillwire void`. */
  readonly program: string;
  /** On which machine and for which user, for the journal. */
  readonly origin: string;
  readonly pid: number;
  readonly policy?: VoidPolicy;
  readonly timing?: Partial<Timing>;
  readonly allowBlindVoid?: boolean;
  /** Carries to the terminal's host what the terminal asks for; nothing is carried when not given. */
  readonly relay?: Relay;
}

/**
 * A payment terminal as a till sees it. Each method makes a {@link Command}: nothing happens before it is
 * subscribed to, and then it happens once. The device is opened by the first command and again after a
 * lost connection, each time with a new epoch.
 *
 * Any command can end with a `TerminalError`: that the device cannot be opened, that the connection was
 * lost, that the terminal was silent. Its `effect` says whether money may have moved.
 */
export class Terminal implements AsyncDisposable {
  readonly #parts: TerminalParts;
  readonly #line: Line;
  readonly #timing: Timing;
  readonly #queue = new CommandQueue();
  readonly #closing = new AbortController();
  readonly #told: Told = { transactions: [], decided: [] };
  /** No earlier process can have left a command in doubt any more. */
  #recovered = false;
  /** The key of the command that was left in doubt last. */
  #inDoubt: string | undefined;
  /** How much of what came late is on record for it. */
  #kept = 0;

  constructor(parts: TerminalParts) {
    this.#parts = parts;
    const { transport, protocol, world, relay } = parts;
    const timing = { ...protocol.timing, ...parts.timing };
    for (const [name, value] of Object.entries(timing)) checkMilliseconds(`timing.${name}`, value);
    this.#timing = timing;
    this.#line = new Line({
      transport,
      protocol,
      timing,
      ...(parts.timing?.answerMs !== undefined && { answerMs: parts.timing.answerMs }),
      clock: world.clock,
      ...(relay && { relay }),
    });
    this.#line.unsolicited$.subscribe((stray) => this.#keep(stray));
  }

  /** By this name the journal and the lock know it: its address, without options that say nothing of the device. */
  get name(): string {
    return this.#parts.name;
  }

  /** The name of the protocol that it speaks: `transbank`. */
  get protocol(): string {
    return this.#parts.protocol.name;
  }

  /** What this terminal can really do. */
  get capabilities(): Capabilities {
    return this.#parts.protocol.capabilities;
  }

  /** What the merchant allows of voids, whatever the terminal would do. */
  get policy(): VoidPolicy {
    return this.#parts.policy ?? {};
  }

  /** The currency of this terminal's amounts, ISO 4217. */
  get currency(): string {
    return this.#parts.protocol.currency;
  }

  /** The state of the line: replays the current one, completes on close, never errors. */
  get state$(): Observable<TerminalState> {
    return this.#line.state$.asObservable();
  }

  /** What came on the line and belongs to no command: late and repeated answers, noise. Hot; completes on close. */
  get unsolicited$(): Observable<Unsolicited> {
    return this.#line.unsolicited$.asObservable();
  }

  /**
   * Every frame that crosses the line, from the till and from the terminal, decoded, card numbers and secrets
   * masked. Hot; completes on close, never errors. Costs nothing while nobody listens.
   */
  get wire$(): Observable<WireFrame> {
    return traced(this.#line.crossed$);
  }

  /**
   * Opens the device if it is not open, and says nothing on it: not one byte leaves. Result `connected`;
   * refused where a terminal has its connections for one command each, or wants to be greeted on a new one.
   */
  connect(options: CommandOptions = {}): Command<ConnectResult> {
    return this.#command(options, connect);
  }

  /** Is the terminal there and ready? Result `ready`. Changes nothing at the terminal. */
  status(options: CommandOptions = {}): Command<StatusResult | Refused> {
    return this.#question('status', options, (protocol) => protocol.status());
  }

  /**
   * What the terminal did last. Result `found` with the transaction, `none`, or declined.
   * On terminals with `capabilities.queryPrints` this prints on their paper.
   */
  lastTransaction(options: CommandOptions = {}): Command<LastTransactionResult> {
    return this.#question('lastTransaction', options, (protocol) => protocol.lastTransaction());
  }

  /** Count and sum since the last settlement. Result `found`, declined or refused. */
  totals(options: CommandOptions = {}): Command<TotalsResult> {
    return this.#question('totals', options, (protocol) => protocol.totals());
  }

  /**
   * Ends the day: the terminal settles and empties its memory; nothing before it can be voided any more.
   * Result `settled`, declined or refused. Silence is an error with effect `unknown`; it is not repeated.
   */
  settle(options: CommandOptions = {}): Command<SettleResult> {
    return this.#command(options, settle);
  }

  /**
   * Sells. Emits prompts of the terminal; result `approved` with the transaction, `declined`, or `refused`
   * before a byte left. Errors with effect `unknown` when the outcome is not certain.
   */
  purchase(request: PurchaseRequest, options: MoneyOptions = {}): Command<PurchaseResult> {
    const key = options.key ?? this.#freshKey();
    return this.#command(options, (context) => purchase(context, request, key));
  }

  /**
   * Gives money back as a transaction of its own, where a void is not possible any more. Result `approved`
   * with the transaction, its kind `refund`; `declined`, or `refused` before a byte left. Errors with effect
   * `unknown` when the outcome is not certain.
   */
  refund(request: RefundRequest, options: MoneyOptions = {}): Command<PurchaseResult> {
    const key = options.key ?? this.#freshKey();
    return this.#command(options, (context) => refund(context, request, key));
  }

  /** Runs a money command of one protocol only, such as a pre-authorisation; results as for a sale. */
  book(command: MoneyCommand, options: MoneyOptions = {}): Command<PurchaseResult> {
    const key = options.key ?? this.#freshKey();
    return this.#command(options, (context) => bookCommand(context, command, key));
  }

  /**
   * Takes the terminal's last transaction back, if it is the target: asks, compares, asks `confirm`, voids,
   * and compares the answer. Result `voided` with a voucher, `already-voided`, `not-found`, `declined`, or
   * `refused` with the reason and what was found. Errors with effect `unknown` when it is not certain.
   */
  voidTransaction(target: Target, options: VoidOptions): Command<VoidResult> {
    const { operator, reason, supervisor, confirm } = options;
    const key = options.key ?? this.#freshKey();
    const order: VoidOrder = {
      target,
      operator,
      reason,
      key,
      ...(supervisor !== undefined && { supervisor }),
      ...(confirm && { confirm }),
    };
    return this.#command(options, (context) => voidTransaction(context, order));
  }

  /**
   * Finds out how a command ended that is in doubt: reaches the terminal, waits until it is idle, asks what
   * it remembers, compares. Result: how the command ended, or `nothing-open`. It only asks; it may be run
   * again at any time. Errors with `unresolved-transaction` when only a person can tell, with the evidence
   * side by side. The first money command after a start does this by itself.
   */
  recover(options: CommandOptions = {}): Command<RecoveryResult> {
    return this.#command(options, recover);
  }

  /**
   * Records what a person has found out about the command in doubt; the terminal is not asked. Result
   * `decided`, or refused when nothing is in doubt or the decision does not fit the command.
   */
  decide(decision: Decision, decider: Decider): Command<Decided | Refused> {
    return this.#command({}, (context) => decide(context, decision, decider));
  }

  /** Runs a command of one protocol only, such as `transbank.loadKeys()`. Refused on any other terminal. */
  run<R>(command: ProtocolCommand<R>, options: CommandOptions = {}): Command<R | Refused> {
    return this.#command<R | Refused>(options, async (context) => {
      const exchange = command.exchange(context.line.protocol);
      if ('outcome' in exchange) return exchange;
      return ask(context, (spoken) => {
        const again = command.exchange(spoken);
        return 'outcome' in again ? exchange : again;
      });
    });
  }

  /**
   * Closes the terminal: commands that wait error with `closed`, a running one ends by itself first, then
   * the device is released and the streams complete.
   */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#queue.close();
    await this.#line.close();
    await this.#parts.closeJournal?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** What comes late may be the very answer that is missing: it belongs to the record. */
  #keep({ reason, code, fields }: Unsolicited): void {
    if (this.#inDoubt === undefined || reason !== 'stale' || code === undefined) return;
    if (this.#kept >= mostKept) return;
    this.#kept++;
    const entry = { type: 'unsolicited', code, fields } as const;
    // The late answer itself has been acknowledged and surfaced; a journal that fails shows at the next command.
    this.#parts.journal.append(this.#inDoubt, entry).catch(() => {});
  }

  #doubt(intent: string | undefined): void {
    this.#inDoubt = intent;
    this.#kept = 0;
  }

  #freshKey(): string {
    return this.#parts.world.random(20);
  }

  #question<R>(
    name: CommandName,
    options: CommandOptions,
    make: (protocol: Protocol) => Exchange<R>,
  ): Command<R | Refused> {
    return this.#command<R | Refused>(options, async (context) => {
      const refused = unsupported(context.line.protocol, name);
      return refused ?? ask(context, make);
    });
  }

  #command<R>(options: MoneyOptions, carryOut: (context: Context) => Promise<R>): Command<R> {
    const { journal, lock, world, name, pid, program } = this.#parts;
    const origin = originOf(options, this.#parts);
    const line = this.#line;
    const { allowBlindVoid = false, policy = {} } = this.#parts;
    const { signal, timeoutMs } = options;
    return once<R>(async (emit) => {
      if (timeoutMs !== undefined) checkMilliseconds('timeoutMs', timeoutMs);
      const at = () => world.clock.now();
      const context: Context = {
        line,
        journal,
        lock,
        world,
        timing: this.#timing,
        policy,
        holder: { pid, program },
        origin,
        told: this.#told,
        mayRecover: () => !this.#recovered,
        recovered: () => {
          this.#recovered = true;
        },
        closing: this.#closing.signal,
        terminal: name,
        allowBlindVoid,
        ...(signal && { signal }),
        ...(timeoutMs !== undefined && { answerMs: timeoutMs }),
        emit: (event) => emit({ ...event, at: at() }),
      };
      context.emit({ type: 'queued' });
      const result = await this.#queue
        .run(() => carryOut(context).finally(() => line.betweenCommands()), signal)
        .catch((error: unknown) => {
          if (error instanceof TerminalError && error.effect === 'unknown')
            this.#doubt(error.intent);
          throw error;
        });
      emit({ type: 'result', at: at(), result });
    });
  }
}

const originOf = ({ origin: asker }: MoneyOptions, { origin }: Pick<TerminalParts, 'origin'>) =>
  asker === undefined ? origin : `${asker}, by ${origin}`;

/** A terminal that goes on and on must not fill the disk. */
const mostKept = 100;

/** Node's timers take no more, and fire at once when given more: a silent terminal after a millisecond. */
const longestTimer = 2_147_483_647;

function checkMilliseconds(field: string, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= longestTimer) return;
  throw new TerminalError(
    'bad-settings',
    'none',
    `${field} must be whole milliseconds from 1 to ${longestTimer}; got ${value}.`,
  );
}
