/** What the service answers instead of what was asked for (RFC 9457). */
export interface Problem {
  /** Closed on the service's side: `not-authenticated`, `key-reused`, `unknown-command` ... */
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  /** May money have moved by this very request? */
  readonly effect: 'none' | 'unknown';
  /** For the person at the till, in the language that was asked for. */
  readonly operatorMessage?: string;
  /** What is wrong with a body, path by path. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/**
 * The service said no, or could not be reached. With effect `unknown` the request may have been carried
 * out: make it again with the same key, which never moves money twice, and read what became of it.
 */
export class BridgeError extends Error {
  override readonly name = 'BridgeError';
  /** The code of the service, or `unreachable`, or `unreadable` when what answered is no Tillwire. */
  readonly code: string;
  readonly effect: 'none' | 'unknown';
  /** HTTP status; absent when there was no answer. */
  readonly status?: number;
  readonly operatorMessage?: string;
  readonly errors?: Problem['errors'];
  /** How long to wait before asking again, milliseconds, where the service says so. */
  readonly retryAfterMs?: number;

  constructor(
    problem: Pick<Problem, 'code' | 'effect'> & Partial<Problem>,
    message: string,
    details: { readonly cause?: unknown; readonly retryAfterMs?: number } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = problem.code;
    this.effect = problem.effect;
    if (problem.status !== undefined) this.status = problem.status;
    if (problem.operatorMessage !== undefined) this.operatorMessage = problem.operatorMessage;
    if (problem.errors !== undefined) this.errors = problem.errors;
    if (details.retryAfterMs !== undefined) this.retryAfterMs = details.retryAfterMs;
  }
}
