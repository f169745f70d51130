import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalPage, JournalRecords } from '../../src/bridge/schemas.ts';
import { json, openTestBridge, type TestBridge } from './test-bridge.ts';

let bridge: TestBridge;
let admin: string;

beforeAll(async () => {
  bridge = await openTestBridge();
  admin = bridge.client('chef');
  const ask = async (name: string, key: string, body: object) => {
    await bridge.ask('POST', `/v1/terminals/front/${name}`, { token: admin, key, body });
    return bridge.until(admin, `chef.${key}`);
  };
  await ask('sales', 'S-1', { amount: 1500, ticket: 'AB42' });
  await ask('sales', 'S-2', { amount: 2700 });
  await ask('voids', 'V-1', { amount: 2700, operator: 'ana', reason: '=the wrong shoes' });
  bridge.front.fault('declined-once@purchase');
  await ask('sales', 'S-3', { amount: 990 });
});

afterAll(async () => {
  await bridge.stop();
  bridge.remove();
});

const page = (query = '', headers: Record<string, string> = {}) =>
  json<JournalPage>(bridge.ask('GET', `/v1/journal${query}`, { token: admin, headers }));
const ids = ({ intents }: JournalPage) => intents.map(({ id }) => id);

describe('the journal over HTTP', () => {
  it('is listed from its end, with how each ended', async () => {
    const { intents, next } = await page();
    expect(intents.map(({ id, kind, outcome }) => [id, kind, outcome])).toEqual([
      ['chef.S-3', 'sale', 'declined'],
      ['chef.V-1', 'void', 'voided'],
      ['chef.S-2', 'sale', 'approved'],
      ['chef.S-1', 'sale', 'approved'],
    ]);
    expect(next).toBeUndefined();
    expect(intents[1]).toMatchObject({
      terminal: 'front',
      operator: 'ana',
      amount: { amount: 2700, currency: 'CLP' },
      standing: 'ended',
      last4: '0461',
      origin: expect.stringMatching(/^client chef, by test, /),
    });
  });

  it.each([
    ['S-2', ['chef.S-2']],
    ['ab42', ['chef.S-1']],
    ['2700', ['chef.V-1', 'chef.S-2']],
    ['2,700', ['chef.V-1', 'chef.S-2']],
    ['ANA', ['chef.V-1']],
    ['shoes wrong', ['chef.V-1']],
    ['declined', ['chef.S-3']],
    ['0461 front', ['chef.S-3', 'chef.V-1', 'chef.S-2', 'chef.S-1']],
    ['nobody', []],
  ])('finds %s', async (q, found) => {
    expect(ids(await page(`?q=${encodeURIComponent(q)}`))).toEqual(found);
  });

  it('comes page by page', async () => {
    const first = await page('?limit=3');
    expect(ids(first)).toEqual(['chef.S-3', 'chef.V-1', 'chef.S-2']);
    expect(ids(await page(`?limit=3&before=${first.next}`))).toEqual(['chef.S-1']);
  });

  it.each([
    ['en', 'Voided: CLP 2,700'],
    ['es', 'Venta anulada: $ 2.700'],
    ['zh-CN', '2,700'],
  ])('says in %s what happened to the money', async (language, words) => {
    const { intents } = await page('?q=V-1', { 'Accept-Language': language });
    expect(intents[0]?.operatorMessage).toContain(words);
    const asked = await page(`?q=V-1&lang=${language}`, { 'Accept-Language': 'fr' });
    expect(asked.intents[0]?.operatorMessage).toBe(intents[0]?.operatorMessage);
  });

  it('shows one command with all its records', async () => {
    const { intent, records } = await json<JournalRecords>(
      bridge.ask('GET', '/v1/journal/chef.V-1', { token: admin }),
    );
    expect(intent.id).toBe('chef.V-1');
    expect(records.map(({ event }) => event)).toEqual([
      'intent',
      'evidence',
      'sent',
      'taken',
      'answer',
      'outcome',
    ]);
    expect(records[0]).toMatchObject({ who: 'ana', what: 'void', amount: 2700 });
  });

  it('is exported as JSON Lines that end with the head', async () => {
    const response = await bridge.ask('GET', '/v1/journal/export', { token: admin });
    expect(response.headers.get('Content-Disposition')).toContain('tillwire-journal.jsonl');
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { seq, hash } = bridge.journal.head();
    expect(lines).toHaveLength(seq + 1);
    expect(lines.at(-1)).toEqual({
      type: 'result',
      outcome: 'exported',
      head: `${seq}-${hash.slice(0, 16)}`,
    });
  });

  it('is exported as CSV that no spreadsheet takes for a formula', async () => {
    const response = await bridge.ask('GET', '/v1/journal/export?format=csv', { token: admin });
    const text = await response.text();
    expect(text.split('\n')[0]).toMatch(/^seq,when,event,key,who,what,amount/);
    expect(text).toContain("'=the wrong shoes");
    expect(
      (await bridge.ask('GET', '/v1/journal/export?format=xml', { token: admin })).status,
    ).toBe(400);
  });
});
