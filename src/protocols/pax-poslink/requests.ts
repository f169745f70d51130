import type { Refused } from '../../model/results.ts';
import type { PurchaseRequest, Target, Transaction } from '../../model/transaction.ts';
import { checkAmount, checkText, invalid } from '../refusal.ts';
import { allKinds, saleType, voidType } from './codes.ts';
import { type Group, request } from './groups.ts';
import type { Setup } from './setup.ts';

/** `$$$$$$CC`: eight digits. */
const mostAmount = 99_999_999;

/** An ECR reference has 32 characters at most; two are kept for the mark of a void. */
const reference = /^[0-9A-Za-z._-]{1,30}$/;
const referenceLimit = '1 to 30 letters, digits, dots, hyphens or underscores';

/** The terminal's own number, printed on the voucher: up to four digits by the document, more in practice. */
const transactionNumber = /^\d{1,10}$/;

const empty: Group = [];

/** What a question to the terminal's report names; without anything, its first record. */
export interface Filter {
  readonly ticket?: string;
  readonly operationNumber?: string;
  readonly authorisationCode?: string;
  readonly record?: number;
}

const optional = (value: string | undefined): Group => (value === undefined ? empty : [value]);

export const requests = {
  /** A00: shows that the terminal is there and free. */
  initialise: ({ version }: Setup) => request('A00', version, [empty]),
  /** A14: stops what the terminal is doing. Its whole answer is EOT. */
  cancel: ({ version }: Setup) => request('A14', version, [empty]),
  /** T00 01: type, amount, account, trace, AVS, cashier, commercial, MOTO/e-commerce, additional data. */
  sale: ({ version }: Setup, amount: number, ticket: string) =>
    request('T00', version, [
      [saleType],
      [String(amount)],
      empty,
      [ticket],
      ...Array<Group>(5).fill(empty),
    ]),
  /** T00 16: the trace group names the void itself and, in its fourth sub-field, the sale. */
  void: ({ version }: Setup, found: Transaction) =>
    request('T00', version, [
      [voidType],
      empty,
      empty,
      [voidReference(found), '', '', found.operationNumber ?? ''],
      ...Array<Group>(5).fill(empty),
    ]),
  /** R02: kind of card, type, card type, record, transaction number, authorisation code, ECR reference, more. */
  report: ({ version }: Setup, filter: Filter) =>
    request('R02', version, [
      [allKinds],
      empty,
      empty,
      optional(filter.record === undefined ? undefined : String(filter.record)),
      optional(filter.operationNumber),
      optional(filter.authorisationCode),
      optional(filter.ticket),
      empty,
    ]),
  /** B00: the time and more, both empty: the terminal has a clock. */
  close: ({ version }: Setup) => request('B00', version, [empty, empty]),
} as const;

/**
 * The ECR reference of the void of this sale: the sale's transaction number with a mark that no sale of this
 * till has. By it the void can be found again. The sale's own reference would not do: a till may sell twice
 * under one, and the void of the first would then stand for the second's.
 */
export const voidReference = ({
  operationNumber = '',
}: Pick<Transaction, 'operationNumber'>): string => `${operationNumber}/V`;

const checkTicket = (ticket: string): Refused | undefined =>
  checkText('ticket', referenceLimit, reference, ticket);

const limits = ({ currency }: Setup) => ({ currency, min: 1, max: mostAmount });

export const checkSale = (setup: Setup, { amount, ticket, commerceCode }: PurchaseRequest) =>
  checkAmount(amount, limits(setup)) ??
  (ticket === undefined ? undefined : checkTicket(ticket)) ??
  notTold('commerceCode', commerceCode);

/** What this terminal does not tell, nobody could compare. */
const notTold = (field: string, value: string | undefined): Refused | undefined =>
  value === undefined ? undefined : invalid(field, 'left out: this terminal tells none', value);

export const checkTarget = (setup: Setup, target: Target): Refused | undefined =>
  checkAmount(target.amount, limits(setup)) ??
  (target.ticket === undefined ? undefined : checkTicket(target.ticket)) ??
  (target.operationNumber === undefined
    ? undefined
    : checkText('operationNumber', '1 to 10 digits', transactionNumber, target.operationNumber)) ??
  (target.authorisationCode === undefined
    ? undefined
    : checkText(
        'authorisationCode',
        '1 to 32 letters or digits',
        /^[0-9A-Za-z]{1,32}$/,
        target.authorisationCode,
      )) ??
  notTold('receiptNumber', target.receiptNumber) ??
  notTold('trace', target.trace) ??
  notTold('commerceCode', target.commerceCode);

/** Without its number a sale cannot be named; and T00 is for credit cards. */
export function checkVoidable(found: Transaction): Refused | undefined {
  const { operationNumber, cardType } = found;
  if (cardType === 'debit')
    return {
      outcome: 'refused',
      reason: 'debit-card',
      message:
        'This sale was paid with a debit card, which this till does not void; give the money back at the terminal. Nothing was voided.',
      found,
    };
  if (operationNumber !== undefined && transactionNumber.test(operationNumber)) return undefined;
  return {
    outcome: 'refused',
    reason: 'not-approved',
    message:
      'The terminal told no transaction number for this sale, so it cannot be named in a void. Nothing was voided.',
    found,
  };
}
