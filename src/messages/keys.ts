import type { ErrorCode, MoneyEffect } from '../model/error.ts';
import type { Actor, PromptCode } from '../model/events.ts';
import type {
  ConnectResult,
  Decision,
  LastTransactionResult,
  PurchaseResult,
  RecoveryResult,
  RefusalReason,
  SettleResult,
  StatusResult,
  TotalsResult,
  VoidResult,
} from '../model/results.ts';
import type { Transaction, TransactionState } from '../model/transaction.ts';

/** How any command can end. */
export type AnyResult =
  | ConnectResult
  | StatusResult
  | LastTransactionResult
  | PurchaseResult
  | VoidResult
  | RecoveryResult
  | TotalsResult
  | SettleResult;

/** What each error can mean for the money: one that can mean both reads differently for each. */
export const effects = {
  'bad-address': ['none'],
  'bad-settings': ['none'],
  'no-such-device': ['none'],
  'no-permission': ['none'],
  'device-busy': ['none'],
  'connection-failed': ['none'],
  'connection-lost': ['none', 'unknown'],
  'no-acknowledgement': ['none', 'unknown'],
  'not-acknowledged': ['none', 'unknown'],
  'no-answer': ['none', 'unknown'],
  'garbled-answer': ['none', 'unknown'],
  'unreadable-answer': ['none', 'unknown'],
  'unknown-response-code': ['unknown'],
  'wrong-transaction': ['unknown'],
  'terminal-busy': ['none'],
  'terminal-held': ['none'],
  /** `none`: an earlier command is in doubt and blocks this one. `unknown`: this one is in doubt. */
  'unresolved-transaction': ['none', 'unknown'],
  'key-reused': ['none'],
  'journal-failed': ['none', 'unknown'],
  cancelled: ['none'],
  closed: ['none'],
} as const satisfies Readonly<Record<ErrorCode, readonly MoneyEffect[]>>;

/** `unlisted`: an error that no table lists is told by its effect alone. */
export type ErrorKey =
  | { [C in ErrorCode]: `error:${C}:${(typeof effects)[C][number]}` }[ErrorCode]
  | `error:unlisted:${MoneyEffect}`;

/** Outcomes that say more than their own name: each has its own keys below. */
type Divided = 'found' | 'refused' | 'decided';

export type ResultKey =
  | `result:${Exclude<AnyResult['outcome'], Divided> | 'unlisted'}`
  | `found:${'transaction' | 'totals'}`
  /** A sale that was made and that the terminal has since taken back. */
  | 'approved:voided'
  /** Money the other way, or none yet. */
  | 'approved:refund'
  | 'approved:pre-authorisation'
  | 'approved:booking'
  | 'approved:pre-authorisation-reversal'
  /** Neither a sale nor a void. */
  | 'not-approved:other'
  | 'decided:approved:other'
  | 'decided:not-approved:other'
  | `refused:${RefusalReason | 'unlisted'}`
  | `decided:${Decision}`;

export type PromptKey = `prompt:${PromptCode}` | `actor:${Actor}`;

/** Words and phrases that go into the texts. */
export type WordKey =
  | `kind:${Transaction['kind']}`
  | `state:${TransactionState}`
  /** A sale by its amount, card and numbers. */
  | 'phrase:sale'
  /** What the terminal did last. */
  | 'phrase:found'
  /** Asked of a person before it is voided, with everything that names it. */
  | 'question:void';

export type MessageKey = ResultKey | ErrorKey | PromptKey | WordKey;

/** One language. A text names its values in braces; a part in brackets goes when a value in it is missing. */
export type Texts = Readonly<Record<MessageKey, string>>;
