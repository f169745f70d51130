import { sameNumber } from '../../model/identity.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { Declined, LastTransactionResult } from '../../model/results.ts';
import type { Target, Transaction } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { History } from '../protocol.ts';
import { amountOf, type Receipt, receiptOf } from './answers.ts';
import { responseCode, responseCodeOf } from './codes.ts';
import { type Ask, answer, conversation, type Next } from './conversation.ts';
import type { Message } from './envelope.ts';
import { notTaken, question } from './kinds.ts';
import { lastReceipt, requests } from './requests.ts';

type Told =
  | { readonly type: 'receipt'; readonly receipt: Receipt }
  /** The batch holds no such receipt. */
  | { readonly type: 'none'; readonly code: string; readonly words: string }
  | { readonly type: 'declined'; readonly declined: Declined };

/** "Cannot get receipt", "log file is empty"; but not a question about the wrong merchant. */
const notThere: readonly string[] = ['0001', '1000'];
const wrongMerchant = /merchant|мерчант/i;

/** What GetReceiptInfo says, or why it cannot be the answer to this question. */
export function readReceipt(message: Message, asked: string): Told | 'other' | 'unreadable' {
  const code = responseCodeOf(message.param('responseCode'));
  if (code === undefined) return 'unreadable';
  const words = maskCardNumbers(message.errorDescription);
  if (message.error === true) {
    if (notThere.includes(code) && !wrongMerchant.test(words)) return { type: 'none', code, words };
    return refusal(code, words || responseCode(code).text);
  }
  const receipt = receiptOf(message);
  if (receipt === undefined) {
    if (amountOf(message) !== undefined || responseCode(code).meaning === 'approved')
      return 'unreadable';
    return refusal(code, `its last operation failed (${responseCode(code).text})`);
  }
  const { receiptNumber } = receipt.transaction;
  if (asked !== lastReceipt && !sameNumber(receiptNumber, asked)) return 'other';
  return { type: 'receipt', receipt };
}

const refusal = (responseCode: string, words: string): Told => ({
  type: 'declined',
  declined: {
    outcome: 'declined',
    responseCode,
    message: `The terminal tells of no receipt: ${words} (code ${responseCode}).`,
  },
});

const receiptQuestion = <A>(
  asked: string,
  then: (told: Told) => Next<A>,
  rest: Pick<Ask<A>, 'busy' | 'notImplemented'>,
): Ask<A> =>
  question<A>(
    'GetReceiptInfo',
    requests.receiptInfo(asked),
    (message) => {
      const told = readReceipt(message, asked);
      return typeof told === 'string' ? { type: told } : then(told);
    },
    rest,
  );

/** The receipt of this number; `0` is the last one. */
export const receipt = (asked: string, name: string): Exchange<LastTransactionResult> =>
  conversation(
    name,
    receiptQuestion<LastTransactionResult>(
      asked,
      (told) => {
        switch (told.type) {
          case 'receipt':
            return answer<LastTransactionResult>({
              outcome: 'found',
              transaction: told.receipt.transaction,
              message: `The terminal told its ${name}.`,
            });
          case 'none':
            return answer<LastTransactionResult>({
              outcome: 'none',
              responseCode: told.code,
              message: `The terminal’s batch holds no such receipt${told.words === '' ? '' : ` (${told.words})`}.`,
            });
          case 'declined':
            return answer<LastTransactionResult>(told.declined);
        }
      },
      {
        busy: answer<LastTransactionResult>(notTaken('deviceBusy')),
        notImplemented: answer<LastTransactionResult>(notTaken('methodNotImplemented')),
      },
    ),
  );

export const lastTransaction = () => receipt(lastReceipt, 'last receipt');

type Answer = History | Declined;

/** In recovery a busy terminal is asked again later. */
const rest: Pick<Ask<Answer>, 'busy' | 'notImplemented'> = {
  busy: { type: 'refused' },
  notImplemented: answer<Answer>(notTaken('methodNotImplemented')),
};

const remembered = (...transactions: readonly Transaction[]): Next<Answer> =>
  answer<Answer>({ whole: false, transactions });

/**
 * What the terminal remembers: the receipt in question where it has a number, otherwise the last one and the
 * one before it, which shows whether anything came in between.
 */
export function history(about?: Target): Exchange<Answer> {
  const asked = about?.receiptNumber;
  return asked === undefined
    ? conversation('last receipts', receiptQuestion<Answer>(lastReceipt, lastTwo, rest))
    : conversation(
        `receipt ${asked}`,
        receiptQuestion<Answer>(asked, (told) => ofReceipt(told, asked), rest),
      );
}

function ofReceipt(told: Told, asked: string): Next<Answer> {
  if (told.type === 'declined') return answer<Answer>(told.declined);
  if (told.type === 'none') return remembered();
  const { transaction, standing } = told.receipt;
  // Its own number now stands for the void of it.
  if (transaction.kind === 'void')
    return remembered({ ...transaction, original: { receiptNumber: asked } });
  if (standing) return remembered(transaction);
  return answer<Answer>({
    outcome: 'declined',
    responseCode: '0000',
    message: `the terminal tells receipt ${asked}, but not what has become of it (no trnStatus)`,
  });
}

function lastTwo(told: Told): Next<Answer> {
  if (told.type === 'declined') return answer<Answer>(told.declined);
  if (told.type === 'none') return remembered();
  const last = told.receipt.transaction;
  const before = numberBefore(last.receiptNumber);
  if (before === undefined) return remembered(last);
  return {
    type: 'ask',
    ask: receiptQuestion<Answer>(
      before,
      (earlier) =>
        earlier.type === 'receipt'
          ? remembered(earlier.receipt.transaction, last)
          : remembered(last),
      rest,
    ),
  };
}

/** The number before, as long as it: `000005` is followed back to `000004`. */
function numberBefore(number: string | undefined): string | undefined {
  if (number === undefined || !/^\d{1,12}$/.test(number)) return undefined;
  const before = Number(number) - 1;
  return before < 1 ? undefined : String(before).padStart(number.length, '0');
}
