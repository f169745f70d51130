import { looksLikeCardNumber } from '../../model/mask.ts';
import type { Money } from '../../model/money.ts';
import type { Refused } from '../../model/results.ts';
import type {
  PurchaseRequest,
  RefundRequest,
  Target,
  Transaction,
} from '../../model/transaction.ts';
import { checkAmount, checkText, invalid } from '../refusal.ts';
import type { Setup } from './setup.ts';

/** Bitmap 04: twelve digits. Zero would have the terminal ask for an amount. */
const largest = 999_999_999_999;

export const checkMoney = (amount: Money | undefined, { currency }: Setup): Refused | undefined =>
  checkAmount(amount, { currency, min: 1, max: largest });

export const checkReceiptNumber = (receiptNumber: unknown): Refused | undefined =>
  checkText('receiptNumber', '1 to 4 digits', /^\d{1,4}$/, receiptNumber);

/** The terminal keeps no reference of the till; one that is a card number goes nowhere all the same. */
const checkTicket = (ticket: string | undefined): Refused | undefined =>
  typeof ticket === 'string' && looksLikeCardNumber(ticket)
    ? invalid('ticket', 'no card number', ticket)
    : undefined;

export const checkPurchase = (request: PurchaseRequest, setup: Setup): Refused | undefined =>
  checkMoney(request.amount, setup) ??
  checkTicket(request.ticket) ??
  notCarried('commerceCode', request.commerceCode);

export const checkRefund = (request: RefundRequest, setup: Setup): Refused | undefined =>
  checkMoney(request.amount, setup) ??
  checkTicket(request.ticket) ??
  notCarried('rrn', request.rrn);

/** A ZVT message has no place for it; leaving it out unsaid would be something else than was asked. */
const notCarried = (name: string, value: string | undefined): Refused | undefined =>
  value === undefined ? undefined : invalid(name, 'left out: ZVT cannot carry it', value);

/** What this terminal cannot tell, nobody could compare. */
const unknownHere = (name: string, value: string | undefined): Refused | undefined =>
  value === undefined ? undefined : invalid(name, 'left out: this terminal knows none', value);

export const checkTarget = (target: Target, setup: Setup): Refused | undefined =>
  checkMoney(target.amount, setup) ??
  unknownHere('ticket', target.ticket) ??
  unknownHere('operationNumber', target.operationNumber) ??
  (target.receiptNumber === undefined ? undefined : checkReceiptNumber(target.receiptNumber)) ??
  (target.trace === undefined
    ? undefined
    : checkText('trace', '1 to 12 digits', /^\d{1,12}$/, target.trace));

/** The reversal names its transaction by the receipt number, and by nothing else. */
export function checkVoidable(found: Transaction): Refused | undefined {
  const { receiptNumber } = found;
  if (receiptNumber !== undefined && checkReceiptNumber(receiptNumber) === undefined)
    return undefined;
  return {
    outcome: 'refused',
    reason: 'not-approved',
    message:
      'The terminal told no receipt number for its last transaction, so it cannot be named in a reversal. Nothing was sent.',
    found,
  };
}
