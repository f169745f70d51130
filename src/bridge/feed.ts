import type { Language } from '../messages/messages.ts';
import type { Clock } from '../model/clock.ts';
import { type CommandStatus, commandView } from './command-status.ts';
import { type Source, sse } from './event-stream.ts';
import type { SnapshotView } from './schemas.ts';
import { type TerminalStatus, terminalView } from './terminals.ts';

type Change =
  | { readonly type: 'terminal'; readonly status: TerminalStatus }
  | { readonly type: 'command'; readonly status: CommandStatus };

interface Kept {
  readonly n: number;
  readonly change: Change;
  /** What was written for one watcher serves all who may see the same in the same language. */
  readonly texts: Map<string, string>;
}

const mostKept = 1000;

/** A command changes several things within a few milliseconds: they are told at once. */
const gatherMs = 50;

/** So many watchers are told before the terminals are listened to again. */
const toldAtOnce = 25;

/** A watcher takes at most so many changes at once, so that one that has fallen behind catches up in pieces. */
const mostAtOnce = 100;

export interface Watcher {
  readonly language: Language;
  /** Whether a command of this client may be seen. */
  readonly maySee: (client: string) => boolean;
  /** Where it had got to, when it comes back. */
  readonly lastEventId?: string;
  readonly snapshot: () => SnapshotView;
}

/** What changes, for whoever watches: a snapshot first, then each change. Only the last thousand are kept. */
export class Feed {
  readonly #run: string;
  readonly #clock: Clock;
  readonly #watchers = new Set<() => void>();
  #kept: Kept[] = [];
  #n = 0;
  #gathering = false;

  /** @param run Names this run of the service: numbers of an earlier one mean nothing now. */
  constructor(run: string, clock: Clock) {
    this.#run = run;
    this.#clock = clock;
  }

  tell(change: Change): void {
    this.#n += 1;
    this.#kept.push({ n: this.#n, change, texts: new Map() });
    if (this.#kept.length > mostKept) this.#kept.shift();
    if (this.#gathering) return;
    this.#gathering = true;
    this.#clock.after(gatherMs, () => {
      this.#gathering = false;
      this.#wake([...this.#watchers]);
    });
  }

  /** In portions: a thousand watchers must not keep an answer of a terminal waiting. */
  #wake(watchers: readonly (() => void)[]): void {
    for (const changed of watchers.slice(0, toldAtOnce)) if (this.#watchers.has(changed)) changed();
    const rest = watchers.slice(toldAtOnce);
    if (rest.length > 0) this.#clock.after(0, () => this.#wake(rest));
  }

  source({ language, maySee, lastEventId, snapshot }: Watcher): Source {
    let at = this.#placeOf(lastEventId);
    return {
      take: () => {
        if (at === undefined || at < this.#oldest - 1) {
          at = this.#n;
          return sse(this.#idOf(at), 'snapshot', snapshot());
        }
        const from = this.#kept.length - (this.#n - at);
        const next = this.#kept.slice(from, from + mostAtOnce);
        at += next.length;
        const text = next.map((kept) => this.#text(kept, language, maySee)).join('');
        // What was not for this watcher must not look like the end of it.
        return text === '' && next.length === mostAtOnce ? ': \n\n' : text;
      },
      watch: (changed) => {
        this.#watchers.add(changed);
        return () => this.#watchers.delete(changed);
      },
    };
  }

  get #oldest(): number {
    return this.#kept[0]?.n ?? this.#n + 1;
  }

  #text(
    { n, change, texts }: Kept,
    language: Language,
    maySee: (client: string) => boolean,
  ): string {
    if (change.type === 'command' && !maySee(change.status.client)) return '';
    const sees = change.type === 'command' || maySee(change.status.running?.client ?? '');
    const key = `${language} ${sees}`;
    const known = texts.get(key);
    if (known !== undefined) return known;
    const view =
      change.type === 'command'
        ? commandView(change.status, language)
        : terminalView(change.status, maySee);
    const text = sse(this.#idOf(n), change.type, view);
    texts.set(key, text);
    return text;
  }

  #idOf = (n: number): string => `${this.#run}-${n}`;

  /** Undefined when it is not known any more, or of another run. */
  #placeOf(id = ''): number | undefined {
    const [, run, n] = /^([A-Z0-9]+)-(\d{1,15})$/.exec(id) ?? [];
    const place = Number(n);
    return run === this.#run && place <= this.#n ? place : undefined;
  }
}
