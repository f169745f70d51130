import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { createMockTerminal, openTcp } from '../../../mocks/index.ts';
import { openClients } from '../../../src/bridge/clients.ts';
import type { CommandView } from '../../../src/bridge/schemas.ts';
import { readJournal } from '../../../src/journal/sqlite.ts';
import { systemClock } from '../../../src/model/clock.ts';
import { drawFrom } from '../../kill/random.ts';
import { type Served, serve } from './served.ts';
import { type Asked, type Told, wrongAbout } from './truth.ts';

export interface KillOptions {
  /** The built command line. */
  readonly bin: string;
  readonly kills: number;
  readonly seed: number;
  progress?(kills: number): void;
}

export interface KillReport {
  readonly kills: number;
  readonly commands: number;
  /** How the commands stood right after the service had come back: how many of each state. */
  readonly states: Readonly<Record<string, number>>;
  /** How many were found out by the service itself, and by a person who looked. */
  readonly recovered: number;
  readonly decided: number;
  /** Everything that was told and was not so. */
  readonly wrong: readonly string[];
}

const client = 'kassa-1';

/** A sale has eight events and its void as many: the moment may lie before, in, between and behind them. */
const mostEvents = 20;
/** And anywhere between two of them. */
const longestMs = 15;
/** A recovery waits for a silence first. */
const longestRecoveryMs = 400;

/**
 * A shop whose service is killed again and again while a till sells and voids over HTTP. Each time it has
 * come back, every command that it was asked for is compared with the terminal's own ledger.
 */
export async function killBridge(options: KillOptions): Promise<KillReport> {
  const { bin, kills, seed } = options;
  const draw = drawFrom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bridge-kill-'));
  // One that waits ten seconds for an ACK that never comes would book after the till has given up.
  const mock = createMockTerminal({
    protocol: 'transbank',
    thinkMs: 4,
    faults: ['new-request-wins'],
  });
  const line = await openTcp(mock);
  const place = { path: join(folder, 'a', 'journal.db'), key: join(folder, 'b', 'journal.key') };
  const state = join(folder, 'c');
  mkdirSync(state, { mode: 0o700 });
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({
      journal: place,
      terminals: {
        front: {
          address: `transbank+tcp:${line.where}`,
          timing: { answerMs: 1_500, acknowledgementMs: 300, quietMs: 60, recoveryMs: 8_000 },
        },
      },
      bridge: {
        listen: '127.0.0.1:0',
        state,
        limits: { requestsPerSecond: 10_000, burst: 10_000 },
      },
    }),
  );
  const token = openClients(join(state, 'clients.json'), systemClock).add(
    client,
    new Set(['query', 'sell', 'void', 'admin'] as const),
  );
  const env = {
    ...process.env,
    XDG_STATE_HOME: join(folder, 'd'),
    XDG_CONFIG_HOME: join(folder, 'e'),
  };

  const all = new Map<string, Asked>();
  const states: Record<string, number> = {};
  const wrong: string[] = [];
  let recovered = 0;
  let decided = 0;
  let keys = 0;

  const call = async (
    { url }: Served,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    key?: string,
  ): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(method === 'POST' && { 'X-Tillwire': '1', 'Content-Type': 'application/json' }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
      },
      ...(method === 'POST' && { body: JSON.stringify(body ?? {}) }),
    });
    return { status: response.status, body: await response.json() };
  };

  const see = async (served: Served, id: string): Promise<Told> => {
    const { status, body } = await call(served, 'GET', `/v1/commands/${id}`);
    if (status === 404) return { state: 'unknown' };
    if (status !== 200) throw new Error(`${id}: ${status} ${JSON.stringify(body)}`);
    const view = body as CommandView;
    const outcome = view.result?.decision ?? view.result?.outcome;
    const { state, events } = view;
    return { state, events, ...(outcome !== undefined && { outcome }) };
  };

  const ended = async (
    served: Served,
    id: string,
    seen: (events: number) => void = () => {},
  ): Promise<Told> => {
    for (;;) {
      const told = await see(served, id);
      seen(told.events ?? 0);
      if (told.state !== 'queued' && told.state !== 'running') return told;
      await after(2);
    }
  };

  /** Asks for something under a new key and waits for its end, as long as the service is there. */
  const ask = async (
    served: Served,
    kind: Asked['kind'],
    ticket: string,
    seen: (events: number) => void,
  ): Promise<Told> => {
    const key = `K${++keys}`;
    const asked: Asked = { kind, ticket };
    all.set(`${client}.${key}`, asked);
    const body =
      kind === 'sale'
        ? { amount: 1_500, ticket }
        : { amount: 1_500, ticket, operator: 'ana', reason: 'returned' };
    await call(served, 'POST', `/v1/terminals/front/${kind}s`, body, key);
    const told = await ended(served, `${client}.${key}`, seen);
    asked.seen = told;
    return told;
  };

  /** Sells and voids until the service is gone, and tells how many events there have been. */
  const trade = async (served: Served, seen: (events: number) => void): Promise<void> => {
    for (let before = 0; ; ) {
      const ticket = `T${keys + 1}`;
      let last = 0;
      const more = (events: number) => {
        last = events;
        seen(before + events);
      };
      const sold = await ask(served, 'sale', ticket, more);
      before += last;
      if (sold.outcome === 'approved') await ask(served, 'void', ticket, more);
      before += last;
    }
  };

  /** Compares all that was ever asked for; of what is in doubt only that it was not done twice. */
  const check = async (served: Served, when: string, ids = [...all.keys()]): Promise<string[]> => {
    const doubts: string[] = [];
    for (const id of ids) {
      const asked = all.get(id);
      if (asked === undefined) continue;
      const told = await see(served, id);
      if (told.state === 'in-doubt') doubts.push(id);
      const why = wrongAbout(asked, told, mock.terminal.ledger);
      if (why !== undefined) wrong.push(`${when}: ${id} ${why}`);
      if (when === 'after') states[told.state] = (states[told.state] ?? 0) + 1;
    }
    return doubts;
  };

  /** What the terminal cannot tell is told by a person who looks at it. */
  const settleDoubts = async (served: Served, doubts: readonly string[]): Promise<void> => {
    if (doubts.length === 0) return;
    const recovery = await call(served, 'POST', '/v1/terminals/front/recoveries');
    await ended(served, encodeURIComponent((recovery.body as CommandView).id));
    for (const id of doubts) {
      const asked = all.get(id);
      if (asked === undefined) continue;
      if ((await see(served, id)).state !== 'in-doubt') {
        recovered += 1;
        continue;
      }
      const done = mock.terminal.ledger.some(
        ({ kind, ...entry }) =>
          kind === asked.kind && 'sale' in entry && entry.sale.ticket.endsWith(asked.ticket),
      );
      const word = asked.kind === 'sale' ? 'approved' : 'voided';
      const decision = done ? word : `not-${word}`;
      const body = { command: id, decision, operator: 'eva', reason: 'saw the ledger' };
      const answer = await call(served, 'POST', '/v1/terminals/front/decisions', body);
      await ended(served, encodeURIComponent((answer.body as CommandView).id));
      decided += 1;
    }
  };

  try {
    let fresh: string[] = [];
    for (let kill = 0; ; kill++) {
      const served = await serve(bin, config, env);
      const doubts = await check(served, 'after', fresh);
      // Now and then the service is killed while it finds out.
      if (kill < kills && doubts.length > 0 && draw.chance(0.25)) {
        const finding = settleDoubts(served, doubts).catch(() => {});
        await after(draw.int(0, longestRecoveryMs));
        await served.kill();
        await finding;
        options.progress?.(kill + 1);
        continue;
      }
      await settleDoubts(served, doubts);
      const left = await check(served, 'settled', fresh);
      for (const id of left) wrong.push(`settled: ${id} is still in doubt`);
      if (kill >= kills) {
        await check(served, 'at the end');
        const status = await served.stop();
        if (status !== 0) wrong.push(`it ended with ${status} when it was told to stop`);
        break;
      }
      const before = new Set(all.keys());
      const due = draw.int(0, mostEvents);
      let reached = () => {};
      const come = new Promise<void>((resolve) => {
        reached = resolve;
      });
      const trading = trade(served, (events) => {
        if (events >= due) reached();
      }).catch(reached);
      await come;
      await after(draw.int(0, longestMs));
      await served.kill();
      await trading;
      fresh = [...all.keys()].filter((id) => !before.has(id));
      options.progress?.(kill + 1);
    }
    const journal = await readJournal(place);
    const verification = journal.verify();
    journal.close();
    if (!verification.ok) wrong.push(`the journal: ${verification.message}`);
    return { kills, commands: all.size, states, recovered, decided, wrong };
  } finally {
    await line.close();
    mock.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
