import { toHex } from '../framing/bytes.ts';
import { commandsOf } from './check-commands.ts';
import { drawFrame, drawnLines } from './drawing.ts';
import type { Given } from './expression.ts';
import { type Wire, wireOf } from './message.ts';
import { isMade, makeRequest } from './requests.ts';
import type { Profile, ProfileAnswer, ProfileCommand } from './schema.ts';
import { withVariant } from './variant.ts';

/** What the requests of an explanation are made of. */
const example: Given = {
  amount: '1500',
  ticket: 'A1B2C3',
  operationNumber: '000123',
  receiptNumber: '000123',
  trace: '000123',
  authorisationCode: '654321',
  rrn: '123456789012',
  batch: '000001',
  terminalId: '12345678',
  commerceCode: '123456789012345',
  datetime: '2026-07-01T09:30:00',
  now: '2026-07-01T09:31:00',
};

/** One command, drawn. */
export interface Explained {
  readonly command: string;
  /** The example's request in hexadecimal; empty where an example cannot be made. */
  readonly hex: string;
  readonly lines: readonly string[];
}

const inWords = (list: Readonly<Record<string, string | readonly string[]>>): string =>
  Object.entries(list)
    .map(([name, wanted]) => `${name} is ${[wanted].flat().join(' or ')}`)
    .join(', ');

function answerLines({ when, fields, kind, state }: ProfileAnswer): string[] {
  return [
    `  answer: ${inWords(when) || 'whatever comes'}`,
    ...(fields.length > 0 ? [`  it carries ${fields.join(', ')}`] : []),
    ...(kind === undefined ? [] : [`  what it was: ${kind.field} ${inWords(kind.values)}`]),
    ...(state === undefined ? [] : [`  its state: ${state.field} ${inWords(state.values)}`]),
  ];
}

function explainCommand(wire: Wire, name: string, command: ProfileCommand): Explained {
  const { profile } = wire;
  const settings = Object.entries(profile.settings).map(([own, setting]): [string, string] => [
    own,
    setting.default ?? '1',
  ]);
  const surroundings = { settings: new Map(settings), now: () => example.now ?? '', next: () => 0 };
  const made = makeRequest(wire, command.send, example, surroundings);
  const drawn = isMade(made) ? drawFrame(wire, 'till', [...made.values]) : [];
  const lines = isMade(made)
    ? drawnLines(drawn)
    : [`  no example: ${made.field} cannot be made of ${String(command.send[made.field])}`];
  return {
    command: name,
    hex: isMade(made) ? toHex(made.bytes) : '',
    lines: [...lines, ...answerLines(command.answer)],
  };
}

/** The frames of each command, drawn byte by byte with example values; those of variants as `qr: sale`. */
export function explain(profile: Profile): readonly Explained[] {
  const wire = wireOf(profile);
  return [
    ...commandsOf(profile).map(([name, command]) => explainCommand(wire, name, command)),
    ...Object.keys(profile.variants).flatMap((variant) =>
      ownCommands(profile, variant).map(([name, command]) =>
        explainCommand(wire, `${variant}: ${name}`, command),
      ),
    ),
  ];
}

/** What a variant has that the profile itself has not, or has otherwise. */
function ownCommands(
  profile: Profile,
  variant: string,
): readonly (readonly [string, ProfileCommand])[] {
  const common = new Map(commandsOf(profile));
  return commandsOf(withVariant(profile, variant)).filter(
    ([name, command]) => common.get(name) !== command,
  );
}

/** What comes before an answer, a line each. */
export const explainIntermediates = ({ intermediates }: Profile): readonly string[] =>
  intermediates.map(({ is, when, relay, refuse }) => {
    const how =
      relay !== undefined
        ? `: to ${relay.host} and ${relay.port}, where relay= in the address allows it; refused otherwise`
        : is === 'relay'
          ? `: always ${refuse === 'silence' ? 'left without an answer' : 'refused'}`
          : '';
    return `  ${inWords(when)}: ${is}${how}`;
  });

/** What a person should know of a profile before it moves money. */
export function summary(profile: Profile): readonly string[] {
  const { commands, codes, correlation, ticket } = profile;
  const { void: taking, last } = commands;
  const money = Object.values(codes.list).filter(
    (code) => (typeof code === 'string' ? code : code.class) !== 'unknown',
  );
  return [
    `${profile.name}: ${profile.title} (${profile.status})`,
    `verified: ${profile.verified}`,
    taking === undefined
      ? 'void: none'
      : `void: ${taking.by}${taking.references.length > 0 ? `, named by ${taking.references.join(', else ')}` : ''}`,
    last === undefined
      ? 'last transaction: cannot be asked for'
      : `last transaction: ${last.tellsVoids ? 'tells voids' : 'does not tell voids'}${last.prints ? ', prints each time' : ''}`,
    correlation === undefined
      ? 'correlation: none; an answer is known by its fields alone'
      : `correlation: ${correlation.field}, ${correlation.required ? 'always there' : 'compared where it is there'}`,
    `the till's reference: ${ticket.echoed ? 'kept and told by the terminal' : 'not kept by the terminal'}`,
    `codes: ${money.length} that say something about the money; any other leaves a money command in doubt`,
  ];
}
