import type { CardType } from '../src/model/transaction.ts';

/** A card as far as the mock knows cards: nothing beyond the last four digits. */
export interface Card {
  readonly type: CardType;
  readonly last4: string;
  /** The acquirer's two letters: `VI`, `MC`; empty when the terminal does not tell. */
  readonly brand: string;
}

/** Who made a booking: a command of the till, or a person at the terminal's own keys. */
export type BookedBy = 'till' | 'clerk';

/** One sale as the terminal booked it. Amounts are in minor units. */
export interface Sale {
  /** The terminal's running number, six digits. */
  readonly operationNumber: string;
  /** The running number of all that the terminal books, voids and refunds as well; six digits. */
  readonly trace: string;
  /** The till's reference as the terminal keeps it; empty for a sale made at the terminal. */
  readonly ticket: string;
  readonly amount: number;
  readonly authorisationCode: string;
  readonly card: Card;
  /** The terminal's local time without a zone: `2023-07-26T11:37:48`. */
  readonly time: string;
  /** The commerce in whose name a multicode terminal sold. */
  readonly childCommerceCode?: string;
}

/** A sale, a refund, or the void of a sale under a trace number of its own. */
export interface Booking {
  readonly kind: 'sale' | 'void' | 'refund';
  /** The sale made or taken back; for a refund, the money given back. */
  readonly sale: Sale;
  readonly trace: string;
  /** The terminal's local time without a zone. */
  readonly time: string;
}

/**
 * One effect on money or memory, in the order it happened. This is the truth that a test compares with
 * what the till was told: nothing on the line changes it, and settlement does not empty it.
 */
export type LedgerEntry = { readonly at: number; readonly by: BookedBy } & (
  | { readonly kind: 'sale'; readonly sale: Sale }
  | { readonly kind: 'void'; readonly sale: Sale }
  | { readonly kind: 'refund'; readonly sale: Sale }
  /** Held back on the card, and given free: no money has moved. A booking moves it, as a sale does. */
  | {
      readonly kind: 'pre-authorisation' | 'booking' | 'pre-authorisation-reversal';
      readonly sale: Sale;
    }
  | { readonly kind: 'settlement'; readonly count: number; readonly total: number }
);
