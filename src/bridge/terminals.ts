import type { TerminalState } from '../driver/line.ts';
import type { JournalReader } from '../journal/reader.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { CommandRecord } from './command-record.ts';
import type { TerminalView } from './schemas.ts';

/** A terminal of the configuration. */
export interface NamedTerminal {
  readonly name: string;
  /** How it is reached: `serial`, `tcp` ... */
  readonly transport: string;
  readonly terminal: Terminal;
}

/** Where a terminal stands, for everybody; who may see which command is settled by whoever shows it. */
export interface TerminalStatus extends Omit<TerminalView, 'running'> {
  readonly running?: Pick<CommandRecord, 'id' | 'kind' | 'client'>;
}

/** A terminal as the service has it: its line's state, what runs and waits on it, and what is in doubt. */
export class BridgeTerminal {
  readonly name: string;
  readonly transport: string;
  readonly terminal: Terminal;
  /** The first one runs. */
  readonly pending: CommandRecord[] = [];
  readonly #journal: JournalReader;
  #state: TerminalState = { type: 'disconnected' };
  #inDoubt: readonly string[] = [];

  constructor({ name, transport, terminal }: NamedTerminal, journal: JournalReader) {
    this.name = name;
    this.transport = transport;
    this.terminal = terminal;
    this.#journal = journal;
  }

  /** Follows the state of the line until the terminal is closed. */
  follow(changed: (state: TerminalState) => void): void {
    this.terminal.state$.subscribe((state) => {
      this.#state = state;
      changed(state);
    });
  }

  /** What the journal says is in doubt on it. @throws {TerminalError} when the journal cannot tell. */
  readDoubts(): readonly string[] {
    const open = this.#journal.list({ terminal: this.terminal.name, openOnly: true });
    // What runs at this moment has left and has no outcome either.
    const running = new Set(this.pending.map(({ id }) => id));
    this.#inDoubt = open.map(({ intent }) => intent.key).filter((key) => !running.has(key));
    return this.#inDoubt;
  }

  /** From memory only: what the journal said last. */
  get status(): TerminalStatus {
    const { terminal, pending } = this;
    const [running, ...waiting] = pending;
    return {
      name: this.name,
      protocol: terminal.protocol,
      transport: this.transport,
      currency: terminal.currency,
      capabilities: terminal.capabilities,
      policy: terminal.policy,
      state: this.#state,
      ...(running && {
        running: { id: running.id, kind: running.kind, client: running.client },
      }),
      queued: waiting.length,
      inDoubt: this.#inDoubt,
    };
  }
}

/** What a client sees of it: the id of a command only where it may see the command. */
export function terminalView(
  { running, ...status }: TerminalStatus,
  maySee: (client: string) => boolean,
): TerminalView {
  const { id, kind, client } = running ?? {};
  return {
    ...status,
    ...(kind !== undefined && {
      running: { kind, ...(id !== undefined && maySee(client ?? '') && { id }) },
    }),
  };
}
