import { maskCardNumbers } from '../model/mask.ts';
import { canonicalJson, isPlainObject } from './canonical-json.ts';

/** A value without card numbers, in its strings and in its property names (PCI DSS 3.4.1). */
export function withoutCardNumbers(value: unknown): unknown {
  if (typeof value === 'string') return maskCardNumbers(value);
  if (Array.isArray(value)) return value.map(withoutCardNumbers);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [maskCardNumbers(name), withoutCardNumbers(item)]),
  );
}

/**
 * The beginning of whatever {@link maskCardNumbers} hides, as it stands in JSON: digits in a row, or the
 * first two groups of a printed number. JSON leaves digits as they are, and of what may lie between the
 * groups it changes only the tabulator.
 */
const likeCardNumber = /\d{13}|\d{4}(?:[ ./-]|\\t){1,2}\d{4}/;

/**
 * The canonical JSON of these properties without card numbers, and of those of `plain` as they are. Most
 * hold no card number, which one look at the text tells.
 */
export function maskedJson(value: object, plain: object = {}): string {
  const json = canonicalJson({ ...value, ...plain });
  if (!likeCardNumber.test(json)) return json;
  const masked = withoutCardNumbers(value);
  return canonicalJson({ ...(isPlainObject(masked) && masked), ...plain });
}
