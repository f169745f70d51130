import type { PurchaseRequest, Transaction, TransactionKind } from '../../model/transaction.ts';
import type { Reading } from '../ack-nak.ts';
import type { Exchange } from '../exchange.ts';
import type { PurchaseAnswer } from '../protocol.ts';
import {
  type Answer,
  answerReader,
  cents,
  declined,
  identityOf,
  transactionOf,
  unknownCode,
} from './answers.ts';
import { answer, booking, printed } from './kinds.ts';
import type { AnswerName } from './layouts.ts';
import { isStan, request } from './requests.ts';
import type { Link } from './setup.ts';
import { isAfter } from './stan.ts';
import { dated } from './status.ts';

/** What is known of a payment beforehand. */
export interface Before {
  /** The terminal's last result right before, where it told one. */
  readonly last: Transaction | undefined;
  /** The amount to put down where the result tells none: then our own word, which proves nothing. */
  readonly amount?: number;
}

/**
 * Each result takes a number, a refusal too: one that is not after the last result is that of something
 * earlier, come late. Numbers in between were others', at the terminal's own keys.
 */
function age(
  { fields: { stan } }: Answer,
  last: Transaction | undefined,
): 'new' | 'old' | 'untold' {
  if (!isStan(last?.trace)) return 'new';
  if (!isStan(stan)) return 'untold';
  return isAfter(last.trace, stan) ? 'new' : 'old';
}

/** What the result of a payment says. */
export function paymentAnswer(
  said: Answer,
  kind: TransactionKind,
  clock: string | undefined,
  { last, amount: asked }: Before,
): Reading<PurchaseAnswer> {
  const when = age(said, last);
  if (when === 'old') return { type: 'other' };
  // A "no" to an earlier payment must not end this one: what has no number may be that.
  if (when === 'untold' && said.meaning !== 'unknown') return { type: 'unreadable' };
  switch (said.meaning) {
    case 'unknown':
      return answer<PurchaseAnswer>(unknownCode(said));
    case 'declined':
      return answer<PurchaseAnswer>({ ...declined(said), named: identityOf(said) });
    case 'ok': {
      const amount = said.fields['amount'] === undefined ? asked : cents(said.fields['amount']);
      if (amount === undefined) return { type: 'unreadable' };
      return answer<PurchaseAnswer>({
        outcome: 'approved',
        transaction: transactionOf(said, kind, amount, clock),
      });
    }
  }
}

/** Results by request: `X` tells the amount, `P` does not, and in another currency it is told with either. */
const results: Readonly<Record<'X' | 'P', readonly AnswerName[]>> = {
  X: ['E92', 'V117'],
  P: ['E71', 'V117'],
};

/** A payment, `X` or `P`. */
export function sale(
  link: Link,
  { amount }: Pick<PurchaseRequest, 'amount'>,
  last: Transaction | undefined,
): Exchange<PurchaseAnswer> {
  const before: Before = { last, ...(link.payment === 'P' && { amount: amount.amount }) };
  return dated(link, (clock) =>
    printed(
      link,
      booking<PurchaseAnswer>(
        link,
        'payment',
        request(link, link.payment, { amount: String(amount.amount) }),
        answerReader<PurchaseAnswer>(link, results[link.payment], (said) =>
          paymentAnswer(said, 'purchase', clock, before),
        ),
      ),
    ),
  );
}
