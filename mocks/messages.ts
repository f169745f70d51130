import type { Booking, Card, Sale } from './ledger.ts';

/** What a till can ask, in words shared by all protocols. */
export const commands = [
  'poll',
  'load-keys',
  'purchase',
  'refund',
  'last-transaction',
  'void',
  'totals',
  'settle',
  'sales-detail',
  'normal-mode',
  'initialise',
  'initialisation-result',
  'register',
  'log-off',
  'abort',
  'reprint',
  'diagnosis',
  'reset',
  'set-clock',
  'pre-authorisation',
  'booking',
  'pre-authorisation-reversal',
  'open-pre-authorisations',
  'print-at-till',
  'card-verification',
  'vas',
] as const;

export type Command = (typeof commands)[number];

/** Commands that move money or end the batch. */
export const bookings: readonly Command[] = [
  'purchase',
  'refund',
  'void',
  'settle',
  'pre-authorisation',
  'booking',
  'pre-authorisation-reversal',
];

/** A request of the till, decoded. */
export interface Request {
  readonly command: Command;
  /** The message's own code on the wire: `0200`. */
  readonly code: string;
  /** The whole message as text, without its framing. */
  readonly text: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** In minor units. Absent when the message has none or it is not a number. */
  readonly amount?: number;
  readonly ticket?: string;
  readonly childCommerceCode?: string;
  readonly operationNumber?: string;
  /** The number on the receipt, where the protocol names a transaction by it. */
  readonly receiptNumber?: string;
  /** The till wants status messages during the sale. */
  readonly withStatus?: boolean;
  /** The till wants the voucher as text. */
  readonly withVoucher?: boolean;
  /** Carrying this out prints on the terminal's paper, whatever the till gets. */
  readonly prints?: boolean;
}

/** Why a terminal says no. */
export type Refusal =
  | 'declined'
  | 'cancelled'
  | 'already-voided'
  | 'nothing-to-void'
  | 'debit-card'
  | 'void-not-allowed'
  | 'empty'
  | 'batch-full'
  | 'amount-below-minimum'
  | 'amount-zero'
  | 'amount-malformed'
  | 'ticket-malformed';

export interface Totals {
  readonly count: number;
  readonly total: number;
}

/** What the terminal tells the till: one message, before it is put into the protocol's words. */
export interface Answer {
  readonly to: Command;
  readonly outcome: 'done' | Refusal;
  /** The response code to send instead of the protocol's own code for this outcome. */
  readonly code?: string;
  /** The sale it tells of; a sales detail without one is the end of the list. */
  readonly sale?: Sale;
  /** The trace number of the void itself. */
  readonly trace?: string;
  /** The last booking of any kind, for a terminal that tells voids and refunds as well. */
  readonly booking?: Booking;
  readonly totals?: Totals;
  /** The card of a sale that came to nothing. */
  readonly card?: Card;
  /** The terminal's local time: `2023-07-26T11:37:48`. */
  readonly time?: string;
  /** The terminal id to send instead of the terminal's own. */
  readonly terminalId?: string;
  /** A refusal with nothing behind its response code. */
  readonly codeOnly?: boolean;
  /** How long the terminal sits on this answer before it sends it, in milliseconds. */
  readonly afterMs?: number;
}
