import type { Intent, Journal } from '../journal/journal.ts';
import type { Holder, TerminalLock } from '../journal/lock.ts';
import type { ProgressEvent } from '../model/events.ts';
import type { Refused } from '../model/results.ts';
import type { Transaction } from '../model/transaction.ts';
import type { Exchange } from '../protocols/exchange.ts';
import type { CommandName, Protocol, Timing } from '../protocols/protocol.ts';
import { exchangeError } from './failure.ts';
import type { Line, RunOptions } from './line.ts';
import type { VoidPolicy } from './policy.ts';
import type { World } from './world.ts';

/** Transactions that the terminal has told before: none of them is what is made now. */
export interface Told {
  epoch?: number;
  transactions: readonly Transaction[];
  /** About which a person has decided, so that nobody knows their numbers: what is made now is like one or not. */
  decided: readonly Transaction[];
}

/** As many as the journal tells. */
const mostTold = 200;

/** Adds the transaction that is the latest now. */
export function remember(told: Told, transaction: Transaction): void {
  told.transactions = [...told.transactions, transaction].slice(-mostTold);
}

/** What a command has to work with while it has the line. */
export interface Context {
  readonly line: Line;
  readonly journal: Journal;
  readonly lock: TerminalLock;
  readonly world: World;
  readonly timing: Timing;
  readonly policy: VoidPolicy;
  /** Which program this is, for whoever finds the terminal held, and for the journal. */
  readonly holder: Omit<Holder, 'since'>;
  readonly origin: string;
  /** What the terminal was known to have made, as it was when the connection at hand was first used. */
  readonly told: Told;
  /** True until it is known that no earlier process has left a command in doubt. */
  mayRecover(): boolean;
  recovered(): void;
  /** The terminal's address, for the journal. */
  readonly terminal: string;
  /** The till has accepted that this terminal voids its last transaction unseen. */
  readonly allowBlindVoid: boolean;
  readonly signal?: AbortSignal;
  /** Fires when the terminal is closed. */
  readonly closing: AbortSignal;
  /** How long to wait for an answer, in milliseconds. */
  readonly answerMs?: number;
  emit(event: WithoutTime<ProgressEvent>): void;
}

type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never;

/** Where a command goes, and by which way of speaking. */
export const place = ({
  terminal,
  line: { protocol },
}: Context): Pick<Intent, 'terminal' | 'variant'> => ({
  terminal,
  ...(protocol.variant !== undefined && { variant: protocol.variant }),
});

/** Lets an exchange speak through the command's own stream, and be stopped by its signal. */
export const runOptions = ({ emit, answerMs, signal }: Context): RunOptions => ({
  ...(answerMs !== undefined && { answerMs }),
  ...(signal && { signal }),
  sent: (sent) => emit({ type: 'sent', ...sent }),
  progress: (progress) => emit(progress),
});

/**
 * Runs an exchange that is no money command.
 * @throws {TerminalError} when it has no answer.
 */
export async function ask<A>(
  context: Context,
  make: (protocol: Protocol) => Exchange<A>,
): Promise<A> {
  await context.line.ready();
  const exchange = make(context.line.protocol);
  const outcome = await context.line.run(exchange, runOptions(context));
  if (outcome.type === 'failed') throw exchangeError(exchange, outcome);
  return outcome.answer;
}

/** The refusal of a command that this terminal does not have. */
export function unsupported(protocol: Protocol, command: CommandName): Refused | undefined {
  if (protocol.capabilities.commands.includes(command)) return undefined;
  return {
    outcome: 'refused',
    reason: 'not-supported',
    field: 'command',
    limit: `one of ${protocol.capabilities.commands.join(', ')}`,
    value: command,
    message: `A terminal with the protocol ${protocol.name} has no ${command}. Nothing was sent.`,
  };
}
