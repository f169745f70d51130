/** The longest value of a setting, in characters. */
export const longestSetting = 100;

/** Variable repetitions in one pattern: with these and values of that length a match takes no time. */
const mostRepetitions = 3;

/**
 * What is wrong with a pattern, if anything. Expressions that may take for ever on a short text are refused:
 * repeated groups, references back, and many repetitions in a row.
 */
export function wrongPattern(pattern: string): string | undefined {
  try {
    new RegExp(`^(?:${pattern})$`);
  } catch {
    return `${pattern} is no regular expression.`;
  }
  // Neither what is escaped nor what stands in brackets repeats anything.
  const bare = pattern.replace(/\\[^\d]/g, 'x').replace(/\[[^\]]*\]/g, 'x');
  if (/\\\d/.test(bare)) return `${pattern} refers back to a part of itself; write it out.`;
  if (/\)(?:[*+]|\{)/.test(bare))
    return `${pattern} repeats a group, which may take for ever; repeat single characters: [0-9A-Z]{1,8}.`;
  const variable = bare.match(/[*+]|\{\d+,\d*\}/g) ?? [];
  return variable.length > mostRepetitions
    ? `${pattern} has ${variable.length} repetitions of open length; there may be ${mostRepetitions}.`
    : undefined;
}

/** Does the value match the whole of a pattern that is not wrong? */
export const matchesPattern = (pattern: string, value: string): boolean =>
  value.length <= longestSetting && new RegExp(`^(?:${pattern})$`).test(value);
