import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTcp, type MockTerminal, openTcp } from '../../mocks/index.ts';
import { openClients } from '../../src/bridge/clients.ts';
import type { CommandView } from '../../src/bridge/schemas.ts';
import { readJournal } from '../../src/journal/sqlite.ts';
import { systemClock } from '../../src/model/clock.ts';
import { built, type Served, serve } from './kill/served.ts';
import { messagesOf, settle } from './test-bridge.ts';

let folder: string;
let mock: MockTerminal;
let line: MockTcp;
let served: Served | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-serve-'));
  mock = createMockTerminal({ protocol: 'transbank', thinkMs: 60 });
  line = await openTcp(mock);
  served = undefined;
});

afterEach(async () => {
  await served?.kill();
  await line.close();
  mock.close();
  rmSync(folder, { recursive: true, force: true });
});

const place = () => ({
  path: join(folder, 'a', 'journal.db'),
  key: join(folder, 'b', 'journal.key'),
});
const state = () => join(folder, 'c');

function configured(config: object): string {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(config));
  return path;
}

const env = () => ({ ...process.env, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: join(folder, 'e') });

async function start(): Promise<{ served: Served; token: string }> {
  const config = configured({
    journal: place(),
    terminals: { front: { address: `transbank+tcp:${line.where}` } },
    bridge: { listen: '127.0.0.1:0', state: state() },
  });
  const token = openClients(join(state(), 'clients.json'), systemClock).add(
    'kassa-1',
    new Set(['query', 'sell'] as const),
  );
  served = await serve(built, config, env());
  return { served, token };
}

const headers = (token: string) => ({
  Authorization: `Bearer ${token}`,
  'X-Tillwire': '1',
  'Content-Type': 'application/json',
});

const sell = (url: string, token: string, key: string) =>
  fetch(`${url}/v1/terminals/front/sales`, {
    method: 'POST',
    headers: { ...headers(token), 'Idempotency-Key': key },
    body: '{"amount":1500}',
  });

/** Waits for this event of the command, on its own stream. */
async function heard(url: string, token: string, id: string, event: string): Promise<void> {
  const { body, ...rest } = await fetch(`${url}/v1/commands/${id}/events`, {
    headers: headers(token),
  });
  const stream = messagesOf(new Response(body, rest));
  for (let next = await stream.next(); next !== undefined; next = await stream.next())
    if (next.event === event) {
      await stream.cancel();
      return;
    }
  throw new Error(`${id} has ended without ${event}.`);
}

async function failing(config: object): Promise<{ status: unknown; said: string }> {
  const child = spawn(process.execPath, [built, 'serve', '--config', configured(config)], {
    env: env(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [status]: unknown[] = await once(child, 'close');
  return { status, said };
}

describe('tillwire serve', () => {
  it('lets a sale end that runs when it is told to stop, and then ends with 0', async () => {
    const { served, token } = await start();
    expect((await sell(served.url, token, 'S-1')).status).toBe(202);
    await heard(served.url, token, 'kassa-1.S-1', 'acknowledged');
    expect(await served.stop()).toBe(0);
    const journal = await readJournal(place());
    expect(journal.show('kassa-1.S-1')).toMatchObject({ standing: 'ended' });
    expect(journal.verify()).toMatchObject({ ok: true });
    journal.close();
    expect(mock.terminal.ledger).toHaveLength(1);
  });

  it('leaves at once when it is told a second time, with the status of a command in doubt', async () => {
    const { served, token } = await start();
    mock.fault('no-answer@purchase');
    await sell(served.url, token, 'S-1');
    await heard(served.url, token, 'kassa-1.S-1', 'acknowledged');
    served.signal('SIGTERM');
    for (;;) {
      const health = await fetch(`${served.url}/healthz`).catch(() => undefined);
      if (health?.status === 503) break;
    }
    served.signal('SIGTERM');
    expect(await served.ended).toBe(3);
    const journal = await readJournal(place());
    expect(journal.show('kassa-1.S-1')).toMatchObject({ standing: 'open' });
    journal.close();
  });

  it('finds its commands again after it was killed', async () => {
    const { served: first, token } = await start();
    await sell(first.url, token, 'S-1');
    await heard(first.url, token, 'kassa-1.S-1', 'result');
    await first.kill();
    served = await serve(built, join(folder, 'config.json'), env());
    const again = await sell(served.url, token, 'S-1');
    expect(again.status).toBe(200);
    const view: CommandView = JSON.parse(await again.text());
    expect(view).toMatchObject({ state: 'done', result: { outcome: 'approved' } });
    expect(mock.terminal.ledger).toHaveLength(1);
  });

  it('holds nothing for watchers that are gone or that never read', async () => {
    const { served, token } = await start();
    const gone = new AbortController();
    const idle = connect({ host: '127.0.0.1', port: Number(new URL(served.url).port) });
    idle.write(
      `GET /v1/events HTTP/1.1\r\nHost: ${new URL(served.url).host}\r\nAuthorization: Bearer ${token}\r\n\r\n`,
    );
    idle.pause();
    for (let n = 0; n < 3; n++)
      await fetch(`${served.url}/v1/events`, { headers: headers(token), signal: gone.signal });
    const streams = async () => {
      const metrics = await fetch(`${served.url}/metrics`, { headers: headers(token) });
      return /^tillwire_event_streams (\d+)$/m.exec(await metrics.text())?.[1];
    };
    while ((await streams()) !== '4') await settle();
    await sell(served.url, token, 'S-1');
    await heard(served.url, token, 'kassa-1.S-1', 'result');
    gone.abort();
    idle.destroy();
    while ((await streams()) !== '0') await settle();
  });

  it('says all that is wrong with its configuration, by path, and does not listen', async () => {
    const { status, said } = await failing({
      journal: place(),
      terminals: { front: { address: 'transbonk+serial:/dev/x' }, back: { address: 'zvt' } },
      bridge: { listen: '127.0.0.1:0', state: state() },
    });
    expect(status).toBe(2);
    expect(said).toContain('terminals.front.address: ');
    expect(said).toContain('terminals.back.address: ');
    const other = await failing({ bridge: { origins: ['*'] } });
    expect(other.status).toBe(2);
    expect(other.said).toContain('bridge.origins.0: ');
  });
});
