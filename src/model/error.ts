/** Why a command ended without a certain statement. Closed: a till can switch on it. */
export type ErrorCode =
  // the way to the terminal
  | 'bad-address'
  | 'bad-settings'
  | 'no-such-device'
  | 'no-permission'
  | 'device-busy'
  | 'connection-failed'
  | 'connection-lost'
  // the exchange
  | 'no-acknowledgement'
  | 'not-acknowledged'
  | 'no-answer'
  | 'garbled-answer'
  | 'unreadable-answer'
  | 'unknown-response-code'
  | 'wrong-transaction'
  | 'terminal-busy'
  | 'terminal-held'
  // the till's own side
  | 'unresolved-transaction'
  | 'key-reused'
  | 'journal-failed'
  | 'cancelled'
  | 'closed';

/**
 * May money have moved? `none`: certainly not, by this command. `unknown`: nobody has proved it; ask
 * the terminal (or a person) before doing anything else with this sale.
 */
export type MoneyEffect = 'none' | 'unknown';

export interface ErrorDetails {
  /** The key of the money command concerned, for the journal and for recovery. */
  readonly intent?: string;
  readonly cause?: unknown;
  /** What is known, side by side: what was asked, what the terminal said. No card data. */
  readonly evidence?: Readonly<Record<string, unknown>>;
}

const brand = Symbol.for('tillwire.TerminalError');

/**
 * Everything that is not certain. A result is only ever a certain statement; the rest is this error,
 * so that a till that forgets to handle it sees a failure and never a success.
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
  readonly code: ErrorCode;
  readonly effect: MoneyEffect;
  readonly intent?: string;
  readonly evidence?: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, effect: MoneyEffect, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.effect = effect;
    if (details.intent !== undefined) this.intent = details.intent;
    if (details.evidence !== undefined) this.evidence = details.evidence;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for an error of another copy of this package as well. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }
}
