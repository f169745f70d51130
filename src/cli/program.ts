import { Command, CommanderError, Option } from 'commander';
import type { Identity } from '../model/transaction.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import { createOutput, type Output } from './output.ts';
import { reportError, runOnTerminal } from './run.ts';
import { amountArgument, currencyArgument, millisecondsArgument } from './values.ts';
import { version } from './version.ts';

interface CommonOptions {
  readonly json?: true;
  readonly timeout?: number;
}

interface MoneyCommandOptions extends CommonOptions {
  readonly amount: number;
  readonly currency?: string;
  readonly key?: string;
}

interface PurchaseOptions extends MoneyCommandOptions {
  readonly ref?: string;
}

interface VoidOptions extends MoneyCommandOptions {
  readonly receipt?: string;
  readonly trace?: string;
  readonly operation?: string;
  readonly auth?: string;
  readonly ref?: string;
  readonly operator: string;
  readonly reason: string;
  readonly yes?: true;
}

interface DecodeOptions extends CommonOptions {
  readonly from?: 'till' | 'terminal';
  readonly framing: string;
}

interface MockOptions extends CommonOptions {
  readonly pty?: string;
  readonly seedSales?: string;
  readonly sale: readonly string[];
  readonly fault: readonly string[];
  readonly think?: number;
}

/** Runs the command line; resolves to the exit status, having printed everything. */
export async function runCli(argv: readonly string[]): Promise<ExitStatus> {
  let status: ExitStatus = exit.done;
  const json = argv.includes('--json');
  const output = createOutput(json);
  const program = createProgram(output, (ended) => {
    status = ended;
  });
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

function createProgram(output: Output, end: (status: ExitStatus) => void): Command {
  const program = new Command('tillwire')
    .description('The wire between a cash register and a payment terminal.')
    .version(version())
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        if (!process.argv.includes('--json')) write(text);
      },
    });

  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .option('--json', 'print one JSON object per line')
      .exitOverride();

  /** A command on a terminal: `<terminal>` is its address. */
  const onTerminal = (name: string, description: string): Command =>
    command(`${name} <terminal>`, description)
      .option(
        '--timeout <ms>',
        'how long to wait for the answer',
        millisecondsArgument('--timeout', 1),
      )
      .addOption(new Option('--lang <lang>', 'language of messages').choices(['en']).default('en'));

  const withMoney = (money: Command): Command =>
    money
      .requiredOption('--amount <n>', 'amount in minor units (CLP: whole pesos)', amountArgument)
      .option('--currency <code>', "ISO 4217 code; the terminal's own otherwise", currencyArgument)
      .option('--key <key>', 'your own key: the same key never moves money twice');

  const commandOptions = ({ timeout }: CommonOptions) => ({
    ...(timeout !== undefined && { timeoutMs: timeout }),
  });
  const keyOption = ({ key }: MoneyCommandOptions) => ({ ...(key !== undefined && { key }) });

  onTerminal('status', 'is the terminal there and ready?').action(
    async (address: string, options: CommonOptions) =>
      end(await runOnTerminal(address, output, (t) => t.status(commandOptions(options)))),
  );
  onTerminal('last', 'what did the terminal do last?').action(
    async (address: string, options: CommonOptions) =>
      end(await runOnTerminal(address, output, (t) => t.lastTransaction(commandOptions(options)))),
  );
  onTerminal('totals', 'count and sum since the last settlement').action(
    async (address: string, options: CommonOptions) =>
      end(await runOnTerminal(address, output, (t) => t.totals(commandOptions(options)))),
  );
  onTerminal('settle', 'end the day; nothing before it can be voided after it').action(
    async (address: string, options: CommonOptions) =>
      end(await runOnTerminal(address, output, (t) => t.settle(commandOptions(options)))),
  );

  withMoney(onTerminal('purchase', 'sell'))
    .option('--ref <ref>', "the till's own reference (Transbank: ticket)")
    .action(async (address: string, options: PurchaseOptions) =>
      end(
        await runOnTerminal(address, output, (terminal, signal) =>
          terminal.purchase(
            {
              amount: money(options, terminal.currency),
              ...(options.ref !== undefined && { ticket: options.ref }),
            },
            { ...commandOptions(options), ...keyOption(options), signal },
          ),
        ),
      ),
    );

  withMoney(onTerminal('void', "take the terminal's last transaction back, if it is this one"))
    .option('--receipt <n>', 'its receipt number')
    .option('--trace <n>', 'its trace number')
    .option('--operation <n>', 'its operation number')
    .option('--auth <code>', 'its authorisation code')
    .option('--ref <ref>', "the till's own reference of it (Transbank: ticket)")
    .requiredOption('--operator <name>', 'who takes it back')
    .requiredOption('--reason <text>', 'why')
    .option('--yes', 'do not ask for confirmation')
    .action(async (address: string, options: VoidOptions) => {
      const confirm = options.yes === true ? undefined : await askConfirmation();
      end(
        await runOnTerminal(address, output, (terminal, signal) =>
          terminal.voidTransaction(
            { amount: money(options, terminal.currency), ...identity(options) },
            {
              operator: options.operator,
              reason: options.reason,
              ...commandOptions(options),
              ...keyOption(options),
              ...(confirm && { confirm }),
              signal,
            },
          ),
        ),
      );
    });

  command('list', 'ports that may be terminals; never writes to one').action(async () => {
    const { list } = await import('./list.ts');
    end(await list(output));
  });

  command('decode <protocol> [hex...]', 'frames in words; HEX from the arguments or stdin')
    .addOption(new Option('--from <side>', 'who sent it').choices(['till', 'terminal']))
    .addOption(
      new Option('--framing <framing>', 'how it was framed')
        .choices(['serial', 'tcp', 'hid'])
        .default('serial'),
    )
    .action(async (protocol: string, hex: readonly string[], options: DecodeOptions) => {
      const { decode } = await import('./decode.ts');
      end(await decode(protocol, hex, options, output));
    });

  const collect = (value: string, earlier: readonly string[]) => [...earlier, value];
  command('mock <protocol>', 'a simulated terminal on a pseudo-terminal')
    .option('--pty <path>', 'a link to the pseudo-terminal is made at this path')
    .option('--seed-sales <file>', 'JSON file of sales already in its memory')
    .option('--sale <amount>', 'a sale already in its memory; may be given again', collect, [])
    .option('--fault <name[=arg]>', 'misbehave; may be given again', collect, [])
    .option('--think <ms>', 'how long it takes for each step', millisecondsArgument('--think', 0))
    .action(async (protocol: string, options: MockOptions) => {
      const { mock } = await import('./mock.ts');
      end(await mock(protocol, options, output));
    });

  return program;
}

const money = ({ amount, currency }: MoneyCommandOptions, own: string) => ({
  amount,
  currency: currency ?? own,
});

const identity = (options: VoidOptions): Identity => ({
  ...(options.receipt !== undefined && { receiptNumber: options.receipt }),
  ...(options.trace !== undefined && { trace: options.trace }),
  ...(options.operation !== undefined && { operationNumber: options.operation }),
  ...(options.auth !== undefined && { authorisationCode: options.auth }),
  ...(options.ref !== undefined && { ticket: options.ref }),
});

/** Asks the person at the keyboard; where there is nobody to ask, `--yes` has to say it. */
async function askConfirmation() {
  if (process.stdin.isTTY !== true)
    throw new UsageError('There is nobody to confirm the void; add --yes to void without asking.');
  return (await import('./confirm.ts')).confirmOnKeyboard;
}
