import type { CardType } from '../src/model/transaction.ts';
import type { EarlierSale } from './simulated-terminal.ts';

const cardTypes: readonly CardType[] = ['credit', 'debit', 'prepaid'];

interface Field {
  readonly must: string;
  holds(value: unknown): boolean;
}

const text =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && pattern.test(value);

/** What each field of a sale must be. */
const fields: ReadonlyMap<string, Field> = new Map([
  [
    'amount',
    {
      must: 'a whole number of minor units above 0',
      holds: (value: unknown) => Number.isSafeInteger(value) && Number(value) > 0,
    },
  ],
  ['ticket', { must: '1 to 20 letters A-Z and digits', holds: text(/^[0-9A-Za-z]{1,20}$/) }],
  [
    'cardType',
    {
      must: 'credit, debit or prepaid',
      holds: (value: unknown) => cardTypes.some((type) => type === value),
    },
  ],
  ['last4', { must: 'the last four digits of the card, as a string', holds: text(/^\d{4}$/) }],
  ['voided', { must: 'true or false', holds: (value: unknown) => typeof value === 'boolean' }],
]);

interface FileSale {
  readonly amount: number;
  readonly ticket?: string;
  readonly cardType?: CardType;
  readonly last4?: string;
  readonly voided?: boolean;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isFileSale = (sale: object): sale is FileSale =>
  'amount' in sale &&
  Object.entries(sale).every(([name, value]) => fields.get(name)?.holds(value) === true);

/** Card numbers do not belong in a sales file; should one be there, it does not reach the message. */
const shown = (name: string, value: unknown): string =>
  name === 'last4' ? '' : `; got ${JSON.stringify(value)}`;

function complaint(index: number, sale: unknown): string {
  if (!isObject(sale)) return `sales[${index}] must be an object with an amount`;
  if (sale['amount'] === undefined) return `sales[${index}].amount is missing`;
  for (const [name, value] of Object.entries(sale)) {
    const field = fields.get(name);
    if (field === undefined)
      return `sales[${index}] has no field "${name}"; there are ${[...fields.keys()].join(', ')}`;
    if (!field.holds(value))
      return `sales[${index}].${name} must be ${field.must}${shown(name, value)}`;
  }
  return `sales[${index}] is malformed`;
}

/**
 * Sales from a file: a JSON array of `{ amount, ticket?, cardType?, last4?, voided? }`, oldest first,
 * amounts in minor units.
 *
 * @throws {Error} naming the index and the field that is wrong.
 */
export function parseSales(json: string): EarlierSale[] {
  const sales: unknown = parse(json);
  if (!Array.isArray(sales)) throw new Error('The sales file must hold a JSON array of sales.');
  return sales.map((sale: unknown, index) => {
    if (!isObject(sale) || !isFileSale(sale)) throw new Error(`${complaint(index, sale)}.`);
    const { amount, ticket, cardType, last4, voided } = sale;
    return {
      amount,
      ...(ticket !== undefined && { ticket }),
      ...(voided !== undefined && { voided }),
      card: { ...(cardType && { type: cardType }), ...(last4 && { last4 }) },
    };
  });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new Error('The sales file is not JSON.', { cause });
  }
}
