import { Argument, type Command, Option } from 'commander';
import type { ClientsAction, ClientsOptions } from './clients.ts';
import type { DecodeRequest } from './decode.ts';
import type { ExitStatus } from './exit.ts';
import type { JournalAction, JournalCommandOptions } from './journal.ts';
import type { ListRequest } from './list.ts';
import type { MockRequest } from './mock.ts';
import type { MonitorRequest } from './monitor.ts';
import type { Output } from './output.ts';
import type { ProfileAction } from './profile.ts';
import type { ServeRequest } from './serve.ts';
import { millisecondsArgument } from './values.ts';

const collect = (value: string, earlier: readonly string[]) => [...earlier, value];

interface JournalOptions {
  readonly config?: string;
  readonly journal?: string;
  readonly keyFile?: string;
  readonly head?: string;
  readonly format?: 'jsonl' | 'csv';
  readonly terminal?: string;
  readonly open?: true;
}

/** The commands that speak with no terminal. */
export function addToolCommands(
  program: Command,
  output: Output,
  end: (status: ExitStatus) => void,
): void {
  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .option('--json', 'print one JSON object per line')
      .exitOverride();

  command('list', 'ports and HID devices that may be terminals; never writes to one')
    .option('--all', 'every HID device')
    .action(async (options: ListRequest) => {
      const { list } = await import('./list.ts');
      end(await list(options, output));
    });

  command('decode [protocol] [hex...]', 'frames in words; HEX from the arguments or stdin')
    .option('--profile <file>', 'of the terminal that this file describes, instead of a protocol')
    .addOption(new Option('--from <side>', 'who sent it').choices(['till', 'terminal']))
    .addOption(
      new Option('--framing <framing>', 'how it was framed')
        .choices(['serial', 'tcp', 'hid'])
        .default('serial'),
    )
    .option('--packing <packing>', 'hid: how the stream is cut into reports')
    .option('--report-size <bytes>', 'hid: bytes of a report behind its id')
    .action(async (protocol: string | undefined, hex: string[], options: DecodeRequest) => {
      const { decode } = await import('./decode.ts');
      end(await decode(protocol, hex, options, output));
    });

  command('mock [protocol]', 'a simulated terminal on a pseudo-terminal, on TCP or as HID')
    .option('--profile <file>', 'the terminal that this file describes, instead of a protocol')
    .option('--pty <path>', 'a link to the pseudo-terminal is made at this path')
    .option('--tcp <host:port>', 'listen here instead; port 0 is any free one')
    .option(
      '--uhid [packing]',
      'be a HID device of this Linux kernel; packing rba when none is given',
    )
    .option('--wide', 'let --tcp listen on addresses that others on the network reach')
    .option('--seed-sales <file>', 'JSON file of sales already in its memory')
    .option('--sale <amount>', 'a sale already in its memory; may be given again', collect, [])
    .option('--fault <name[=arg]>', 'misbehave; may be given again', collect, [])
    .option('--think <ms>', 'how long each step takes', millisecondsArgument('--think', 0))
    .option('--replay <file>', 'answer as in this recording, and no other way')
    .action(async (protocol: string | undefined, options: MockRequest) => {
      const { mock } = await import('./mock.ts');
      end(await mock(protocol, options, output));
    });

  command('monitor <terminal>', 'what crosses the line between a till and its terminal')
    .option('--through <path>', "make the till's port here, and pass each byte on")
    .option('--listen <host:port>', 'let the till connect here, and pass each byte on')
    .option('--wide', 'let --listen listen on addresses that others on the network reach')
    .option('--record <file>', 'write what crosses it into this new file, masked')
    .option(
      '--profile <file>',
      'the terminal that this file describes; <terminal> is serial: or tcp:',
    )
    .option('--config <file>', 'configuration file')
    .action(async (terminal: string, options: MonitorRequest) => {
      const [{ monitor }, { interrupted }, { version }] = await Promise.all([
        import('./monitor.ts'),
        import('./interrupted.ts'),
        import('./version.ts'),
      ]);
      const surroundings = { version: version(), stop: interrupted() };
      end(await monitor(terminal, options, output, surroundings));
    });

  command('serve', 'a safe local service for tills in any language, with a page')
    .option('--config <file>', 'configuration file')
    .option('--journal <file>', 'journal file')
    .option('--listen <host:port>', 'where to listen; 127.0.0.1:7465 otherwise')
    .action(async (options: ServeRequest) => {
      const { serve } = await import('./serve.ts');
      end(await serve(options, output));
    });

  command('profile', 'a terminal described in one file: check it, see its frames, test it')
    .addArgument(new Argument('<action>', 'what to do').choices(['check', 'explain', 'test']))
    .argument('<file>', 'YAML or JSON, or the name of a profile that comes with Tillwire')
    .argument('[vectors]', 'for test: frames that are known to be right')
    .action(async (action: ProfileAction, file: string, vectors: string | undefined) => {
      const { profileCommand } = await import('./profile.ts');
      end(await profileCommand(action, file, vectors, output));
    });

  command('pair', 'a code of six digits by which a page or a till gets a token of its own')
    .option('--roles <roles>', 'some of query, sell, void, admin', 'query,sell,void')
    .option('--config <file>', 'configuration file')
    .action(async (options: ClientsOptions) => {
      const { pair } = await import('./clients.ts');
      end(await pair(options, output));
    });

  command('clients', 'who may use the bridge')
    .addArgument(new Argument('<action>', 'what to do').choices(['list', 'add', 'remove']))
    .argument('[name]', 'the client to add or to remove')
    .option('--roles <roles>', 'for add: some of query, sell, void, admin')
    .option('--config <file>', 'configuration file')
    .action(async (action: ClientsAction, name: string | undefined, options: ClientsOptions) => {
      const { clientsCommand } = await import('./clients.ts');
      end(await clientsCommand(action, name, options, output));
    });

  command('journal', 'what was asked, and how it ended')
    .addArgument(
      new Argument('<action>', 'what to do').choices(['list', 'show', 'verify', 'export']),
    )
    .argument('[key]', 'the key of the command to show')
    .option('--config <file>', 'configuration file')
    .option('--journal <file>', 'journal file')
    .option('--key-file <file>', 'file with the secret of its chain')
    .option('--head <head>', 'a head that was printed, to verify against')
    .option('--terminal <address>', 'only this terminal')
    .option('--open', 'only commands in doubt')
    .addOption(new Option('--format <format>', 'of the export').choices(['jsonl', 'csv']))
    .action(async (action: JournalAction, key: string | undefined, options: JournalOptions) => {
      const { journalCommand } = await import('./journal.ts');
      const { readUserConfig } = await import('./user-config.ts');
      const configured = (await readUserConfig(options.config)).config.journal;
      const { config: _, journal = configured?.path, open, ...rest } = options;
      const request: JournalCommandOptions = {
        ...(configured?.key !== undefined && { keyFile: configured.key }),
        ...rest,
        ...(journal !== undefined && { path: journal }),
        ...(key !== undefined && { key }),
        ...(open === true && { open }),
      };
      end(await journalCommand(action, request, output));
    });
}
