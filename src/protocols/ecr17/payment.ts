import type { PurchaseRequest, TransactionKind } from '../../model/transaction.ts';
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
import { request } from './requests.ts';
import type { Link } from './setup.ts';
import { dated } from './status.ts';

/**
 * What the result of a payment says. `asked`: the amount to put down where the result tells none, which is
 * then our own word and proves nothing.
 */
export function paymentAnswer(
  said: Answer,
  kind: TransactionKind,
  clock: string | undefined,
  asked?: number,
): Reading<PurchaseAnswer> {
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
): Exchange<PurchaseAnswer> {
  const asked = link.payment === 'P' ? amount.amount : undefined;
  return dated(link, (clock) =>
    printed(
      link,
      booking<PurchaseAnswer>(
        link,
        'payment',
        request(link, link.payment, { amount: String(amount.amount) }),
        answerReader<PurchaseAnswer>(link, results[link.payment], (said) =>
          paymentAnswer(said, 'purchase', clock, asked),
        ),
      ),
    ),
  );
}
