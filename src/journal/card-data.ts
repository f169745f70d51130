import { maskCardNumbers } from '../model/mask.ts';
import { isPlainObject } from './canonical-json.ts';

/** A value without card numbers, in its strings and in its property names (PCI DSS 3.4.1). */
export function withoutCardNumbers(value: unknown): unknown {
  if (typeof value === 'string') return maskCardNumbers(value);
  if (Array.isArray(value)) return value.map(withoutCardNumbers);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [maskCardNumbers(name), withoutCardNumbers(item)]),
  );
}
