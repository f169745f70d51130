import type { Bridge, CommandView, MeView, TerminalView } from '../client/index.ts';
import { amountIn, type Language } from '../messages/amount.ts';
import type { Words } from './labels.ts';

/** What every part of the page works with. */
export interface Desk {
  readonly bridge: Bridge;
  readonly me: MeView;
  readonly language: Language;
  readonly words: Words;
  readonly news: News;
  /** Says what went wrong, above everything else. */
  tell(error: unknown): void;
  /** What went wrong, for a person. */
  explain(error: unknown): string;
}

type Listener = () => void;

/** Of two views of one command, made perhaps in the same millisecond: the one that knows of less. */
const isOlder = (one: CommandView, other: CommandView): boolean =>
  one.changedAt < other.changedAt ||
  (one.changedAt === other.changedAt && one.events < other.events);

/** What the service is known to hold, kept up to date by its event stream. */
export class News {
  readonly terminals = new Map<string, TerminalView>();
  readonly commands = new Map<string, CommandView>();
  /** Something has been heard of the service; before that, nothing is known to be missing. */
  isKnown = false;
  readonly #listeners = new Set<Listener>();

  /** Calls back after each change, until what it gives is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  everything(terminals: readonly TerminalView[], commands: readonly CommandView[]): void {
    this.isKnown = true;
    this.terminals.clear();
    for (const terminal of terminals) this.terminals.set(terminal.name, terminal);
    this.commands.clear();
    for (const command of commands) this.commands.set(command.id, command);
    this.#changed();
  }

  terminal(terminal: TerminalView): void {
    this.terminals.set(terminal.name, terminal);
    this.#changed();
  }

  command(command: CommandView): void {
    // An answer to a request may be older than what the stream has told since.
    const known = this.commands.get(command.id);
    if (known !== undefined && isOlder(command, known)) return;
    this.commands.set(command.id, command);
    this.#changed();
  }

  /** The latest command on a terminal: the one that runs, else the one that was begun last. */
  latest(terminal: string): CommandView | undefined {
    const running = this.terminals.get(terminal)?.running?.id;
    const known = running === undefined ? undefined : this.commands.get(running);
    return known ?? this.latestOf(terminal, () => true);
  }

  latestOf(terminal: string, is: (command: CommandView) => boolean): CommandView | undefined {
    const mine = [...this.commands.values()].filter(
      (command) => command.terminal === terminal && is(command),
    );
    return mine.sort((a, b) => b.createdAt - a.createdAt)[0];
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Money as this language writes it; what is no money is shown as it is. */
export const moneyIn = (language: Language, value: unknown): string =>
  amountIn(language, value) ?? (value === undefined ? '' : JSON.stringify(value));

const two = (n: number): string => String(n).padStart(2, '0');

/** A moment on this browser's clock, as the terminals write it: no day can be read as a month. */
export function timeIn(at: number): string {
  const time = new Date(at);
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())];
  const hour = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two);
  return `${day.join('-')} ${hour.join(':')}`;
}

/** A name that a person can read out to whoever helps, fresh each time: 50 random bits. */
export function freshKey(first: string): string {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) =>
    '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(byte & 31),
  ).join('');
  return `${first}-${letters.slice(0, 5)}-${letters.slice(5)}`;
}
