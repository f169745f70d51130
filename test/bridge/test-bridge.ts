import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockTerminal, type MockTerminal } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { createApp } from '../../src/bridge/app.ts';
import { openAudit } from '../../src/bridge/audit.ts';
import { openClients, type Role } from '../../src/bridge/clients.ts';
import { silentLog } from '../../src/bridge/log.ts';
import { Metrics } from '../../src/bridge/metrics.ts';
import { openPairing } from '../../src/bridge/pairing.ts';
import type { CommandView, Problem } from '../../src/bridge/schemas.ts';
import { createService } from '../../src/bridge/service.ts';
import { stateFiles } from '../../src/bridge/state-files.ts';
import { timedJournal } from '../../src/bridge/timed-journal.ts';
import type { VoidPolicy } from '../../src/driver/policy.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import type { Language } from '../../src/messages/messages.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { createFakeClock, type FakeClock, settle } from '../support/fake-clock.ts';
import { testLimits } from './guarded-app.ts';

export interface TestBridgeOptions {
  /** Faults of the Transbank terminal `front`. */
  readonly faults?: readonly string[];
  readonly sales?: readonly { readonly amount: number }[];
  /** An earlier one: its journal, clients, terminals and time go on. */
  readonly after?: Earlier;
  readonly language?: Language;
  readonly streams?: number;
  readonly policy?: VoidPolicy;
}

export type TestBridge = Awaited<ReturnType<typeof openTestBridge>>;

/** What goes on behind a service that has ended: its files, its terminals, its time. */
export interface Earlier {
  readonly folder: string;
  readonly clock: FakeClock;
  readonly front: MockTerminal;
  readonly back: MockTerminal;
}

export interface Asked {
  readonly token?: string;
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const everyRole = ['query', 'sell', 'void', 'admin'] as const;

/** The service without a port, before a Transbank terminal `front` and a ZVT terminal `back`, on one fake clock. */
export async function openTestBridge(options: TestBridgeOptions = {}) {
  const { after } = options;
  const folder = after?.folder ?? mkdtempSync(join(tmpdir(), 'tillwire-bridge-'));
  const clock = after?.clock ?? createFakeClock();
  const front =
    after?.front ??
    createMockTerminal({
      protocol: 'transbank',
      clock,
      faults: options.faults ?? [],
      sales: options.sales ?? [],
    });
  const back = after?.back ?? createMockTerminal({ protocol: 'zvt', clock });
  const journal = await openJournal({
    path: join(folder, 'journal', 'journal.db'),
    key: join(folder, 'key', 'journal.key'),
    clock,
  });
  const metrics = new Metrics();
  const lock = memoryLock();
  let drawn = after === undefined ? 0 : 1_000;
  const random = (length: number) =>
    (++drawn).toString(36).toUpperCase().padStart(length, 'K').slice(-length);
  const open = async (name: string, mock: MockTerminal) => ({
    name,
    transport: 'mock',
    terminal: await openTerminal(mock.protocol, {
      transport: mockTransport(mock),
      journal: timedJournal(journal, metrics, clock.now),
      lock,
      world: { clock, random },
      program: 'test',
      ...(options.policy && { policy: options.policy }),
      ...(mock.protocol === 'zvt' && { secrets: { password: '000000' } }),
    }),
  });
  const terminals = [await open('front', front), await open('back', back)];
  const log = silentLog();
  const service = await createService({ terminals, journal, metrics, log, clock, random });
  const files = stateFiles(join(folder, 'state'));
  const audit = openAudit({ file: files.audit, clock });
  const clients = openClients(files.clients, clock);
  const app = createApp({
    ...service,
    ...{ journal, metrics, log, clock },
    version: '9.9.9',
    language: options.language ?? 'en',
    page: new Map([['/', { type: 'text/html; charset=utf-8', content: '<!doctype html>' }]]),
    guard: {
      clients,
      audit,
      pairing: openPairing({ file: files.pairing, clients, audit, now: clock.now }),
      limits: { ...testLimits, requestsPerSecond: 10_000, burst: 10_000 },
      hosts: () => ['localhost'],
      origins: () => ['http://localhost'],
      now: clock.now,
    },
  });

  const ask = (method: string, path: string, { token, body, key, headers }: Asked = {}) =>
    app.request(path, {
      method,
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(method !== 'GET' && { 'X-Tillwire': '1', 'Content-Type': 'application/json' }),
        ...(key !== undefined && { 'Idempotency-Key': key }),
        ...headers,
      },
      ...(method !== 'GET' && {
        body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
      }),
    });

  /** Lets time pass until `is` holds of the command, and gives it. */
  const until = async (
    token: string,
    id: string,
    is: (view: CommandView) => boolean = ({ state }) => !['queued', 'running'].includes(state),
    stepMs = 1_000,
  ): Promise<CommandView> => {
    for (let second = 0; second < 600; second++) {
      const view = await json<CommandView>(ask('GET', `/v1/commands/${id}`, { token }));
      if (is(view)) return view;
      await clock.advance(stepMs);
    }
    throw new Error(`${id} has not come to it within ten minutes.`);
  };

  return {
    ...{ app, folder, clock, front, back, journal, metrics, service, clients, files, ask, until },
    /** A client with these roles, by the token that was made for it. */
    client: (name: string, ...roles: Role[]) =>
      clients.add(name, new Set(roles.length === 0 ? everyRole : roles)),
    /** Ends it as a process ends that is told to: with everything written. */
    stop: async () => {
      const stopping = service.stop();
      for (let second = 0; second < 60; second++) await clock.advance(1_000);
      await stopping;
      audit.close();
      journal.close();
    },
    /** Ends it as a process ends that is killed: nothing is waited for. */
    kill: () => {
      front.unplug();
      back.unplug();
      journal.close();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function json<T>(response: Response | Promise<Response>): Promise<T> {
  return JSON.parse(await (await response).text());
}

export const problemOf = (response: Response | Promise<Response>) => json<Problem>(response);

export interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** Reads server-sent events one by one. */
export function messagesOf(response: Response) {
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('There is no stream.');
  const decoder = new TextDecoder();
  let text = '';
  let over = false;

  const buffered = (): string | undefined => {
    const end = text.indexOf('\n\n');
    if (end < 0) return undefined;
    const block = text.slice(0, end);
    text = text.slice(end + 2);
    return block;
  };

  const parsed = (block: string): Message => {
    const field = (name: string) =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2) ?? '';
    const data: Record<string, unknown> = JSON.parse(field('data'));
    return { id: field('id'), event: field('event'), data };
  };

  return {
    /** The next message, comments skipped; undefined at the end. */
    async next(): Promise<Message | undefined> {
      for (;;) {
        const block = buffered();
        if (block?.includes('data: ')) return parsed(block);
        if (block !== undefined) continue;
        if (over) return undefined;
        const { value, done } = await reader.read();
        over = done;
        if (value !== undefined) text += decoder.decode(value, { stream: true });
      }
    },
    /** All that come until the end. */
    async rest(): Promise<Message[]> {
      const all: Message[] = [];
      for (let next = await this.next(); next !== undefined; next = await this.next())
        all.push(next);
      return all;
    },
    cancel: () => reader.cancel(),
  };
}

export { settle };
