import type { Money } from '../model/money.ts';
import type { PurchaseResult, VoidResult } from '../model/results.ts';
import type { Identity, Transaction } from '../model/transaction.ts';

/** A command that can move money, under a key that the till chose. */
export interface Intent {
  readonly key: string;
  readonly kind: 'purchase' | 'void';
  /** Where: the terminal's address, without secrets. */
  readonly terminal: string;
  readonly amount: Money;
  /** What else the till asked for; the same key with another of these is another command. */
  readonly asked: Identity;
  /** Who asked for it, and why; no part of the command's identity. */
  readonly operator?: string;
  readonly reason?: string;
  /** Which program asked, on which machine, for which user. */
  readonly origin?: string;
}

/** What happens to an intent, in order. Never card data beyond the last four digits. */
export type Entry =
  /** What the terminal told when it was asked before the command. */
  | { readonly type: 'evidence'; readonly found: Transaction }
  /** The request is about to leave on this connection. `digest`: SHA-256 of its frame, hex. */
  | { readonly type: 'sent'; readonly epoch: number; readonly digest: string }
  /** Nothing of it left the till after all, or the terminal refused to take it. */
  | { readonly type: 'not-sent'; readonly why: string }
  /** What the terminal answered, before it was compared with what was asked. */
  | { readonly type: 'answer'; readonly answer: unknown }
  | { readonly type: 'outcome'; readonly result: MoneyResult }
  | { readonly type: 'in-doubt'; readonly code: string; readonly message: string };

/** The results that end an intent for good. */
export type MoneyResult = PurchaseResult | VoidResult;

/** What a journal knows of a key. */
export type Begun =
  | { readonly type: 'new' }
  | {
      readonly type: 'known';
      readonly intent: Intent;
      readonly entries: readonly Entry[];
    };

/**
 * The record of every intent. Each promise resolves when its entry is durable; a rejection means that
 * it may not be, and then no byte of the command may leave.
 */
export interface Journal {
  /** Opens an intent under its key, or tells what is known of that key. */
  begin(intent: Intent): Promise<Begun>;
  append(key: string, entry: Entry): Promise<void>;
}
