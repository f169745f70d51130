import type { ConfiguredTerminal } from '../config/config.ts';
import type { Language } from '../messages/messages.ts';
import { openTerminal, type TerminalOptions } from '../terminal/open.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { UsageError } from './exit.ts';
import type { CommonOptions } from './options.ts';
import type { Output } from './output.ts';
import { readUserConfig } from './user-config.ts';

/** An address has a transport; anything else is a name from the configuration. */
const isAddress = (text: string): boolean => text.includes('+');

/**
 * Opens a terminal by its address or by its name in the configuration file. As soon as that is read, `output`
 * speaks the language that it wants, unless the command line wants another one.
 */
export async function openConfigured(
  nameOrAddress: string,
  options: CommonOptions,
  output: Output,
): Promise<{ terminal: Terminal; language: Language }> {
  const { path, config } = await readUserConfig(options.config);
  const language = options.lang ?? config.language ?? 'en';
  output.speak(language);
  const configured = isAddress(nameOrAddress)
    ? { address: nameOrAddress }
    : named(nameOrAddress, config.terminals ?? {}, path);
  const place =
    options.journal === undefined
      ? config.journal
      : { path: options.journal, key: config.journal?.key };
  const terminal = await openTerminal(configured.address, {
    ...optionsOf(configured),
    ...(place && {
      journal: { path: place.path, ...(place.key !== undefined && { key: place.key }) },
    }),
    onWarning: output.note,
  });
  return { terminal, language };
}

function named(
  name: string,
  terminals: Readonly<Record<string, ConfiguredTerminal>>,
  path: string,
): ConfiguredTerminal {
  const found = Object.hasOwn(terminals, name) ? terminals[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(terminals).join(', ') || 'none';
  throw new UsageError(
    `There is no terminal ${JSON.stringify(name)} in ${path} (known: ${known}), and it is no address such as transbank+serial:/dev/ttyACM0.`,
  );
}

/** A secret is written down or is in the environment, under a name that is written down. */
function secretsOf({ secrets = {} }: ConfiguredTerminal): Record<string, string> {
  const entries = Object.entries(secrets).map(([name, given]): [string, string] => {
    if (typeof given === 'string') return [name, given];
    const value = process.env[given.env];
    if (value === undefined || value === '')
      throw new UsageError(`The environment variable ${given.env}, for ${name}, is not set.`);
    return [name, value];
  });
  return Object.fromEntries(entries);
}

/** What the configuration says of a terminal besides its address. */
export function optionsOf(configured: ConfiguredTerminal): TerminalOptions {
  const { policy, timing, allowBlindVoid, relay } = configured;
  const windowMs = policy?.voidWindowMinutes && policy.voidWindowMinutes * 60_000;
  const given = Object.entries(timing ?? {}).filter(([, ms]) => ms !== undefined);
  return {
    program: 'tillwire',
    ...(configured.secrets && { secrets: secretsOf(configured) }),
    timing: Object.fromEntries(given),
    policy: {
      ...(windowMs !== undefined && { windowMs }),
      ...(policy?.supervisor !== undefined && { supervisor: policy.supervisor }),
    },
    ...(allowBlindVoid !== undefined && { allowBlindVoid }),
    ...(relay && { relay }),
  };
}
