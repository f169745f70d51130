import type { Money } from '../../model/money.ts';
import type { Refused } from '../../model/results.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { PurchaseAnswer } from '../protocol.ts';
import { withAdditionalData } from './additional-data.ts';
import { answerReader } from './answers.ts';
import { booking, printed } from './kinds.ts';
import type { AnswerName, RequestCode } from './layouts.ts';
import { paymentAnswer } from './payment.ts';
import {
  type AdditionalData,
  additionalData,
  checkAdditionalData,
  checkMoney,
  checkPreAuthorisation,
  request,
} from './requests.ts';
import type { Link } from './setup.ts';
import { dated } from './status.ts';

/** A pre-authorisation, or one more about an earlier one. */
export interface PreAuthorisationRequest {
  readonly amount: Money;
  /** The number that the result of the first one told (`receiptNumber`), 1 to 9 digits. */
  readonly preAuthorisation?: string;
  readonly additionalData?: AdditionalData;
}

interface Kind {
  readonly name: string;
  readonly code: Extract<RequestCode, 'p' | 'i' | 'c'>;
  readonly answers: readonly AnswerName[];
  readonly books: 'pre-authorisation' | 'booking';
}

export const preAuthorisations = {
  first: {
    name: 'pre-authorisation',
    code: 'p',
    answers: ['e106'],
    books: 'pre-authorisation',
  },
  more: {
    name: 'incremental authorisation',
    code: 'i',
    answers: ['i75'],
    books: 'pre-authorisation',
  },
  closure: {
    name: 'pre-authorisation closure',
    code: 'c',
    answers: ['c74', 'v109'],
    books: 'booking',
  },
} as const satisfies Readonly<Record<string, Kind>>;

export const checkPreAuthorisationRequest = (
  { code }: Kind,
  asked: PreAuthorisationRequest,
): Refused | undefined =>
  checkMoney(asked.amount) ??
  (code === 'p' ? undefined : checkPreAuthorisation(asked.preAuthorisation ?? '')) ??
  checkAdditionalData(asked.additionalData);

/**
 * The exchange of `p`, `i` or `c`. Of the three only the result of `p` tells its amount; the others are put
 * down with the amount that was asked for.
 */
export function preAuthorised(
  link: Link,
  kind: Kind,
  asked: PreAuthorisationRequest,
  last: Transaction | undefined,
): Exchange<PurchaseAnswer> {
  const { preAuthorisation, additionalData: data } = asked;
  const amount = asked.amount.amount;
  const bytes = request(link, kind.code, {
    amount: String(amount),
    additionalData: data === undefined ? '0' : '1',
    ...(preAuthorisation !== undefined && { preAuthorisation }),
  });
  return dated(link, (clock) => {
    const exchange = booking<PurchaseAnswer>(
      link,
      kind.name,
      bytes,
      answerReader<PurchaseAnswer>(link, kind.answers, (said) =>
        paymentAnswer(said, kind.books, clock, { last, ...(kind.code !== 'p' && { amount }) }),
      ),
    );
    return printed(
      link,
      data === undefined ? exchange : withAdditionalData(exchange, additionalData(link, data)),
    );
  });
}
