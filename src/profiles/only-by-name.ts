import type { Refused } from '../model/results.ts';
import { readExpression, type Source } from './expression.ts';
import type { Profile, ProfileCommand } from './schema.ts';

/** A terminal that tells only a transaction that is named cannot be asked for its last one. */
export const onlyByName = ({ commands }: Profile): Refused => ({
  outcome: 'refused',
  reason: 'not-supported',
  field: 'command',
  limit: 'a question for one transaction by what names it',
  value: 'lastTransaction',
  message: `This terminal cannot be asked for its last transaction, only for one that is named by ${namesOf(commands.find).join(' and ')}. Nothing was sent.`,
});

/** What a question needs to be told: `ticket`, `trace`. */
export const namesOf = (command: ProfileCommand | undefined): readonly Source[] =>
  Object.values(command?.send ?? {}).flatMap((written) => {
    const expression = readExpression(written);
    const needed = expression?.type === 'source' && !expression.optional;
    return needed && !['sequence', 'unique', 'now'].includes(expression.source)
      ? [expression.source]
      : [];
  });
