import { countedBeside, placeParts } from '../framing/shaped-frame.ts';
import { known, type Located, located } from './located.ts';
import { frameShape } from './message.ts';
import type { Profile } from './schema.ts';
import { fieldOf } from './value.ts';

type Part = Profile['frame']['parts'][number];

const nameOf = (part: Part): string => {
  switch (part.part) {
    case 'field':
      return part.field;
    case 'body':
      return 'body';
    default:
      return part.name ?? part.part;
  }
};

/** Is this a frame that can be found on a line? */
export function checkFrame(profile: Profile): Located[] {
  const { parts, max } = profile.frame;
  const names = parts.map(nameOf);
  const path = (index: number, ...more: (string | number)[]) => ['frame', 'parts', index, ...more];
  const bodyAt = parts.findIndex(({ part }) => part === 'body');
  const problems: Located[] = [];

  if (parts[0]?.part !== 'start')
    problems.push(
      located(path(0), 'A frame begins with a part start: a byte that is always there.'),
    );
  if (parts.filter(({ part }) => part === 'body').length !== 1)
    problems.push(located(['frame', 'parts'], 'A frame has exactly one part body.'));
  if (parts.filter(({ part }) => part === 'length').length > 1)
    problems.push(located(['frame', 'parts'], 'A frame has one length at most.'));

  for (const [index, part] of parts.entries()) {
    const twice = names.indexOf(nameOf(part)) !== index;
    if (twice)
      problems.push(
        located(path(index), `There are two parts ${nameOf(part)}; give one of them another name.`),
      );
    if (part.part === 'field') {
      const field = fieldOf(profile, part.field, 'till');
      const other = fieldOf(profile, part.field, 'terminal');
      if (field === undefined)
        problems.push(
          located(
            path(index, 'field'),
            `There is no field ${part.field}; ${known(Object.keys(profile.fields))}.`,
          ),
        );
      else if (field.size === undefined || other?.size !== field.size)
        problems.push(
          located(
            path(index, 'field'),
            `The field ${part.field} needs a size, the same from both sides: it stands outside the body.`,
          ),
        );
    }
    if (part.part === 'length')
      for (const [at, counted] of part.counts.entries())
        if (!names.includes(counted))
          problems.push(
            located(path(index, 'counts', at), `There is no part ${counted}; ${known(names)}.`),
          );
    if (part.part === 'check') {
      const [from, to] = part.over.map((one) => names.indexOf(one));
      for (const [at, one] of part.over.entries())
        if (!names.includes(one))
          problems.push(
            located(path(index, 'over', at), `There is no part ${one}; ${known(names)}.`),
          );
      if (from !== undefined && to !== undefined && from >= 0 && to >= 0) {
        if (from > to)
          problems.push(located(path(index, 'over'), 'The first part comes before the last.'));
        else if (from <= index && index <= to)
          problems.push(located(path(index, 'over'), 'A check cannot cover itself.'));
      }
    }
  }
  if (problems.length > 0) return problems;

  const body = parts[bodyAt];
  const behind = parts[bodyAt + 1]?.part;
  const length = parts.findIndex(({ part }) => part === 'length');
  const sized = body?.part === 'body' && body.size !== undefined;
  const closed = behind === 'end' || behind === 'constant';
  if (length > bodyAt)
    problems.push(located(path(length), 'The length stands in front of the body.'));
  else if (length < 0 && !sized && !closed)
    problems.push(
      located(
        path(bodyAt),
        'Nothing tells where the body ends: it needs a length before it, a size, or a part end right behind it.',
      ),
    );
  else if (length >= 0) {
    const shape = frameShape(profile);
    const part = shape.parts[length];
    if (part?.part === 'length' && !countedBeside(shape, part).body)
      problems.push(located(path(length, 'counts'), 'The length has to count the body.'));
  }
  const least = placeParts(frameShape(profile), 0).at(-1)?.end ?? 0;
  if (least >= max)
    problems.push(
      located(['frame', 'max'], `The frame has ${least} bytes without its body; max must be more.`),
    );

  for (const [byte, pair] of Object.entries(profile.frame.stuffing?.pairs ?? {})) {
    if (byte.length !== 2)
      problems.push(
        located(['frame', 'stuffing', 'pairs', byte], 'Stuffing is for one byte each.'),
      );
    if (pair.slice(0, 2).toUpperCase() !== byte.toUpperCase() || pair.length < 4)
      problems.push(
        located(
          ['frame', 'stuffing', 'pairs', byte],
          `What stands for ${byte} must begin with ${byte} and be longer, such as "${byte}00".`,
        ),
      );
  }
  return problems;
}
