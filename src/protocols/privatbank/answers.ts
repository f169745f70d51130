import { lookup } from '../../model/lookup.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { Declined } from '../../model/results.ts';
import type { Identity, Transaction, TransactionState } from '../../model/transaction.ts';
import type { UnknownCode } from '../protocol.ts';
import { currency, readAmount } from './amount.ts';
import {
  type Meaning,
  type ResponseCode,
  responseCode,
  responseCodeOf,
  trnStatuses,
  txnTypes,
} from './codes.ts';
import type { Message } from './envelope.ts';

/** The response code of an answer and what follows from it. */
export interface Verdict {
  readonly code: string;
  readonly meaning: Meaning;
  readonly text: string;
}

/**
 * What an answer says about its own transaction; nothing when it carries no code. An answer that contradicts
 * itself proves nothing: approved with `error: true`, or with a trnStatus that says otherwise. `made`: what
 * the trnStatus of one that was carried out may be; that of a void may be its sale's.
 */
export function verdictOf(
  message: Message,
  made: readonly TransactionState[] = ['approved'],
): Verdict | undefined {
  const code = responseCodeOf(message.param('responseCode'));
  if (code === undefined) return undefined;
  const { meaning, text }: ResponseCode = responseCode(code);
  const said = lookup(trnStatuses, message.param('trnStatus') ?? '');
  const contradicted =
    (meaning === 'approved' &&
      (message.error === true || (said !== undefined && !made.includes(said)))) ||
    (meaning === 'declined' && (message.error === false || said === 'approved'));
  return contradicted
    ? { code, meaning: 'unknown', text: `${text}, but the answer contradicts itself` }
    : { code, meaning, text };
}

/** The terminal's own words behind ours. */
const described = ({ errorDescription }: Message): string =>
  errorDescription === '' ? '' : `: ${maskCardNumbers(errorDescription)}`;

export const declinedBy = (message: Message, { code, text }: Verdict): Declined => ({
  outcome: 'declined',
  responseCode: code,
  message: `The terminal refused: ${text} (code ${code})${described(message)}.`,
});

export const unknownCode = (message: Message, { code, text }: Verdict): UnknownCode => ({
  outcome: 'unknown-response-code',
  responseCode: code,
  message: `The terminal answered with code ${code}: ${text}${described(message)}.`,
});

/** A number that names something; zeros alone name nothing. */
function numberOf(text: string | undefined): string | undefined {
  if (text === undefined || /^0*$/.test(text)) return undefined;
  return maskCardNumbers(text);
}

/** `4731XXXXXXXX9838`: the last digits, four at most. */
const last4Of = (pan: string | undefined): string | undefined =>
  /(\d{1,4})$/.exec(pan?.replace(/\s/g, '') ?? '')?.[1];

/** DD.MM.YYYY and HH:MM:SS as `YYYY-MM-DDTHH:MM:SS`; absent when it is no date. */
export function localTime(date: string | undefined, time: string | undefined): string | undefined {
  const d = /^(\d\d)\.(\d\d)\.(\d{4})$/.exec(date ?? '');
  const t = /^(\d\d):(\d\d):(\d\d)$/.exec(time ?? '');
  if (d === null || t === null) return undefined;
  const text = `${d[3]}-${d[2]}-${d[1]}T${t[1]}:${t[2]}:${t[3]}`;
  const parsed = new Date(`${text}Z`);
  const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
  return exists ? text : undefined;
}

/** A receipt as lines to print, card numbers masked. */
export function receiptLines(message: Message | undefined): string[] | undefined {
  const receipt = message?.param('receipt');
  return receipt === undefined
    ? undefined
    : maskCardNumbers(receipt)
        .split(/\r\n|\r|\n/)
        .map((line) => line.trimEnd());
}

/** What an answer names, whether or not it tells an amount. */
export function identityOf(message: Message): Identity {
  const receiptNumber = numberOf(message.param('invoiceNumber'));
  const authorisationCode = numberOf(message.param('approvalCode'));
  const terminalId = numberOf(message.param('terminalId'));
  const commerceCode = numberOf(message.param('merchant'));
  return {
    ...(receiptNumber && { receiptNumber }),
    ...(authorisationCode && { authorisationCode }),
    ...(terminalId && { terminalId }),
    ...(commerceCode && { commerceCode }),
  };
}

/** An amount that is there and makes no sense must not pass for one that is missing. */
export const amountOf = (message: Message): number | 'malformed' | undefined => {
  const text = message.param('amount');
  return text === undefined ? undefined : (readAmount(text) ?? 'malformed');
};

/**
 * The transaction that an answer tells of, or nothing when it names no amount. `kind`: what was asked for,
 * where the answer does not say.
 */
export function transactionOf(
  message: Message,
  state: TransactionState,
  kind: 'purchase' | 'refund' = 'purchase',
): Transaction | undefined {
  const amount = amountOf(message);
  if (typeof amount !== 'number') return undefined;
  const last4 = last4Of(message.param('pan'));
  const cardBrand = message.param('paymentSystem');
  const time = localTime(message.param('date'), message.param('time'));
  const rrn = numberOf(message.param('rrn'));
  const voucher = receiptLines(message);
  return {
    kind: lookup(txnTypes, message.param('txnType') ?? '') ?? kind,
    state,
    amount: { amount, currency },
    ...identityOf(message),
    ...(rrn && { rrn }),
    ...(last4 && { last4 }),
    ...(cardBrand && { cardBrand: maskCardNumbers(cardBrand) }),
    ...(time && { time }),
    ...(voucher && { voucher }),
  };
}

/** A receipt that the terminal was asked for. */
export interface Receipt {
  readonly transaction: Transaction;
  /** The terminal says itself what has become of it, and not only what its host said then. */
  readonly standing: boolean;
}

/**
 * GetReceiptInfo: `responseCode` is that of the receipt's own transaction, `error` is about the question.
 * Nothing when the receipt tells no amount, as one of a transaction that failed may.
 */
export function receiptOf(message: Message): Receipt | undefined {
  const code = responseCodeOf(message.param('responseCode'));
  if (code === undefined) return undefined;
  const { meaning } = responseCode(code);
  const made = meaning === 'approved' || code === '0010';
  const said = lookup(trnStatuses, message.param('trnStatus') ?? '');
  // What failed at its host has not been made, whatever else is said of it.
  const state = made ? (said ?? 'approved') : meaning === 'declined' ? 'declined' : 'in-doubt';
  const transaction = transactionOf(message, state);
  return transaction && { transaction, standing: said !== undefined || !made };
}
