import type { Identity } from './transaction.ts';

/** All that can name a transaction. */
export const identities = [
  'ticket',
  'operationNumber',
  'receiptNumber',
  'trace',
  'authorisationCode',
  'terminalId',
  'commerceCode',
] as const satisfies readonly (keyof Identity)[];

/** Terminals pad numbers with zeros on the left: `123` and `000123` name the same thing. */
export const bareNumber = (text: string): string => text.trim().replace(/^0+(?=.)/, '');

export const sameNumber = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && bareNumber(a) === bareNumber(b);
