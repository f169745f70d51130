import { luhn, maskCardNumbers } from '../model/mask.ts';
import { isPlainObject } from './canonical-json.ts';

/** A terminal's or a till's numbers, by which a transaction is found again. */
const identityFields: ReadonlySet<string> = new Set([
  'ticket',
  'operationNumber',
  'receiptNumber',
  'trace',
  'authorisationCode',
  'terminalId',
  'commerceCode',
  'childCommerceCode',
]);

/**
 * A value without card numbers, in its strings and in its property names (PCI DSS 3.4.1). A long number
 * in a field that names a transaction is masked only when its check digit makes it a card number, because
 * recovery has to find the transaction by it.
 */
export function withoutCardNumbers(value: unknown): unknown {
  if (typeof value === 'string') return maskCardNumbers(value);
  if (Array.isArray(value)) return value.map(withoutCardNumbers);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      maskCardNumbers(name),
      identityFields.has(name) && typeof item === 'string'
        ? maskInIdentity(item)
        : withoutCardNumbers(item),
    ]),
  );
}

const maskInIdentity = (text: string): string =>
  text.replace(/\d(?:[ -]?\d){12,}/g, (run) =>
    luhn(run.replace(/\D/g, '')) ? maskCardNumbers(run) : run,
  );
