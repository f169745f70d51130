import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transactionView } from '../../src/bridge/schemas.ts';
import type { Transaction } from '../../src/model/transaction.ts';
import { violations } from './json-schema.ts';
import { json, messagesOf, openTestBridge, type TestBridge } from './test-bridge.ts';

type Json = Record<string, unknown>;

let bridge: TestBridge;
let admin: string;
let document: Json;

beforeAll(async () => {
  bridge = await openTestBridge();
  admin = bridge.client('chef');
  document = await json(bridge.ask('GET', '/openapi.json'));
});

afterAll(async () => {
  await bridge.stop();
  bridge.remove();
});

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const at = (path: string): unknown => {
  let here: unknown = document;
  for (const name of path.replace(/^#\//, '').split('/'))
    here = isObject(here) ? here[name.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  return here;
};

function* everything(value: unknown): Generator<Json> {
  if (Array.isArray(value)) for (const item of value) yield* everything(item);
  if (!isObject(value)) return;
  yield value;
  for (const item of Object.values(value)) yield* everything(item);
}

/** What a transaction can tell, all of it: the compiler misses what the schema lacks. */
const told: Record<keyof Transaction, unknown> = transactionView.shape;

const operations = (): [string, string, Json][] =>
  Object.entries(Object(document['paths'])).flatMap(([path, item]) =>
    Object.entries(Object(item)).map(([method, operation]): [string, string, Json] => [
      method,
      path,
      isObject(operation) ? operation : {},
    ]),
  );

describe('the OpenAPI document', () => {
  it('describes all that a transaction can tell', () => {
    const described = at('#/components/schemas/Transaction/properties');
    expect(Object.keys(Object(described)).toSorted()).toEqual(Object.keys(told).toSorted());
  });

  it('is one of OpenAPI 3.1', () => {
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Tillwire bridge', version: '9.9.9' },
    });
    for (const [method, path, operation] of operations()) {
      const where = `${method} ${path}`;
      expect(path, where).toMatch(/^\//);
      expect(['get', 'post', 'delete'], where).toContain(method);
      expect(operation['summary'], where).toEqual(expect.any(String));
      expect(Object.keys(Object(operation['responses'])), where).toContain('default');
      for (const response of Object.values(Object(operation['responses'])))
        expect(response, where).toMatchObject({ description: expect.any(String) });
      const named = Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => name);
      const parameters = operation['parameters'];
      const inPath = (Array.isArray(parameters) ? parameters : []).filter((p) => p.in === 'path');
      expect(
        inPath.map(({ name }) => name),
        where,
      ).toEqual(named);
      for (const parameter of inPath) expect(parameter.required, where).toBe(true);
    }
    const ids = operations().map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has every route of the service, and no other', () => {
    const served = bridge.app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const described = operations().map(([method, path]) => `${method.toUpperCase()} ${path}`);
    expect(described.sort()).toEqual([...new Set(served)].sort());
  });

  it('refers to nothing that is not in it', () => {
    const references = [...everything(document)].flatMap(({ $ref }) =>
      typeof $ref === 'string' ? [$ref] : [],
    );
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(at(reference), reference).toBeDefined();
    const schemes = Object.keys(Object(at('#/components/securitySchemes')));
    for (const [, path, { security }] of operations())
      for (const requirement of Array.isArray(security) ? security : [])
        expect(schemes, path).toEqual(expect.arrayContaining(Object.keys(requirement)));
  });

  it('asks for a key where money can move', () => {
    const keyed = operations().filter(([, , { parameters }]) =>
      JSON.stringify(parameters).includes('"Idempotency-Key"'),
    );
    expect(keyed.map(([, path]) => path.split('/').at(-1)).sort()).toEqual([
      'refunds',
      'sales',
      'voids',
    ]);
  });

  it('describes what is answered', async () => {
    const post = (name: string, body: object, key?: string) =>
      bridge.ask('POST', `/v1/terminals/front/${name}`, {
        token: admin,
        body,
        ...(key !== undefined && { key }),
      });
    const answers = async (method: string, path: string, response: Response) => {
      const operation = at(`#/paths/${path.replaceAll('/', '~1')}/${method}/responses`);
      const status = String(response.status);
      const responses = isObject(operation) ? operation : {};
      const described = responses[status] ?? responses['default'];
      const type = response.headers.get('Content-Type')?.split(';')[0] ?? '';
      const content = isObject(described) ? Object(described['content'])[type] : undefined;
      const found = violations(Object(content)['schema'], await response.json(), document);
      expect(found, `${method} ${path} ${status}`).toEqual([]);
    };
    const get = async (path: string, url = path) =>
      answers('get', path, await bridge.ask('GET', url, { token: admin }));

    await answers('post', '/v1/terminals/{t}/sales', await post('sales', { amount: 1500 }, 'S-1'));
    await bridge.until(admin, 'chef.S-1');
    await answers('post', '/v1/terminals/{t}/sales', await post('sales', { amount: 1500 }, 'S-1'));
    await answers('post', '/v1/terminals/{t}/sales', await post('sales', { amount: 0 }, 'S-2'));
    await answers('post', '/v1/terminals/{t}/status', await post('status', {}));
    bridge.front.fault('no-answer-once@void');
    await post('voids', { amount: 1500, operator: 'ana', reason: 'returned' }, 'V-1');
    await bridge.until(admin, 'chef.V-1');
    await get('/v1');
    await get('/healthz');
    await get('/v1/me');
    await get('/v1/terminals');
    await get('/v1/terminals/{t}', '/v1/terminals/back');
    await get('/v1/commands');
    await get('/v1/commands/{id}', '/v1/commands/chef.S-1');
    await get('/v1/commands/{id}', '/v1/commands/chef.V-1');
    await get('/v1/commands/{id}', '/v1/commands/chef.NONE');
    await get('/v1/commands/{id}/wire', '/v1/commands/chef.S-1/wire');
    await get('/v1/journal');
    await get('/v1/journal/{id}', '/v1/journal/chef.V-1');
    await get('/v1/clients');
    for (const id of ['chef.S-1', 'chef.V-1']) {
      const response = await bridge.ask('GET', `/v1/commands/${id}/events`, { token: admin });
      for (const { data } of await messagesOf(response).rest())
        expect(violations({ $ref: '#/components/schemas/CommandEvent' }, data, document)).toEqual(
          [],
        );
    }
    const all = messagesOf(await bridge.ask('GET', '/v1/events', { token: admin }));
    const snapshot = (await all.next())?.data;
    expect(violations({ $ref: '#/components/schemas/Snapshot' }, snapshot, document)).toEqual([]);
    await all.cancel();
  });

  it('and what checks it finds what is wrong', () => {
    const command = { $ref: '#/components/schemas/Command' };
    expect(violations(command, {}, document)).toContain('$: id is missing');
    expect(violations(command, { ...Object(null), id: 7 }, document)).toContain(
      '$.id: 7 is no string',
    );
    expect(violations(command, { id: 'a', extra: 1 }, document)).toContain(
      '$: extra is not described',
    );
  });
});
