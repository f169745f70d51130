import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createMockTerminal } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { keepOpen } from '../../src/bridge/keep-open.ts';
import { chooseLanguage } from '../../src/bridge/language.ts';
import { createLog, loggable, silentLog } from '../../src/bridge/log.ts';
import { Metrics } from '../../src/bridge/metrics.ts';
import { openTerminals } from '../../src/bridge/open-terminals.ts';
import { parseConfig } from '../../src/config/config.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { createTill } from '../support/till.ts';
import { openTestBridge } from './test-bridge.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('the configuration of the service', () => {
  const problems = (bridge: unknown): string => {
    try {
      parseConfig(JSON.stringify({ bridge }), 'c.json');
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };

  it('may be left out, and takes what it says', () => {
    expect(problems(undefined)).toBe('');
    expect(
      problems({
        listen: '[::1]:7465',
        tls: { cert: '/c.pem', key: '/k.pem' },
        hosts: ['till.local:7465'],
        origins: ['https://pos.example', 'http://localhost:3000'],
        state: '/var/lib/tillwire',
        limits: { bodyBytes: 16_384, requestsPerSecond: 20, burst: 60, streams: 16 },
      }),
    ).toBe('');
  });

  it.each([
    [{ listen: '7465' }, 'bridge.listen'],
    [{ listen: '127.0.0.1:70000' }, 'bridge.listen'],
    [{ listen: 'http://127.0.0.1:7465' }, 'bridge.listen'],
    [{ origins: ['*'] }, 'bridge.origins.0'],
    [{ origins: ['null'] }, 'bridge.origins.0'],
    [{ origins: ['https://pos.example', 'https://pos.example/till'] }, 'bridge.origins.1'],
    [{ hosts: ['http://till.local'] }, 'bridge.hosts.0'],
    [{ hosts: ['*'] }, 'bridge.hosts.0'],
    [{ tls: { cert: '/c.pem' } }, 'bridge.tls.key'],
    [{ limits: { streams: 0 } }, 'bridge.limits.streams'],
    [{ limits: { bodyBytes: '16k' } }, 'bridge.limits.bodyBytes'],
    [{ password: 'x' }, 'bridge'],
  ])('%j is refused by its path', (bridge, path) => {
    expect(problems(bridge)).toContain(`${path}: `);
  });

  it('names all that is wrong at once', () => {
    const message = problems({ listen: 'x', origins: ['*'], limits: { burst: -1 } });
    for (const path of ['bridge.listen', 'bridge.origins.0', 'bridge.limits.burst'])
      expect(message).toContain(path);
  });
});

describe('the terminals of the configuration', () => {
  const shared = {
    journal: memoryJournal(),
    lock: memoryLock(),
    program: 'test',
    warn: () => {},
  };
  const open = (terminals: Record<string, string>, options = () => ({})) =>
    openTerminals(
      Object.entries(terminals).map(([name, address]) => ({ name, address, options })),
      shared,
    );

  it('are all looked at before anything is told, each by its path', async () => {
    const wrong = open({
      good: 'transbank+tcp:127.0.0.1:9',
      front: 'transbonk+serial:/dev/ttyACM0',
      back: 'zvt+tcp:127.0.0.1:20007?colour=red',
      third: 'ecr17+carrier-pigeon:x',
    });
    await expect(wrong).rejects.toMatchObject({ code: 'bad-settings' });
    const message = await wrong.catch((error: Error) => error.message);
    expect(message).toContain('terminals.front.address: ');
    expect(message).toContain('terminals.back.address: ');
    expect(message).toContain('terminals.third.address: ');
    expect(message).not.toContain('terminals.good');
  });

  it('are one under one address', async () => {
    const twins = open({ a: 'zvt+tcp:127.0.0.1', b: 'zvt+tcp://127.0.0.1:20007?register=no' });
    await expect(twins).rejects.toThrow('terminals.b.address: it is the terminal of terminals.a');
  });

  it('whose options cannot be read are named', async () => {
    const unset = open({ a: 'zvt+tcp:127.0.0.1' }, () => {
      throw new Error('The environment variable PIN, for password, is not set.');
    });
    await expect(unset).rejects.toThrow('terminals.a: The environment variable PIN');
  });
});

describe('a device that is kept open', () => {
  const parts = (clock: Parameters<typeof keepOpen>[2]['clock']) => ({
    clock,
    random: () => 0.5,
    log: silentLog(),
  });

  it('is open before the first command, and not one byte has left', async () => {
    const { clock, mock, terminal } = await createTill();
    const leave = keepOpen('front', terminal, parts(clock));
    const states: string[] = [];
    terminal.state$.subscribe(({ type }) => states.push(type));
    await clock.advance(10);
    expect(states.at(-1)).toBe('idle');
    expect(mock.transcript).toEqual([]);
    leave();
    await terminal.close();
  });

  it('comes back by itself: after a second, then after twice as long each time, up to a minute', async () => {
    const { clock, mock, terminal } = await createTill();
    const leave = keepOpen('front', terminal, parts(clock));
    await clock.advance(10);
    const tries: number[] = [];
    let lostAt = 0;
    terminal.state$.subscribe(({ type }) => {
      if (type === 'connecting') tries.push(clock.now() - lostAt);
    });
    lostAt = clock.now();
    mock.unplug();
    await clock.advance(250_000);
    expect(tries.map((ms) => Math.round(ms / 1_000))).toEqual([1, 3, 7, 15, 31, 63, 123, 183, 243]);
    mock.replug();
    await clock.advance(60_000);
    expect(await resultOf(terminal.connect())).toMatchObject({ outcome: 'connected' });
    expect(mock.transcript).toEqual([]);
    leave();
    await terminal.close();
    expect(clock.pending).toBe(0);
  });

  it('is left alone where a terminal wants to be greeted', async () => {
    const { clock } = await createTill();
    const mock = createMockTerminal({ protocol: 'zvt', clock });
    const terminal = await openTerminal('zvt', {
      transport: mockTransport(mock),
      world: { clock, random: (length) => 'K'.repeat(length) },
    });
    keepOpen('back', terminal, parts(clock));
    await clock.advance(120_000);
    expect(mock.transcript).toEqual([]);
    expect(clock.pending).toBe(0);
    expect(await resultOf(terminal.connect())).toMatchObject({
      outcome: 'refused',
      reason: 'not-supported',
    });
    await terminal.close();
  });
});

describe('the metrics', () => {
  it('are written as Prometheus reads them', () => {
    const metrics = new Metrics();
    metrics.count('tillwire_commands_total', { kind: 'sale', outcome: 'a"b\\c\nd' });
    metrics.observe('tillwire_journal_write_seconds', { sync: 'yes' }, 0.003);
    metrics.set('tillwire_queue_depth', { terminal: 'front' }, 2);
    const text = metrics.text();
    expect(text).toContain('# TYPE tillwire_commands_total counter\n');
    expect(text).toContain('tillwire_commands_total{kind="sale",outcome="a\\"b\\\\c\\nd"} 1\n');
    expect(text).toContain('tillwire_queue_depth{terminal="front"} 2\n');
    expect(text).toContain('tillwire_journal_write_seconds_bucket{sync="yes",le="0.0025"} 0\n');
    expect(text).toContain('tillwire_journal_write_seconds_bucket{sync="yes",le="0.005"} 1\n');
    expect(text).toContain('tillwire_journal_write_seconds_bucket{sync="yes",le="+Inf"} 1\n');
    expect(text).toContain('tillwire_journal_write_seconds_count{sync="yes"} 1\n');
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [\d.e+-]+)$/);
  });

  it('count what happens on the line and in the commands', async () => {
    const bridge = await openTestBridge();
    const token = bridge.client('till');
    bridge.front.fault('bad-lrc-once@purchase');
    await bridge.ask('POST', '/v1/terminals/front/sales', {
      token,
      key: 'S-1',
      body: { amount: 1500 },
    });
    await bridge.until(token, 'till.S-1');
    const text = await (await bridge.ask('GET', '/metrics', { token })).text();
    expect(text).toContain('tillwire_commands_total{kind="sale",outcome="approved"} 1\n');
    expect(text).toContain('tillwire_connections_total{terminal="front"} 1\n');
    expect(text).toMatch(/tillwire_noise_bytes_total\{terminal="front"\} [1-9]/);
    expect(text).toMatch(/tillwire_naks_total\{terminal="front",from="till"\} 1/);
    expect(text).toContain('tillwire_in_doubt{terminal="front"} 0\n');
    expect(text).toContain('tillwire_terminal_connected{terminal="front"} 1\n');
    await bridge.stop();
    bridge.remove();
  });
});

describe('the log', () => {
  const written = (write: (log: ReturnType<typeof createLog>) => void): string => {
    let text = '';
    write(
      createLog({
        write: (line: string) => {
          text += line;
        },
      }),
    );
    return text;
  };

  it('has no token, no password and of a card number the last four digits', () => {
    const text = written((log) => {
      log.info({ token: 'SECRET-1', headers: { authorization: 'Bearer SECRET-2' } }, 'x');
      log.warn({ deep: [{ password: 'SECRET-3', note: 'card 4111111111111111' }] }, 'y');
      log.error({ error: new Error('Bearer SECRET-4 for 4111 1111 1111 1111') }, 'z');
      log.info('paid with 4111111111111111 and Bearer SECRET-5');
    });
    expect(text).not.toMatch(/SECRET|411111/);
    expect(text.match(/1111/g)?.length).toBeGreaterThan(1);
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).level),
    ).toEqual(['info', 'warn', 'error', 'info']);
  });

  it('ends in what is deeper than anything of ours', () => {
    const deep: Record<string, unknown> = {};
    deep['self'] = deep;
    expect(JSON.stringify(loggable(deep))).toContain('[deep]');
  });
});

describe('the language of a request', () => {
  it.each([
    [undefined, 'es-CL,es;q=0.9,en;q=0.8', 'es'],
    [undefined, 'zh-Hans-CN', 'zh-CN'],
    [undefined, 'fr, en;q=0.1', 'en'],
    [undefined, 'en;q=0, es;q=0.2', 'es'],
    [undefined, 'fr', 'es'],
    [undefined, undefined, 'es'],
    ['en', 'zh', 'en'],
    ['tlh', 'zh', 'zh-CN'],
    [undefined, ';;;,,q=1', 'es'],
  ])('asked %s, accepted %s, is %s', (lang, accept, language) => {
    expect(chooseLanguage(lang, accept, 'es')).toBe(language);
  });
});

describe('the origin in the journal', () => {
  it('names the client before the program', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tillwire-origin-'));
    folders.push(folder);
    const { clock, journal, terminal } = await createTill();
    const sale = terminal.purchase(
      { amount: { amount: 1500, currency: 'CLP' } },
      { key: 'K', origin: 'client kassa-1 from 127.0.0.1' },
    );
    const result = resultOf(sale);
    for (let n = 0; n < 20; n++) await clock.advance(1_000);
    await result;
    const known = await journal.begin({
      key: 'K',
      kind: 'purchase',
      terminal: 'transbank',
      amount: { amount: 1500, currency: 'CLP' },
      asked: {},
    });
    expect(known).toMatchObject({
      intent: { origin: expect.stringMatching(/^client kassa-1 from 127\.0\.0\.1, by tillwire, /) },
    });
    await terminal.close();
  });
});

it('tells beforehand that a void needs a second person, and refuses one without', async () => {
  const bridge = await openTestBridge({ sales: [{ amount: 1_500 }], policy: { supervisor: true } });
  const token = bridge.client('kassa-1');
  const front = await bridge.ask('GET', '/v1/terminals/front', { token });
  expect(await front.json()).toMatchObject({ policy: { supervisor: true } });
  const body = { amount: 1_500, currency: 'CLP', operator: 'ana', reason: 'wrong item' };
  await bridge.ask('POST', '/v1/terminals/front/voids', { token, key: 'V-1', body });
  expect(await bridge.until(token, 'kassa-1.V-1')).toMatchObject({
    result: { outcome: 'refused', reason: 'supervisor-needed' },
  });
  await bridge.stop();
  bridge.remove();
});
