import { Command, CommanderError } from 'commander';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import { createOutput } from './output.ts';
import { reportError } from './run.ts';
import { addTerminalCommands } from './terminal-commands.ts';
import { addToolCommands } from './tool-commands.ts';
import { version } from './version.ts';

/** Runs the command line; resolves to the exit status, having printed everything. */
export async function runCli(argv: readonly string[]): Promise<ExitStatus> {
  const json = argv.includes('--json');
  const output = createOutput(json);
  let status: ExitStatus = exit.done;
  const end = (ended: ExitStatus) => {
    status = ended;
  };
  const program = new Command('tillwire')
    .description('The wire between a cash register and a payment terminal.')
    .version(version())
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        if (!json) write(text);
      },
    });
  addTerminalCommands(program, output, end);
  addToolCommands(program, output, end);
  try {
    await program.parseAsync(argv);
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(output, error);
    if (error.exitCode === 0) return exit.done;
    if (json) output.error(new UsageError(error.message));
    return exit.wrongUsage;
  }
}
