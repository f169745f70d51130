import type { Transaction } from './transaction.ts';

/** Why Tillwire did not send the command. Nothing left the till. */
export type RefusalReason =
  /** A value is malformed or out of range: `field`, `limit` and `value` say which. */
  | 'invalid'
  /** This terminal has no such command. */
  | 'not-supported'
  /** The terminal's last transaction is not the target: `found` is what it did last. */
  | 'not-the-last'
  /** The terminal voids its last transaction unseen, and the till has not opted in to that. */
  | 'blind-void'
  /** Debit cards cannot be voided on this terminal; a refund is the way. */
  | 'debit-card'
  /** The transaction found is not an approved purchase. */
  | 'not-approved'
  /** The till's `confirm` hook said no to the transaction found. */
  | 'not-confirmed';

/** Refused by us before the command was sent: certainly nothing happened. */
export interface Refused {
  readonly outcome: 'refused';
  readonly reason: RefusalReason;
  /** For the person at the till. */
  readonly message: string;
  readonly field?: string;
  readonly limit?: string;
  readonly value?: string;
  readonly found?: Transaction;
}

/** The terminal or its host said no: certainly no money moved. */
export interface Declined {
  readonly outcome: 'declined';
  /** The terminal's own response code, as written on the wire. */
  readonly responseCode: string;
  readonly message: string;
  readonly transaction?: Transaction;
}

/** The terminal answered and is ready. */
export interface StatusResult {
  readonly outcome: 'ready';
  readonly message: string;
}

export type LastTransactionResult =
  | { readonly outcome: 'found'; readonly message: string; readonly transaction: Transaction }
  /** The terminal's memory is empty: nothing since the last settlement. */
  | { readonly outcome: 'none'; readonly message: string; readonly responseCode: string }
  | Declined
  | Refused;

export type PurchaseResult =
  | {
      readonly outcome: 'approved';
      readonly message: string;
      readonly transaction: Transaction;
      /** The key of this sale, for asking again. */
      readonly key: string;
    }
  | Declined
  | Refused;

export type VoidResult =
  | {
      readonly outcome: 'voided';
      readonly message: string;
      /** The transaction that was taken back, its state now `voided`. */
      readonly transaction: Transaction;
      readonly key: string;
      /** The voucher of the void, lines to print. */
      readonly voucher: readonly string[];
    }
  /** It had been taken back before this command: certainly not taken back twice. */
  | {
      readonly outcome: 'already-voided';
      readonly message: string;
      readonly transaction: Transaction;
    }
  /** The terminal holds no such transaction, for example after settlement; a refund is the way. */
  | { readonly outcome: 'not-found'; readonly message: string; readonly responseCode?: string }
  | Declined
  | Refused;

export type TotalsResult =
  | {
      readonly outcome: 'found';
      readonly message: string;
      readonly count: number;
      readonly total: { readonly amount: number; readonly currency: string };
    }
  | Declined
  | Refused;

export type SettleResult =
  | {
      readonly outcome: 'settled';
      readonly message: string;
      readonly terminalId?: string;
      readonly commerceCode?: string;
    }
  | Declined
  | Refused;
