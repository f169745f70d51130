import { sameNumber } from '../../model/identity.ts';
import { type Money, sameMoney } from '../../model/money.ts';
import type { Transaction, TransactionKind } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { Named, PurchaseAnswer, UnknownCode, VoidAnswer } from '../protocol.ts';
import { dialogue } from './dialogue.ts';
import type { Message, NewMessage } from './message.ts';
import { requests } from './requests.ts';
import type { Setup } from './setup.ts';
import {
  amountOf,
  identityOf,
  namesOriginal,
  originalTraceOf,
  transactionOf,
} from './status-information.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** What the answer to one kind of booking has to say besides, and what the till knew before. */
export interface Expected {
  /** What the terminal told as its last one right before. */
  readonly last?: Transaction | undefined;
  /** Why this success is not the one that was asked for. */
  doubt?(result: Message): string | undefined;
}

export const unknownCode = ({
  code,
  text,
}: Extract<Verdict, { type: 'unknown' }>): UnknownCode => ({
  outcome: 'unknown-response-code',
  responseCode: code,
  message: `The terminal answered with code ${code === '' ? 'none' : code}: ${text}.`,
});

export const refusedMessage = ({ code, text }: Extract<Verdict, { type: 'refused' }>): string =>
  `The terminal refused: ${text} (code ${code}).`;

/** Anything that books an amount of its own: a payment, a refund, a pre-authorisation and what comes of it. */
export const booking = (
  setup: Setup,
  name: string,
  kind: TransactionKind,
  message: NewMessage,
  { last, doubt }: Expected = {},
): Exchange<PurchaseAnswer> =>
  dialogue<PurchaseAnswer>(
    {
      name,
      money: true,
      message,
      ends: 'completion',
      repeatOnSilence: false,
      stoppable: true,
      read(ending, heard) {
        const verdict = verdictOf(ending, heard, setup);
        switch (verdict?.type) {
          case undefined:
          case 'unreadable':
            return undefined;
          case 'done': {
            // Without an amount nobody can say what was approved.
            const transaction = transactionOf(verdict.result, setup, kind);
            if (transaction === undefined) return undefined;
            const why =
              (last !== undefined && isOnceMore(last, transaction)
                ? 'it told of the transaction before this one once more'
                : undefined) ?? doubt?.(verdict.result);
            if (why !== undefined)
              return { ...unknownCode({ type: 'unknown', code: '00', text: why }), transaction };
            return { outcome: 'approved', transaction };
          }
          case 'unknown':
            return unknownCode(verdict);
          case 'refused':
            return {
              outcome: 'declined',
              responseCode: verdict.code,
              message: refusedMessage(verdict),
              named: verdict.result === undefined ? {} : identityOf(verdict.result),
            };
        }
      },
    },
    setup,
  );

const numbers = ['receiptNumber', 'trace'] as const;

/** One number is given once: this is the old one, whatever it is called now. */
const isOnceMore = (last: Transaction, told: Transaction): boolean =>
  last.state === 'approved' &&
  sameMoney(last.amount, told.amount) &&
  numbers.some((name) => sameNumber(last[name], told[name])) &&
  [...numbers, 'authorisationCode' as const].every(
    (name) =>
      last[name] === undefined || told[name] === undefined || sameNumber(last[name], told[name]),
  );

/** What took something back names it, and was not asked for here. */
export const takesBack = (result: Message): string | undefined =>
  namesOriginal(result) ? 'it told of a reversal' : undefined;

export const purchase = (
  setup: Setup,
  amount: Money,
  last?: Transaction,
): Exchange<PurchaseAnswer> =>
  booking(setup, 'authorisation', 'purchase', requests.authorisation(amount), {
    last,
    doubt: takesBack,
  });

export const refund = (setup: Setup, amount: Money, last?: Transaction): Exchange<PurchaseAnswer> =>
  booking(setup, 'refund', 'refund', requests.refund(setup, amount), { last });

/**
 * What the answer to a reversal names: bitmap 37 is the trace of the transaction taken back, the amount is
 * that one's. The receipt number is a new one, unless it is the very one that was asked for; without an original
 * it counts only under a trace of its own, or it may be the sale itself that is told once more.
 */
function namedIn(result: Message | undefined, found: Transaction, setup: Setup): Named {
  if (result === undefined) return {};
  const { receiptNumber, terminalId, trace: own } = identityOf(result);
  const trace = originalTraceOf(result);
  const amount = amountOf(result, setup);
  const hasOwn = own !== undefined && found.trace !== undefined && !sameNumber(own, found.trace);
  const asked = (trace !== undefined || hasOwn) && sameNumber(receiptNumber, found.receiptNumber);
  return {
    ...(asked && receiptNumber && { receiptNumber }),
    ...(trace !== undefined && { trace }),
    ...(terminalId !== undefined && { terminalId }),
    ...(amount !== undefined && { amount }),
  };
}

export const reversal = (setup: Setup, found: Transaction): Exchange<VoidAnswer> =>
  dialogue<VoidAnswer>(
    {
      name: 'reversal',
      money: true,
      message: requests.reversal(setup, found.receiptNumber ?? '', found.amount),
      ends: 'completion',
      repeatOnSilence: false,
      stoppable: true,
      read(ending, heard) {
        const verdict = verdictOf(ending, heard, setup);
        switch (verdict?.type) {
          case undefined:
          case 'unreadable':
            return undefined;
          case 'done':
            return { outcome: 'voided', named: namedIn(verdict.result, found, setup) };
          case 'unknown':
            return unknownCode(verdict);
          case 'refused':
            return {
              outcome: verdict.meaning,
              // A failed 04 0F may tell the attempt's own amount or none: only what names the original counts.
              named: refusedNames(namedIn(verdict.result, found, setup)),
              responseCode: verdict.code,
              message: refusedMessage(verdict),
            };
        }
      },
    },
    setup,
  );

const refusedNames = ({ amount: _, ...named }: Named): Named => named;
