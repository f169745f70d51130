import type { Denied, Refusal } from './audit.ts';
import type { BridgeContext } from './guard.ts';
import { HttpProblem, type ProblemCode } from './problem.ts';

/** A refused request as it is written down: without its query, which may hold what is secret. */
export const denied = (c: BridgeContext, why: Refusal, status: number, detail?: string): Denied => {
  const host = c.req.header('Host');
  const origin = c.req.header('Origin');
  const client = c.get('client')?.name;
  return {
    what: 'denied',
    why,
    status,
    address: c.get('address'),
    method: c.req.method,
    path: (c.env?.incoming?.url ?? c.req.path).replace(/\?.*/s, ''),
    ...(host !== undefined && { host }),
    ...(origin !== undefined && { origin }),
    ...(client !== undefined && { client }),
    ...(detail !== undefined && { detail }),
  };
};

/** Refusals whose answer was made without a thrown problem. */
const codes: Readonly<Record<number, ProblemCode>> = {
  401: 'not-authenticated',
  403: 'forbidden',
  405: 'method-not-allowed',
  409: 'key-reused',
  413: 'too-large',
  415: 'wrong-content-type',
  429: 'too-many-requests',
};

/** What a route refused. A wrong value or an old id from a client is a mistake and no attack. */
export function refusedBy(c: BridgeContext): ProblemCode | undefined {
  const { status } = c.res;
  if (status === 404) return c.get('client') === undefined ? 'not-found' : undefined;
  const code = codes[status];
  if (code === undefined) return undefined;
  return c.error instanceof HttpProblem ? c.error.code : code;
}
