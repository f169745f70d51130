import { sameNumber } from '../../model/identity.ts';
import { sameMoney } from '../../model/money.ts';
import type { Declined } from '../../model/results.ts';
import type { Identity, RefundRequest, Transaction } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { Purchase, PurchaseAnswer, UnknownCode } from '../protocol.ts';
import {
  amountOf,
  declinedBy,
  identityOf,
  receiptOf,
  transactionOf,
  unknownCode,
  verdictOf,
} from './answers.ts';
import { booking, type Reading } from './booking.ts';
import type { Message } from './envelope.ts';
import { notTaken } from './kinds.ts';
import { lastReceipt, requests } from './requests.ts';
import type { Setup } from './setup.ts';

/** What an answer says that has to be checked against the terminal's memory. */
type Claim =
  | {
      readonly said: 'approved';
      readonly code: string;
      readonly transaction: Transaction | undefined;
    }
  | { readonly said: 'declined'; readonly answer: Declined & { readonly named: Identity } };

interface Order {
  readonly kind: 'purchase' | 'refund';
  readonly method: 'Purchase' | 'Refund';
  readonly request: Uint8Array;
  readonly amount: Purchase['amount'];
}

export const purchase = (setup: Setup, { amount }: Purchase): Exchange<PurchaseAnswer> =>
  sell({
    kind: 'purchase',
    method: 'Purchase',
    amount,
    request: requests.purchase(setup, amount.amount),
  });

/** The driver has checked that there is an RRN. */
export const refund = (
  setup: Setup,
  { amount, rrn = '' }: RefundRequest,
): Exchange<PurchaseAnswer> =>
  sell({
    kind: 'refund',
    method: 'Refund',
    amount,
    request: requests.refund(setup, amount.amount, rrn),
  });

function sell(order: Order): Exchange<PurchaseAnswer> {
  return booking<Claim, PurchaseAnswer>({
    name: order.kind === 'purchase' ? 'sale' : 'refund',
    method: order.method,
    request: order.request,
    printsApart: ({ outcome }) => outcome === 'declined',
    read: (message, before) => read(order, message, before),
    notTaken: (msgType) => ({ ...notTaken(msgType), named: {} }),
    check: { method: 'GetReceiptInfo', request: requests.receiptInfo(lastReceipt) },
    conclude: (claim, told, before) => conclude(order, claim, told, before),
  });
}

function read(
  { kind, amount }: Order,
  message: Message,
  before: Message | undefined,
): Reading<Claim, PurchaseAnswer> {
  const verdict = verdictOf(message);
  if (verdict === undefined || amountOf(message) === 'malformed') return { type: 'unreadable' };
  switch (verdict.meaning) {
    case 'unknown':
      return { type: 'answer', answer: unknownCode(message, verdict) };
    case 'declined': {
      const answer = { ...declinedBy(message, verdict), named: identityOf(message) };
      return { type: 'claim', claim: { said: 'declined', answer } };
    }
    case 'approved': {
      const transaction = transactionOf(message, 'approved', kind);
      if (transaction !== undefined && transaction.kind !== kind) return { type: 'unreadable' };
      const since = isSince(transaction?.receiptNumber, before);
      if (since === 'the same') return { type: 'other' };
      if (since === 'yes' && transaction !== undefined && sameMoney(transaction.amount, amount))
        return { type: 'answer', answer: { outcome: 'approved', transaction } };
      return { type: 'claim', claim: { said: 'approved', code: verdict.code, transaction } };
    }
  }
}

/** Was a receipt of this number written after the one that the exchange before told of? */
function isSince(
  number: string | undefined,
  before: Message | undefined,
): 'yes' | 'the same' | 'unknown' {
  if (number === undefined || before === undefined) return 'unknown';
  const earlier = identityOf(before).receiptNumber;
  if (earlier === undefined)
    // The batch held no receipt at all.
    return before.method === 'GetReceiptInfo' && before.error === true ? 'yes' : 'unknown';
  if (sameNumber(number, earlier)) return 'the same';
  // A void may go by the number of its sale, after which there may have been others.
  if (before.param('txnType') === '3') return 'unknown';
  if (!/^\d+$/.test(number) || !/^\d+$/.test(earlier)) return 'unknown';
  return BigInt(number) > BigInt(earlier) ? 'yes' : 'unknown';
}

function conclude(
  { kind, amount }: Order,
  claim: Claim,
  told: Message | undefined,
  before: Message | undefined,
): PurchaseAnswer {
  const last = told === undefined || told.error === true ? undefined : receiptOf(told)?.transaction;
  const isNew =
    last !== undefined &&
    last.kind === kind &&
    last.state === 'approved' &&
    sameMoney(last.amount, amount) &&
    isSince(last.receiptNumber, before) === 'yes';
  if (claim.said === 'declined')
    return isNew
      ? contradicts(
          claim.answer.responseCode,
          `${claim.answer.message} But it remembers a new receipt of this amount, ${last.receiptNumber}.`,
        )
      : claim.answer;
  const { transaction, code } = claim;
  if (transaction === undefined)
    return isNew
      ? { outcome: 'approved', transaction: last }
      : contradicts(code, 'The terminal approved, but named no transaction.');
  if (last === undefined || sameNumber(last.receiptNumber, transaction.receiptNumber))
    return { outcome: 'approved', transaction };
  return contradicts(
    code,
    `The terminal approved receipt ${transaction.receiptNumber ?? 'without a number'}, but its last one is ${last.receiptNumber ?? 'without a number'}.`,
  );
}

const contradicts = (responseCode: string, message: string): UnknownCode => ({
  outcome: 'unknown-response-code',
  responseCode,
  message,
});
