import { chmodSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GuardedApp, openGuardedApp, posOrigin } from './guarded-app.ts';

let app: GuardedApp;
let url = '';

beforeEach(async () => {
  app = await openGuardedApp({ listen: { graceMs: 200 } });
  url = app.listening.url;
});
afterEach(() => app.close());

const asJson = { 'Content-Type': 'application/json', 'X-Tillwire': '1' };

const get = (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers });

const sell = (headers: Record<string, string>, body = '{"amount":1500}') =>
  fetch(`${url}/v1/terminals/front/sales`, { method: 'POST', headers, body });

describe('the guard', () => {
  it('lets a client with its token do what its role is for, and hands the body on', async () => {
    const bearer = `Bearer ${app.tokenFor('kassa-1', 'sell')}`;
    const answer = await sell({ ...asJson, Authorization: bearer });
    expect([answer.status, await answer.json()]).toEqual([200, { amount: 1500 }]);
    expect(app.audited()).toMatchObject([{ what: 'login', client: 'kassa-1' }]);
  });

  it('writes down the first use of a token and not the second', async () => {
    const headers = { Authorization: `Bearer ${app.tokenFor('kassa-1', 'query')}` };
    await get('/v1/me', headers);
    app.tokenFor('kassa-2', 'query');
    await get('/v1/me', headers);
    expect(app.audited().filter(({ what }) => what === 'login')).toHaveLength(1);
  });

  it('knows at the next request what another process did with the clients', async () => {
    const { openClients } = await import('../../src/bridge/clients.ts');
    const { systemClock } = await import('../../src/model/clock.ts');
    const elsewhere = openClients(app.files.clients, systemClock);
    const token = elsewhere.add('kassa-1', new Set(['query']));
    const headers = { Authorization: `Bearer ${token}` };
    expect((await get('/v1/me', headers)).status).toBe(200);
    elsewhere.remove('kassa-1');
    expect((await get('/v1/me', headers)).status).toBe(401);
  });

  it('lets a page of an allowed origin ask and read, and says so for that origin only', async () => {
    const allowed = await get('/v1', { Origin: posOrigin, 'Sec-Fetch-Site': 'cross-site' });
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('Access-Control-Allow-Origin')).toBe(posOrigin);
    expect(allowed.headers.get('Vary')).toBe('Origin');
    expect(allowed.headers.get('Access-Control-Allow-Credentials')).toBeNull();
    const none = await get('/v1');
    expect(none.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it('lets a page of an allowed origin read why it was refused', async () => {
    const answer = await get('/v1/me', { Origin: posOrigin });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(posOrigin);
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
    // By the guard itself, before any route.
    const early = await sell({ Origin: posOrigin, 'Content-Type': 'application/json' });
    expect([early.status, early.headers.get('Access-Control-Allow-Origin')]).toEqual([
      403,
      posOrigin,
    ]);
  });

  it('answers a preflight of an allowed origin with that origin and our headers, never with a network permission', async () => {
    const answer = await fetch(`${url}/v1/terminals/front/sales`, {
      method: 'OPTIONS',
      headers: {
        Origin: posOrigin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type,x-tillwire',
        'Access-Control-Request-Private-Network': 'true',
        'Access-Control-Request-Local-Network': 'true',
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(posOrigin);
    expect(answer.headers.get('Access-Control-Allow-Headers')).toContain('X-Tillwire');
    const names = [...answer.headers.keys()].filter((name) => /network|credentials/.test(name));
    expect(names).toEqual([]);
  });

  it.each([
    ['same-origin', 200],
    ['none', 200],
    ['cross-site', 403],
    // Another program's page on another port of this machine.
    ['same-site', 403],
  ])('answers a GET without an Origin that the browser calls %s with %i', async (site, status) => {
    expect((await get('/v1', { 'Sec-Fetch-Site': site })).status).toBe(status);
  });

  it('takes a token that is bound to an origin from there alone', async () => {
    const own = url;
    const token = app.clients.add('page', new Set(['query']), own);
    const from = (headers: Record<string, string>) =>
      get('/v1/me', { Authorization: `Bearer ${token}`, ...headers });
    const answers = await Promise.all([
      from({ 'Sec-Fetch-Site': 'same-origin' }),
      from({ Origin: own, 'Sec-Fetch-Site': 'same-origin' }),
      from({ Origin: posOrigin }),
      from({ 'Sec-Fetch-Site': 'none' }),
      from({}),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 403, 403, 403]);
    expect(app.denials()).toEqual([
      'origin-not-allowed',
      'origin-not-allowed',
      'origin-not-allowed',
    ]);
  });

  it('takes a token that a shop page was given from that page alone', async () => {
    const token = app.clients.add('shop', new Set(['query']), posOrigin);
    const headers = { Authorization: `Bearer ${token}` };
    expect((await get('/v1/me', { ...headers, Origin: posOrigin })).status).toBe(200);
    expect((await get('/v1/me', { ...headers, Origin: url })).status).toBe(403);
    expect((await get('/v1/me', { ...headers, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(403);
  });

  it.each([
    ['/', 'text/html'],
    ['/v1', 'application/json'],
    ['/v1/me', 'application/problem+json'],
    ['/nothing-here', 'text/plain'],
    ['/v1/..%2fme', 'application/problem+json'],
  ])('gives %s its security headers', async (path, type) => {
    const { headers } = await get(path);
    expect(headers.get('Content-Type')).toContain(type);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('Content-Security-Policy')).not.toContain('unsafe');
    expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
    expect(headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(headers.get('Permissions-Policy')).toContain('payment=()');
    expect(headers.get('Set-Cookie')).toBeNull();
    expect(headers.get('Server')).toBeNull();
  });

  it('lets what is running end when the service stops, and ends streams', async () => {
    const token = app.tokenFor('watcher', 'query');
    const stream = await get('/v1/events', { Authorization: `Bearer ${token}` });
    const slow = get('/slow').then((answer) => answer.text());
    await app.slow.arrived;
    const closed = app.listening.close();
    expect(await stream.text()).toContain('snapshot');
    await expect(get('/v1')).rejects.toThrow();
    app.slow.goOn();
    expect(await slow).toBe('done');
    await closed;
  });

  it('does not wait for ever for what is running', async () => {
    const slow = get('/slow');
    await app.slow.arrived;
    const closed = app.listening.close();
    await expect(slow).rejects.toThrow();
    await closed;
  });

  it('takes a body of exactly its limit, however it is sent, and only UTF-8', async () => {
    const headers = { ...asJson, Authorization: `Bearer ${app.tokenFor('kassa-1', 'sell')}` };
    const quoted = (bytes: number) => `"${'a'.repeat(bytes - 2)}"`;
    expect((await sell(headers, quoted(16_384))).status).toBe(200);
    expect((await sell(headers, quoted(16_385))).status).toBe(413);
    const chunked = (bytes: number) =>
      fetch(`${url}/v1/terminals/front/sales`, {
        method: 'POST',
        headers,
        body: new Blob([quoted(bytes)]).stream(),
        duplex: 'half',
      });
    expect((await chunked(16_384)).status).toBe(200);
    expect((await chunked(16_385)).status).toBe(413);
    const latin1 = { method: 'POST', headers, body: Buffer.from('"caf\u00e9"', 'latin1') };
    expect((await fetch(`${url}/v1/terminals/front/sales`, latin1)).status).toBe(400);
  });

  it('looks at the address of a request that comes from no socket as well', async () => {
    expect((await app.request('/v1')).status).toBe(200);
    expect((await app.request('/v1/me?token=abc')).status).toBe(400);
    expect((await app.request('/v1/..%2fme')).status).toBe(400);
  });

  it('gives each client a rate of its own', async () => {
    const slow = await openGuardedApp({ limits: { requestsPerSecond: 1, burst: 3 }, now: () => 0 });
    try {
      const [first, second] = ['a', 'b'].map((name) => slow.tokenFor(name, 'query'));
      const ask = async (token = '') => {
        const headers = { Authorization: `Bearer ${token}` };
        return (await fetch(`${slow.listening.url}/v1/me`, { headers })).status;
      };
      const statuses = [await ask(first), await ask(first), await ask(first), await ask(first)];
      expect([...statuses, await ask(second)]).toEqual([200, 200, 200, 429, 200]);
      expect(slow.audited().at(-2)).toMatchObject({ why: 'too-many-requests', client: 'a' });
    } finally {
      await slow.close();
    }
  });

  it('begins no stream for a HEAD, which nobody would read', async () => {
    const headers = { Authorization: `Bearer ${app.tokenFor('watcher', 'query')}` };
    expect((await fetch(`${url}/v1/events`, { method: 'HEAD', headers })).status).toBe(405);
    expect((await fetch(`${url}/v1/me`, { method: 'HEAD', headers })).status).toBe(200);
  });

  it('lets nobody in whose file of clients others may read, and says nothing from inside', async () => {
    const headers = { Authorization: `Bearer ${app.tokenFor('kassa-1', 'query')}` };
    chmodSync(app.files.clients, 0o644);
    const answer = await get('/v1/me', headers);
    expect([answer.status, await answer.text()]).toEqual([
      500,
      expect.not.stringContaining('clients.json'),
    ]);
    chmodSync(app.files.clients, 0o600);
    expect((await get('/v1/me', headers)).status).toBe(200);
  });

  it('ends the stream of a client that is removed', async () => {
    const token = app.tokenFor('watcher', 'query');
    const stream = await get('/v1/events', { Authorization: `Bearer ${token}` });
    app.clients.remove('watcher');
    expect(await stream.text()).toContain('snapshot');
  });
});
