import type { Money } from './money.ts';

export type TransactionState =
  | 'submitted'
  | 'approved'
  | 'declined'
  | 'voided'
  | 'settled'
  | 'in-doubt';

export type CardType = 'credit' | 'debit' | 'prepaid';

/**
 * What names a transaction. A terminal knows some of these and the till some; what both know must
 * agree before anything is voided. All are strings as the terminal writes them, leading zeros kept.
 */
export interface Identity {
  /** The till's own reference, stored and repeated by the terminal (Transbank: ticket). */
  readonly ticket?: string;
  /** The terminal's running number, printed on the voucher (Transbank: operation number). */
  readonly operationNumber?: string;
  readonly receiptNumber?: string;
  readonly trace?: string;
  readonly authorisationCode?: string;
  readonly terminalId?: string;
  /** The merchant's number at the acquirer (Transbank: commerce code). */
  readonly commerceCode?: string;
}

/** `booking`: the capture of a pre-authorisation. */
export type TransactionKind = 'purchase' | 'void' | 'refund' | 'pre-authorisation' | 'booking';

/** A transaction as the terminal tells it. What it did not say is absent, never guessed. */
export interface Transaction extends Identity {
  readonly kind: TransactionKind;
  readonly state: TransactionState;
  readonly amount: Money;
  /** What a void or a booking is about, where the terminal names it apart from the new transaction. */
  readonly original?: Identity;
  /** The acquirer's retrieval reference number, which a refund may have to name. */
  readonly rrn?: string;
  /** The batch in which it was booked: the span between two settlements. */
  readonly batch?: string;
  /** The last digits of the card, at most four, as a string: `0461`. */
  readonly last4?: string;
  readonly cardType?: CardType;
  readonly cardBrand?: string;
  /** The terminal's local time without a zone: `2023-07-26T11:37:48`. */
  readonly time?: string;
  /** Debit cards: the day the money moves, as the terminal writes it. */
  readonly accountingDate?: string;
  readonly instalments?: number;
  readonly instalmentAmount?: Money;
  readonly tip?: Money;
  readonly change?: Money;
  readonly employee?: string;
  /** The commerce in whose name a multicode terminal sold. */
  readonly childCommerceCode?: string;
  /** The voucher that the terminal sent, lines to print. */
  readonly voucher?: readonly string[];
}

/** The transaction a void is aimed at: its amount, and every identity the till knows. */
export interface Target extends Identity {
  readonly amount: Money;
}

/** Money to be given back without voiding a sale: a transaction of its own. */
export interface RefundRequest {
  readonly amount: Money;
  /** The till's own reference, where the terminal keeps one. */
  readonly ticket?: string;
  /** The retrieval reference number of the sale, where the terminal wants it. */
  readonly rrn?: string;
}

/** What is to be sold. */
export interface PurchaseRequest {
  readonly amount: Money;
  /** The till's own reference. When left out, a fresh one is made, so that the sale can be found again. */
  readonly ticket?: string;
  /** Multicode terminals: the commerce in whose name to sell, 12 digits. */
  readonly commerceCode?: string;
  /**
   * What the till's own scanner has read off the customer's telephone (付款码), on terminals with
   * `capabilities.payCode`. Whoever has it can take money, so it goes to the terminal and nowhere else.
   */
  readonly payCode?: string;
}
