import { type Command, Option } from 'commander';
import type { Terminal } from '../terminal/terminal.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import {
  type CommonOptions,
  identityOf,
  keyOf,
  moneyOf,
  type PurchaseOptions,
  type RecoverOptions,
  type RefundOptions,
  timeoutOf,
  type VoidOptions,
} from './options.ts';
import type { Output } from './output.ts';
import { type ExitOf, type Make, runOnTerminal } from './run.ts';
import { amountArgument, currencyArgument, millisecondsArgument } from './values.ts';

type End = (status: ExitStatus) => void;

/** The commands that speak with a terminal; `<terminal>` is its address, or its name in the configuration. */
export function addTerminalCommands(program: Command, output: Output, end: End): void {
  const onTerminal = (name: string, description: string): Command =>
    program
      .command(`${name} <terminal>`)
      .description(description)
      .option('--json', 'print one JSON object per line')
      .option(
        '--timeout <ms>',
        'how long to wait for the answer',
        millisecondsArgument('--timeout', 1),
      )
      .addOption(new Option('--lang <lang>', 'language of messages').choices(['en', 'es', 'zh-CN']))
      .option('--config <file>', 'configuration file')
      .option('--journal <file>', 'journal file')
      .option('--record <file>', 'write what crosses the line into this new file, masked')
      .exitOverride();

  const withMoney = (money: Command): Command =>
    money
      .requiredOption('--amount <n>', 'amount in minor units (CLP: whole pesos)', amountArgument)
      .option('--currency <code>', "ISO 4217 code; the terminal's own otherwise", currencyArgument)
      .option('--key <key>', 'your own key: the same key never moves money twice');

  const run = async (
    address: string,
    options: CommonOptions,
    make: Make,
    exitOf?: ExitOf,
  ): Promise<void> => {
    const recording = await recordingOf(options, make);
    end(await runOnTerminal(address, options, output, recording.make, exitOf));
    await recording.done();
  };

  const questions = [
    ['status', 'is the terminal there and ready?', (t, options) => t.status(options)],
    ['last', 'what did the terminal do last?', (t, options) => t.lastTransaction(options)],
    ['totals', 'count and sum since the last settlement', (t, options) => t.totals(options)],
    [
      'settle',
      'end the day; nothing before it can be voided after it',
      (t, options) => t.settle(options),
    ],
  ] as const satisfies readonly (readonly [
    string,
    string,
    (terminal: Terminal, options: { timeoutMs?: number }) => ReturnType<Make>,
  ])[];
  for (const [name, description, ask] of questions)
    onTerminal(name, description).action((address: string, options: CommonOptions) =>
      run(address, options, (terminal) => ask(terminal, timeoutOf(options))),
    );

  withMoney(onTerminal('purchase', 'sell'))
    .option('--ref <ref>', "the till's own reference (Transbank: ticket)")
    .option('--pay-code <code>', "what a scanner has read off the customer's telephone")
    .action((address: string, options: PurchaseOptions) =>
      run(address, options, (terminal, signal) =>
        terminal.purchase(
          {
            amount: moneyOf(options, terminal.currency),
            ...(options.ref !== undefined && { ticket: options.ref }),
            ...(options.payCode !== undefined && { payCode: options.payCode }),
          },
          { ...timeoutOf(options), ...keyOf(options), signal },
        ),
      ),
    );

  withMoney(onTerminal('refund', 'give money back without voiding a sale'))
    .option('--ref <ref>', "the till's own reference")
    .option('--rrn <number>', 'the retrieval reference number of the sale')
    .action((address: string, options: RefundOptions) =>
      run(address, options, (terminal, signal) =>
        terminal.refund(
          {
            amount: moneyOf(options, terminal.currency),
            ...(options.ref !== undefined && { ticket: options.ref }),
            ...(options.rrn !== undefined && { rrn: options.rrn }),
          },
          { ...timeoutOf(options), ...keyOf(options), signal },
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
    .option('--supervisor <name>', 'a second person who agrees')
    .option('--yes', 'do not ask for confirmation')
    .action(async (address: string, options: VoidOptions) => {
      const confirm = options.yes === true ? undefined : await keyboardConfirmation();
      await run(address, options, (terminal, signal, language) =>
        terminal.voidTransaction(
          { amount: moneyOf(options, terminal.currency), ...identityOf(options) },
          {
            operator: options.operator,
            reason: options.reason,
            ...(options.supervisor !== undefined && { supervisor: options.supervisor }),
            ...timeoutOf(options),
            ...keyOf(options),
            ...(confirm && { confirm: (found) => confirm(found, language) }),
            signal,
          },
        ),
      );
    });

  onTerminal('recover', 'find out how a command ended that is in doubt')
    .addOption(
      new Option(
        '--decide <how>',
        'record what a person found out; the terminal is not asked',
      ).choices(['voided', 'not-voided', 'approved', 'not-approved']),
    )
    .option('--operator <name>', 'who decides')
    .option('--reason <text>', 'what was seen')
    .action((address: string, options: RecoverOptions) => {
      const { decide, operator, reason } = options;
      if (decide === undefined)
        return run(address, options, (terminal) => terminal.recover(timeoutOf(options)));
      if (operator === undefined || reason === undefined)
        throw new UsageError('A decision needs --operator and --reason.');
      // To record the decision is what was asked for, whatever it says.
      return run(
        address,
        options,
        (terminal) => terminal.decide(decide, { operator, reason }),
        ({ outcome }) => (outcome === 'decided' ? exit.done : exit.certainlyNotDone),
      );
    });
}

/** Asks the person at the keyboard; where there is nobody to ask, `--yes` has to say it. */
async function keyboardConfirmation() {
  if (process.stdin.isTTY !== true)
    throw new UsageError('There is nobody to confirm the void; add --yes to void without asking.');
  return (await import('./confirm.ts')).confirmOnKeyboard;
}

/** The command itself, or the same with what crosses the line written into a file. */
async function recordingOf({ record }: CommonOptions, make: Make) {
  if (record === undefined) return { make, done: () => Promise.resolve() };
  const [{ recorded }, { version }] = await Promise.all([
    import('./record-file.ts'),
    import('./version.ts'),
  ]);
  return recorded(record, version(), make);
}
