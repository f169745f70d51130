import type { Column, Table } from './fixed-width.ts';

/**
 * The messages of ECR17, column by column as in the tables of the public portal
 * (developer.nexigroup.com/traditionalpos), columns counted from 1.
 */

const head = [
  [1, 8, 'digits', 'terminalId'],
  [9, 9, 'zeros'],
  [10, 10, 'text', 'code'],
] as const satisfies Table;

const hostHead = [
  ...head,
  [11, 18, 'digits', 'tillId'],
  [19, 19, 'digits', 'additionalData'],
] as const satisfies Table;

const paymentRequest = [
  ...hostHead,
  [20, 21, 'zeros'],
  [22, 22, 'digits', 'cardPresent'],
  [23, 23, 'digits', 'paymentType'],
  [24, 31, 'digits', 'amount'],
  [32, 159, 'right', 'text'],
  [160, 167, 'zeros'],
] as const satisfies Table;

const preAuthorisedRequest = [
  ...hostHead,
  [20, 23, 'zeros'],
  [24, 31, 'digits', 'amount'],
  [32, 159, 'right', 'text'],
  [160, 168, 'digits', 'preAuthorisation'],
  [169, 176, 'zeros'],
] as const satisfies Table;

const closing = [...hostHead, [20, 26, 'zeros']] as const satisfies Table;

/** Requests of the till by code. `U` and `K` go on behind their tables. */
export const requestTables = {
  s: head,
  P: paymentRequest,
  X: paymentRequest,
  p: paymentRequest,
  i: preAuthorisedRequest,
  c: preAuthorisedRequest,
  H: [...hostHead, [20, 22, 'zeros'], [23, 23, 'digits', 'paymentType'], [24, 39, 'zeros']],
  S: [
    ...head,
    [11, 18, 'digits', 'tillId'],
    [19, 24, 'digits', 'stan'],
    [25, 25, 'digits', 'additionalData'],
    [26, 26, 'zeros'],
  ],
  G: [...hostHead, [20, 22, 'zeros']],
  T: closing,
  C: closing,
  E: [...head, [11, 11, 'digits', 'atTill']],
  R: [...head, [11, 11, 'digits', 'atTill'], [12, 12, 'digits', 'ticketType'], [13, 22, 'zeros']],
  U: [
    ...head,
    [11, 16, 'digits', 'paymentType'],
    [17, 18, 'digits', 'isoField'],
    [19, 26, 'text', 'tag'],
    [27, 27, 'zeros'],
    [28, 31, 'digits', 'tagMap'],
    [32, 36, 'zeros'],
  ],
  K: [...head, [11, 18, 'digits', 'tillId'], [19, 22, 'zeros'], [23, 26, 'digits', 'length']],
} as const satisfies Readonly<Record<string, Table>>;

export type RequestCode = keyof typeof requestTables;

export const requestNames: Readonly<Record<RequestCode, string>> = {
  s: 'status',
  P: 'payment',
  X: 'payment with extended result',
  p: 'pre-authorisation',
  i: 'incremental authorisation',
  c: 'pre-authorisation closure',
  H: 'card verification',
  S: 'reversal',
  G: 'last result',
  T: 'totals',
  C: 'close session',
  E: 'printing at the till',
  R: 'reprint',
  U: 'additional data',
  K: 'VAS',
};

const result = [...head, [11, 12, 'text', 'result']] as const satisfies Table;

const card = [
  [13, 31, 'card', 'last4'],
  [32, 34, 'text', 'cardReading'],
] as const satisfies Table;

/** Columns 48 to 71 of the results of payments, the same whether they went well or not. */
const paid = [
  [48, 48, 'digits', 'cardType'],
  [49, 59, 'text', 'acquirerId'],
  [60, 65, 'digits', 'stan'],
  [66, 71, 'digits', 'onlineId'],
] as const satisfies Table;

const payment = [
  ...result,
  ...card,
  [35, 40, 'text', 'authorisationCode'],
  [41, 47, 'digits', 'time'],
  ...paid,
] as const satisfies Table;

const noPayment = [
  ...result,
  [13, 36, 'text', 'text'],
  [37, 47, 'zeros'],
  ...paid,
] as const satisfies Table;

const action = [72, 74, 'digits', 'actionCode'] as const satisfies Column;
const extended = [action, [75, 82, 'digits', 'amount'], [83, 92, 'zeros']] as const satisfies Table;
const reversal = [action, [75, 84, 'zeros']] as const satisfies Table;

/** Dynamic currency conversion: void when its flag is 0. */
const converted = [
  [83, 83, 'digits', 'converted'],
  [84, 91, 'digits', 'rate'],
  [92, 94, 'text', 'foreignCurrency'],
  [95, 106, 'digits', 'foreignAmount'],
  [107, 107, 'digits', 'foreignDecimals'],
  [108, 117, 'zeros'],
] as const satisfies Table;

const closureConverted = [
  [75, 75, 'digits', 'converted'],
  [76, 83, 'digits', 'rate'],
  [84, 86, 'text', 'foreignCurrency'],
  [87, 98, 'digits', 'foreignAmount'],
  [99, 99, 'digits', 'foreignDecimals'],
  [100, 109, 'zeros'],
] as const satisfies Table;

/** The document prints 48 for the card type; by the columns around it that must be 71. */
const preAuthorised = [
  [71, 71, 'digits', 'cardType'],
  [72, 82, 'text', 'acquirerId'],
  [83, 88, 'digits', 'stan'],
  [89, 94, 'digits', 'onlineId'],
  [95, 106, 'zeros'],
] as const satisfies Table;

const incremented = [
  [52, 57, 'digits', 'stan'],
  [58, 63, 'digits', 'onlineId'],
] as const satisfies Table;

/** A kind of answer: what it answers, and its table when the result is 00 and when it is not. */
export interface AnswerLayout {
  readonly name: string;
  readonly ok: Table;
  readonly ko: Table;
}

const layout = (name: string, ok: Table, ko: Table): AnswerLayout => ({ name, ok, ko });

/**
 * Answers of the terminal by code and length: `E` alone would be a payment, a reversal or a card
 * verification. `s`, `U`, `K` and receipts go on behind their tables.
 */
export const answerTables = {
  // A card verification that failed has an action code where a payment has zeros.
  E71: layout('payment result', payment, [
    ...result,
    [13, 36, 'text', 'text'],
    [37, 39, 'digits', 'actionCode'],
    [40, 47, 'zeros'],
    ...paid,
  ]),
  E84: layout('reversal result', [...payment, ...reversal], [...noPayment, ...reversal]),
  E92: layout('extended payment result', [...payment, ...extended], [...noPayment, ...extended]),
  V117: layout(
    'payment result in another currency',
    [...payment, action, [75, 82, 'digits', 'amount'], ...converted],
    [...noPayment, action, [75, 82, 'digits', 'amount'], ...converted],
  ),
  e106: layout(
    'pre-authorisation result',
    [
      ...result,
      ...card,
      [35, 40, 'text', 'authorisationCode'],
      [41, 48, 'digits', 'amount'],
      [49, 57, 'digits', 'preAuthorisation'],
      [58, 60, 'digits', 'actionCode'],
      [61, 67, 'digits', 'time'],
      [68, 70, 'zeros'],
      ...preAuthorised,
    ],
    [
      ...result,
      [13, 36, 'text', 'text'],
      [37, 39, 'digits', 'actionCode'],
      [40, 70, 'zeros'],
      ...preAuthorised,
    ],
  ),
  i75: layout(
    'incremental authorisation result',
    [
      ...result,
      ...card,
      [35, 45, 'text', 'acquirerId'],
      [46, 51, 'text', 'authorisationCode'],
      ...incremented,
      [64, 70, 'digits', 'time'],
      [71, 73, 'digits', 'actionCode'],
      [74, 75, 'zeros'],
    ],
    // The document gives no table for this one: read as the others', with the number where it is when done.
    [
      ...result,
      [13, 36, 'text', 'text'],
      [37, 51, 'zeros'],
      ...incremented,
      [64, 70, 'zeros'],
      [71, 73, 'digits', 'actionCode'],
      [74, 75, 'zeros'],
    ],
  ),
  c74: layout('pre-authorisation closure result', [...payment, action], [...noPayment, action]),
  v109: layout(
    'pre-authorisation closure result in another currency',
    [...payment, action, ...closureConverted],
    [...noPayment, action, ...closureConverted],
  ),
  C44: layout(
    'close session result',
    [...result, [13, 28, 'digits', 'terminalTotal'], [29, 44, 'digits', 'hostTotal']],
    [...result, [13, 31, 'text', 'text'], [32, 34, 'digits', 'actionCode'], [35, 44, 'zeros']],
  ),
  T34: layout('totals result', [...result, [13, 28, 'digits', 'total'], [29, 34, 'zeros']], result),
} as const satisfies Readonly<Record<string, AnswerLayout>>;

export type AnswerName = keyof typeof answerTables;

export const statusTable: Table = [
  ...head,
  [11, 20, 'zeros'],
  [21, 30, 'digits', 'clock'],
  [31, 31, 'text', 'status'],
];

/** Up to 200 characters of a receipt follow. */
export const receiptTable: Table = head;

export const additionalDataTable: Table = [...head, [17, 19, 'digits', 'length']];

export const vasTable: Table = [
  ...head,
  [15, 15, 'digits', 'more'],
  [16, 18, 'digits', 'number'],
  [23, 26, 'digits', 'length'],
];
