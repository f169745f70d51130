import type { Journal } from '../journal/journal.ts';
import type { TerminalLock } from '../journal/lock.ts';
import { TerminalError } from '../model/error.ts';
import { parseAddress } from '../terminal/address.ts';
import { openTerminal, type TerminalOptions } from '../terminal/open.ts';
import type { NamedTerminal } from './terminals.ts';

/** A terminal as the configuration has it. */
export interface ConfiguredTerminal {
  readonly name: string;
  readonly address: string;
  /** Read when it is opened: a secret may be in an environment variable that is not set. */
  options(): TerminalOptions;
}

export interface Shared {
  readonly journal: Journal;
  readonly lock: TerminalLock;
  readonly program: string;
  warn(terminal: string, message: string): void;
}

/** Which part of a terminal's section is wrong. */
const fieldOf = (error: unknown): string =>
  error instanceof TerminalError && error.code === 'bad-address' ? '.address' : '';

/**
 * Loads every terminal of the configuration; no device is opened.
 * @throws {TerminalError} `bad-settings`, naming each terminal that is wrong and what is wrong with it
 */
export async function openTerminals(
  configured: readonly ConfiguredTerminal[],
  { journal, lock, program, warn }: Shared,
): Promise<readonly NamedTerminal[]> {
  const wrong: string[] = [];
  const opened: NamedTerminal[] = [];
  for (const { name, address, options } of configured) {
    try {
      const { transport } = parseAddress(address);
      const onWarning = (message: string) => warn(name, message);
      const terminal = await openTerminal(address, {
        ...options(),
        ...{ journal, lock, program, onWarning },
      });
      const twin = opened.find((other) => other.terminal.name === terminal.name);
      if (twin !== undefined)
        wrong.push(`terminals.${name}.address: it is the terminal of terminals.${twin.name}`);
      opened.push({ name, transport, terminal });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      wrong.push(`terminals.${name}${fieldOf(error)}: ${why}`);
    }
  }
  if (wrong.length === 0) return opened;
  throw new TerminalError('bad-settings', 'none', wrong.join('\n'));
}
