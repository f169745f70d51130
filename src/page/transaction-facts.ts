import type { TransactionView } from '../client/index.ts';
import { type Desk, moneyIn } from './desk.ts';
import { facts, h } from './dom.ts';

/** What a person compares with a voucher: the amount in large figures, and what else is known. */
export function transactionFacts(
  { words, language }: Pick<Desk, 'words' | 'language'>,
  transaction: TransactionView,
): HTMLElement {
  const { amount, state, last4, cardBrand = '', time, ticket } = transaction;
  return h(
    'div',
    { class: 'transaction' },
    h('p', { class: 'amount' }, moneyIn(language, amount)),
    facts([
      [words('card'), last4 && words('cardEnding', { brand: cardBrand, last4 }).trim()],
      [words('time'), time?.replace('T', ' ')],
      [words('state'), words(`tx:${state}`)],
      [words('ticket'), ticket],
      [words('receiptNumber'), transaction.receiptNumber],
      [words('operationNumber'), transaction.operationNumber],
      [words('trace'), transaction.trace],
      [words('authorisationCode'), transaction.authorisationCode],
    ]),
  );
}
