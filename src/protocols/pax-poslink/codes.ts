import type { TransactionKind } from '../../model/transaction.ts';

/** What a response code says about the money. `unknown`: nothing. */
export type Meaning = 'approved' | 'declined' | 'cancelled' | 'not-found' | 'unknown';

export interface ResponseCode {
  readonly meaning: Meaning;
  readonly text: string;
}

const is = (meaning: Meaning, text: string): ResponseCode => ({ meaning, text });

/**
 * Response codes, as BridgePay's public page "PAX POSLink Response Codes" has them; those from 100003 on as
 * public clients tell them. Where the host may have been asked already, the code says nothing about the money.
 */
const responseCodes: ReadonlyMap<string, ResponseCode> = new Map([
  ['000000', is('approved', 'OK')],
  ['000001', is('approved', 'approved offline')],
  ['000002', is('approved', 'partially approved')],
  ['000003', is('approved', 'approved, surcharge not applied')],
  ['000100', is('declined', 'declined by the host')],
  ['000200', is('declined', 'a card that is none for payments was read; nothing was processed')],
  ['100001', is('declined', 'nobody acted at the terminal in time')],
  ['100002', is('cancelled', 'cancelled at the terminal, or by the till')],
  ['100003', is('unknown', 'the chip could not be read')],
  ['100004', is('declined', 'the terminal has no such transaction type')],
  ['100005', is('declined', 'the terminal is not set up for this kind of card')],
  ['100008', is('unknown', 'the host could not be sent to')],
  ['100009', is('unknown', 'the host did not answer')],
  ['100010', is('unknown', 'the host could not be reached')],
  ['100011', is('unknown', 'a transaction like it had been made before')],
  ['100015', is('unknown', 'the card verification value is wrong')],
  ['100023', is('not-found', 'no such transaction')],
]);

/** The batch was closed, and does not balance: the host has to look into it (000300). */
export const outOfBalance = '000300';

export const responseCode = (code: string): ResponseCode =>
  responseCodes.get(code) ?? is('unknown', 'a response code that is not documented');

/** A transaction of the terminal's report: what it was. */
export type RecordKind = Extract<
  TransactionKind,
  'purchase' | 'refund' | 'void' | 'pre-authorisation' | 'booking'
>;

/** Transaction types, as in Global Payments' SDKs. Others, a reversal (99) among them, say nothing here. */
const recordKinds: ReadonlyMap<string, RecordKind> = new Map([
  ['01', 'purchase'],
  ['02', 'refund'],
  ['03', 'pre-authorisation'],
  ['04', 'booking'],
  ['16', 'void'],
  ['17', 'void'],
  ['18', 'void'],
  ['19', 'void'],
  ['20', 'void'],
  ['21', 'void'],
  ['22', 'void'],
]);

export const recordKind = (type: string | undefined): RecordKind | undefined =>
  recordKinds.get(type ?? '');

/** The types of transaction that this till asks for. */
export const saleType = '01';
export const voidType = '16';

/** `00`; and `0` and `85`, which Global Payments' SDKs take for the same. */
export const isHostApproval = (code: string | undefined): boolean =>
  code === '00' || code === '0' || code === '85';

/** Card types: the same table. */
export const cardBrands: Readonly<Record<string, string>> = {
  '01': 'Visa',
  '02': 'Mastercard',
  '03': 'American Express',
  '04': 'Discover',
  '05': 'Diners Club',
  '06': 'enRoute',
  '07': 'JCB',
};

/** Kinds of card as the terminal's report has them (EDC type). */
export const credit = '01';
export const debit = '02';
export const allKinds = '00';
