import { fromLatin1 } from '../../framing/bytes.ts';
import type { Progress } from '../../model/events.ts';
import { lookup } from '../../model/lookup.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import { clp } from '../../model/money.ts';
import type { Declined } from '../../model/results.ts';
import type { CardType, Identity, Transaction } from '../../model/transaction.ts';
import type { Reading } from '../ack-nak.ts';
import type { UnknownCode } from '../protocol.ts';
import { type ResponseCode, responseCode, statusCode } from './codes.ts';
import { isMalformed, readFields, splitData, voucherLines } from './fields.ts';
import { answers, type Family, type Fields, type Layout } from './layouts.ts';

/** An answer read against its layout. */
export interface Answer {
  readonly fields: Fields;
  readonly code: string;
  readonly response: ResponseCode;
}

type AnswerReading<A> = (answer: Answer) => Reading<A>;

/**
 * A reader of one kind of answer. `layout` is that of the first code: the documents print 0210 where
 * terminals send 0271, so more than one code may carry it.
 */
export function answerReader<A>(
  family: Family,
  codes: readonly [string, ...string[]],
  read: AnswerReading<A>,
): (data: Uint8Array) => Reading<A> {
  const layout: Layout = answers[family][codes[0]] ?? [];
  return (data) => {
    // A byte 00 that the line has put in does not change the XOR.
    if (data.some((byte) => byte < 0x20 || byte === 0x7f)) return { type: 'garbled' };
    const { code, values } = splitData(fromLatin1(data));
    if (!codes.includes(code)) return { type: 'other' };
    const fields = readFields(layout, values);
    if (isMalformed(fields) || !isCode(fields.responseCode)) return { type: 'unreadable' };
    return read({
      fields,
      code: fields.responseCode,
      response: responseCode(family, fields.responseCode),
    });
  };
}

/** Response and status codes are two digits; anything else is no code, and may be card data. */
const isCode = (code: string | undefined): code is string => /^\d\d$/.test(code ?? '');

/** A 0900 status message as a prompt, if the frame is one. */
export function readStatus(family: Family, data: Uint8Array): Progress | undefined {
  const { code, values } = splitData(fromLatin1(data));
  if (code !== '0900') return undefined;
  const sent = values[0]?.trim();
  const terminalCode = isCode(sent) ? sent : '';
  return { type: 'prompt', ...statusCode(family, terminalCode), terminalCode };
}

export const cardTypes: Readonly<Record<string, CardType>> = {
  CR: 'credit',
  DB: 'debit',
  PR: 'prepaid',
};

const identities = [
  'commerceCode',
  'terminalId',
  'ticket',
  'authorisationCode',
  'operationNumber',
] as const;

/** Fields that mean the same on the wire and in the API. */
const shared = [
  'commerceCode',
  'terminalId',
  'ticket',
  'authorisationCode',
  'operationNumber',
  'last4',
  'cardBrand',
  'accountingDate',
  'instalments',
  'employee',
  'childCommerceCode',
] as const;

/** DDMMYYYY and HHMMSS as `YYYY-MM-DDTHH:MM:SS`; absent when it is no date. */
export function localTime(date: string | undefined, time: string | undefined): string | undefined {
  const d = /^(\d\d)(\d\d)(\d{4})$/.exec(date ?? '');
  const t = /^(\d\d)(\d\d)(\d\d)$/.exec(time ?? '');
  if (d === null || t === null) return undefined;
  const text = `${d[3]}-${d[2]}-${d[1]}T${t[1]}:${t[2]}:${t[3]}`;
  const parsed = new Date(`${text}Z`);
  const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
  return exists ? text : undefined;
}

/** The transaction that an answer tells of, or nothing when it names no amount. */
export function transactionOf(fields: Fields): Transaction | undefined {
  if (fields.amount === undefined) return undefined;
  const cardType = lookup(cardTypes, fields.cardType ?? '');
  const time = localTime(fields.date, fields.time);
  return {
    // A void stands in the sales detail as a record of its own with a negative amount.
    kind: fields.amount < 0 ? 'void' : 'purchase',
    state: fields.responseCode === '00' ? 'approved' : 'declined',
    amount: clp(fields.amount),
    ...pick(fields, shared),
    ...moneyOf(fields),
    ...(fields.voucher && { voucher: voucherLines(maskCardNumbers(fields.voucher)) }),
    ...(cardType && { cardType }),
    ...(time && { time }),
  };
}

function pick<N extends keyof Fields>(fields: Fields, names: readonly N[]): Pick<Fields, N> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = fields[name];
      if (value === undefined) return [];
      return [[name, typeof value === 'string' ? maskCardNumbers(value) : value]];
    }),
  ) as Pick<Fields, N>;
}

const moneyOf = ({ instalmentAmount, tip, change }: Fields) => ({
  ...(instalmentAmount !== undefined && { instalmentAmount: clp(instalmentAmount) }),
  ...(tip !== undefined && { tip: clp(tip) }),
  ...(change !== undefined && { change: clp(change) }),
});

/** What an answer names, whether or not it tells an amount. */
export const identityOf = (fields: Fields): Identity => pick(fields, identities);

/** A rejection that says for certain that no money moved. */
export const declined = (answer: Answer): Declined => {
  const transaction = transactionOf(answer.fields);
  return {
    outcome: 'declined',
    responseCode: answer.code,
    message: `The terminal refused: ${answer.response.text} (code ${answer.code}).`,
    ...(transaction && { transaction }),
  };
};

export const unknownCode = (answer: Answer): UnknownCode => ({
  outcome: 'unknown-response-code',
  responseCode: answer.code,
  message: `The terminal answered with code ${answer.code}: ${answer.response.text}.`,
});
