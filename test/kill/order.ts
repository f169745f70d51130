import type { Money } from '../../src/model/money.ts';
import type { Decision } from '../../src/model/results.ts';
import type { Identity } from '../../src/model/transaction.ts';

/** A command that moves money, as it is asked for: the same key is asked with the same words again. */
export type MoneyOrder =
  | {
      readonly do: 'purchase';
      readonly key: string;
      readonly amount: Money;
      readonly ticket?: string;
    }
  | {
      readonly do: 'void';
      readonly key: string;
      readonly amount: Money;
      /** The number of the sale, under the name that it has at this terminal. */
      readonly sale: Identity;
    };

/** What a till is told to do. */
export type Order =
  | MoneyOrder
  | { readonly do: 'recover' }
  | { readonly do: 'settle' }
  | { readonly do: 'decide'; readonly decision: Decision };

/** What a till says of it, one line each; the last one is `result` or `error`. */
export interface Line {
  readonly type: string;
  readonly outcome?: string;
  readonly decision?: Decision;
  readonly key?: string;
  readonly code?: string;
  readonly effect?: string;
  /** The key of the command that an error is about. */
  readonly intent?: string;
  readonly message?: string;
  readonly transaction?: Identity;
}

/** The last line, or nothing when the till was killed before it. */
export type Ended = Line | undefined;

/** Time-outs of the till under test, in milliseconds. */
export const timing = {
  acknowledgementMs: 250,
  answerMs: 600,
  interByteMs: 100,
  quietMs: 15,
  recoveryMs: 8_000,
} as const;

/** Where the till's terminal and files are. */
export interface Place {
  readonly folder: string;
  readonly address: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly journal: string;
  readonly key: string;
}
