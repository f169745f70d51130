import { join } from 'node:path';
import Sqlite from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../src/bridge/clients.ts';
import { json, openTestBridge, problemOf, type TestBridge } from './test-bridge.ts';

let bridge: TestBridge;
const tokens = new Map<string, string>();
let owner: string;

beforeAll(async () => {
  bridge = await openTestBridge();
  owner = bridge.client('owner');
  for (const role of ['query', 'sell', 'void', 'admin'] as const)
    tokens.set(role, bridge.client(`only-${role}`, role));
  await bridge.ask('POST', '/v1/terminals/front/sales', {
    token: owner,
    key: 'S-1',
    body: { amount: 1500 },
  });
  await bridge.until(owner, 'owner.S-1');
});

afterAll(async () => {
  await bridge.stop();
  bridge.remove();
});

const roles = ['query', 'sell', 'void', 'admin'] as const;
const all = roles;
const voidBody = { amount: 1, operator: 'ana', reason: 'test' };

/** Each route, and who may; `nobody`: no token is asked for. */
const table: readonly [
  method: string,
  path: string,
  who: readonly Role[] | 'nobody',
  body?: object,
][] = [
  ['GET', '/v1', 'nobody'],
  ['GET', '/healthz', 'nobody'],
  ['GET', '/openapi.json', 'nobody'],
  ['GET', '/', 'nobody'],
  ['GET', '/v1/me', all],
  ['GET', '/v1/terminals', ['query']],
  ['GET', '/v1/terminals/front', ['query']],
  ['POST', '/v1/terminals/front/status', ['query'], {}],
  ['POST', '/v1/terminals/front/last-transaction', ['query'], {}],
  ['POST', '/v1/terminals/front/totals', ['query'], {}],
  ['POST', '/v1/terminals/front/recoveries', ['sell', 'void'], {}],
  ['POST', '/v1/terminals/front/settlements', ['void'], {}],
  ['POST', '/v1/terminals/front/sales', ['sell'], { amount: 1 }],
  ['POST', '/v1/terminals/front/refunds', ['void'], { amount: 1 }],
  ['POST', '/v1/terminals/front/voids', ['void'], voidBody],
  [
    'POST',
    '/v1/terminals/front/decisions',
    ['admin'],
    { command: 'x', decision: 'voided', operator: 'eva', reason: 'saw it' },
  ],
  ['GET', '/v1/commands', all],
  ['GET', '/v1/commands/owner.S-1', ['admin']],
  ['GET', '/v1/commands/owner.S-1/events', ['admin']],
  ['GET', '/v1/commands/owner.S-1/wire', ['admin']],
  ['POST', '/v1/commands/owner.S-1/cancel', ['admin'], {}],
  ['GET', '/v1/events', ['query']],
  ['GET', '/metrics', ['query']],
  ['GET', '/v1/journal', ['admin']],
  ['GET', '/v1/journal/owner.S-1', ['admin']],
  ['GET', '/v1/journal/export', ['admin']],
  ['GET', '/v1/clients', ['admin']],
  ['DELETE', '/v1/clients/nobody-at-all', ['admin'], {}],
];

let keys = 0;

async function status(method: string, path: string, token?: string, body?: object) {
  const response = await bridge.ask(method, path, {
    ...(token !== undefined && { token }),
    ...(body !== undefined && { body, key: `K-${++keys}` }),
  });
  await response.body?.cancel();
  return response.status;
}

describe('who may what', () => {
  it.each(table)('%s %s is for %s', async (method, path, who, body) => {
    const open = who === 'nobody';
    expect(await status(method, path, undefined, body)).toBe(open ? 200 : 401);
    for (const role of roles) {
      const found = await status(method, path, tokens.get(role), body);
      if (open || who.includes(role)) expect([200, 202, 404]).toContain(found);
      else expect(found).toBe(403);
    }
  });

  it('lists every route of the service', () => {
    const known = new Set(
      table.map(
        ([method, path]) => `${method} ${path.replace(/front|owner\.S-1|nobody-at-all/, 'x')}`,
      ),
    );
    const served = bridge.app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:\w+/, 'x')}`)
      .filter((route) => !/^GET \/(page|client|messages|model|bridge)\/x$/.test(route))
      .filter((route) => route !== 'POST /v1/pairing');
    expect([...new Set(served)].filter((route) => !known.has(route))).toEqual([]);
  });

  it('a command of another client is not even said to be there', async () => {
    const token = tokens.get('sell');
    const there = await problemOf(
      bridge.ask('GET', '/v1/commands/owner.S-1', { token: `${token}` }),
    );
    const not = await problemOf(bridge.ask('GET', '/v1/commands/owner.S-2', { token: `${token}` }));
    expect(there).toMatchObject({ status: 403, code: 'forbidden' });
    expect(not).toEqual(there);
  });
});

describe('no GET', () => {
  it('touches the wire, opens a device or writes to the journal', async () => {
    await bridge.clock.advance(60_000);
    const before = {
      front: bridge.front.transcript.length,
      back: bridge.back.transcript.length,
      head: bridge.journal.head(),
      state: await json(bridge.ask('GET', '/v1/terminals/back', { token: owner })),
    };
    const paths = bridge.app.routes
      .filter(({ method }) => method === 'GET')
      .map(({ path }) =>
        path.replace(':t', 'front').replace(':id', 'owner.S-1').replace(':file', 'main.js'),
      );
    expect(new Set(paths).size).toBeGreaterThan(18);
    for (const path of new Set(paths))
      for (const method of ['GET', 'HEAD']) {
        const response = await bridge.app.request(path, {
          method,
          headers: { Authorization: `Bearer ${owner}` },
        });
        // Guarded: a stream has no HEAD.
        expect([200, 404, 405], `${method} ${path}`).toContain(response.status);
        await response.body?.cancel();
      }
    await bridge.clock.advance(60_000);
    expect({
      front: bridge.front.transcript.length,
      back: bridge.back.transcript.length,
      head: bridge.journal.head(),
      state: await json(bridge.ask('GET', '/v1/terminals/back', { token: owner })),
    }).toEqual(before);
  });
});

describe('what is not there', () => {
  it.each([
    ['GET', '/v1/nothing', 404, 'not-found'],
    ['GET', '/v1/terminals/none', 404, 'unknown-terminal'],
    ['GET', '/v1/terminals/__proto__', 404, 'unknown-terminal'],
    ['GET', '/page/none.js', 404, 'not-found'],
    ['DELETE', '/v1/terminals', 405, 'method-not-allowed'],
    ['POST', '/v1/commands', 405, 'method-not-allowed'],
    ['GET', '/v1/terminals/front/sales', 405, 'method-not-allowed'],
  ])('%s %s is a problem with a code', async (method, path, status, code) => {
    const response = await bridge.ask(method, path, { token: owner });
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(await problemOf(response)).toMatchObject({
      status,
      code,
      type: `https://tillwire.dev/problems/${code}`,
      effect: 'none',
    });
  });

  it('names the methods that are', async () => {
    const response = await bridge.ask('DELETE', '/v1/terminals', { token: owner });
    expect(response.headers.get('Allow')).toBe('GET');
  });
});

describe('a journal that is not as it was written', () => {
  it('lets nothing be claimed of what is in it, and nothing be sold', async () => {
    const first = await openTestBridge();
    const token = first.client('till');
    const body = { amount: 1500 };
    await first.ask('POST', '/v1/terminals/front/sales', { token, key: 'S-1', body });
    await first.until(token, 'till.S-1');
    await first.stop();
    tamper(join(first.folder, 'journal', 'journal.db'));
    first.front.replug();
    const other = await openTestBridge({ after: first });
    const before = other.front.transcript.length;
    const failed = { status: 503, code: 'journal-failed', effect: 'unknown' };
    const asked = other.ask('POST', '/v1/terminals/front/sales', { token, key: 'S-1', body });
    expect(await problemOf(asked)).toMatchObject(failed);
    const seen = other.ask('GET', '/v1/commands/till.S-1', { token });
    expect(await problemOf(seen)).toMatchObject(failed);
    expect((await problemOf(other.ask('GET', '/v1/journal/till.S-1', { token }))).status).toBe(503);
    expect(other.front.transcript.length).toBe(before);
    await other.stop();
    other.remove();
  });
});

function tamper(path: string): void {
  const database = new Sqlite(path);
  database.exec('DROP TRIGGER record_is_never_changed');
  database.exec("UPDATE record SET payload = '{}' WHERE type = 'intent'");
  database.close();
}
