import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** What the service itself says no to. What a terminal cannot do is in a command, and no problem of HTTP. */
export type ProblemCode =
  | 'bad-request'
  | 'key-missing'
  | 'not-authenticated'
  | 'forbidden'
  | 'origin-not-allowed'
  | 'header-missing'
  | 'pairing-failed'
  | 'unknown-terminal'
  | 'unknown-command'
  | 'not-found'
  | 'method-not-allowed'
  | 'key-reused'
  | 'not-in-doubt'
  | 'too-large'
  | 'wrong-content-type'
  | 'host-not-allowed'
  | 'too-many-requests'
  | 'journal-failed'
  | 'shutting-down'
  | 'internal';

/** RFC 9457, "Problem Details for HTTP APIs", with what a till has to know besides. */
export interface Problem {
  /** Names the kind of problem; nothing has to be found there. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  /** May money have moved by this request? */
  readonly effect: 'none' | 'unknown';
  /** For the person at the till. */
  readonly operatorMessage?: string;
  /** Each wrong value of a body, by its path. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export interface ProblemExtra {
  readonly effect?: 'none' | 'unknown';
  readonly operatorMessage?: string;
  readonly errors?: Problem['errors'];
  /** Headers of the answer: `Retry-After`, `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Each code's title: the same words each time (RFC 9457, section 3.1.3). */
export const problemTitles: Readonly<Record<ProblemCode, string>> = {
  'bad-request': 'The request is not as it has to be.',
  'key-missing': 'A command that can move money needs an Idempotency-Key.',
  'not-authenticated': 'The token is missing or not valid.',
  forbidden: 'This client may not do that.',
  'origin-not-allowed': 'This origin may not call.',
  'header-missing': 'The header X-Tillwire is missing.',
  'pairing-failed': 'The pairing code is not valid.',
  'unknown-terminal': 'There is no such terminal.',
  'unknown-command': 'There is no such command.',
  'not-found': 'There is nothing here.',
  'method-not-allowed': 'This method is not for this resource.',
  'key-reused': 'The key belongs to another command.',
  'not-in-doubt': 'That command is not in doubt.',
  'too-large': 'The request is too large.',
  'wrong-content-type': 'The body has to be JSON.',
  'host-not-allowed': 'This host name is not served here.',
  'too-many-requests': 'Too many requests.',
  'journal-failed': 'The payment record cannot be used.',
  'shutting-down': 'The service is ending.',
  internal: 'Something went wrong in the service.',
};

/** Thrown by whatever handles a request; `app.onError` answers with it. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: ContentfulStatusCode;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly extra: ProblemExtra;

  constructor(
    status: ContentfulStatusCode,
    code: ProblemCode,
    detail: string,
    extra: ProblemExtra = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.extra = extra;
  }
}

export const problemBody = (
  status: number,
  code: ProblemCode,
  detail: string,
  extra: ProblemExtra = {},
): Problem => ({
  type: `https://tillwire.dev/problems/${code}`,
  title: problemTitles[code],
  status,
  detail,
  code,
  effect: extra.effect ?? 'none',
  ...(extra.operatorMessage !== undefined && { operatorMessage: extra.operatorMessage }),
  ...(extra.errors !== undefined && { errors: extra.errors }),
});

/** The answer of a request that was not carried out. */
export const problem = (
  c: Context,
  status: ContentfulStatusCode,
  code: ProblemCode,
  detail: string,
  extra: ProblemExtra = {},
): Response =>
  c.body(JSON.stringify(problemBody(status, code, detail, extra)), status, {
    ...extra.headers,
    'Content-Type': 'application/problem+json',
  });
