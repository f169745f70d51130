import type { IncomingMessage } from 'node:http';
import type { Refusal } from './audit.ts';
import { targetRefusal } from './request-target.ts';

/** A request that is not handed on, for how it is written. */
export interface RawRefusal {
  readonly status: number;
  readonly why: Refusal;
  readonly detail: string;
}

/** Of two of these one is used and the other is not, and nobody says which: each may be there once. */
const once: ReadonlySet<string> = new Set([
  'host',
  'origin',
  'authorization',
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'sec-fetch-site',
  'x-tillwire',
  'idempotency-key',
  'last-event-id',
  'upgrade',
  'access-control-request-method',
]);

/** Headers; Node keeps silent about those beyond. */
export const mostHeaders = 64;

type Raw = Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders' | 'httpVersion'>;

/** What has to be looked at before anything makes an object of it; undefined when there is nothing wrong. */
export function rawRefusal({ url = '', rawHeaders, httpVersion }: Raw): RawRefusal | undefined {
  const malformed = (detail: string): RawRefusal => ({ status: 400, why: 'malformed', detail });
  if (rawHeaders.length / 2 > mostHeaders)
    return { status: 431, why: 'too-large', detail: `There are more than ${mostHeaders} headers.` };
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name) && once.has(name)) return malformed(`The header ${name} is there twice.`);
    seen.add(name);
  }
  if (httpVersion !== '1.1') return { ...malformed('This is HTTP/1.1.'), status: 505 };
  if (!seen.has('host')) return malformed('The header Host is missing.');
  if (seen.has('upgrade')) return malformed('There is no other protocol here, and no WebSocket.');
  if (seen.has('content-length') && seen.has('transfer-encoding'))
    return malformed('The request has two lengths.');
  // RFC 9112, section 3.2: absolute-form, authority-form and asterisk-form are for proxies.
  const target = targetRefusal(url);
  return target === undefined ? undefined : { status: 400, why: 'bad-request', detail: target };
}
