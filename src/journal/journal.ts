import type { Money } from '../model/money.ts';
import type { BookingKind, Decision, PurchaseResult, VoidResult } from '../model/results.ts';
import type { Identity, Target, Transaction } from '../model/transaction.ts';

/** A command that can move money, under a key that the till chose. */
export interface Intent {
  readonly key: string;
  readonly kind: BookingKind | 'void';
  /** Where: the terminal's address, without secrets. */
  readonly terminal: string;
  /**
   * The way of speaking it was begun with, where the protocol has several (`Protocol.variant`); absent:
   * its common one. What one way tells of the terminal's memory proves nothing about the other.
   */
  readonly variant?: string;
  readonly amount: Money;
  /** Of a booking: what was reserved, where the rest of it is given back. */
  readonly reserved?: Money;
  /** What else the till asked for; the same key with another of these is another command. */
  readonly asked: Identity & { readonly rrn?: string };
  /** Who asked for it, and why; no part of the command's identity. */
  readonly operator?: string;
  readonly reason?: string;
  /** The second person who agreed, where the merchant wants one. */
  readonly supervisor?: string;
  /** Which program asked, on which machine, for which user. */
  readonly origin?: string;
}

/** What happens to an intent, in order. Never card data beyond the last four digits. */
export type Entry =
  /** What the terminal told when it was asked before the command. */
  | { readonly type: 'evidence'; readonly found: Transaction }
  /** The request is about to leave on this connection. `digest`: SHA-256 of its frame, hex. */
  | {
      readonly type: 'sent';
      /** Milliseconds since the Unix epoch. */
      readonly at: number;
      readonly epoch: number;
      readonly digest: string;
      /** What names the transaction on the wire, to find out about it later. */
      readonly asked: Target;
    }
  /** The terminal has taken the request and is at work on it. */
  | { readonly type: 'taken' }
  /** Nothing of it left the till after all, or the terminal refused to take it. */
  | { readonly type: 'not-sent'; readonly why: string }
  /** What the terminal answered, before it was compared with what was asked. */
  | { readonly type: 'answer'; readonly answer: unknown }
  | { readonly type: 'outcome'; readonly result: MoneyResult }
  | {
      readonly type: 'in-doubt';
      /** Milliseconds since the Unix epoch: until then the terminal was heard, or waited for. */
      readonly at?: number;
      readonly code: string;
      readonly message: string;
    }
  /** What the terminal remembered when it was asked afterwards. */
  | { readonly type: 'recovery'; readonly asked: string; readonly history: unknown }
  /** A person has looked and says how it ended; this ends the intent. */
  | {
      readonly type: 'decision';
      readonly decision: Decision;
      readonly operator: string;
      readonly reason: string;
    }
  /** What came on the line while it was in doubt and belonged to no command. */
  | { readonly type: 'unsolicited'; readonly code: string; readonly fields: unknown };

/** The results that end an intent for good. */
export type MoneyResult = PurchaseResult | VoidResult;

/** An intent and all that was written of it, the oldest entry first. */
export interface KnownIntent {
  readonly intent: Intent;
  readonly entries: readonly Entry[];
}

/** A transaction that a terminal was known to have made, and by which way of speaking that was told. */
export type KnownTransaction = Transaction & Pick<Intent, 'variant'>;

/** What a journal knows of a key. */
export type Begun = { readonly type: 'new' } | ({ readonly type: 'known' } & KnownIntent);

/**
 * The record of every intent. A promise resolves when its entry is written, and for `sent`, `not-sent`,
 * `outcome`, `in-doubt` and `decision` when it is durable together with all that was written before it. A
 * rejection means that it may not be, and then no byte of the command may leave.
 */
export interface Journal {
  /**
   * Opens an intent under its key, or tells what is known of that key. It is written with its first entry,
   * or by an `append` without one.
   */
  begin(intent: Intent): Promise<Begun>;
  /** Several entries are written together, or none of them. */
  append(key: string, ...entries: readonly Entry[]): Promise<void>;
  /** The intents of this terminal that left the till and have no outcome, the oldest first. */
  open(terminal: string): Promise<readonly KnownIntent[]>;
  /** Transactions that this terminal was known to have made, in the order they became known; the last 200. */
  known(terminal: string): Promise<readonly KnownTransaction[]>;
}
