import { type Expression, isPayCode, readExpression, type Source, sources } from './expression.ts';
import { known, type Located, located } from './located.ts';
import type { Path } from './problem.ts';
import type { Intermediate, Meaning, Profile, ProfileAnswer, ProfileCommand } from './schema.ts';
import { fieldOf } from './value.ts';

const always: readonly Source[] = ['now', 'sequence', 'unique'];
const numbers: readonly Source[] = [
  'ticket',
  'operationNumber',
  'receiptNumber',
  'trace',
  'authorisationCode',
  'rrn',
];

/** What each command can be made of. */
const given: Readonly<Record<string, readonly Source[]>> = {
  sale: ['amount', 'ticket', 'payCode', ...always],
  refund: ['amount', 'ticket', 'rrn', ...always],
  void: ['amount', ...numbers, 'batch', 'terminalId', 'commerceCode', 'datetime', ...always],
  last: ['ticket', ...always],
  find: ['amount', ...numbers, ...always],
  // What is said in reply is said at once, to one message.
  confirm: [],
  relay: [],
  'relay.done': [],
};

const named = ([name, command]: [string, ProfileCommand | undefined]): [
  string,
  ProfileCommand,
][] => (command === undefined ? [] : [[name, command]]);

/** The commands of a profile by name, those of this terminal only as `others.reprint`. */
export function commandsOf({ commands }: Profile): readonly [string, ProfileCommand][] {
  const { others, ...common } = commands;
  return [
    ...Object.entries(common).flatMap(named),
    ...Object.entries(others).map(([name, command]): [string, ProfileCommand] => [
      `others.${name}`,
      command,
    ]),
  ];
}

/** Can each command be sent, its answer known, and what it did found out afterwards? */
export function checkCommands(profile: Profile, at: Path): Located[] {
  const problems: Located[] = [];
  const { commands } = profile;
  for (const [name, command] of commandsOf(profile)) {
    const path = [...at, ...name.split('.')];
    problems.push(...checkSend(profile, name, command.send, [...path, 'send']));
    if (Object.hasOwn(command.codes, '*') && name !== 'status')
      problems.push(
        located([...path, 'codes', '*'], 'Only the answer to status may have any code at all.'),
      );
    problems.push(...checkAnswer(profile, name, command.answer, [...path, 'answer']));
  }
  for (const [
    index,
    { fields, refuse, when, is, prompts, relay },
  ] of profile.intermediates.entries()) {
    const path = ['intermediates', index];
    if (Object.keys(when).length === 0)
      problems.push(
        located([...path, 'when'], 'Every frame would be this message: say what its fields hold.'),
      );
    problems.push(...missingFields(profile, fields, [...path, 'fields']));
    problems.push(...missingFields(profile, Object.keys(when), [...path, 'when']));
    if (prompts !== undefined)
      problems.push(...missingFields(profile, [prompts.field], [...path, 'prompts', 'field']));
    if (is === 'relay' && refuse === undefined)
      problems.push(
        located(
          path,
          'A relay needs refuse, the frame that says no: without an address list nothing is relayed.',
        ),
      );
    if (typeof refuse === 'object')
      problems.push(...checkSend(profile, 'relay', refuse, [...path, 'refuse']));
    if (relay !== undefined)
      problems.push(...checkRelay(profile, is, fields, relay, [...path, 'relay']));
  }
  const { confirm, kind } = profile.link;
  if (confirm !== undefined)
    problems.push(...checkSend(profile, 'confirm', confirm, ['link', 'confirm']));
  if (confirm !== undefined && kind !== 'plain')
    problems.push(
      located(['link', 'confirm'], 'With ack-nak each message is confirmed by ACK already.'),
    );
  for (const [index, { is }] of profile.intermediates.entries())
    if (is === 'relay' && kind !== 'plain')
      problems.push(
        located(['intermediates', index, 'is'], 'A relay can only be refused on a plain link.'),
      );
  if (commands.status === undefined && commands.last === undefined)
    problems.push(
      located(at, 'There must be status or last: something that shows that the terminal is idle.'),
    );
  const moving = (['sale', 'void', 'refund'] as const).filter(
    (name) => commands[name] !== undefined,
  );
  if (moving.length > 0 && commands.last === undefined && commands.find === undefined)
    problems.push(
      located(
        [...at, moving[0] ?? 'sale'],
        'Without last or find nobody could find out how it ended when its answer is lost.',
      ),
    );
  const { void: taking } = commands;
  if (taking !== undefined && taking.by === 'reference' && taking.references.length === 0)
    problems.push(
      located(
        [...at, 'void'],
        'A void by reference needs references: what can name the sale, the best first.',
      ),
    );
  // See `checkNamed` of the driver: a void that cannot be known to be the right one ends in doubt each time.
  if (taking?.by === 'reference' && taking.references.length > 0 && !tellsSale(profile, taking))
    problems.push(
      located(
        [...at, 'void', 'answer', 'fields'],
        `The answer to a void by reference has to tell which sale was voided, in a field that means ${naming.join(', ')}; without one each void ends in doubt, whatever else it repeats. Add that field, or write by: checked-last where the document says that the terminal itself compares what it is sent with the sale.`,
      ),
    );
  if (taking !== undefined)
    for (const [index, reference] of taking.references.entries())
      if (!uses(taking.send, reference))
        problems.push(
          located(
            [...at, 'void', 'references', index],
            `The void sends no $${reference}; put it into send, as $${reference}?.`,
          ),
        );
  return problems;
}

/** By which numbers an answer names a sale: a reference of the till or of the bank may belong to several. */
const naming: readonly Meaning[] = [
  'original.trace',
  'original.receiptNumber',
  'original.operationNumber',
];

const tellsSale = (profile: Profile, { answer }: ProfileCommand): boolean =>
  carriedBy(profile, answer).some((name) => {
    const meaning = profile.fields[name]?.means;
    return meaning !== undefined && naming.includes(meaning);
  });

/** The fields of the frame, outside the body. */
const framedBy = ({ frame }: Profile): readonly string[] =>
  frame.parts.flatMap((part) => (part.part === 'field' ? [part.field] : []));

const carriedBy = (profile: Profile, answer: ProfileAnswer): readonly string[] => [
  ...new Set([...answer.fields, ...Object.keys(answer.when), ...framedBy(profile)]),
];

const uses = (send: ProfileCommand['send'], source: string): boolean =>
  Object.values(send).some((value) => new RegExp(`^\\$${source}\\??$`).test(String(value)));

function missingFields(profile: Profile, names: readonly string[], path: Path): Located[] {
  return names.flatMap((name) =>
    Object.hasOwn(profile.fields, name)
      ? []
      : [located(path, `There is no field ${name}; ${known(Object.keys(profile.fields))}.`)],
  );
}

function checkRelay(
  profile: Profile,
  is: Intermediate['is'],
  carried: readonly string[],
  relay: NonNullable<Intermediate['relay']>,
  path: Path,
): Located[] {
  const { host, port, data, seconds, done, unreachable = {}, silent = {} } = relay;
  const problems = [
    ...checkSend(profile, 'relay.done', done, [...path, 'done']),
    ...checkSend(profile, 'relay', unreachable, [...path, 'unreachable']),
    ...checkSend(profile, 'relay', silent, [...path, 'silent']),
  ];
  if (is !== 'relay') problems.push(located(path, `This message is ${is}; relay needs is: relay.`));
  for (const [key, name] of Object.entries({ host, port, data, seconds })) {
    if (name === undefined) continue;
    const missing = missingFields(profile, [name], [...path, key]);
    problems.push(...missing);
    if (missing.length === 0 && !carried.includes(name))
      problems.push(
        located([...path, key], `The message does not carry ${name}; put it into fields.`),
      );
  }
  if (Object.hasOwn(profile.fields, data) && profile.fields[data]?.type !== 'hex')
    problems.push(
      located([...path, 'data'], `The field ${data} is bytes of any kind: its type must be hex.`),
    );
  if (Object.hasOwn(profile.fields, data) && profile.fields[data]?.secret !== true)
    problems.push(
      located([...path, 'data'], `The field ${data} may hold card data: it must be secret: true.`),
    );
  if (!Object.values(done).some((written) => String(written) === '$relayed'))
    problems.push(
      located([...path, 'done'], 'The reply of the host has to be in it, as $relayed.'),
    );
  return problems;
}

function checkSend(
  profile: Profile,
  name: string,
  send: Readonly<Record<string, string | number>>,
  path: Path,
): Located[] {
  const problems: Located[] = [];
  for (const [field, written] of Object.entries(send)) {
    const place = [...path, field];
    if (!Object.hasOwn(profile.fields, field)) {
      problems.push(
        located(place, `There is no field ${field}; ${known(Object.keys(profile.fields))}.`),
      );
      continue;
    }
    const expression = readExpression(written);
    const wrong =
      expression === undefined
        ? `${String(written)} means nothing; there are ${sources.map((one) => `$${one}`).join(', ')} and $setting.NAME.`
        : wrongExpression(profile, name, expression);
    if (wrong !== undefined) problems.push(located(place, wrong));
    if (isPayCode(expression) && profile.fields[field]?.secret !== true)
      problems.push(
        located(place, `Whoever has $payCode can take money: ${field} must be secret: true.`),
      );
    const { codec } = profile.body;
    const optional =
      expression !== undefined && expression.type !== 'constant' && expression.optional;
    if (optional && codec === 'fixed' && fieldOf(profile, field, 'till')?.size === undefined)
      problems.push(
        located(
          place,
          `In a body of fixed columns nothing can be left out; ${field} needs a size, and is then blank.`,
        ),
      );
  }
  for (const part of profile.frame.parts)
    if (part.part === 'field' && !Object.hasOwn(send, part.field))
      problems.push(
        located(
          path,
          `The frame has the field ${part.field}, and this command does not say what is in it.`,
        ),
      );
  if (profile.body.codec === 'tlv')
    for (const field of profile.body.head)
      if (!Object.hasOwn(send, field))
        problems.push(
          located(
            path,
            `The head has the field ${field}, and this command does not say what is in it.`,
          ),
        );
  if (['sale', 'refund'].includes(name) && !uses(send, 'amount'))
    problems.push(located(path, `A ${name} has to send the $amount.`));
  return problems;
}

function wrongExpression(
  profile: Profile,
  name: string,
  expression: Expression,
): string | undefined {
  if (expression.type === 'constant') return undefined;
  if (expression.type === 'relayed')
    return name === 'relay.done'
      ? undefined
      : '$relayed is for relay.done only: the reply of the host.';
  if (expression.type === 'received' || expression.type === 'sent') {
    const relays = name.startsWith('relay');
    if (expression.type === 'received' && name !== 'confirm' && !relays)
      return '$received is for link.confirm and for the replies to a relay only.';
    if (expression.type === 'sent' && !relays) return '$sent is for the replies to a relay only.';
    return Object.hasOwn(profile.fields, expression.field)
      ? undefined
      : `There is no field ${expression.field}.`;
  }
  if (expression.type === 'setting' && name === 'confirm')
    return 'A confirmation can have $received.FIELD and constants, and no settings.';
  if (expression.type === 'setting') {
    if (Object.hasOwn(profile.settings, expression.name)) return undefined;
    return `There is no setting ${expression.name}; ${known(Object.keys(profile.settings))}.`;
  }
  const { source } = expression;
  if (source === 'sequence' && profile.sequence === undefined)
    return '$sequence needs sequence: from what to what it counts.';
  if ((given[name] ?? always).includes(source)) return undefined;
  const own = (given[name] ?? always).map((one) => `$${one}`).join(', ');
  return own === ''
    ? `A reply to a message has no $${source}; it can have $received.FIELD${name === 'confirm' ? '' : ', $sent.FIELD and $setting.NAME'}.`
    : `${name} has no $${source}; it can send ${own}.`;
}

function checkAnswer(profile: Profile, name: string, answer: ProfileAnswer, path: Path): Located[] {
  const problems: Located[] = [
    ...missingFields(profile, answer.fields, [...path, 'fields']),
    ...missingFields(profile, Object.keys(answer.when), [...path, 'when']),
    ...missingFields(profile, answer.kind === undefined ? [] : [answer.kind.field], [
      ...path,
      'kind',
      'field',
    ]),
    ...missingFields(profile, answer.state === undefined ? [] : [answer.state.field], [
      ...path,
      'state',
      'field',
    ]),
  ];
  if (problems.length > 0) return problems;
  const inFrame = framedBy(profile);
  const carries = carriedBy(profile, answer);
  const means = (...wanted: Meaning[]) =>
    carries.some((one) => {
      const meaning = profile.fields[one]?.means;
      return meaning !== undefined && wanted.includes(meaning);
    });
  const tellsState = answer.state !== undefined;
  if (
    ['sale', 'refund', 'void', 'settle'].includes(name) &&
    !carries.includes(profile.codes.field) &&
    !tellsState
  )
    problems.push(
      located(path, `The answer to ${name} has to carry the response code ${profile.codes.field}.`),
    );
  if (
    ['sale', 'refund', 'last', 'find'].includes(name) &&
    !means('amount') &&
    answer.amount === 'told'
  )
    problems.push(
      located(
        [...path, 'fields'],
        `The answer to ${name} has to carry the amount: what is not told cannot be compared.`,
      ),
    );
  if (
    name === 'last' &&
    !means('trace', 'receiptNumber', 'operationNumber', 'authorisationCode', 'ticket', 'rrn')
  )
    problems.push(
      located([...path, 'fields'], 'The last transaction has to carry something that names it.'),
    );
  if (profile.body.codec === 'fixed')
    for (const [index, field] of answer.fields.entries()) {
      const last = index === answer.fields.length - 1;
      const isOutside = inFrame.includes(field);
      if (!last && !isOutside && fieldOf(profile, field, 'terminal')?.size === undefined)
        problems.push(
          located([...path, 'fields', index], `In a body of fixed columns ${field} needs a size.`),
        );
    }
  return problems;
}
