/**
 * Result codes (PA00P015 rev. 13.08 chapter 10). Bitmap 27, the abort 06 1E and the refusal 84 xx share them.
 */

/**
 * What a code says about the money. `unknown`: the terminal could not reach its host or does not say what
 * happened, or no table lists the code; ask it for its last transaction.
 */
export type CodeMeaning =
  | 'done'
  | 'declined'
  | 'already-voided'
  /** The terminal is at work on something else. */
  | 'busy'
  | 'unknown';

export interface ResultCode {
  readonly meaning: CodeMeaning;
  readonly text: string;
  /** Who said so. 01 to 63 come from the host and differ from one acquirer to the next. */
  readonly origin: 'terminal' | 'host';
  /** False: no table has it. */
  readonly listed: boolean;
}

const declined: Readonly<Record<number, string>> = {
  100: 'the card cannot be read',
  101: 'there is no card data',
  102: 'processing error, or error of the reader',
  103: 'not allowed for girocard and Maestro',
  104: 'not allowed for credit and fuel cards',
  106: 'the turnover file is full',
  107: 'the terminal is not registered',
  108: 'stopped by key or time-out',
  110: 'the card is blocked',
  111: 'wrong currency',
  113: 'not enough credit on the card',
  114: 'chip error',
  115: 'the card data is wrong',
  116: 'the DUKPT keys are used up',
  117: 'the text is not authentic',
  118: 'the card number is not in the list of allowed ones',
  119: 'the end of day is not possible',
  120: 'the card has expired',
  121: 'the card is not valid yet',
  122: 'the card is unknown',
  123: 'no fall-back to the magnetic stripe',
  124: 'no fall-back to the magnetic stripe',
  125: 'the communication module does not work',
  126: 'no fall-back to the magnetic stripe',
  131: 'the function is not possible',
  133: 'a key is missing',
  137: 'the PIN pad is defective',
  165: 'forbidden by the PCI rules',
  177: 'the memory is full; an end of day is needed',
  178: "the merchant's journal is full",
  181: 'the reversal is not possible',
  183: 'the amount of the pre-authorisation is wrong',
  184: 'error of the pre-authorisation',
  191: 'the supply voltage is too low',
  192: 'the card lock is defective',
  193: 'the merchant card is locked',
  194: 'a diagnosis is needed',
  195: 'the amount is above the maximum',
  196: 'the card profile is invalid',
  197: 'the payment method is not supported',
  198: 'the currency is not supported',
  200: 'the amount is too small',
  201: 'the maximum amount is too small',
  203: 'only euro is allowed',
  204: 'the printer is not ready',
  205: 'cashback is not possible',
  210: 'not for service cards and bank customer cards',
  220: 'a card is inserted',
  221: 'the card could not be ejected',
  222: 'the card could not be inserted',
  223: 'the terminal is out of order',
  224: 'remote maintenance is running',
  226: 'the reader does not answer',
  227: 'the shutter is closed',
  228: 'the terminal must be activated',
  231: 'the goods group is unknown',
  232: 'the goods table is missing',
  233: 'the goods are restricted',
  234: 'the card code is not allowed',
  235: 'the PIN algorithm is unknown',
  236: 'the PIN could not be processed',
  237: 'the PIN pad does not answer',
  240: 'an end of day is needed first',
  241: 'offline error of the girocard',
  245: 'error of the OPT action',
  246: 'OPT data is missing',
  250: 'error while clearing offline',
  251: 'the turnover record is defective',
  252: 'a device is missing or defective',
  253: 'the baud rate is not supported',
  254: 'the cash register is unknown',
};

/** Nobody can tell from these whether the host has booked it (PA00P015 chapter 10; "query again"). */
const unsettled: Readonly<Record<number, string>> = {
  154: 'protocol error',
  155: 'error on the line to the host',
  160: 'the receiver is not ready',
  161: 'the remote station does not answer',
  163: 'no connection',
  164: 'the GeldKarte could not be submitted',
  255: 'other error',
};

/** Host codes that have had the same meaning wherever a table of them was seen (card complete, ISO 8583). */
const hostCodes: Readonly<Record<number, string>> = {
  1: 'declined; call the acquirer',
  2: 'declined; call the acquirer',
  5: 'declined',
};

const firstHostCode = 0x01;
const lastHostCode = 0x63;

/** One byte: what it says. A code that no table lists says nothing. */
export function resultCode(code: number): ResultCode {
  if (code >= firstHostCode && code <= lastHostCode)
    return {
      meaning: 'declined',
      text: hostCodes[code] ?? `the host refused with its code ${code}`,
      origin: 'host',
      listed: true,
    };
  const [meaning, text] = entryOf(code);
  return {
    meaning,
    text: text ?? `code ${codeHex(code)} is not in the table`,
    origin: 'terminal',
    listed: text !== undefined,
  };
}

function entryOf(code: number): readonly [CodeMeaning, string | undefined] {
  if (code === 0x00) return ['done', 'done'];
  if (code === 0xb4) return ['already-voided', 'already reversed'];
  if (code === 0x9c) return ['busy', 'please wait'];
  const refusal = declined[code];
  return refusal === undefined ? ['unknown', unsettled[code]] : ['declined', refusal];
}

export const codeHex = (code: number): string => code.toString(16).toUpperCase().padStart(2, '0');

/** What the status enquiry 05 01 tells of the terminal. */
export interface TerminalStatus {
  readonly ready: boolean;
  /** The terminal may be at work on something that can still move money, or is out of reach for a while. */
  readonly working: boolean;
  readonly text: string;
}

const terminalStatuses: Readonly<Record<number, string>> = {
  0: 'ready',
  81: 'the terminal must be initialised',
  98: 'the clock of the terminal is wrong',
  156: 'please wait',
  157: 'goods are being delivered in part',
  177: 'the memory is full; an end of day is needed',
  178: "the merchant's journal is full",
  191: 'the supply voltage is too low',
  192: 'the card lock is defective',
  193: 'the merchant card is locked',
  194: 'a diagnosis is needed',
  196: 'the card profile is invalid',
  204: 'the printer is not ready',
  220: 'a card is inserted',
  223: 'the terminal is out of order',
  224: 'remote maintenance is running',
  225: 'the card has not been taken out',
  226: 'the reader does not answer',
  227: 'the shutter is closed',
  228: 'the terminal must be activated',
  240: 'an end of day is needed first',
  246: 'OPT data is missing',
};

const atWork: readonly number[] = [0x9c, 0x9d, 0xe0];

export const terminalStatus = (code: number): TerminalStatus => ({
  ready: code === 0x00,
  working: atWork.includes(code),
  text: terminalStatuses[code] ?? `terminal status ${codeHex(code)}`,
});

/** The names of the card types of bitmap 8A that are common (PA00P015 chapter 12). */
export const cardTypeNames: Readonly<Record<number, string>> = {
  2: 'ec',
  5: 'girocard',
  6: 'Mastercard',
  8: 'American Express',
  9: 'direct debit',
  10: 'Visa',
  11: 'Visa Electron',
  12: 'Diners',
  13: 'V PAY',
  14: 'JCB',
  30: 'GeldKarte',
  46: 'Maestro',
};
