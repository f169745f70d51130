import type { Described } from '../protocols/protocol.ts';
import { commandsOf } from './check-commands.ts';
import { intermediateOf, matches } from './exchanges.ts';
import { readExpression } from './expression.ts';
import { describedFields } from './meaning.ts';
import {
  type Message,
  namesFields,
  type ReadAs,
  readerOf,
  readMessage,
  type Side,
  type Wire,
} from './message.ts';
import type { Profile, ProfileCommand } from './schema.ts';

/** What a frame of the till must hold to be this request: the constants that it sends. */
export const constantsOf = (send: ProfileCommand['send']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(send).flatMap(([name, written]) => {
      const expression = readExpression(written);
      return expression?.type === 'constant' ? [[name, expression.value]] : [];
    }),
  );

interface Known {
  readonly name: string;
  readonly from: Side;
  readonly message: Message;
  readonly code: string;
}

type Request = Known & { readonly command: ProfileCommand; readonly constants: number };

/** The commands of all variants that are not those of the profile itself. */
const variantCommands = ({ variants, ...profile }: Profile): readonly [string, ProfileCommand][] =>
  Object.values(variants).flatMap(({ commands: { others = {}, ...own } }) =>
    commandsOf({ ...profile, variants, commands: { others, ...own } }),
  );

/** What a frame of the till has to be to be this command's request. */
interface Pattern {
  readonly name: string;
  readonly command: ProfileCommand;
  readonly layout: readonly string[];
  readonly constants: Readonly<Record<string, string>>;
  readonly code: readonly string[];
  /** Fields that are always sent: what names its fields might else be taken for a shorter request. */
  readonly needed: readonly string[];
}

interface Patterns {
  readonly own: readonly Pattern[];
  readonly ofVariants: readonly Pattern[];
}

const patternsOf = (
  wire: Wire,
  commands: readonly (readonly [string, ProfileCommand])[],
): readonly Pattern[] =>
  commands.map(([name, command]) => {
    const constants = constantsOf(command.send);
    const needed = Object.entries(command.send).flatMap(([field, written]) => {
      const expression = readExpression(written);
      return expression?.type === 'source' && !expression.optional ? [field] : [];
    });
    return {
      name,
      command,
      layout: Object.keys(command.send),
      constants,
      code: Object.values(constants),
      needed: namesFields(wire) ? needed : [],
    };
  });

/** They are the same for every frame of a profile. */
const knownPatterns = new WeakMap<Profile, Patterns>();

function allPatterns(wire: Wire): Patterns {
  const { profile } = wire;
  const known = knownPatterns.get(profile);
  if (known !== undefined) return known;
  const patterns = {
    own: patternsOf(wire, commandsOf(profile)),
    ofVariants: patternsOf(wire, variantCommands(profile)),
  };
  knownPatterns.set(profile, patterns);
  return patterns;
}

/** The request that a frame of the till is: of the profile, or of a variant of it that says it more exactly. */
export function requestOf(wire: Wire, data: Uint8Array): Request | undefined {
  const read = readerOf(wire, data, 'till');
  const { own, ofVariants } = allPatterns(wire);
  const ours = firstRequest(own, read);
  const other = firstRequest(ofVariants, read);
  return (other?.constants ?? 0) > (ours?.constants ?? 0) ? other : (ours ?? other);
}

function firstRequest(patterns: readonly Pattern[], read: ReadAs): Request | undefined {
  for (const { name, command, layout, constants, code, needed } of patterns) {
    const message = read(layout);
    if (
      message.malformed.length === 0 &&
      matches(constants, message) &&
      needed.every((field) => message.values.has(field))
    )
      return {
        name,
        from: 'till',
        message,
        command,
        code: code.join(' '),
        constants: code.length,
      };
  }
  return undefined;
}

function answerOf(wire: Wire, data: Uint8Array): Known | undefined {
  const read = readerOf(wire, data, 'terminal');
  const between = intermediateOf(wire, read);
  if (between !== undefined)
    return {
      name: between.intermediate.is,
      from: 'terminal',
      message: between.message,
      code: valuesOf(between.intermediate.when),
    };
  const { own, ofVariants } = allPatterns(wire);
  for (const {
    name,
    command: { answer },
  } of [...own, ...ofVariants]) {
    const message = read(answer.fields);
    if (message.malformed.length === 0 && matches(answer.when, message))
      return { name: `${name} answer`, from: 'terminal', message, code: valuesOf(answer.when) };
  }
  return undefined;
}

const valuesOf = (when: Readonly<Record<string, string | readonly string[]>>): string =>
  Object.values(when).flat().join(' ');

/** A frame in words. A frame of neither side is read as the profile's fields go. */
export function describe(
  wire: Wire,
  data: Uint8Array,
  from: 'till' | 'terminal' | undefined,
): Described {
  const known =
    (from === 'terminal' ? undefined : requestOf(wire, data)) ??
    (from === 'till' ? undefined : answerOf(wire, data));
  if (known !== undefined) {
    const { code, name, message } = known;
    return {
      code,
      name: name.replace(/^others\./, ''),
      fields: describedFields(wire, message, known.from),
    };
  }
  const side = from ?? 'terminal';
  const message = readMessage(wire, data, side, []);
  return { code: '', name: 'unknown message', fields: describedFields(wire, message, side) };
}
