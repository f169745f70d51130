import { clp } from '../../model/money.ts';
import type { Declined, LastTransactionResult, TotalsResult } from '../../model/results.ts';
import type { Transaction } from '../../model/transaction.ts';
import { type Exchange, mapAnswer } from '../exchange.ts';
import type { History } from '../protocol.ts';
import { answerReader, declined, transactionOf } from './answers.ts';
import { answer, query } from './kinds.ts';
import { requests } from './requests.ts';
import type { Setup } from './setup.ts';

export const lastSale = ({ family, multicode }: Setup): Exchange<LastTransactionResult> =>
  query<LastTransactionResult>(
    multicode ? 'multicode last sale' : 'last sale',
    multicode ? requests.multicodeLastSale() : requests.lastSale(family),
    answerReader<LastTransactionResult>(family, multicode ? ['0281', '0260'] : ['0260'], (read) => {
      if (read.response.meaning === 'empty')
        return answer({
          outcome: 'none',
          responseCode: read.code,
          message: 'The terminal has no sale in its memory.',
        });
      if (read.response.meaning !== 'approved') return answer(declined(read));
      const transaction = transactionOf(read.fields);
      if (transaction === undefined) return { type: 'unreadable' };
      return answer({ outcome: 'found', transaction, message: 'The terminal told its last sale.' });
    }),
  );

export const totals = ({ family }: Setup): Exchange<TotalsResult> =>
  query<TotalsResult>(
    'totals',
    requests.totals(),
    answerReader<TotalsResult>(family, ['0710'], (read) => {
      if (read.response.meaning !== 'approved') return answer(declined(read));
      const { count, total } = read.fields;
      if (count === undefined || total === undefined) return { type: 'unreadable' };
      return answer({
        outcome: 'found',
        count,
        total: clp(total),
        message: 'The terminal told its totals.',
      });
    }),
  );

export type SalesDetailResult =
  | {
      readonly outcome: 'found';
      readonly message: string;
      /** Every record since the last settlement, in the terminal's order; a void is a record of its own. */
      readonly transactions: readonly Transaction[];
    }
  | Declined;

/** One 0261 frame for each record; the last has a blank authorisation code. */
export function salesDetail({
  family,
  multicode,
  plainDetail,
}: Setup): Exchange<SalesDetailResult> {
  const codes: [string, ...string[]] = multicode ? ['0291', '0261'] : ['0261'];
  const record = answerReader<Transaction | Declined | 'end'>(family, codes, (read) => {
    if (read.response.meaning !== 'approved') return answer(declined(read));
    if (read.fields.authorisationCode === undefined) return answer('end' as const);
    const transaction = transactionOf(read.fields);
    return transaction === undefined ? { type: 'unreadable' } : answer(transaction);
  });
  return query<SalesDetailResult>(
    multicode ? 'multicode sales detail' : 'sales detail',
    multicode && !plainDetail
      ? requests.multicodeSalesDetail('till')
      : requests.salesDetail('till'),
    (data, parts) => {
      const reading = record(data);
      if (reading.type !== 'answer') return reading;
      if (reading.answer === 'end')
        return answer({
          outcome: 'found',
          message: 'The terminal told its sales.',
          transactions: parts.flatMap((part) => {
            const earlier = record(part);
            return earlier.type === 'answer' && isTransaction(earlier.answer)
              ? [earlier.answer]
              : [];
          }),
        });
      return isTransaction(reading.answer) ? { type: 'part' } : answer(reading.answer);
    },
  );
}

const isTransaction = (read: Transaction | Declined | 'end'): read is Transaction =>
  read !== 'end' && 'kind' in read;

/**
 * Integrado tells every record since the last settlement, its voids among them, and nothing is printed.
 * Autoservicio tells its last sale only, and repeats it when it has been voided.
 */
export const history = (setup: Setup): Exchange<History | Declined> =>
  setup.family === 'integrado'
    ? mapAnswer(salesDetail(setup), (told): History | Declined =>
        told.outcome === 'found' ? { whole: true, transactions: told.transactions } : told,
      )
    : mapAnswer(lastSale(setup), (told): History | Declined => {
        switch (told.outcome) {
          case 'found':
            return { whole: false, transactions: [told.transaction] };
          case 'declined':
            return told;
          case 'none':
          case 'refused':
            return { whole: false, transactions: [] };
        }
      });
