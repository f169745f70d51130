import type { Actor, PromptCode } from '../../model/events.ts';
import { lookup } from '../../model/lookup.ts';
import type { Family } from './layouts.ts';

/** What a response code says about the money. An unlisted code says nothing: `unknown`. */
export type Meaning =
  | 'approved'
  | 'declined'
  | 'already-voided'
  | 'not-found'
  | 'empty'
  | 'debit-card'
  | 'unknown';

export interface ResponseCode {
  readonly meaning: Meaning;
  readonly text: string;
}

/**
 * Response codes, both families. The vendor's reference: any non-zero code is a rejection.
 * Listed here are the codes of the reference and of the official SDKs' tables.
 */
const both: Readonly<Record<string, string>> = {
  '00': 'approved',
  '01': 'rejected',
  '02': 'the host gave no answer',
  '03': 'no connection to the host',
  '04': 'already voided',
  '05': 'there is no such transaction to void',
  '06': 'card not supported',
  '07': 'cancelled at the terminal',
  '08': 'a debit card cannot be voided',
  '09': 'the card could not be read',
  '10': 'the amount is below the minimum',
  '11': 'the terminal has no sale in its memory',
  '12': 'transaction not supported',
  '13': 'the terminal must be closed first',
  '14': 'no dial tone',
  '15': 'the file BITMAP.DAT is missing',
  '16': 'the answer of the host was malformed',
  '17': 'the last four digits were wrong',
  '18': 'invalid menu',
  '19': 'the card differs from the one before',
  '20': 'invalid card',
  '21': 'void not allowed',
  '22': 'time-out',
  '24': 'no paper',
  '25': 'invalid date',
  '26': 'the terminal must load its keys',
  '27': 'the terminal must be updated',
  '54': 'rejected',
  '60': 'error in the number of instalments',
  '61': 'the terminal could not build its request',
  '62': 'internal error of the PIN pad',
  '65': 'the answer of the host could not be processed',
  '67': 'the number of sales is at its maximum; close the terminal',
  '68': 'error in the amount entered',
  '70': 'error in the ticket number',
  '71': 'error in the length of the print field',
  '72': 'the amount must be above zero',
  '73': 'the terminal id is not configured',
  '74': 'the terminal must be closed first',
  '75': 'no cards configured',
  '76': 'the number of sales is at its maximum; close the terminal',
  '77': 'the terminal must be closed first',
  '88': 'error in the number of instalments',
  '93': 'declined',
  '94': 'the answer could not be processed',
  '95': 'error while printing',
};

/** Codes 14, 15, 88 and 93 mean something else on Autoservicio. */
const byFamily: Readonly<Record<Family, Readonly<Record<string, string>>>> = {
  integrado: {},
  autoservicio: {
    '14': 'the card number could not be encrypted',
    '15': 'debit error',
    '88': 'instalment query accepted',
    '93': 'querying instalments',
  },
};

const meanings: Readonly<Record<string, Meaning>> = {
  '00': 'approved',
  '04': 'already-voided',
  '05': 'not-found',
  '08': 'debit-card',
  '11': 'empty',
};

/** Autoservicio 88 and 93 tell of an instalment query under way: they end nothing. */
const undecided: Readonly<Record<Family, readonly string[]>> = {
  integrado: [],
  autoservicio: ['88', '93'],
};

export function responseCode(family: Family, code: string): ResponseCode {
  const text = lookup(byFamily[family], code) ?? lookup(both, code);
  if (text === undefined)
    return { meaning: 'unknown', text: `response code ${code} is not in the vendor's table` };
  if (undecided[family].includes(code)) return { meaning: 'unknown', text };
  return { meaning: lookup(meanings, code) ?? 'declined', text };
}

export interface StatusCode {
  readonly who: Actor;
  readonly code: PromptCode;
  readonly text: string;
}

const status = (who: Actor, code: PromptCode, text: string): StatusCode => ({ who, code, text });

/** Codes of the 0900 status messages during a sale, both families. */
const statuses: Readonly<Record<string, StatusCode>> = {
  '78': status('customer', 'present-card', 'waiting for the card'),
  '79': status('customer', 'confirm-amount', 'waiting for the amount to be confirmed'),
  '80': status('customer', 'choose-instalments', 'waiting for the choice of instalments'),
  '81': status('customer', 'enter-pin', 'waiting for the PIN'),
  '82': status('nobody', 'authorising', 'sending to the host'),
  '83': status('customer', 'choose-account', 'waiting for credit or debit'),
  '84': status('customer', 'operate-card', 'waiting for the card to be inserted or swiped'),
  '85': status('customer', 'choose-instalments', 'waiting for the choice of instalments'),
  '86': status('customer', 'choose-instalments', 'waiting for the number of instalments'),
  '87': status('customer', 'confirm-instalments', 'waiting for the instalments to be confirmed'),
  '89': status('customer', 'choose-instalments', 'waiting for the grace month'),
};

const autoservicioStatuses: Readonly<Record<string, StatusCode>> = {
  '80': status('customer', 'confirm-amount', 'waiting for the amount to be confirmed'),
  '88': status('customer', 'choose-instalments', 'instalment query accepted'),
  '90': status('nobody', 'initialisation', 'initialisation done'),
  '91': status('nobody', 'initialisation', 'initialisation failed'),
  '92': status('nobody', 'reader', 'the card reader is not connected'),
  '93': status('nobody', 'choose-instalments', 'querying instalments'),
};

export function statusCode(family: Family, code: string): StatusCode {
  const own = family === 'autoservicio' ? lookup(autoservicioStatuses, code) : undefined;
  return own ?? lookup(statuses, code) ?? status('nobody', 'other', `status ${code}`);
}
