import { Command } from 'commander';
import type { Output } from '../../src/cli/output.ts';
import { addTerminalCommands } from '../../src/cli/terminal-commands.ts';
import { addToolCommands } from '../../src/cli/tool-commands.ts';

const silent: Output = {
  event: () => {},
  error: () => {},
  line: () => {},
  note: () => {},
  speak: () => {},
};

const program = new Command('tillwire');
addTerminalCommands(program, silent, () => {});
addToolCommands(program, silent, () => {});

/** What the command line does not know of an example: its command, its action, its options. */
export function unknownIn(example: string): readonly string[] {
  // What is in quotes is a value, whatever it looks like.
  const [, ...words] = example
    .replace(/'[^']*'|"[^"]*"/g, 'VALUE')
    .split(/\s+/)
    .filter((word) => word !== '');
  const [name = '', ...rest] = words;
  const command = program.commands.find((known) => known.name() === name);
  if (command === undefined) return [name];
  const options = rest.filter((word) => word.startsWith('--'));
  const known = command.options.map(({ long }) => long);
  const choices = command.registeredArguments[0]?.argChoices;
  const [action] = rest.filter((word) => !word.startsWith('--'));
  return [
    ...(choices !== undefined && action !== undefined && !choices.includes(action) ? [action] : []),
    ...options.filter((option) => !known.includes(option)),
  ];
}
