import type { Language, ResultLike } from '../messages/messages.ts';
import { TerminalError } from '../model/error.ts';
import type { Command } from '../terminal/command.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type ExitStatus, exit, exitOfError, exitOfOutcome, UsageError } from './exit.ts';
import type { CommonOptions } from './options.ts';
import type { Output } from './output.ts';

/** The command to run on an opened terminal; `signal` asks it to stop. `language`: that of its messages. */
export type Make = (
  terminal: Terminal,
  signal: AbortSignal,
  language: Language,
) => Command<ResultLike>;

/** What a result means for the exit status. */
export type ExitOf = (result: ResultLike) => ExitStatus;

/** Opens the terminal, runs one command to its end and closes; the exit status says how it went. */
export async function runOnTerminal(
  address: string,
  options: CommonOptions,
  output: Output,
  make: Make,
  exitOf: ExitOf = exitOfOutcome,
): Promise<ExitStatus> {
  if (options.lang !== undefined) output.speak(options.lang);
  try {
    const { openConfigured } = await import('./open-configured.ts');
    const { terminal, language } = await openConfigured(address, options, output);
    try {
      return await watch(terminal, output, (signal) => make(terminal, signal, language), exitOf);
    } finally {
      await terminal.close();
    }
  } catch (error) {
    return reportError(output, error);
  }
}

/** Shows an error; what is neither ours nor the caller's is a defect, and counts as what may have happened. */
export function reportError(output: Output, error: unknown, moneySent = false): ExitStatus {
  output.error(error, moneySent);
  if (error instanceof TerminalError) return exitOfError(error);
  if (error instanceof UsageError) return exit.wrongUsage;
  return moneySent ? exit.inDoubt : exit.failedWithNoEffect;
}

function watch(
  terminal: Terminal,
  output: Output,
  begin: (signal: AbortSignal) => Command<ResultLike>,
  exitOf: ExitOf,
): Promise<ExitStatus> {
  const abort = new AbortController();
  let moneySent = false;
  let status: ExitStatus = exit.done;

  const interrupt = () => {
    if (!moneySent) process.exit(exit.interrupted);
    abort.abort();
    output.note(
      terminal.capabilities.abort
        ? 'The terminal has been asked to stop; what it answers counts.'
        : 'The command has been sent and cannot be called back; waiting for its answer.',
    );
    output.note('Interrupt once more to leave without knowing how it ends.');
    process.once('SIGINT', () => process.exit(exit.inDoubt));
  };

  return new Promise<ExitStatus>((resolve) => {
    process.once('SIGINT', interrupt);
    begin(abort.signal).subscribe({
      next(event) {
        if (event.type === 'sent' && event.money) moneySent = true;
        if (event.type === 'result') status = exitOf(event.result);
        output.event(event);
      },
      error: (error: unknown) => resolve(reportError(output, error, moneySent)),
      complete: () => resolve(status),
    });
  }).finally(() => process.off('SIGINT', interrupt));
}
