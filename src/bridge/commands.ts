import type { Intent } from '../journal/journal.ts';
import type { KnownIntent } from '../journal/reader.ts';
import type { SqliteJournal } from '../journal/sqlite.ts';
import type { Language } from '../messages/messages.ts';
import type { Clock } from '../model/clock.ts';
import type { WireFrame } from '../trace/wire-frame.ts';
import type { Client } from './clients.ts';
import { eventCount, eventsFrom, retold } from './command-events.ts';
import { CommandRecord } from './command-record.ts';
import { eventSource } from './command-source.ts';
import {
  type CommandStatus,
  clientOf,
  ended,
  journalled,
  kindOf,
  requestedOf,
} from './command-status.ts';
import type { Source } from './event-stream.ts';
import type { Feed } from './feed.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { type MoneyIntent, type Order, sameIntent } from './orders.ts';
import { HttpProblem } from './problem.ts';
import type { BridgeTerminal } from './terminals.ts';

export interface CommandsParts {
  readonly journal: SqliteJournal;
  readonly terminals: ReadonlyMap<string, BridgeTerminal>;
  readonly clock: Clock;
  /** So many characters 0-9 and A-Z, hard to guess. */
  random(length: number): string;
  readonly feed: Feed;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Who asks, and for the journal: from where. */
export interface Asker {
  readonly client: Client;
  readonly origin: string;
}

export interface Asked {
  readonly status: CommandStatus;
  /** False when the key is known and its command has ended: nothing goes on because of this request. */
  readonly underWay: boolean;
}

/** A command in memory, without what the journal may say of it since. */
export type CommandHead = Pick<CommandRecord, 'id' | 'client' | 'createdAt' | 'state' | 'ending'>;

/** Ended commands in memory. Those with a key come back from the journal when they are asked for. */
const mostEnded = 1000;

/** Commands that wait for one terminal. */
const mostPending = 100;

/** What has a key can be told for good; the rest is kept as long as the service runs. */
const hasKey = (id: string): boolean => !/^[^.]*\.~/.test(id);

/** Nothing of it went out, and nobody wanted it to end so: the same key may try again. */
function mayTryAgain({ ending }: CommandRecord): boolean {
  if (ending?.type === 'result') return ending.result.outcome === 'refused';
  return ending?.failure.effect === 'none' && ending.failure.code !== 'cancelled';
}

/**
 * The commands of this service. One runs from its request to its end whoever watches; what it was and how
 * it ended is in the journal, and told from there.
 */
export class Commands {
  readonly #parts: CommandsParts;
  readonly #records = new Map<string, CommandRecord>();
  /** What has a certain end has it for good: the journal need not be read again. */
  readonly #certain = new WeakMap<CommandRecord, CommandStatus>();
  #stopping = false;

  constructor(parts: CommandsParts) {
    this.#parts = parts;
  }

  /**
   * Carries out an order, or finds the command that its key stands for.
   * @throws {HttpProblem} `key-reused`, `shutting-down`, `too-many-requests`
   * @throws {TerminalError} `journal-failed`
   */
  async request(
    terminal: BridgeTerminal,
    asker: Asker,
    order: Order,
    key?: string,
  ): Promise<Asked> {
    const { client } = asker;
    if (order.intent === undefined || key === undefined) {
      const id = `${client.name}.~${order.kind}-${this.#parts.random(12)}`;
      return { status: this.#start(id, terminal, asker, order), underWay: true };
    }
    const id = `${client.name}.${key}`;
    const known = await this.#recall(id, terminal, order.intent);
    // From here on nothing waits: of two requests with one key, the second finds the first.
    const record = this.#records.get(id);
    if (record !== undefined && !this.#isSame(record, terminal, order.intent)) throw keyReused(id);
    if (record !== undefined && record.state !== 'ended')
      return { status: this.#statusOf(record), underWay: true };
    const unsent = known === undefined || known.standing === 'unsent';
    if (known !== undefined && !unsent)
      return { status: this.#statusOf(record ?? known), underWay: false };
    if (record !== undefined && !mayTryAgain(record))
      return { status: this.#statusOf(record), underWay: false };
    const lastEvent = record?.lastEvent ?? (known && this.#retell(known).at(-1)?.id) ?? 0;
    return { status: this.#start(id, terminal, asker, order, lastEvent), underWay: true };
  }

  /** Where a command stands; undefined when it never left the till, or is not known any more. */
  status(id: string): CommandStatus | undefined {
    const record = this.#records.get(id);
    if (record !== undefined) return this.#statusOf(record);
    const known = hasKey(id) ? this.#parts.journal.show(id) : undefined;
    return known && this.#statusOf(known);
  }

  /** The events of a command after this one, and those to come. */
  source(id: string, after: number, language: Language): Source | undefined {
    const status = this.status(id);
    if (status === undefined) return undefined;
    const record = this.#records.get(id);
    if (record !== undefined) return eventSource(record, after, language);
    const known = this.#parts.journal.show(id);
    if (known === undefined) return undefined;
    const events = this.#retell(known);
    return eventSource({ id, state: 'ended', firstEvent: retold + 1, events }, after, language);
  }

  /** What crossed the line during it, while it is in memory. */
  frames(id: string): readonly WireFrame[] {
    return this.#records.get(id)?.frames ?? [];
  }

  /** Asks the terminal to stop, where it can be asked. Promises nothing. */
  cancel(id: string): void {
    this.#records.get(id)?.abort.abort();
  }

  /** Those in memory, the newest first; of each only what is known without reading the journal. */
  heads(): readonly CommandHead[] {
    return [...this.#records.values()].reverse();
  }

  /** No new command from now on. */
  stop(): void {
    this.#stopping = true;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  /** Something that can move money has left and is not answered yet. */
  get moneyUnderWay(): boolean {
    return [...this.#records.values()].some(
      ({ state, moneySent }) => state !== 'ended' && moneySent,
    );
  }

  /** The name in the configuration, or the address of a terminal that is not in it. */
  nameOf = (address: string): string => {
    for (const { name, terminal } of this.#parts.terminals.values())
      if (terminal.name === address) return name;
    return address;
  };

  /** What the journal knows of the key, where it stands for the same. */
  async #recall(
    id: string,
    { terminal }: BridgeTerminal,
    asked: MoneyIntent,
  ): Promise<KnownIntent | undefined> {
    const { journal } = this.#parts;
    const known = journal.show(id);
    if (known === undefined) return undefined;
    const intent: Intent = { key: id, terminal: terminal.name, ...asked };
    const begun = await journal.begin(intent);
    if (begun.type === 'new') return undefined;
    if (begun.intent.terminal !== terminal.name || !sameIntent(asked, begun.intent))
      throw keyReused(id);
    return known;
  }

  #isSame(record: CommandRecord, terminal: BridgeTerminal, intent: MoneyIntent): boolean {
    return (
      record.terminal === terminal.name &&
      record.intent !== undefined &&
      sameIntent(record.intent, intent)
    );
  }

  #start(
    id: string,
    terminal: BridgeTerminal,
    { client, origin }: Asker,
    order: Order,
    lastEvent = 0,
  ): CommandStatus {
    if (this.#stopping) throw shuttingDown();
    if (terminal.pending.length >= mostPending) throw tooManyWait(terminal.name);
    const { kind, requested, intent } = order;
    const record = new CommandRecord({
      id,
      terminal: terminal.name,
      kind,
      client: client.name,
      requested,
      ...(intent && { intent }),
      clock: this.#parts.clock,
      lastEvent,
    });
    this.#records.delete(id);
    this.#records.set(id, record);
    terminal.pending.push(record);
    this.#parts.log.info({ command: id, kind, terminal: terminal.name, origin }, 'command');
    const { signal } = record.abort;
    const command = order.start(terminal.terminal, { key: id, origin, signal });
    command.subscribe({
      next: (event) => record.emit(event),
      error: (error: unknown) => {
        record.fail(error);
        this.#ended(record, terminal, error);
      },
      complete: () => this.#ended(record, terminal),
    });
    if (terminal.pending[0] === record) record.run();
    this.#tell(record, terminal);
    return this.#statusOf(record);
  }

  #ended(record: CommandRecord, terminal: BridgeTerminal, error?: unknown): void {
    const { metrics, log } = this.#parts;
    const { id, kind, ending, createdAt, changedAt } = record;
    terminal.pending.splice(terminal.pending.indexOf(record), 1);
    const outcome =
      ending?.type === 'result' ? ending.result.outcome : (ending?.failure.code ?? 'internal');
    metrics.count('tillwire_commands_total', { kind, outcome });
    const seconds = Math.max(0, changedAt - createdAt) / 1000;
    metrics.observe('tillwire_command_duration_seconds', { kind }, seconds);
    const said = { command: id, kind, terminal: terminal.name, outcome };
    if (ending?.type === 'failed') log.warn({ ...said, error }, 'command failed');
    else log.info(said, 'command ended');
    this.#forgetSome();
    const before = terminal.status.inDoubt;
    this.#readDoubts(terminal);
    const after = terminal.status.inDoubt;
    this.#tell(record, terminal);
    for (const other of new Set([...before, ...after]))
      if (other !== id && before.includes(other) !== after.includes(other)) this.#tellOther(other);
    // A terminal's queue keeps the order of the requests: the first that waits has the line now.
    const [next] = terminal.pending;
    if (next === undefined) return;
    next.run();
    this.#tell(next, terminal);
  }

  #readDoubts(terminal: BridgeTerminal): void {
    try {
      terminal.readDoubts();
    } catch (error) {
      this.#parts.log.error({ terminal: terminal.name, error }, 'journal cannot be read');
    }
  }

  #tell(record: CommandRecord, terminal: BridgeTerminal): void {
    const { feed } = this.#parts;
    feed.tell({ type: 'command', status: this.#statusOf(record) });
    feed.tell({ type: 'terminal', status: terminal.status });
  }

  /** Another command of which more is known now. */
  #tellOther(id: string): void {
    try {
      const status = this.status(id);
      if (status !== undefined) this.#parts.feed.tell({ type: 'command', status });
    } catch (error) {
      this.#parts.log.error({ command: id, error }, 'journal cannot be read');
    }
  }

  #forgetSome(): void {
    const ended = [...this.#records.values()].filter(({ state }) => state === 'ended');
    for (const { id } of ended.slice(0, Math.max(0, ended.length - mostEnded)))
      this.#records.delete(id);
  }

  #retell(known: KnownIntent) {
    return eventsFrom(known, this.#parts.journal.recordsOf(known.intent.key));
  }

  #statusOf(of: CommandRecord | KnownIntent): CommandStatus {
    if (!(of instanceof CommandRecord)) return this.journalStatus(of);
    const certain = this.#certain.get(of);
    if (certain !== undefined) return certain;
    const { id, terminal, kind, client, requested, createdAt, state } = of;
    const head = { id, terminal, kind, client, requested, createdAt };
    if (state !== 'ended')
      return { ...head, state, changedAt: of.changedAt, events: of.eventCount };
    const known = this.#writtenOf(of);
    const now = ended(kind, of.ending, known);
    const wasOpen = of.ending?.type === 'failed' && of.ending.failure.effect === 'unknown';
    if (wasOpen && known !== undefined && now?.state === 'done')
      of.supersede(now.ending, known.changedAt);
    const status: CommandStatus = {
      ...head,
      changedAt: Math.max(of.changedAt, known?.standing === 'ended' ? known.changedAt : 0),
      state: now?.state ?? 'failed',
      ...(now && { ending: now.ending }),
      events: of.eventCount,
    };
    if (status.state !== 'in-doubt') this.#certain.set(of, status);
    return status;
  }

  /** Of a journal that cannot be read, what this service heard itself is told. */
  #writtenOf({ id, intent }: CommandRecord): KnownIntent | undefined {
    if (intent === undefined) return undefined;
    try {
      return this.#parts.journal.show(id);
    } catch (error) {
      this.#parts.log.error({ command: id, error }, 'journal cannot be read');
      return undefined;
    }
  }

  /** Where a command stands that is not in memory. */
  journalStatus(known: KnownIntent): CommandStatus {
    const { intent, openedAt, changedAt } = known;
    return {
      id: intent.key,
      terminal: this.nameOf(intent.terminal),
      kind: kindOf(intent),
      client: clientOf(intent.key),
      requested: requestedOf(intent),
      createdAt: openedAt,
      changedAt,
      ...journalled(known),
      events: eventCount(known),
    };
  }
}

const keyReused = (id: string) =>
  new HttpProblem(
    409,
    'key-reused',
    `The key of ${id} belongs to a command with another body, kind or terminal. Nothing was sent; use a new key for a new command.`,
  );

const shuttingDown = () =>
  new HttpProblem(503, 'shutting-down', 'The service is ending and takes no new command.', {
    headers: { 'Retry-After': '10' },
  });

const tooManyWait = (terminal: string) =>
  new HttpProblem(
    429,
    'too-many-requests',
    `${mostPending} commands wait for the terminal ${terminal} already.`,
    { headers: { 'Retry-After': '30' } },
  );
