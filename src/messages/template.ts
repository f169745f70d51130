/** What a text can name. */
export type Placeholder =
  | 'amount'
  | 'code'
  | 'count'
  | 'field'
  | 'found'
  | 'holder'
  | 'intent'
  | 'kind'
  | 'last4'
  | 'limit'
  | 'message'
  | 'operation'
  | 'operator'
  | 'reason'
  | 'receipt'
  | 'sale'
  | 'state'
  | 'ticket'
  | 'time'
  | 'total'
  | 'trace'
  | 'value'
  | 'what';

export type Values = { readonly [P in Placeholder]?: string | undefined };

const isNamed = (values: Values, name: string): name is Placeholder => Object.hasOwn(values, name);

const given = (values: Values, name: string): string | undefined =>
  isNamed(values, name) ? values[name] : undefined;

/**
 * Fills a text: `{name}` with its value, and a part in brackets only when none of its values is missing.
 * Values are never read as text: braces in them stay as they are.
 */
export const fill = (text: string, values: Values): string =>
  text.replace(/\[([^\]]*)\]|\{(\w+)\}/g, (_, part: string | undefined, name: string) =>
    part === undefined ? (given(values, name) ?? '?') : fillPart(part, values),
  );

function fillPart(part: string, values: Values): string {
  const names = Array.from(part.matchAll(/\{(\w+)\}/g), ([, name = '']) => name);
  return names.some((name) => given(values, name) === undefined) ? '' : fill(part, values);
}

/** A value on one line, without what could move a cursor, colour a screen or turn the text round. */
export function shown(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value)
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .trim();
  return text === '' ? undefined : text;
}
