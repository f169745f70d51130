import { toLatin1 } from '../../framing/bytes.ts';
import { stxFrame } from '../../framing/stx-etx-lrc.ts';
import { looksLikeCardNumber } from '../../model/mask.ts';
import type { Refused } from '../../model/results.ts';
import type { PurchaseRequest } from '../../model/transaction.ts';
import { checkAmount, checkText, invalid } from '../refusal.ts';
import type { Family } from './layouts.ts';

/**
 * Requests from the till, as the vendor's matrix lists them. Where the documents differ about a trailing
 * separator, these are the bytes of the official Node and C SDKs.
 */
export interface SaleFields {
  readonly amount: number;
  readonly ticket: string;
  readonly commerceCode?: string;
  /** The reference's template ends with a separator, its field table does not; terminals take both. */
  readonly trailingSeparator?: boolean;
}

const digits9 = (amount: number): string => String(amount).padStart(9, '0');

/** Older terminals want exactly 6 characters; a longer ticket goes as it is. */
const ticket6 = (ticket: string): string => ticket.padStart(6, '0');

/** 1: send 0900 status messages during the sale. */
const withStatus = '1';
/** 1: return the voucher as text. */
const withVoucher = '1';

export const requests = {
  poll: () => '0100',
  loadKeys: () => '0800',
  normalMode: (trailingSeparator = false) => (trailingSeparator ? '0300|' : '0300'),
  initialisation: () => '0070',
  initialisationResult: () => '0080',
  sale(family: Family, { amount, ticket, commerceCode, trailingSeparator }: SaleFields): string {
    const code = commerceCode === undefined ? '0200' : '0270';
    const head = `${code}|${digits9(amount)}|${ticket6(ticket)}`;
    const body =
      family === 'integrado' ? `${head}|||${withStatus}` : `${head}|${withVoucher}|${withStatus}`;
    const whole = commerceCode === undefined ? body : `${body}|${commerceCode}`;
    return trailingSeparator === true ? `${whole}|` : whole;
  },
  lastSale: (family: Family) => (family === 'integrado' ? '0250|' : `0250|${withVoucher}`),
  multicodeLastSale: () => `0280|${withVoucher}`,
  /** Autoservicio takes no operation number: it voids its last sale, whatever that is. */
  void: (family: Family, operationNumber: string) =>
    family === 'integrado' ? `1200|${operationNumber.replace(/^0+(?=\d)/, '')}|` : '1200',
  close: (family: Family) => (family === 'integrado' ? '0500||' : `0500|${withVoucher}`),
  totals: () => '0700||',
  /** `till`: one 0261 frame for each record; `terminal`: print them there. */
  salesDetail: (to: 'till' | 'terminal') => `0260|${to === 'till' ? 1 : 0}|`,
  multicodeSalesDetail: (to: 'till' | 'terminal') => `0290|${to === 'till' ? 1 : 0}|`,
};

/** A request as it goes on the wire. */
export const requestFrame = (data: string): Uint8Array => stxFrame(toLatin1(data));

/** CLP has no minor unit; the bounds are those of the official .NET, Java and Python SDKs. */
const amountLimits = { currency: 'CLP', min: 50, max: 999_999_999 };

/** Longest ticket: Autoservicio takes 20 characters since manual 4.9. */
const ticketLength: Readonly<Record<Family, number>> = { integrado: 6, autoservicio: 20 };

function checkTicket(family: Family, ticket: string): Refused | undefined {
  const max = ticketLength[family];
  if (looksLikeCardNumber(ticket)) return invalid('ticket', 'no card number', ticket);
  return checkText(
    'ticket',
    `1 to ${max} letters A-Z and digits, ASCII`,
    new RegExp(`^[0-9A-Za-z]{1,${max}}$`),
    ticket,
  );
}

const checkCommerceCode = (code: string): Refused | undefined =>
  checkText('commerceCode', 'exactly 12 digits', /^[0-9]{12}$/, code);

export const checkOperationNumber = (operationNumber: string): Refused | undefined =>
  checkText('operationNumber', '1 to 6 digits', /^[0-9]{1,6}$/, operationNumber);

export const checkVoidAmount = (money: { amount: number; currency: string }): Refused | undefined =>
  checkAmount(money, amountLimits);

export function checkSale(family: Family, request: PurchaseRequest): Refused | undefined {
  return (
    checkAmount(request.amount, amountLimits) ??
    (request.ticket === undefined ? undefined : checkTicket(family, request.ticket)) ??
    (request.commerceCode === undefined ? undefined : checkCommerceCode(request.commerceCode))
  );
}
