import { Hono } from 'hono';
import { TerminalError } from '../model/error.ts';
import type { AppParts } from './app-parts.ts';
import { type BridgeEnv, guard, requireRole } from './guard.ts';
import { openApi } from './openapi.ts';
import { HttpProblem, type ProblemExtra, problem } from './problem.ts';
import { problemMessage } from './problem-texts.ts';
import { languageOf } from './request-language.ts';
import type { BridgeContext, Route } from './route.ts';
import { commandRoutes } from './routes-commands.ts';
import { adminRoutes } from './routes-journal.ts';
import { pageRoutes, serviceRoutes } from './routes-service.ts';
import { terminalRoutes } from './routes-terminals.ts';
import { securityHeaders } from './security-headers.ts';

export type { AppParts } from './app-parts.ts';

const documentRoute: Route = {
  method: 'get',
  path: '/openapi.json',
  summary: 'This document',
  who: 'nobody',
  answers: { 200: { contentType: 'application/json', description: 'OpenAPI 3.1' } },
  problems: [],
  handle: (c, { version }) => c.json(openApi(routes, version)),
};

/** Everything that the service answers to. */
export const routes: readonly Route[] = [
  ...serviceRoutes,
  documentRoute,
  ...terminalRoutes,
  ...commandRoutes,
  ...adminRoutes,
  ...pageRoutes,
];

const inHono = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

const patterns = routes.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
}));

const whoMay = (who: Route['who']) => {
  if (who === 'nobody') return [];
  return [requireRole(...(who === 'any' ? (['query', 'sell', 'void', 'admin'] as const) : who))];
};

/** The service as a function from a request to an answer, without a port. */
export function createApp(parts: AppParts): Hono<BridgeEnv> {
  const app = new Hono<BridgeEnv>();
  app.use('*', securityHeaders());
  app.use('*', async (c, next) => {
    await next();
    parts.metrics.count('tillwire_requests_total', { status: String(c.res.status) });
  });
  app.use('*', guard(parts.guard));
  for (const { method, path, who, handle } of routes)
    app.on(method.toUpperCase(), [inHono(path)], ...whoMay(who), (c) => handle(c, parts));
  app.notFound((c) => answerTo(nothingHere(c), c, parts));
  app.onError((error, c) => answerTo(error, c, parts));
  return app;
}

function nothingHere(c: BridgeContext): HttpProblem {
  const allowed = patterns
    .filter(({ pattern }) => pattern.test(c.req.path))
    .map(({ method }) => method.toUpperCase());
  if (allowed.length === 0) return new HttpProblem(404, 'not-found', 'There is nothing here.');
  const Allow = [...new Set(allowed)].join(', ');
  return new HttpProblem(405, 'method-not-allowed', `Here only ${Allow} is answered.`, {
    headers: { Allow },
  });
}

/** Routes that speak of one command: when the journal cannot tell, nobody knows what became of it. */
const ofOneCommand = /^\/v1\/(?:commands\/|terminals\/[^/]+\/(?:sales|refunds|voids)$)/;

/** What went wrong as it is told. Nothing from inside is said. */
function asProblem(error: unknown, c: BridgeContext, { log }: AppParts): HttpProblem {
  if (error instanceof HttpProblem) return error;
  log.error({ error, method: c.req.method, path: c.req.path }, 'request failed');
  if (error instanceof TerminalError && error.code === 'journal-failed') {
    const effect = ofOneCommand.test(c.req.path) ? 'unknown' : 'none';
    return new HttpProblem(503, 'journal-failed', 'The journal cannot be used; see the log.', {
      effect,
    });
  }
  const detail = 'Something went wrong in the service; see its log.';
  const effect = c.req.method === 'POST' ? 'unknown' : 'none';
  return new HttpProblem(500, 'internal', detail, { effect });
}

function answerTo(error: unknown, c: BridgeContext, parts: AppParts): Response {
  const { status, code, detail, extra } = asProblem(error, c, parts);
  const told: ProblemExtra = {
    ...extra,
    operatorMessage: problemMessage(code, extra.effect ?? 'none', languageOf(c, parts)),
  };
  return problem(c, status, code, detail, told);
}
