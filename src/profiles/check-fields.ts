import iconv from 'iconv-lite';
import { known, type Located, located } from './located.ts';
import type { Meaning, Profile } from './schema.ts';
import { longestSetting, matchesPattern, wrongPattern } from './setting-pattern.ts';
import { type Field, fieldOf } from './value.ts';

const times: readonly (Meaning | undefined)[] = [
  'date',
  'time',
  'datetime',
  'original.date',
  'original.time',
  'original.datetime',
];

/** Can each field be written and read, from both sides? */
export function checkFields(profile: Profile): Located[] {
  const problems: Located[] = [];
  const inFrame = profile.frame.parts.flatMap((part) =>
    part.part === 'field' ? [part.field] : [],
  );
  const inHead = profile.body.codec === 'tlv' ? profile.body.head : [];
  for (const name of Object.keys(profile.fields))
    for (const from of ['till', 'terminal'] as const) {
      const field = fieldOf(profile, name, from);
      if (field === undefined) continue;
      const path = [
        'fields',
        name,
        ...(from === 'terminal' && profile.fields[name]?.terminal ? ['terminal'] : []),
      ];
      const outside = inFrame.includes(name) || inHead.includes(name);
      for (const message of wrongIn(field, profile, outside))
        if (!problems.some((one) => one.message === message && one.path[1] === name))
          problems.push(located(path, message));
    }
  for (const [index, name] of inHead.entries()) {
    const field = fieldOf(profile, name, 'till');
    if (field?.size === undefined)
      problems.push(
        located(
          ['body', 'head', index],
          field === undefined
            ? `There is no field ${name}; ${known(Object.keys(profile.fields))}.`
            : `The field ${name} stands in front of the elements and needs a size.`,
        ),
      );
  }
  if (!Object.hasOwn(profile.fields, profile.codes.field))
    problems.push(
      located(
        ['codes', 'field'],
        `There is no field ${profile.codes.field}; ${known(Object.keys(profile.fields))}.`,
      ),
    );
  else if (
    !Object.values(profile.codes.list).some(
      (code) => (typeof code === 'string' ? code : code.class) === 'approved',
    )
  )
    problems.push(
      located(['codes', 'list'], 'No code is approved, so that no sale could ever be.'),
    );
  for (const [name, { pattern, default: own }] of Object.entries(profile.settings)) {
    const path = ['settings', name];
    const wrong = pattern === undefined ? undefined : wrongPattern(pattern);
    if (wrong !== undefined) problems.push(located([...path, 'pattern'], wrong));
    else if (own !== undefined && own.length > longestSetting)
      problems.push(
        located([...path, 'default'], `must have at most ${longestSetting} characters.`),
      );
    else if (own !== undefined && pattern !== undefined && !matchesPattern(pattern, own))
      problems.push(located([...path, 'default'], `${own} does not match the pattern ${pattern}.`));
  }
  const { correlation } = profile;
  if (correlation !== undefined && !Object.hasOwn(profile.fields, correlation.field))
    problems.push(located(['correlation', 'field'], `There is no field ${correlation.field}.`));
  if (profile.line.rtscts && profile.line.rts !== undefined)
    problems.push(located(['line', 'rts'], 'With rtscts the hardware drives RTS; leave rts out.'));
  if (profile.amount.min > profile.amount.max)
    problems.push(located(['amount', 'min'], 'The least amount is more than the most.'));
  if (profile.sequence !== undefined && profile.sequence.from >= profile.sequence.to)
    problems.push(located(['sequence', 'to'], 'must be more than from.'));
  return problems;
}

function wrongIn(field: Field, { body, charset }: Profile, outside: boolean): string[] {
  const { name, type, size, max, means } = field;
  const wrong: string[] = [];
  if (type === 'number' && body.codec !== 'json' && (size === undefined || size > 6))
    wrong.push(`The field ${name} is a binary number and needs a size of 1 to 6 bytes.`);
  if (type === 'hex' && field.pad !== undefined)
    wrong.push(`The field ${name} is bytes; nothing fills it up.`);
  if (size !== undefined && max !== undefined)
    wrong.push(`The field ${name} has a size; leave out max.`);
  if (field.order !== undefined && type !== 'number')
    wrong.push(`The field ${name} is no binary number; leave out order.`);
  if (field.amount !== undefined && means !== 'amount')
    wrong.push(`The field ${name} says how an amount is written; it needs means: amount.`);
  if (field.amount !== undefined && field.amount !== 'minor' && type !== 'text')
    wrong.push(`The field ${name} holds an amount with a decimal point; its type must be text.`);
  if (means === 'amount' && type === 'hex')
    wrong.push(`The field ${name} is an amount and cannot be hex.`);
  if (times.includes(means) && field.format === undefined)
    wrong.push(
      `The field ${name} is a date or a time and needs a format, such as YYYYMMDD or hhmmss.`,
    );
  if (field.padBytes !== undefined && field.pad !== undefined)
    wrong.push(`The field ${name} has pad and padBytes; one of them is enough.`);
  const charsets = field.charset ?? charset;
  if (charsets !== 'ascii' && !iconv.encodingExists(charsets))
    wrong.push(`There is no charset ${charsets}.`);
  if (outside) return wrong;
  if (body.codec === 'tlv' && field.tag === undefined)
    wrong.push(
      `The field ${name} needs a tag: the body is made of tags, and ${name} stands in none of the frame's parts.`,
    );
  if (body.codec === 'tlv' && field.tag !== undefined)
    for (const tag of field.tag.split('/'))
      if (tag.length !== 2 * body.tag)
        wrong.push(
          `The tag ${tag} of ${name} has ${tag.length / 2} bytes; this body's tags have ${body.tag}.`,
        );
  if (body.codec === 'tlv' && field.tag?.includes('/') === true) {
    const outer = field.tag.split('/')[0] ?? '';
    if (!body.nested.some((one) => one.toUpperCase() === outer.toUpperCase()))
      wrong.push(
        `The tag ${field.tag} of ${name} is inside ${outer}, which body.nested does not list.`,
      );
  }
  if (body.codec !== 'tlv' && field.tag !== undefined)
    wrong.push(`The field ${name} has a tag, and this body has none; leave it out.`);
  if (body.codec !== 'json' && field.key !== undefined)
    wrong.push(`The field ${name} has a key, and this body is no JSON; leave it out.`);
  return wrong;
}
