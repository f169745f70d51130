import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context, MiddlewareHandler } from 'hono';
import type { Audit } from './audit.ts';
import { isJson, readBody } from './body.ts';
import type { Client, Clients, Role } from './clients.ts';
import { allowReading, allowReadingOf, answerPreflight, isPreflight } from './cors.ts';
import { denied, refusedBy } from './denial.ts';
import { isFromItsOrigin, originRefusal, type Whence } from './origin-check.ts';
import type { Pairing } from './pairing.ts';
import { HttpProblem } from './problem.ts';
import { addressKey, createRateLimit, type RateLimit } from './rate-limit.ts';
import { targetRefusal } from './request-target.ts';
import { createStreams, type Streams } from './streams.ts';

export type { Client, Role } from './clients.ts';

/** The section `bridge.limits` of the configuration. */
export interface Limits {
  /** The largest body of a request, bytes. */
  readonly bodyBytes: number;
  readonly requestsPerSecond: number;
  readonly burst: number;
  /** Event streams that one client may have open. */
  readonly streams: number;
  readonly connections: number;
  /** How long the headers of a request may take, milliseconds. */
  readonly headersMs: number;
  /** How long a whole request may take to arrive, milliseconds. */
  readonly requestMs: number;
}

export interface GuardParts {
  readonly clients: Clients;
  readonly pairing: Pairing;
  readonly audit: Audit;
  readonly limits: Limits;
  /** Every Host that is served, the port with it. */
  hosts(): readonly string[];
  /** Every Origin that may call: our own and those of the configuration. */
  origins(): readonly string[];
  now(): number;
}

export type BridgeEnv = {
  /** Not there when a request comes from no socket. */
  Bindings: { readonly incoming?: IncomingMessage; readonly outgoing?: ServerResponse };
  Variables: { client: Client | undefined; address: string };
};

export type BridgeContext = Context<BridgeEnv>;

const changes: ReadonlySet<string> = new Set(['POST', 'DELETE']);
const methods = 'GET, HEAD, POST, DELETE';
const served: ReadonlySet<string> = new Set(methods.split(', '));

/**
 * On '*': who asks, from where, and how. What comes through has the right Host, comes from an Origin that may call,
 * is within its rate and of a size, and `client` is who its token belongs to, or undefined without one.
 * Each refusal, also those of what comes after, is in the audit.
 * @throws {HttpProblem}
 */
export const guard = (parts: GuardParts): MiddlewareHandler<BridgeEnv> => {
  const { audit, limits } = parts;
  const rate = { perSecond: limits.requestsPerSecond, burst: limits.burst, now: parts.now };
  const rates = { clients: createRateLimit(rate), addresses: createRateLimit(rate) };
  const streams = createStreams(limits.streams);
  const seen = new WeakSet<Client>();

  return async (c, next) => {
    const address = c.env?.incoming?.socket.remoteAddress ?? '';
    c.set('address', address);
    c.set('client', undefined);
    const whence = whenceOf(c);
    let stream: (() => void) | undefined;
    try {
      checkHost(c, parts.hosts());
      checkTarget(c);
      checkOrigin(whence, parts.origins());
      allowReading(c, whence.origin);
      if (isPreflight(c)) return answerPreflight(c);
      checkMethod(c);
      const token = tokenOf(c);
      const client = identify(c, token, whence, parts, rates);
      if (client !== undefined && !seen.has(client)) {
        seen.add(client);
        audit.record({
          what: 'login',
          client: client.name,
          address,
          ...(whence.origin !== undefined && { origin: whence.origin }),
        });
      }
      await checkBody(c, limits.bodyBytes);
      if (client !== undefined && token !== undefined)
        stream = openStream(c, client, token, parts.clients, streams);
    } catch (error) {
      if (error instanceof HttpProblem)
        audit.record(denied(c, error.code, error.status, error.detail));
      throw error;
    }
    try {
      await next();
    } finally {
      if (!isEventStream(c.res)) stream?.();
    }
    allowReadingOf(c.res, whence.origin);
    const code = refusedBy(c);
    if (code !== undefined) audit.record(denied(c, code, c.res.status));
    return undefined;
  };
};

/**
 * Lets through a client that has one of the roles.
 * @throws {HttpProblem} `not-authenticated`, `forbidden`
 */
export const requireRole =
  (...anyOf: Role[]): MiddlewareHandler<BridgeEnv> =>
  async (c, next) => {
    const client = c.get('client');
    if (client === undefined) throw notAuthenticated('This needs a token.');
    if (!anyOf.some((role) => client.roles.has(role)))
      throw new HttpProblem(403, 'forbidden', `This needs the role ${anyOf.join(' or ')}.`);
    await next();
  };

const notAuthenticated = (detail: string): HttpProblem =>
  new HttpProblem(401, 'not-authenticated', detail, { headers: { 'WWW-Authenticate': 'Bearer' } });

const whenceOf = (c: BridgeContext): Whence => ({
  method: c.req.method,
  origin: c.req.header('Origin'),
  site: c.req.header('Sec-Fetch-Site'),
});

/** A name that an attacker points at this machine is not one of ours, and the browser says which name it used. */
function checkHost(c: BridgeContext, hosts: readonly string[]): void {
  const host = (c.req.header('Host') ?? new URL(c.req.url).host).toLowerCase();
  if (!hosts.includes(host))
    throw new HttpProblem(421, 'host-not-allowed', 'This host name is not in bridge.hosts.');
}

/** The raw target has been checked where it arrived; this is what a URL parser made of it. */
function checkTarget(c: BridgeContext): void {
  const { pathname, search } = new URL(c.req.url);
  const refusal = targetRefusal(pathname + search);
  if (refusal !== undefined) throw new HttpProblem(400, 'bad-request', refusal);
}

function checkOrigin(whence: Whence, allowed: readonly string[]): void {
  const refusal = originRefusal(whence, allowed);
  if (refusal !== undefined) throw new HttpProblem(403, 'origin-not-allowed', refusal);
}

/** A HEAD would begin a stream that nobody reads. */
function checkMethod(c: BridgeContext): void {
  const isEndless = c.req.method === 'HEAD' && streamPath.test(c.req.path);
  if (!served.has(c.req.method) || isEndless)
    throw new HttpProblem(405, 'method-not-allowed', `Methods are ${methods}.`, {
      headers: { Allow: methods, Connection: 'close' },
    });
}

function tokenOf(c: BridgeContext): string | undefined {
  const header = c.req.header('Authorization');
  if (header === undefined) return undefined;
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? '';
}

interface Rates {
  readonly clients: RateLimit;
  readonly addresses: RateLimit;
}

/** A client has a rate of its own, which nobody without its token can use up. */
function identify(
  c: BridgeContext,
  token: string | undefined,
  whence: Whence,
  { clients }: GuardParts,
  rates: Rates,
): Client | undefined {
  const client = token === undefined ? undefined : clients.byToken(token);
  // Whoever is refused from here on is refused by name.
  c.set('client', client);
  takeOne(
    client === undefined ? rates.addresses : rates.clients,
    client?.name ?? addressKey(c.get('address')),
  );
  if (token === undefined) return undefined;
  if (client === undefined) throw notAuthenticated('This token is not valid.');
  if (
    client.origin !== undefined &&
    !isFromItsOrigin(client.origin, whence, new URL(c.req.url).origin)
  )
    throw new HttpProblem(403, 'origin-not-allowed', 'This token belongs to another origin.');
  return client;
}

function takeOne(rate: RateLimit, key: string): void {
  const waitMs = rate.take(key);
  if (waitMs === 0) return;
  throw new HttpProblem(429, 'too-many-requests', 'There were too many requests in a short time.', {
    headers: { 'Retry-After': String(Math.ceil(waitMs / 1_000)) },
  });
}

/** No form and no picture of a foreign page can send this header or this type without asking first. */
async function checkBody(c: BridgeContext, most: number): Promise<void> {
  if (!changes.has(c.req.method)) {
    const length = c.req.header('Content-Length');
    if ((length === undefined || length === '0') && c.req.header('Transfer-Encoding') === undefined)
      return;
    throw new HttpProblem(400, 'bad-request', `A ${c.req.method} has no body.`, {
      headers: { Connection: 'close' },
    });
  }
  if (c.req.header('X-Tillwire') !== '1')
    throw new HttpProblem(403, 'header-missing', 'A change needs the header X-Tillwire: 1.');
  if (!isJson(c.req.header('Content-Type') ?? ''))
    throw new HttpProblem(415, 'wrong-content-type', 'The body has to be application/json.');
  if (c.req.header('Content-Encoding') !== undefined)
    throw new HttpProblem(415, 'wrong-content-type', 'The body has to be sent as it is.');
  const text = await readBody(c.req.raw, most);
  const { method, headers, signal, url } = c.req.raw;
  c.req.raw = new Request(url, { method, headers, signal, body: text });
}

const streamPath = /^\/v1\/(?:events|commands\/[^/]+\/events)$/;

/** @returns how to give the place back when the answer is no stream after all */
function openStream(
  c: BridgeContext,
  client: Client,
  token: string,
  clients: Clients,
  streams: Streams,
): (() => void) | undefined {
  const outgoing = c.env?.outgoing;
  if (outgoing === undefined || outgoing.destroyed) return undefined;
  if (c.req.method !== 'GET' || !streamPath.test(c.req.path)) return undefined;
  const release = streams.open(client.name);
  if (release === undefined)
    throw new HttpProblem(
      429,
      'too-many-requests',
      'This client has too many event streams open.',
      {
        headers: { 'Retry-After': '15' },
      },
    );
  const stopWatching = clients.whenRemoved(token, () => outgoing.end());
  const end = (): void => {
    stopWatching();
    release();
  };
  outgoing.once('close', end);
  return end;
}

const isEventStream = ({ headers }: Response): boolean =>
  headers.get('Content-Type')?.startsWith('text/event-stream') === true;
