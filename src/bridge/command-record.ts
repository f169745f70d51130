import type { ResultLike } from '../messages/messages.ts';
import type { Clock } from '../model/clock.ts';
import type { CommandEvent } from '../model/events.ts';
import type { WireFrame } from '../trace/wire-frame.ts';
import type { KeptEvent } from './command-events.ts';
import type { Ending } from './command-status.ts';
import { failureOf } from './failure.ts';
import type { MoneyIntent } from './orders.ts';
import type { CommandKind } from './schemas.ts';

/** A terminal that goes on and on must not fill the memory: of more than this only the last ones are kept. */
const mostEvents = 1000;
const mostFrames = 500;

export interface CommandRecordParts {
  readonly id: string;
  /** The terminal's name in the configuration. */
  readonly terminal: string;
  readonly kind: CommandKind;
  readonly client: string;
  readonly requested: Readonly<Record<string, unknown>>;
  /** Of a command with a key: what the key stands for. */
  readonly intent?: MoneyIntent;
  readonly clock: Pick<Clock, 'now'>;
  /** The number of the event before its first: an earlier attempt under the same key may have had some. */
  readonly lastEvent?: number;
}

/** A command of this service that runs, or that has ended and is still in memory. */
export class CommandRecord {
  readonly id: string;
  readonly terminal: string;
  readonly kind: CommandKind;
  readonly client: string;
  readonly requested: Readonly<Record<string, unknown>>;
  readonly intent: MoneyIntent | undefined;
  readonly createdAt: number;
  /** Asks it to stop. */
  readonly abort = new AbortController();
  readonly #clock: Pick<Clock, 'now'>;
  /** The id of its very first event. */
  readonly firstEvent: number;
  readonly #watchers = new Set<() => void>();
  #events: KeptEvent[] = [];
  #frames: WireFrame[] = [];
  #last: number;
  #changedAt: number;
  #running = false;
  #ending: Ending | undefined;
  #moneySent = false;

  constructor({ lastEvent = 0, clock, ...asked }: CommandRecordParts) {
    this.id = asked.id;
    this.terminal = asked.terminal;
    this.kind = asked.kind;
    this.client = asked.client;
    this.requested = asked.requested;
    this.intent = asked.intent;
    this.createdAt = clock.now();
    this.#clock = clock;
    this.firstEvent = lastEvent + 1;
    this.#last = lastEvent;
    this.#changedAt = this.createdAt;
  }

  get changedAt(): number {
    return this.#changedAt;
  }

  get state(): 'queued' | 'running' | 'ended' {
    if (this.#ending !== undefined) return 'ended';
    return this.#running ? 'running' : 'queued';
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** The events that are kept, the oldest first. */
  get events(): readonly KeptEvent[] {
    return this.#events;
  }

  /** How many events it has had, those that are no longer kept with them. */
  get eventCount(): number {
    return this.#last - this.firstEvent + 1;
  }

  get lastEvent(): number {
    return this.#last;
  }

  /** Something that can move money has left. */
  get moneySent(): boolean {
    return this.#moneySent;
  }

  get frames(): readonly WireFrame[] {
    return this.#frames;
  }

  /** It has the line now. */
  run(): void {
    this.#running = true;
    this.#changedAt = this.#clock.now();
  }

  emit(event: CommandEvent<ResultLike>): void {
    if (event.type === 'sent' && event.money) this.#moneySent = true;
    if (event.type === 'result') this.#end({ type: 'result', result: event.result }, event.at);
    else this.#add({ id: this.#last + 1, at: event.at, event });
  }

  fail(error: unknown): void {
    const failure = failureOf(error, this.#moneySent);
    this.#end({ type: 'failed', failure }, this.#clock.now());
  }

  crossed(frame: WireFrame): void {
    this.#frames.push(frame);
    if (this.#frames.length > mostFrames) this.#frames.shift();
  }

  /**
   * More has become known of it since it ended. What it was told to have ended with is no event of it any
   * more, so that whoever reads them again finds one end and not two.
   */
  supersede(ending: Ending, at: number): void {
    this.#events = this.#events.filter(({ event }) => event.type !== 'ended');
    this.#end(ending, at);
  }

  /** Calls back at each event until the returned function is called. */
  watch(changed: () => void): () => void {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  #end(ending: Ending, at: number): void {
    this.#ending = ending;
    this.#add({ id: this.#last + 1, at, event: { type: 'ended', ending } });
  }

  #add(kept: KeptEvent): void {
    this.#last = kept.id;
    this.#changedAt = kept.at;
    this.#events.push(kept);
    if (this.#events.length > mostEvents) this.#events.shift();
    for (const changed of this.#watchers) changed();
  }
}
