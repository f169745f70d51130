import type { BridgeContext } from './guard.ts';

/**
 * What a browser is told about reading answers across origins. The Origin has been checked by then, and is
 * given back as it came; there is never a `*`, a credential, or a permission for networks.
 */

const preflight: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Methods': 'GET, POST, DELETE',
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, X-Tillwire, Idempotency-Key, Last-Event-ID, Accept-Language',
  'Access-Control-Max-Age': '600',
};

/** The answer to a preflight of an Origin that may call. */
export const answerPreflight = (c: BridgeContext): Response => c.body(null, 204, preflight);

export const isPreflight = (c: BridgeContext): boolean =>
  c.req.method === 'OPTIONS' &&
  c.req.header('Origin') !== undefined &&
  c.req.header('Access-Control-Request-Method') !== undefined;

/** For answers that are made from now on, those of errors with them. */
export function allowReading(c: BridgeContext, origin: string | undefined): void {
  c.header('Vary', 'Origin');
  if (origin === undefined) return;
  c.header('Access-Control-Allow-Origin', origin);
  c.header('Access-Control-Expose-Headers', 'Location, Retry-After');
}

/** For answers that were made without the context. */
export function allowReadingOf({ headers }: Response, origin: string | undefined): void {
  headers.set('Vary', 'Origin');
  if (origin === undefined) return;
  headers.set('Access-Control-Allow-Origin', origin);
  headers.set('Access-Control-Expose-Headers', 'Location, Retry-After');
}
