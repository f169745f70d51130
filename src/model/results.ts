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
  | 'not-confirmed'
  /** The transaction is older than the merchant lets one be voided, or its age is not known. */
  | 'outside-void-window'
  /** The merchant wants a second person to agree to a void. */
  | 'supervisor-needed'
  /** There is no command in doubt that a decision could be about. */
  | 'nothing-open';

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

/** The terminal answered: it is ready, or it says what it wants first. */
export type StatusResult =
  | { readonly outcome: 'ready'; readonly message: string }
  | {
      readonly outcome: 'not-ready';
      readonly message: string;
      /** The terminal's own status code, as written on the wire. */
      readonly terminalCode: string;
    };

/** The device is open, and nothing was said on it. */
export type ConnectResult = { readonly outcome: 'connected'; readonly message: string } | Refused;

export type LastTransactionResult =
  | { readonly outcome: 'found'; readonly message: string; readonly transaction: Transaction }
  /** The terminal's memory is empty: nothing since the last settlement. */
  | { readonly outcome: 'none'; readonly message: string; readonly responseCode: string }
  | Declined
  | Refused;

/** Found out afterwards: the command was certainly not carried out, and will not be. */
export interface NotDone {
  readonly outcome: 'not-approved' | 'not-voided';
  /** What it was, when it was neither a sale nor a void. */
  readonly kind?: BookingKind;
  readonly message: string;
  readonly key: string;
}

/** What a person can say about a command in doubt. */
export type Decision = 'voided' | 'not-voided' | 'approved' | 'not-approved';

/** A person has looked and decided; the terminal has not said it. */
export interface Decided {
  readonly outcome: 'decided';
  readonly decision: Decision;
  /** What it was, when it was neither a sale nor a void. */
  readonly kind?: BookingKind;
  readonly message: string;
  readonly key: string;
  readonly operator: string;
  readonly reason: string;
}

/** What a terminal books under a key of its own, voids apart. */
export type BookingKind =
  | 'purchase'
  | 'refund'
  | 'pre-authorisation'
  | 'booking'
  | 'pre-authorisation-reversal';

/** How a sale ended, or another booking: the transaction's `kind` says which. */
export type PurchaseResult =
  | {
      readonly outcome: 'approved';
      readonly message: string;
      readonly transaction: Transaction;
      /** The key of this command, for asking again. */
      readonly key: string;
    }
  | NotDone
  | Decided
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
  | NotDone
  | Decided
  | Declined
  | Refused;

/** How the command that was in doubt has ended; or that there was none. */
export type RecoveryResult =
  | PurchaseResult
  | VoidResult
  | { readonly outcome: 'nothing-open'; readonly message: string };

export type TotalsResult =
  | {
      readonly outcome: 'found';
      readonly message: string;
      /** Absent where the terminal tells only the sum. */
      readonly count?: number;
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
