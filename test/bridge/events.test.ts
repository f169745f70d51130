import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandRecord } from '../../src/bridge/command-record.ts';
import { eventSource } from '../../src/bridge/command-source.ts';
import { eventStream, type Source } from '../../src/bridge/event-stream.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { json, messagesOf, openTestBridge, settle, type TestBridge } from './test-bridge.ts';

let bridge: TestBridge;
let till: string;

beforeEach(async () => {
  bridge = await openTestBridge({ language: 'es' });
  till = bridge.client('kassa-1');
});

afterEach(async () => {
  await bridge.stop().catch(() => {});
  bridge.remove();
});

const sell = (key: string, token = till) =>
  bridge.ask('POST', '/v1/terminals/front/sales', { token, key, body: { amount: 1500 } });

const watch = async (path: string, token = till, headers: Record<string, string> = {}) =>
  messagesOf(await bridge.ask('GET', path, { token, headers }));

const events = (id: string, headers: Record<string, string> = {}) =>
  watch(`/v1/commands/${id}/events`, till, headers);

describe('the events of a command', () => {
  it('come as they happen, numbered, and end with the result', async () => {
    await sell('S-1');
    const stream = await events('kassa-1.S-1');
    expect(await stream.next()).toMatchObject({ id: '1', event: 'queued' });
    const rest = stream.rest();
    await bridge.until(till, 'kassa-1.S-1');
    const all = await rest;
    expect(all.map(({ event }) => event)).toEqual([
      'sent',
      'acknowledged',
      'prompt',
      'prompt',
      'prompt',
      'prompt',
      'result',
    ]);
    expect(all.map(({ id }) => Number(id))).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(all[2]?.data).toMatchObject({
      id: 4,
      commandId: 'kassa-1.S-1',
      type: 'prompt',
      code: 'present-card',
      operatorMessage: 'Esperando al cliente: tarjeta.',
    });
  });

  it('are in the language that is asked for', async () => {
    await sell('S-1');
    await bridge.until(till, 'kassa-1.S-1');
    const last = async (headers: Record<string, string>) =>
      (await (await events('kassa-1.S-1', headers)).rest()).at(-1)?.data['result'];
    const message = async (headers: Record<string, string>) =>
      String(Reflect.get(Object(await last(headers)), 'operatorMessage'));
    expect(await message({ 'Accept-Language': 'de, en-GB;q=0.8, zh;q=0.5' })).toMatch(/^Paid/);
    expect(await message({ 'Accept-Language': 'zh-TW' })).toMatch(/[\u4e00-\u9fff]/);
    expect(await message({ 'Accept-Language': 'fr' })).toMatch(/^Venta pagada/);
  });

  it('go on after Last-Event-ID, during the command and after it', async () => {
    await sell('S-1');
    const first = await events('kassa-1.S-1');
    await first.next();
    await first.cancel();
    const resumed = await events('kassa-1.S-1', { 'Last-Event-ID': '1' });
    const rest = resumed.rest();
    await bridge.until(till, 'kassa-1.S-1');
    expect((await rest).map(({ id }) => id)).toEqual(['2', '3', '4', '5', '6', '7', '8']);
    const later = await (await events('kassa-1.S-1', { 'Last-Event-ID': '6' })).rest();
    expect(later.map(({ id }) => id)).toEqual(['7', '8']);
    const again = await (await events('kassa-1.S-1', { 'Last-Event-ID': '8' })).rest();
    expect(again.map(({ event }) => event)).toEqual(['result']);
  });

  it('are the same for every watcher, and one that never reads holds nothing up', async () => {
    await sell('S-1');
    const idle = await bridge.ask('GET', '/v1/commands/kassa-1.S-1/events', { token: till });
    const others = await Promise.all([events('kassa-1.S-1'), events('kassa-1.S-1')]);
    const all = Promise.all(others.map((stream) => stream.rest()));
    await bridge.until(till, 'kassa-1.S-1');
    const [one, two] = await all;
    expect(one).toEqual(two);
    expect(one?.at(-1)?.event).toBe('result');
    await idle.body?.cancel();
    expect(bridge.service.openStreams.count).toBe(0);
  });

  it('of which more than a thousand came are the last thousand, and that is said', async () => {
    const prompts = 1_200;
    const record = new CommandRecord({
      id: 'k.S-1',
      terminal: 'front',
      kind: 'sale',
      client: 'k',
      requested: {},
      clock: bridge.clock,
    });
    for (let n = 0; n < prompts; n++) record.emit({ type: 'acknowledged', at: n });
    record.fail(new Error('over'));
    const source = eventSource(record, 0, 'en');
    let text = '';
    for (let next = source.take(); next !== undefined; next = source.take()) text += next;
    const [first] = text.split('\n\n');
    expect(first).toContain('event: dropped');
    expect(first).toContain(`"count":${prompts + 1 - 1_000}`);
    expect(text.split('\n\n').filter((block) => block !== '')).toHaveLength(1_001);
  });
});

describe('the stream of everything', () => {
  it('begins with a snapshot and goes on with what changes', async () => {
    const stream = await watch('/v1/events');
    const first = await stream.next();
    expect(first).toMatchObject({
      event: 'snapshot',
      data: { terminals: [{ name: 'front' }, { name: 'back' }], commands: [] },
    });
    await sell('S-1');
    await bridge.until(till, 'kassa-1.S-1');
    const states: string[] = [];
    while (states.at(-1) !== 'done') {
      const message = await stream.next();
      if (message?.event === 'command') states.push(String(message.data['state']));
    }
    expect(states).toEqual(['running', 'done']);
    await stream.cancel();
    expect(bridge.service.openStreams.count).toBe(0);
  });

  it('goes on after Last-Event-ID, and after one of another run begins anew', async () => {
    const stream = await watch('/v1/events');
    const snapshot = await stream.next();
    await stream.cancel();
    await sell('S-1');
    await bridge.until(till, 'kassa-1.S-1');
    const resumed = await watch('/v1/events', till, { 'Last-Event-ID': snapshot?.id ?? '' });
    expect((await resumed.next())?.event).toBe('command');
    const other = await watch('/v1/events', till, { 'Last-Event-ID': 'KKKKKKK9-3' });
    expect(await other.next()).toMatchObject({
      event: 'snapshot',
      data: { commands: [{ id: 'kassa-1.S-1', state: 'done' }] },
    });
  });

  it('tells a client of its own commands, and of others only that the terminal is busy', async () => {
    const other = bridge.client('kassa-2', 'query');
    const stream = await watch('/v1/events', other);
    await stream.next();
    await sell('S-1');
    await bridge.until(till, 'kassa-1.S-1');
    const seen: unknown[] = [];
    for (let n = 0; n < 5; n++) seen.push(await stream.next());
    expect(seen).toContainEqual(expect.objectContaining({ event: 'terminal' }));
    expect(JSON.stringify(seen)).not.toContain('S-1');
    expect(JSON.stringify(seen)).toContain('"running":{"kind":"sale"}');
  });

  it('tells that an older command is no longer in doubt', async () => {
    await sell('S-1');
    await bridge.until(till, 'kassa-1.S-1');
    bridge.front.fault('no-answer-once@void');
    await bridge.ask('POST', '/v1/terminals/front/voids', {
      token: till,
      key: 'V-1',
      body: { amount: 1500, operator: 'ana', reason: 'returned' },
    });
    await bridge.until(till, 'kassa-1.V-1');
    const stream = await watch('/v1/events');
    expect(await stream.next()).toMatchObject({
      data: { terminals: [{ inDoubt: ['kassa-1.V-1'] }, {}] },
    });
    const { id } = await json<{ id: string }>(
      bridge.ask('POST', '/v1/terminals/front/recoveries', { token: till }),
    );
    await bridge.until(till, id);
    for (let n = 0; n < 30; n++) {
      const message = await stream.next();
      if (message?.event !== 'command' || message.data['id'] !== 'kassa-1.V-1') continue;
      expect(message.data).toMatchObject({ state: 'done', result: { outcome: 'voided' } });
      return;
    }
    throw new Error('The void was not told.');
  });

  it('gives a watcher that fell behind a new snapshot instead of what was dropped', async () => {
    const stream = await watch('/v1/events');
    await stream.next();
    const { status } = bridge.service.terminals.get('front') ?? {};
    if (status === undefined) throw new Error('There is no terminal.');
    for (let n = 0; n < 1_500; n++) bridge.service.feed.tell({ type: 'terminal', status });
    expect((await stream.next())?.event).toBe('snapshot');
  });
});

describe('a stream', () => {
  const quiet = (over = false): Source => ({
    take: () => (over ? undefined : ''),
    watch: () => () => {},
  });

  it('has a comment every fifteen seconds when there is nothing to say', async () => {
    const clock = createFakeClock();
    const ending = new AbortController();
    const reader = eventStream(quiet(), { clock, ending: ending.signal }).getReader();
    await reader.read();
    const next = reader.read();
    await clock.advance(14_999);
    await clock.advance(1);
    const { value } = await next;
    expect(new TextDecoder().decode(value)).toBe(': still here\n\n');
    await reader.cancel();
    expect(clock.pending).toBe(0);
  });

  it('that nobody reads makes nothing and leaves nothing behind', async () => {
    const clock = createFakeClock();
    let asked = 0;
    let closed = 0;
    const source: Source = {
      take: () => {
        asked += 1;
        return 'data: 1\n\n';
      },
      watch: () => () => {},
    };
    const stream = eventStream(source, {
      clock,
      ending: new AbortController().signal,
      closed: () => {
        closed += 1;
      },
    });
    await settle();
    expect(asked).toBe(0);
    await stream.cancel();
    expect([closed, clock.pending]).toEqual([1, 0]);
  });

  it('ends when the service does', async () => {
    const clock = createFakeClock();
    const ending = new AbortController();
    const reader = eventStream(quiet(), { clock, ending: ending.signal }).getReader();
    await reader.read();
    const next = reader.read();
    ending.abort();
    expect((await next).done).toBe(true);
    expect(clock.pending).toBe(0);
  });
});
