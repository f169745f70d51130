import { maskCardNumbers } from '../../model/mask.ts';
import type { Declined } from '../../model/results.ts';
import type { Identity, Transaction } from '../../model/transaction.ts';
import type { UnknownCode } from '../protocol.ts';
import { cardBrands, credit, debit, isHostApproval, recordKind, responseCode } from './codes.ts';
import { additional, field, type Group, type Response } from './groups.ts';
import {
  accountFields,
  amountFields,
  hostFields,
  type Places,
  r03,
  t01,
  traceFields,
} from './layouts.ts';
import type { Setup } from './setup.ts';

/** `DECLINE (code 000100)`: the terminal's words, the host's behind them. */
function words({ code, text, groups }: Response, host?: number): string {
  const said = text.trim() || responseCode(code).text;
  const hostSaid = host === undefined ? undefined : field(groups, host, hostFields.text);
  const more = hostSaid === undefined || hostSaid === said ? '' : `, ${hostSaid}`;
  return maskCardNumbers(`${said}${more} (code ${code || 'missing'})`);
}

export const declined = (said: Response, host?: number): Declined => ({
  outcome: 'declined',
  responseCode: maskCardNumbers(said.code),
  message: `The terminal refused: ${words(said, host)}.`,
});

export const unknownCode = (said: Response, host?: number): UnknownCode => ({
  outcome: 'unknown-response-code',
  responseCode: maskCardNumbers(said.code),
  message: `The terminal answered: ${words(said, host)}; ${responseCode(said.code).text}.`,
});

/** Minor units; nothing when it is no amount. */
export function amountIn(groups: readonly Group[], { amounts }: Places): number | undefined {
  const text = field(groups, amounts, amountFields.approved);
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
}

/** `20240417141656` as `2024-04-17T14:16:56`; nothing for a moment that does not exist. */
function timeIn(text: string | undefined): string | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text ?? '');
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second] = found;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const at = new Date(`${local}Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(local) ? local : undefined;
}

/** The last four digits, whether the terminal tells only these or, as some are set up, the whole number. */
export function last4In(groups: readonly Group[], { account }: Places): string | undefined {
  return /(\d{4})\D*$/.exec(field(groups, account, accountFields.number) ?? '')?.[1];
}

export function identityIn(groups: readonly Group[], places: Places): Identity {
  const operationNumber = field(groups, places.trace, traceFields.transactionNumber);
  const ticket = field(groups, places.trace, traceFields.reference);
  const authorisationCode = field(groups, places.host, hostFields.authorisationCode);
  const terminalId = additional(groups, places.additional, 'SN');
  return {
    ...(ticket !== undefined && { ticket: maskCardNumbers(ticket) }),
    ...(operationNumber !== undefined && { operationNumber: maskCardNumbers(operationNumber) }),
    ...(authorisationCode !== undefined && {
      authorisationCode: maskCardNumbers(authorisationCode),
    }),
    ...(terminalId !== undefined && { terminalId: maskCardNumbers(terminalId) }),
  };
}

type Told = Omit<Transaction, 'kind' | 'state'>;

/** What an answer tells of one transaction; nothing when it tells no amount. */
function toldIn(setup: Setup, groups: readonly Group[], places: Places): Told | undefined {
  const amount = amountIn(groups, places);
  if (amount === undefined) return undefined;
  const rrn = field(groups, places.host, hostFields.reference);
  const last4 = last4In(groups, places);
  const brand = cardBrands[field(groups, places.account, accountFields.cardType) ?? ''];
  const time = timeIn(field(groups, places.trace, traceFields.time));
  return {
    amount: { amount, currency: setup.currency },
    ...identityIn(groups, places),
    ...(rrn !== undefined && { rrn: maskCardNumbers(rrn) }),
    ...(last4 !== undefined && { last4 }),
    ...(brand !== undefined && { cardBrand: brand }),
    ...(time !== undefined && { time }),
  };
}

const cardTypes: Readonly<Record<string, Transaction['cardType']>> = {
  CREDIT: 'credit',
  DEBIT: 'debit',
  [credit]: 'credit',
  [debit]: 'debit',
};

const cardTypeOf = (edc: string | undefined): Pick<Transaction, 'cardType'> => {
  const cardType = cardTypes[edc?.toUpperCase() ?? ''];
  return cardType === undefined ? {} : { cardType };
};

/** The sale that T01 says was approved; nothing when that makes no sense. */
export function saleIn(setup: Setup, { groups }: Response): Transaction | undefined {
  const told = toldIn(setup, groups, t01);
  if (told === undefined || recordKind(field(groups, t01.type, 0)) !== 'purchase') return undefined;
  const edc = additional(groups, t01.additional, 'EDCTYPE');
  return { kind: 'purchase', state: 'approved', ...told, ...cardTypeOf(edc) };
}

/** One record of the report, and its place in what was asked for. */
export interface Page {
  readonly total: number;
  readonly record: number;
  readonly transaction: Transaction;
}

const count = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;

/**
 * The record that R03 tells; nothing when that makes no sense. A type, a kind of card or a host code that is
 * not known leaves it in doubt.
 */
export function pageIn(setup: Setup, { groups }: Response): Page | undefined {
  const total = count(field(groups, r03.total, 0));
  const record = count(field(groups, r03.record, 0));
  const told = toldIn(setup, groups, r03);
  if (total === undefined || record === undefined || told === undefined) return undefined;
  const type = recordKind(field(groups, r03.type, 0));
  const card = cardTypeOf(field(groups, r03.edc, 0));
  const certain =
    type !== undefined &&
    card.cardType !== undefined &&
    isHostApproval(field(groups, r03.host, hostFields.code));
  return {
    total,
    record,
    transaction: {
      kind: type ?? 'purchase',
      state: certain ? 'approved' : 'in-doubt',
      ...told,
      ...card,
    },
  };
}
