import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { type Audit, openAudit } from '../../src/bridge/audit.ts';
import { type Clients, openClients, type Role } from '../../src/bridge/clients.ts';
import { type BridgeEnv, guard, type Limits, requireRole } from '../../src/bridge/guard.ts';
import { type Listening, type ListenOptions, listen } from '../../src/bridge/listen.ts';
import { openPairing } from '../../src/bridge/pairing.ts';
import { HttpProblem, problem } from '../../src/bridge/problem.ts';
import { securityHeaders } from '../../src/bridge/security-headers.ts';
import { type StateFiles, stateFiles } from '../../src/bridge/state-files.ts';
import { systemClock } from '../../src/model/clock.ts';

export const posOrigin = 'https://pos.example';

export const testLimits: Limits = {
  bodyBytes: 16_384,
  requestsPerSecond: 1_000,
  burst: 2_000,
  streams: 3,
  connections: 64,
  headersMs: 10_000,
  requestMs: 15_000,
};

export interface GuardedApp {
  readonly files: StateFiles;
  readonly clients: Clients;
  readonly audit: Audit;
  readonly listening: Listening;
  /** A request that comes from no socket. */
  request(path: string): Response | Promise<Response>;
  /** A request to `/slow` that has arrived, and is answered when it is told to go on. */
  readonly slow: { readonly arrived: Promise<void>; goOn(): void };
  /** What the audit file holds, oldest first. */
  audited(): readonly Record<string, unknown>[];
  /** Why things were refused, oldest first. */
  denials(): readonly unknown[];
  tokenFor(name: string, ...roles: Role[]): string;
  close(): Promise<void>;
}

export interface GuardedOptions {
  readonly limits?: Partial<Limits>;
  readonly listen?: Partial<ListenOptions>;
  readonly origins?: readonly string[];
  /** Time as the guard knows it. */
  now?(): number;
}

export const auditLines = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));

function withResolvers() {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** The guard on a real port, before an app that has one route of each kind and no terminal. */
export async function openGuardedApp(options: GuardedOptions = {}): Promise<GuardedApp> {
  const files = stateFiles(mkdtempSync(join(tmpdir(), 'tillwire-guard-')));
  const limits = { ...testLimits, ...options.limits };
  const now = options.now ?? systemClock.now;
  const clients = openClients(files.clients, systemClock);
  const audit = openAudit({ file: files.audit, clock: systemClock });
  const pairing = openPairing({ file: files.pairing, clients, audit, now });
  let listening: Listening | undefined;
  const arrived = withResolvers();
  const gate = withResolvers();
  const app = new Hono<BridgeEnv>();
  app.use('*', securityHeaders());
  app.use(
    '*',
    guard({
      clients,
      pairing,
      audit,
      limits,
      hosts: () => [...(listening?.hosts ?? []), 'till.local:7465'],
      origins: () => [...(listening?.origins ?? []), posOrigin, ...(options.origins ?? [])],
      now,
    }),
  );
  app.get('/', (c) => c.html('<!doctype html><title>till</title>'));
  app.get('/v1', (c) => c.json({ name: 'tillwire' }));
  app.get('/v1/me', requireRole('query', 'sell', 'void', 'admin'), (c) =>
    c.json({ client: c.get('client')?.name }),
  );
  app.post('/v1/terminals/front/sales', requireRole('sell'), async (c) =>
    c.json(await c.req.json()),
  );
  app.get('/v1/events', requireRole('query'), (c) =>
    streamSSE(c, async (stream) => {
      await stream.writeSSE({ event: 'snapshot', data: '{}' });
      await new Promise<void>((resolve) => stream.onAbort(resolve));
    }),
  );
  app.get('/slow', async (c) => {
    arrived.resolve();
    await gate.promise;
    return c.text('done');
  });
  app.post('/v1/pairing', async (c) => {
    const { code, name }: { code: string; name: string } = await c.req.json();
    const origin = c.req.header('Origin');
    const from = { ...(origin !== undefined && { origin }), address: c.get('address') };
    const { client, token } = pairing.pair({ code, name, ...from });
    return c.json({ client: client.name, roles: [...client.roles], token }, 201);
  });
  app.onError((error, c) =>
    error instanceof HttpProblem
      ? problem(c, error.status, error.code, error.detail, error.extra)
      : problem(c, 500, 'internal', 'The service has an error.'),
  );
  const opened = await listen((request, env) => app.fetch(request, env), {
    host: '127.0.0.1',
    port: 0,
    clients: () => clients.list().length,
    audit,
    limits,
    ...options.listen,
  }).catch((error: unknown) => {
    rmSync(files.folder, { recursive: true, force: true });
    throw error;
  });
  listening = opened;
  const audited = () => auditLines(files.audit);
  return {
    files,
    clients,
    audit,
    listening: opened,
    request: (path) => app.request(opened.url + path),
    slow: { arrived: arrived.promise, goOn: gate.resolve },
    audited,
    denials: () =>
      audited()
        .filter(({ what }) => what === 'denied')
        .map(({ why }) => why),
    tokenFor: (name, ...may) => clients.add(name, new Set(may)),
    async close() {
      await opened.close();
      audit.close();
      rmSync(files.folder, { recursive: true, force: true });
    },
  };
}
