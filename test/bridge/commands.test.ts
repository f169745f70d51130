import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandList, CommandView } from '../../src/bridge/schemas.ts';
import { json, openTestBridge, problemOf, type TestBridge } from './test-bridge.ts';

let bridge: TestBridge;
let till: string;

beforeEach(async () => {
  bridge = await openTestBridge();
  till = bridge.client('kassa-1');
});

afterEach(async () => {
  await bridge.stop().catch(() => {});
  bridge.remove();
});

const sell = (key: string, body: unknown = { amount: 1500 }, token = till) =>
  bridge.ask('POST', '/v1/terminals/front/sales', { token, key, body });

const voidIt = (key: string, more: object = {}) =>
  bridge.ask('POST', '/v1/terminals/front/voids', {
    token: till,
    key,
    body: { amount: 1500, operator: 'ana', reason: 'returned', ...more },
  });

const sales = () => bridge.front.terminal.ledger.filter(({ kind }) => kind === 'sale').length;
const voids = () => bridge.front.terminal.ledger.filter(({ kind }) => kind === 'void').length;

describe('a command over HTTP', () => {
  it('is answered at once with 202 and its place, and ends by itself', async () => {
    const response = await sell('S-1', { amount: 1500, ticket: '000042' });
    expect(response.status).toBe(202);
    expect(response.headers.get('Location')).toBe('/v1/commands/kassa-1.S-1');
    expect(await json<CommandView>(response)).toMatchObject({
      id: 'kassa-1.S-1',
      href: '/v1/commands/kassa-1.S-1',
      terminal: 'front',
      kind: 'sale',
      client: 'kassa-1',
      state: 'running',
      requested: { amount: { amount: 1500, currency: 'CLP' }, ticket: '000042' },
    });
    const done = await bridge.until(till, 'kassa-1.S-1');
    expect(done).toMatchObject({
      state: 'done',
      result: {
        outcome: 'approved',
        key: 'kassa-1.S-1',
        transaction: { last4: '0461', ticket: '000042' },
      },
    });
    expect(done.result?.operatorMessage).toMatch(/^Paid: CLP 1,500/);
  });

  it('waits its turn on a busy terminal, and says so', async () => {
    await sell('S-1');
    expect(await json<CommandView>(sell('S-2'))).toMatchObject({ state: 'queued' });
    expect(await json(bridge.ask('GET', '/v1/terminals/front', { token: till }))).toMatchObject({
      running: { kind: 'sale', id: 'kassa-1.S-1' },
      queued: 1,
    });
    expect(await bridge.until(till, 'kassa-1.S-2')).toMatchObject({ state: 'done' });
    expect(sales()).toBe(2);
  });

  it('with a key that is known is the same command, whether it runs or has ended', async () => {
    await sell('S-1');
    const again = await sell('S-1');
    expect([again.status, sales()]).toEqual([202, 0]);
    await bridge.until(till, 'kassa-1.S-1');
    const later = await sell('S-1');
    expect(later.status).toBe(200);
    expect(later.headers.get('Location')).toBe('/v1/commands/kassa-1.S-1');
    expect(await json(later)).toMatchObject({ state: 'done', result: { outcome: 'approved' } });
    expect(sales()).toBe(1);
  });

  it('that two requests with one key ask for at the same time runs once', async () => {
    const [one, two] = await Promise.all([sell('S-1'), sell('S-1')]);
    expect([one.status, two.status]).toEqual([202, 202]);
    await bridge.until(till, 'kassa-1.S-1');
    expect(sales()).toBe(1);
  });

  it.each([
    ['another amount', () => sell('S-1', { amount: 1501 })],
    ['another currency', () => sell('S-1', { amount: 1500, currency: 'USD' })],
    ['another ticket', () => sell('S-1', { amount: 1500, ticket: 'B' })],
    ['another kind', () => voidIt('S-1')],
    [
      'another terminal',
      () =>
        bridge.ask('POST', '/v1/terminals/back/sales', {
          token: till,
          key: 'S-1',
          body: { amount: 1500, currency: 'CLP' },
        }),
    ],
  ])('with a known key and %s is refused with 409', async (_, ask) => {
    await sell('S-1');
    expect(await problemOf(ask())).toMatchObject({
      status: 409,
      code: 'key-reused',
      effect: 'none',
    });
    await bridge.until(till, 'kassa-1.S-1');
    expect((await ask()).status).toBe(409);
    expect([sales(), voids()]).toEqual([1, 0]);
  });

  it('of a void is bound to who asked and why as well', async () => {
    await sell('S-1');
    await voidIt('V-1');
    await bridge.until(till, 'kassa-1.V-1');
    expect((await voidIt('V-1')).status).toBe(200);
    expect((await voidIt('V-1', { operator: 'eva' })).status).toBe(409);
    expect((await voidIt('V-1', { reason: 'changed their mind' })).status).toBe(409);
    expect(voids()).toBe(1);
  });

  it('of two clients with one key is two commands', async () => {
    const other = bridge.client('kassa-2');
    await sell('S-1');
    const response = await sell('S-1', { amount: 2500 }, other);
    expect(response.status).toBe(202);
    await bridge.until(other, 'kassa-2.S-1');
    expect(await bridge.until(till, 'kassa-1.S-1')).toMatchObject({
      requested: { amount: { amount: 1500 } },
    });
    expect(sales()).toBe(2);
  });

  it.each([
    ['none', undefined, 'key-missing'],
    ['one with a space', 'a b', 'bad-request'],
    ['one that begins as those of questions do', '~x', 'bad-request'],
    ['one that is too long', 'K'.repeat(65), 'bad-request'],
    ['a card number', '4111111111111111', 'bad-request'],
  ])('that can move money needs a key, and %s is none', async (_, key, code) => {
    const response = await bridge.ask('POST', '/v1/terminals/front/sales', {
      token: till,
      body: { amount: 1500 },
      ...(key !== undefined && { key }),
    });
    expect(await problemOf(response)).toMatchObject({ status: 400, code, effect: 'none' });
    expect(bridge.front.transcript).toEqual([]);
  });

  it('that takes a sale back ends with the voucher', async () => {
    await sell('S-1');
    await voidIt('V-1');
    expect(await bridge.until(till, 'kassa-1.V-1')).toMatchObject({
      kind: 'void',
      state: 'done',
      requested: { operator: 'ana', reason: 'returned' },
      result: { outcome: 'voided', transaction: { state: 'voided' } },
    });
    const { result } = await bridge.until(till, 'kassa-1.V-1');
    expect(result?.voucher).toContain('Voided by:     ana');
    expect(voids()).toBe(1);
  });

  it('that is refused is done, with the reason and what was found', async () => {
    await sell('S-1');
    await voidIt('V-1', { amount: 9999 });
    expect(await bridge.until(till, 'kassa-1.V-1')).toMatchObject({
      state: 'done',
      result: {
        outcome: 'refused',
        reason: 'not-the-last',
        found: { amount: { amount: 1500, currency: 'CLP' } },
      },
    });
    expect(voids()).toBe(0);
  });

  it('that was refused before anything left may be tried again under its key', async () => {
    await voidIt('V-1');
    expect(await bridge.until(till, 'kassa-1.V-1')).toMatchObject({
      result: { outcome: 'not-found' },
    });
    await bridge.until(till, (await json<CommandView>(voidIt('V-2', { ticket: 'NONE' }))).id);
    await sell('S-1');
    await bridge.until(till, 'kassa-1.S-1');
    await bridge.until(till, (await json<CommandView>(voidIt('V-3', { amount: 3 }))).id);
    expect((await voidIt('V-3', { amount: 3 })).status).toBe(202);
    expect(await bridge.until(till, 'kassa-1.V-3')).toMatchObject({
      result: { outcome: 'refused' },
    });
  });

  it('that the terminal declined is done, and its key is spent', async () => {
    bridge.front.fault('declined-once@purchase');
    await sell('S-1');
    expect(await bridge.until(till, 'kassa-1.S-1')).toMatchObject({
      state: 'done',
      result: { outcome: 'declined' },
    });
    expect((await sell('S-1')).status).toBe(200);
    expect(sales()).toBe(0);
  });

  it('to a terminal that is not plugged in has failed with effect none, and its key may try again', async () => {
    bridge.front.unplug();
    await sell('S-1');
    const failed = await bridge.until(till, 'kassa-1.S-1');
    expect(failed).toMatchObject({ state: 'failed', error: { effect: 'none' } });
    expect(failed.error?.operatorMessage).toContain('moved no money');
    bridge.front.replug();
    expect((await sell('S-1')).status).toBe(202);
    expect(await bridge.until(till, 'kassa-1.S-1')).toMatchObject({ state: 'done' });
    expect(sales()).toBe(1);
  });

  it('that waits is taken out when it is cancelled, and does not come back under its key', async () => {
    await sell('S-1');
    await sell('S-2');
    const response = await bridge.ask('POST', '/v1/commands/kassa-1.S-2/cancel', { token: till });
    expect(response.status).toBe(202);
    expect(await bridge.until(till, 'kassa-1.S-2')).toMatchObject({
      state: 'failed',
      error: { code: 'cancelled', effect: 'none' },
    });
    expect((await sell('S-2')).status).toBe(200);
    await bridge.until(till, 'kassa-1.S-1');
    expect(sales()).toBe(1);
  });

  it('that runs is stopped at a terminal that can be asked to stop', async () => {
    const id = 'kassa-1.S-1';
    await bridge.ask('POST', '/v1/terminals/back/sales', {
      token: till,
      key: 'S-1',
      body: { amount: 1500 },
    });
    await bridge.until(till, id, ({ events }) => events > 3, 10);
    await bridge.ask('POST', `/v1/commands/${id}/cancel`, { token: till });
    expect(await bridge.until(till, id)).toMatchObject({
      state: 'done',
      result: { outcome: 'declined' },
    });
    expect(bridge.back.terminal.ledger).toEqual([]);
  });

  it.each([
    ['status', { outcome: 'ready' }],
    ['last-transaction', { outcome: 'found', transaction: { amount: { amount: 1500 } } }],
    ['totals', { outcome: 'found', count: 1, total: { amount: 1500, currency: 'CLP' } }],
    ['recoveries', { outcome: 'nothing-open' }],
    ['settlements', { outcome: 'settled' }],
  ])('of the kind %s needs no key, and tells', async (name, result) => {
    await sell('S-1');
    const response = await bridge.ask('POST', `/v1/terminals/front/${name}`, { token: till });
    expect(response.status).toBe(202);
    const { id } = await json<CommandView>(response);
    expect(id).toMatch(/^kassa-1\.~/);
    expect(await bridge.until(till, encodeURIComponent(id))).toMatchObject({
      state: 'done',
      result,
    });
  });

  it('refunds on a terminal that can', async () => {
    const response = await bridge.ask('POST', '/v1/terminals/back/refunds', {
      token: till,
      key: 'R-1',
      body: { amount: 995 },
    });
    expect(response.status).toBe(202);
    expect(await bridge.until(till, 'kassa-1.R-1')).toMatchObject({
      kind: 'refund',
      requested: { amount: { amount: 995, currency: 'EUR' } },
      result: { outcome: 'approved', transaction: { kind: 'refund' } },
    });
  });

  it('says what is wrong with a body, path by path, and sends nothing', async () => {
    const body = { amount: 15.5, currency: 'clp', ticket: 7, tip: 1 };
    const problem = await problemOf(sell('S-1', body));
    expect(problem).toMatchObject({ status: 400, code: 'bad-request', effect: 'none' });
    expect(problem.errors?.map(({ path }) => path).sort()).toEqual(
      ['amount', 'currency', 'the whole', 'ticket'].sort(),
    );
    expect((await sell('S-1', '{"amount":')).status).toBe(400);
    expect(bridge.front.transcript).toEqual([]);
  });

  it('lists the own ones, the newest first, and for the role admin all', async () => {
    const other = bridge.client('kassa-2', 'sell');
    await sell('S-1');
    await bridge.until(till, 'kassa-1.S-1');
    await sell('S-2', { amount: 700 }, other);
    await bridge.until(other, 'kassa-2.S-2');
    const idsFor = async (token: string, query = '') => {
      const { commands } = await json<CommandList>(
        bridge.ask('GET', `/v1/commands${query}`, { token }),
      );
      return commands.map(({ id }) => id);
    };
    expect(await idsFor(till)).toEqual(['kassa-2.S-2', 'kassa-1.S-1']);
    expect(await idsFor(other)).toEqual(['kassa-2.S-2']);
    expect(await idsFor(till, '?limit=1')).toEqual(['kassa-2.S-2']);
    expect(await idsFor(till, '?state=in-doubt')).toEqual([]);
    expect((await bridge.ask('GET', '/v1/commands?limit=no', { token: till })).status).toBe(400);
  });

  it('keeps the frames that crossed the line during it, masked', async () => {
    await sell('S-1');
    await bridge.until(till, 'kassa-1.S-1');
    const { frames } = await json<{ frames: { from: string; name: string }[] }>(
      bridge.ask('GET', '/v1/commands/kassa-1.S-1/wire', { token: till }),
    );
    expect(frames[0]).toMatchObject({ from: 'till' });
    expect(frames.length).toBeGreaterThan(3);
  });
});
