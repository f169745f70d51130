import type { Described } from '../protocols/protocol.ts';
import { commandsOf } from './check-commands.ts';
import { intermediateOf, matches } from './exchanges.ts';
import { readExpression } from './expression.ts';
import { describedFields } from './meaning.ts';
import { type Message, readMessage, type Side, type Wire } from './message.ts';
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

/** The request that a frame of the till is: of the profile, or of a variant of it that says it more exactly. */
export function requestOf(wire: Wire, data: Uint8Array): Request | undefined {
  const own = firstRequest(wire, data, commandsOf(wire.profile));
  const other = firstRequest(wire, data, variantCommands(wire.profile));
  return (other?.constants ?? 0) > (own?.constants ?? 0) ? other : (own ?? other);
}

function firstRequest(
  wire: Wire,
  data: Uint8Array,
  commands: readonly [string, ProfileCommand][],
): Request | undefined {
  for (const [name, command] of commands) {
    const message = readMessage(wire, data, 'till', Object.keys(command.send));
    const constants = constantsOf(command.send);
    const code = Object.values(constants);
    if (
      message.malformed.length === 0 &&
      matches(constants, message) &&
      isWhole(wire, command, message)
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

/** Every field that is always sent is there: what names its fields might else be taken for a shorter request. */
const isWhole = (wire: Wire, { send }: ProfileCommand, { values }: Message): boolean =>
  (wire.profile.body.codec !== 'tlv' && wire.profile.body.codec !== 'json') ||
  Object.entries(send).every(([name, written]) => {
    const expression = readExpression(written);
    const needed = expression?.type === 'source' && !expression.optional;
    return !needed || values.has(name);
  });

function answerOf(wire: Wire, data: Uint8Array): Known | undefined {
  const between = intermediateOf(wire, data);
  if (between !== undefined)
    return {
      name: between.intermediate.is,
      from: 'terminal',
      message: between.message,
      code: valuesOf(between.intermediate.when),
    };
  const commands = [...commandsOf(wire.profile), ...variantCommands(wire.profile)];
  for (const [name, { answer }] of commands) {
    const message = readMessage(wire, data, 'terminal', answer.fields);
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
