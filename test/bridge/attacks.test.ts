import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createPairingCode } from '../../src/bridge/pairing.ts';
import { type AttackedBridge, openAttackedBridge, removeHome } from './attacked-bridge.ts';
import { posOrigin } from './guarded-app.ts';
import { parseAnswer, type RawAnswer, raw, readAll, sendRaw } from './raw-connection.ts';

/**
 * What an attacker would try, on a real port. Each is refused and in the audit, and afterwards an honest
 * client is served as before.
 */

let bridge: AttackedBridge;
let port = 0;
let host = '';
let seller = '';
let watcher = '';
let denialsBefore = 0;

/** The audit writes so many denials of one kind at once, and then counts them. */
const auditIsFull = (): boolean => bridge.denials().length > 12;

const newDenials = (): readonly unknown[] => bridge.denials().slice(denialsBefore);

async function open(): Promise<void> {
  bridge = await openAttackedBridge();
  port = bridge.port;
  host = `Host: 127.0.0.1:${port}`;
  seller = bridge.tokenFor('kassa-1', 'sell');
  watcher = bridge.tokenFor('watcher', 'query');
}

beforeAll(open);
afterAll(async () => {
  await bridge.close();
  removeHome();
});

async function honestClientIsServed(): Promise<void> {
  const answer = await fetch(`${bridge.url}/v1/me`, {
    headers: { Authorization: `Bearer ${watcher}` },
  });
  expect(await answer.json()).toMatchObject({ client: 'watcher' });
}

afterEach(async () => {
  await honestClientIsServed();
  const audit = readFileSync(bridge.files.audit, 'utf8');
  for (const secret of [seller, watcher]) expect(audit).not.toContain(secret);
  if (auditIsFull()) {
    await bridge.close();
    await open();
  }
  denialsBefore = bridge.denials().length;
});

const bearer = (token: string): string => `Authorization: Bearer ${token}`;
const json = 'Content-Type: application/json';
const ours = 'X-Tillwire: 1';
const key = 'Idempotency-Key: sale-1';
const evil = 'Origin: https://evil.example';

const sale = '{"amount":1500}';

/** A sale as an honest till asks for it, but for what is given. */
const sell = (headers: readonly string[], body = sale, length = body.length) =>
  raw(
    port,
    'POST /v1/terminals/front/sales HTTP/1.1',
    [...headers, `Content-Length: ${length}`],
    body,
  );

const get = (path: string, ...headers: string[]) => raw(port, `GET ${path} HTTP/1.1`, headers);

/** Refused with a problem that says nothing from inside, and written down. */
function expectRefused(answer: RawAnswer, status: number, why: string): void {
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(JSON.parse(answer.body)).toMatchObject({ status, effect: 'none' });
  expect(answer.body).not.toMatch(/node_modules|\.ts:|Error:|at Object/);
  expect(newDenials()).toContain(why);
}

describe('a foreign page in the browser of the till', () => {
  it.each([
    'rebind.evil.example',
    'rebind.evil.example:7465',
    'localhost',
    '127.0.0.1',
    '127.0.0.1:1',
  ])('that points its own name at this machine (Host: %s) is refused', async (name) => {
    const answer = await get('/v1', `Host: ${name}`);
    expectRefused(answer, 421, 'host-not-allowed');
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    'https://evil.example',
    'null',
    'http://127.0.0.1',
    'http://localhost:1',
    `${posOrigin}.evil.example`,
    posOrigin.replace('https', 'http'),
    'https://POS.example',
    '*',
    'file://',
    '',
  ])('of the origin %j is refused, asking and changing, and may read nothing', async (origin) => {
    const asked = await get('/v1', host, `Origin: ${origin}`, bearer(watcher));
    expectRefused(asked, 403, 'origin-not-allowed');
    expect(asked.headers['access-control-allow-origin']).toBeUndefined();
    const changed = await sell([host, `Origin: ${origin}`, json, ours, bearer(seller)]);
    expectRefused(changed, 403, 'origin-not-allowed');
  });

  it('is told by no preflight that it may', async () => {
    const answer = await raw(port, 'OPTIONS /v1/terminals/front/sales HTTP/1.1', [
      host,
      evil,
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: authorization, x-tillwire',
      'Access-Control-Request-Private-Network: true',
    ]);
    expectRefused(answer, 403, 'origin-not-allowed');
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual(
      [],
    );
  });

  it.each(['/v1', '/v1/events', '/'])(
    'that asks for %s as a picture or a script, without an Origin, is refused',
    async (path) => {
      const headers = [host, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors'];
      expectRefused(await get(path, ...headers), 403, 'origin-not-allowed');
    },
  );

  it('that sends a form is refused', async () => {
    const form = 'Content-Type: application/x-www-form-urlencoded';
    expectRefused(await sell([host, evil, form], 'amount=1'), 403, 'origin-not-allowed');
    // A browser too old to say where it comes from.
    expectRefused(await sell([host, form], 'amount=1'), 403, 'header-missing');
  });

  it('that sends JSON as text, which needs no preflight, is refused', async () => {
    const text = 'Content-Type: text/plain';
    expectRefused(await sell([host, text, bearer(seller)]), 403, 'header-missing');
    expectRefused(await sell([host, text, ours, bearer(seller)]), 415, 'wrong-content-type');
  });

  it('that opens a WebSocket, to which no browser applies CORS, is refused', async () => {
    const answer = await raw(port, 'GET /v1/events HTTP/1.1', [
      host,
      evil,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    ]);
    expectRefused(answer, 400, 'malformed');
  });
});

describe('a program without the right', () => {
  it('has no token', async () => {
    expectRefused(await get('/v1/me', host), 401, 'not-authenticated');
    expectRefused(await sell([host, json, ours, key]), 401, 'not-authenticated');
  });

  it.each([
    'Bearer',
    'Bearer x',
    `Bearer ${'a'.repeat(43)}`,
    `Basic ${'a'.repeat(43)}`,
    `Bearer ${'a'.repeat(4_000)}`,
    'Bearer null',
    'Bearer a b',
  ])('has a wrong one: %s', async (authorization) => {
    const answer = await get('/v1', host, `Authorization: ${authorization}`);
    expectRefused(answer, 401, 'not-authenticated');
  });

  it('has a token with a trailing or a changed character', async () => {
    const changed = watcher.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expectRefused(await get('/v1/me', host, bearer(changed)), 401, 'not-authenticated');
    expectRefused(await get('/v1/me', host, bearer(`${watcher}=`)), 401, 'not-authenticated');
  });

  it('has a token of another role', async () => {
    const answer = await sell([host, json, ours, key, bearer(watcher)]);
    expectRefused(answer, 403, 'forbidden');
    expectRefused(await get('/v1/events', host, bearer(seller)), 403, 'forbidden');
  });

  it('has its token in the address, where histories and logs keep it', async () => {
    for (const name of ['token', 'access_token', 'Authorization', '%74oken'])
      expectRefused(await get(`/v1/me?${name}=${watcher}`, host), 400, 'bad-request');
    expect(readFileSync(bridge.files.audit, 'utf8')).not.toContain(watcher);
  });

  it('leaves our header out, or gives it another value', async () => {
    expectRefused(await sell([host, json, key, bearer(seller)]), 403, 'header-missing');
    const other = await sell([host, json, key, bearer(seller), 'X-Tillwire: true']);
    expectRefused(other, 403, 'header-missing');
  });

  it('tries a thousand pairing codes', async () => {
    const roles = new Set(['query'] as const);
    const { code } = createPairingCode(bridge.files.pairing, roles, Date.now());
    const tried = new Map<number, number>();
    for (let i = 0; i < 1_000; i += 1) {
      const guess = ((Number(code) + 1 + i) % 1_000_000).toString().padStart(6, '0');
      const answer = await fetch(`${bridge.url}/v1/pairing`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Tillwire': '1' },
        body: JSON.stringify({ code: guess, name: 'thief' }),
      });
      tried.set(answer.status, (tried.get(answer.status) ?? 0) + 1);
      await answer.body?.cancel();
    }
    expect(Object.fromEntries(tried)).toEqual({ 403: 10, 429: 990 });
    expect(newDenials()).toEqual(expect.arrayContaining(['pairing-failed', 'too-many-requests']));
    expect(bridge.audited()).toContainEqual(
      expect.objectContaining({ what: 'pairing-code-ended' }),
    );
    expect(bridge.clientNames()).not.toContain('thief');
    expect(newDenials().length).toBeLessThan(50);
  });
});

describe('a till that is wrong, or somebody who has its token', () => {
  const buy = async (body: string, sale: string) => {
    const answer = await fetch(`${bridge.url}/v1/terminals/front/sales`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${seller}`,
        'Content-Type': 'application/json',
        'X-Tillwire': '1',
        'Idempotency-Key': sale,
      },
      body,
    });
    return { status: answer.status, body: await answer.text() };
  };

  it('uses a key again for another amount, and nothing is sold', async () => {
    expect((await buy(sale, 'a')).status).toBe(202);
    const again = await buy('{"amount":999999}', 'a');
    expect([again.status, JSON.parse(again.body).code]).toEqual([409, 'key-reused']);
    expect(newDenials()).toEqual(['key-reused']);
    await expect.poll(async () => JSON.parse((await buy(sale, 'a')).body).state).toBe('done');
    expect((await buy('{"amount":999999}', 'a')).status).toBe(409);
    expect(bridge.mock.terminal.ledger).toMatchObject([{ sale: { amount: 1_500 } }]);
  });

  it('asks for a command of another client, and is not told whether there is one', async () => {
    expect((await buy(sale, 'b')).status).toBe(202);
    const other = `Bearer ${bridge.tokenFor('other', 'query', 'sell', 'void')}`;
    const ask = async (id: string) => {
      const headers = { Authorization: other };
      const answer = await fetch(`${bridge.url}/v1/commands/${id}`, { headers });
      return [answer.status, (await answer.text()).replaceAll(id, 'ID')];
    };
    expect(await ask('kassa-1.b')).toEqual(await ask('kassa-1.nothing'));
    expect(newDenials()).toEqual(['forbidden', 'forbidden']);
  });

  it('has a terminal whose receipts are scripts, and gets them as data', async () => {
    Object.assign(bridge.mock.terminal, { commerceCode: '<script>x()<' });
    await buy(sale, 'c');
    await expect.poll(async () => JSON.parse((await buy(sale, 'c')).body).state).toBe('done');
    const answer = await get('/v1/commands/kassa-1.c', host, bearer(seller));
    expect(answer.body).toContain('<script>x()<');
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
  });

  it('gives a sale the text of a script, and gets it back as data', async () => {
    const script = '<script>alert(1)</script>';
    const answer = await buy(JSON.stringify({ amount: 1_500, ticket: script }), 'd');
    expect(JSON.parse(answer.body)).toBeTypeOf('object');
    const html = await get(`/v1/commands/${encodeURIComponent(script)}`, host, bearer(seller));
    expectRefused(html, 400, 'bad-request');
  });
});

describe('a request that is too much', () => {
  const tenMegabytes = 10 * 1024 * 1024;

  it('says that it has 10 MB', async () => {
    const headers = [host, json, ours, key, bearer(seller)];
    expectRefused(await sell(headers, '{', tenMegabytes), 413, 'too-large');
  });

  it('has 10 MB and does not say so', async () => {
    const socket = connect(port, '127.0.0.1');
    const said = readAll(socket);
    const head = [
      'POST /v1/terminals/front/sales HTTP/1.1',
      host,
      json,
      ours,
      key,
      bearer(seller),
      'Transfer-Encoding: chunked',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    for (let sent = 0; sent < tenMegabytes && !socket.destroyed; sent += 0x4000) {
      if (!socket.write(chunk)) await drained(socket);
    }
    expectRefused(parseAnswer(await said), 413, 'too-large');
  });

  it('has a body where there is none', async () => {
    const answer = await raw(port, 'GET /v1 HTTP/1.1', [host, 'Content-Length: 5'], 'abcde');
    expectRefused(answer, 400, 'bad-request');
  });

  it('is packed, and would be large when it is unpacked', async () => {
    const answer = await sell([host, json, ours, key, bearer(seller), 'Content-Encoding: gzip']);
    expectRefused(answer, 415, 'wrong-content-type');
  });

  it('has long headers, or many', async () => {
    expectRefused(await get('/v1', host, `X-Long: ${'a'.repeat(20_000)}`), 431, 'too-large');
    // Behind as many as Node keeps, an Origin would not be seen.
    const many = Array.from({ length: 100 }, (_, index) => `X-${index}: 1`);
    expectRefused(await get('/v1', host, ...many, evil), 431, 'too-large');
  });

  it('has a long address', async () => {
    expectRefused(await get(`/${'a'.repeat(3_000)}`, host), 400, 'bad-request');
    expectRefused(await get(`/v1?q=${'a'.repeat(7_000)}`, host), 400, 'bad-request');
  });
});

const drained = (socket: Socket) =>
  new Promise<void>((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', resolve);
  });

describe('a request that two readers would read as two', () => {
  it.each([
    ['Host', [`Host: 127.0.0.1`]],
    ['Origin', [`Origin: ${posOrigin}`, evil]],
    ['Authorization', ['Authorization: Bearer a', 'Authorization: Bearer b']],
    ['X-Tillwire', [ours, ours]],
    ['Idempotency-Key', [key, 'Idempotency-Key: sale-2']],
    ['Content-Type', [json, 'Content-Type: text/plain']],
    ['Sec-Fetch-Site', ['Sec-Fetch-Site: same-origin', 'Sec-Fetch-Site: cross-site']],
  ])('has %s twice', async (_name, headers) => {
    expectRefused(await get('/v1', host, ...headers), 400, 'malformed');
  });

  it.each([
    ['two lengths', ['Content-Length: 15', 'Transfer-Encoding: chunked']],
    ['two lengths the other way round', ['Transfer-Encoding: chunked', 'Content-Length: 15']],
    ['two Content-Lengths', ['Content-Length: 15', 'Content-Length: 16']],
    ['the same length twice', ['Content-Length: 15', 'Content-Length: 15']],
    ['a list of lengths', ['Content-Length: 15, 15']],
    ['a signed length', ['Content-Length: +15']],
    ['a negative length', ['Content-Length: -1']],
    ['a length beyond all numbers', [`Content-Length: ${'9'.repeat(30)}`]],
    ['an unknown coding', ['Transfer-Encoding: xchunked']],
    ['chunked not last', ['Transfer-Encoding: chunked, identity']],
    ['a header that goes on in the next line', ['X-A: 1', ' Transfer-Encoding: chunked']],
    ['a space before the colon', ['Content-Length : 15']],
    ['a header without a colon', ['Content-Length']],
    ['a header with NUL', ['X-A: \u0000']],
    ['a line that ends in CR alone', ['X-A: 1\rX-B: 2']],
  ])('has %s', async (_name, headers) => {
    const all = [host, json, ours, key, bearer(seller), ...headers];
    const answer = await raw(port, 'POST /v1/terminals/front/sales HTTP/1.1', all, sale);
    expectRefused(answer, 400, 'malformed');
  });

  it('hides a second request in the body of the first', async () => {
    const hidden = `GET /v1/events HTTP/1.1\r\n${host}\r\n${bearer(watcher)}\r\n\r\n`;
    const head = [
      'POST /v1/pairing HTTP/1.1',
      host,
      json,
      ours,
      `Content-Length: ${hidden.length}`,
      'Transfer-Encoding: chunked',
    ];
    const said = await sendRaw(port, `${head.join('\r\n')}\r\n\r\n0\r\n\r\n${hidden}`);
    expect(said.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expectRefused(parseAnswer(said), 400, 'malformed');
  });

  it('has chunks that do not add up', async () => {
    const head = [host, json, ours, key, bearer(seller), 'Transfer-Encoding: chunked'];
    for (const body of ['zz\r\n', '-1\r\n', `${'f'.repeat(20)}\r\n`, '1\r\nab\r\n']) {
      const line = 'POST /v1/terminals/front/sales HTTP/1.1';
      expectRefused(await raw(port, line, head, body), 400, 'malformed');
    }
  });
});

describe('a path that is not one of ours', () => {
  it.each([
    '/page/../../etc/passwd',
    '/page/..%2f..%2fetc%2fpasswd',
    '/page/%2e%2e/%2e%2e/etc/passwd',
    '/page/..\\..\\etc\\passwd',
    '/page/%5c..%5c',
    '/page/page.css%00.js',
    '/page/%252e%252e/package.json',
    '/page/%c0%ae%c0%ae/',
    '//v1/me',
    '/v1//me',
    '/v1/./me',
    '/v1/terminals/%2e%2e/clients',
    '//evil.example/%2f..',
    'http://evil.example/v1',
    'v1',
    '*',
    '/v1%20',
  ])('%s is refused', async (path) => {
    const answer = await get(path, host, bearer(watcher));
    expect(answer.status).toBe(400);
    expectRefused(answer, 400, newDenials().includes('malformed') ? 'malformed' : 'bad-request');
  });

  it('is in the address of another machine, as for a proxy', async () => {
    const answer = await get(`http://127.0.0.1:${port}/v1/me`, host, bearer(watcher));
    expectRefused(answer, 400, 'bad-request');
  });
});

describe('a method that is not one of ours', () => {
  it.each(['TRACE', 'PUT', 'PATCH', 'OPTIONS', 'PROPFIND', 'QUERY'])(
    '%s is refused',
    async (name) => {
      const answer = await raw(port, `${name} /v1 HTTP/1.1`, [host, bearer(watcher)]);
      // Older parsers do not know QUERY at all.
      if (answer.status === 400) expectRefused(answer, 400, 'malformed');
      else expectRefused(answer, 405, 'method-not-allowed');
      expect(answer.body).not.toContain(watcher);
    },
  );

  it('CONNECT is refused, and nothing is connected', async () => {
    const answer = await raw(port, 'CONNECT 192.0.2.7:443 HTTP/1.1', [host]);
    expectRefused(answer, 405, 'method-not-allowed');
  });

  it.each([
    ['HTTP/1.0', `GET /v1 HTTP/1.0\r\n\r\n`],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['no HTTP', 'hello\r\n\r\n'],
    ['a line end at once', '\r\n\r\n\r\nx\r\n\r\n'],
    ['HTTP/1.1 without a Host', 'GET /v1 HTTP/1.1\r\n\r\n'],
  ])('%s is refused', async (_name, bytes) => {
    const answer = parseAnswer(await sendRaw(port, bytes));
    expect([400, 505]).toContain(answer.status);
    expectRefused(answer, answer.status, 'malformed');
  });
});

describe('somebody who keeps the service busy', () => {
  const open: Socket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });

  it('opens more event streams than a client may have, and others still get theirs', async () => {
    const stop = new AbortController();
    const stream = (token: string) =>
      fetch(`${bridge.url}/v1/events`, {
        headers: { Authorization: `Bearer ${token}` },
        signal: stop.signal,
      });
    const flood = bridge.tokenFor('flood', 'query');
    const answers = await Promise.all(Array.from({ length: 40 }, () => stream(flood)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(37);
    expect((await stream(watcher)).status).toBe(200);
    expect(newDenials()).toContain('too-many-requests');
    stop.abort();
    // A place is free again when the other side is gone.
    await expect
      .poll(async () => {
        const again = new AbortController();
        const { status } = await fetch(`${bridge.url}/v1/events`, {
          headers: { Authorization: `Bearer ${flood}` },
          signal: again.signal,
        });
        again.abort();
        return status;
      })
      .toBe(200);
  });

  it('sends its headers a byte at a time', async () => {
    const slow = await openAttackedBridge({ headersMs: 200, requestMs: 30_000 });
    const began = Date.now();
    try {
      const socket = connect(slow.port, '127.0.0.1');
      const drip = setInterval(() => socket.write('a'), 20);
      socket.write(`GET /v1 HTTP/1.1\r\nHost: 127.0.0.1:${slow.port}\r\nX-Slow: `);
      const answer = parseAnswer(await readAll(socket));
      clearInterval(drip);
      expect(answer.status).toBe(408);
      expect(slow.denials()).toEqual(['too-slow']);
      // Not only when the whole request is late.
      expect(Date.now() - began).toBeLessThan(15_000);
    } finally {
      await slow.close();
    }
  });

  it('sends its body a byte at a time', async () => {
    const slow = await openAttackedBridge({ headersMs: 200, requestMs: 400 });
    try {
      const socket = connect(slow.port, '127.0.0.1');
      const drip = setInterval(() => socket.write(' '), 20);
      const head = [
        'POST /v1/pairing HTTP/1.1',
        `Host: 127.0.0.1:${slow.port}`,
        json,
        ours,
        'Content-Length: 1000',
      ];
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      const answer = parseAnswer(await readAll(socket));
      clearInterval(drip);
      expect(answer.status).toBe(408);
      expect(slow.denials()).toContain('too-slow');
    } finally {
      await slow.close();
    }
  });

  it('opens connections and says nothing, and is hung up on', async () => {
    const slow = await openAttackedBridge({ headersMs: 200, requestMs: 400, connections: 8 });
    try {
      const silent = Array.from({ length: 20 }, () => connect(slow.port, '127.0.0.1'));
      await Promise.all(silent.map(readAll));
      // A browser does that too, so only those beyond the limit are worth a line.
      expect(new Set(slow.denials())).toEqual(new Set(['too-many-connections']));
      const answer = await raw(slow.port, 'GET /v1 HTTP/1.1', [`Host: 127.0.0.1:${slow.port}`]);
      expect(answer.status).toBe(200);
    } finally {
      await slow.close();
    }
  });

  it('asks as fast as it can, which no client with a token notices', async () => {
    const busy = await openAttackedBridge({ requestsPerSecond: 1, burst: 5 });
    try {
      const { url } = busy;
      const token = busy.tokenFor('watcher', 'query');
      const flood = await Promise.all(Array.from({ length: 50 }, () => fetch(`${url}/v1`)));
      const refused = flood.filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThanOrEqual(44);
      expect(Number(refused[0]?.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1);
      expect(busy.denials()).toContain('too-many-requests');
      const headers = { Authorization: `Bearer ${token}` };
      expect((await fetch(`${url}/v1/me`, { headers })).status).toBe(200);
    } finally {
      await busy.close();
    }
  });

  it('writes no line of its own into the audit', async () => {
    const forged = '/x%0d%0a{"at":"2026-01-01T00:00:00.000Z","what":"login","client":"admin"}';
    await get(forged, host, 'User-Agent: \u001b[2J');
    await get('/v1', 'Host: evil\u001b[2J"}', 'X-A: \u00e9');
    expect(newDenials().length).toBeGreaterThan(0);
    expect(readFileSync(bridge.files.audit, 'utf8')).toMatch(/^[\x20-\x7e\n]*$/);
    expect(bridge.audited().filter(({ client }) => client === 'admin')).toEqual([]);
  });
});
