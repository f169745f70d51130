import type { Actor, PromptCode } from '../../model/events.ts';
import { lookup } from '../../model/lookup.ts';
import { maskCardNumbers } from '../../model/mask.ts';

/** What a response code says about the money. An unlisted code says nothing: `unknown`. */
export type Meaning = 'approved' | 'declined' | 'unknown';

export interface ResponseCode {
  readonly meaning: Meaning;
  readonly text: string;
}

const declined = (text: string): ResponseCode => ({ meaning: 'declined', text });
const unknown = (text: string): ResponseCode => ({ meaning: 'unknown', text });

/** The terminal's own codes, from the vendor's list. */
const terminalCodes: Readonly<Record<string, ResponseCode>> = {
  '0000': { meaning: 'approved', text: 'approved' },
  // Money has moved, but not all that was asked for: neither "approved" nor "declined" would be true.
  '0010': unknown('approved in part only'),
  '1000': declined('general error'),
  '1001': declined('cancelled at the terminal'),
  '1002': declined('declined by the chip'),
  '1003': declined('the terminal’s log is full; close the day'),
  '1004': declined('no connection to the host'),
  '1005': declined('no paper'),
  '1006': declined('the keys are missing or wrong'),
  '1007': declined('the card reader is not connected'),
  '1008': declined('the transaction is complete already'),
};

/**
 * Codes of the host, which the terminal passes on with `error: true`: the action codes of ISO 8583:1987
 * field 39 by which an issuer says no. Codes by which a host says that something went wrong on the way (68,
 * 91, 94, 96 and others) are left out on purpose: they do not say that no money moved.
 */
const hostCodes: Readonly<Record<string, string>> = {
  '01': 'refer to the card issuer',
  '02': 'refer to the card issuer',
  '03': 'invalid merchant',
  '04': 'pick up the card',
  '05': 'declined by the issuer',
  '07': 'pick up the card',
  '12': 'invalid transaction',
  '13': 'invalid amount',
  '14': 'invalid card number',
  '15': 'no such issuer',
  '30': 'format error',
  '33': 'expired card',
  '34': 'suspected fraud',
  '36': 'restricted card',
  '38': 'too many wrong PINs',
  '39': 'no credit account',
  '41': 'lost card',
  '43': 'stolen card',
  '51': 'not enough money',
  '52': 'no current account',
  '53': 'no savings account',
  '54': 'expired card',
  '55': 'wrong PIN',
  '56': 'no card record',
  '57': 'not permitted to the cardholder',
  '58': 'not permitted to the terminal',
  '59': 'suspected fraud',
  '61': 'above the withdrawal limit',
  '62': 'restricted card',
  '63': 'security violation',
  '65': 'too many withdrawals',
  '75': 'too many wrong PINs',
};

/** Four characters as the terminal writes them; shorter ones (`05`) get zeros on the left. */
export const responseCodeOf = (text: string | undefined): string | undefined =>
  text !== undefined && /^[0-9A-Za-z]{1,4}$/.test(text) ? text.padStart(4, '0') : undefined;

export function responseCode(code: string): ResponseCode {
  const own = lookup(terminalCodes, code);
  if (own !== undefined) return own;
  const host = code.startsWith('00') ? lookup(hostCodes, code.slice(2)) : undefined;
  if (host !== undefined) return declined(host);
  return unknown(`response code ${code} is in no table`);
}

export interface StatusCode {
  readonly who: Actor;
  readonly code: PromptCode;
  readonly text: string;
}

const status = (who: Actor, code: PromptCode, text: string): StatusCode => ({ who, code, text });

/** getLastStatMsgCode: what the terminal is at. */
const statusCodes: Readonly<Record<string, StatusCode>> = {
  '1': status('nobody', 'wait', 'the card was read'),
  '2': status('nobody', 'wait', 'a chip card is used'),
  '3': status('nobody', 'authorising', 'authorisation in progress'),
  '4': status('cashier', 'other', 'waiting for the cashier'),
  '5': status('nobody', 'wait', 'printing the receipt'),
  '6': status('customer', 'enter-pin', 'waiting for the PIN'),
  '7': status('nobody', 'wait', 'the card was removed'),
  '8': status('customer', 'choose-account', 'waiting for the choice of application'),
  '9': status('customer', 'present-card', 'waiting for the card'),
  '10': status('nobody', 'wait', 'in progress'),
  '11': status('cashier', 'other', 'the till may correct the amount'),
};

/** "Status code is not available": the terminal is at nothing, or does not tell. */
export const idleStatus = '0';

export const statusCode = (code: string): StatusCode =>
  lookup(statusCodes, code) ?? status('nobody', 'other', `status ${maskCardNumbers(code)}`);

/** txnType: what a receipt is of. */
export const txnTypes: Readonly<Record<string, 'purchase' | 'refund' | 'void'>> = {
  '1': 'purchase',
  '2': 'refund',
  '3': 'void',
};

/** trnStatus: what has become of a transaction. 0 is undefined and says nothing. */
export const trnStatuses: Readonly<Record<string, 'approved' | 'declined' | 'voided'>> = {
  '1': 'approved',
  '2': 'declined',
  // Reversed, and cancelled: either way the merchant does not have the money.
  '3': 'voided',
  '4': 'voided',
};
