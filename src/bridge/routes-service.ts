import { languages } from '../messages/messages.ts';
import { HttpProblem } from './problem.ts';
import { bodyOf, clientOf, param, type Route } from './route.ts';
import { greetingView, healthView, meView, pairingBody, pairingView } from './schemas.ts';

/** Who the service is, who asks, and how it is. */
export const serviceRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1',
    summary: 'Name, version and languages of the service',
    who: 'nobody',
    answers: { 200: { schema: greetingView, description: 'The greeting' } },
    problems: [],
    handle: (c, { version, clock }) =>
      c.json({ name: 'tillwire', version, api: 1, languages, now: clock.now() }),
  },
  {
    method: 'get',
    path: '/v1/me',
    summary: 'Which client this token belongs to',
    who: 'any',
    answers: { 200: { schema: meView, description: 'The client' } },
    problems: [],
    handle: (c) => {
      const { name, roles } = clientOf(c);
      return c.json({ client: name, roles: [...roles] });
    },
  },
  {
    method: 'post',
    path: '/v1/pairing',
    summary: 'Trade the code that is shown on the host for a token',
    who: 'nobody',
    body: pairingBody,
    answers: { 201: { schema: pairingView, description: 'The token, shown once' } },
    problems: ['pairing-failed'],
    handle: async (c, { guard }) => {
      const { code, name } = await bodyOf(c, pairingBody);
      const origin = c.req.header('Origin');
      const { client, token } = guard.pairing.pair({
        code,
        name,
        address: c.var.address,
        ...(origin !== undefined && { origin }),
      });
      return c.json({ client: client.name, roles: [...client.roles], token }, 201);
    },
  },
  {
    method: 'get',
    path: '/healthz',
    summary: 'Whether the service can take commands',
    who: 'nobody',
    answers: {
      200: { schema: healthView, description: 'It can' },
      503: { schema: healthView, description: 'It is ending, or the journal cannot be used' },
    },
    problems: [],
    handle: (c, { commands, journal, log }) => {
      if (commands.stopping) return c.json({ status: 'stopping' }, 503);
      try {
        journal.head();
        return c.json({ status: 'ok' });
      } catch (error) {
        log.error({ error }, 'journal cannot be used');
        return c.json({ status: 'journal-failed' }, 503);
      }
    },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'What is measured, as Prometheus reads it',
    who: ['query'],
    answers: {
      200: { contentType: 'text/plain; version=0.0.4; charset=utf-8', description: 'Metrics' },
    },
    problems: [],
    handle: (c, { metrics, terminals, log, openStreams }) => {
      metrics.set('tillwire_event_streams', {}, openStreams.count);
      for (const terminal of terminals.values()) {
        try {
          terminal.readDoubts();
        } catch (error) {
          log.error({ terminal: terminal.name, error }, 'journal cannot be read');
        }
        const { name, queued, inDoubt, state } = terminal.status;
        const connected = state.type === 'idle' || state.type === 'busy';
        metrics.set('tillwire_queue_depth', { terminal: name }, queued);
        metrics.set('tillwire_in_doubt', { terminal: name }, inDoubt.length);
        metrics.set('tillwire_terminal_connected', { terminal: name }, connected ? 1 : 0);
      }
      return c.body(metrics.text(), 200, {
        'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      });
    },
  },
];

const nothing = (path: string) => new HttpProblem(404, 'not-found', `There is no ${path} here.`);

const file = (path: string, summary: string, contentType: string): Route => ({
  method: 'get',
  path,
  summary,
  who: 'nobody',
  answers: { 200: { contentType, description: 'The file' } },
  problems: ['not-found'],
  handle: (c, { page }) => {
    const found = page.get(path.replace('{file}', param(c, 'file')));
    if (found === undefined) throw nothing(path);
    return c.body(found.content, 200, { 'Content-Type': found.type });
  },
});

/** The page, and the modules that it is made of. */
export const pageRoutes: readonly Route[] = [
  file('/', 'The page for a person', 'text/html'),
  file('/page/{file}', 'A file of the page', 'text/javascript'),
  ...['client', 'messages', 'model', 'bridge'].map((folder) =>
    file(`/${folder}/{file}`, 'A module that the page uses', 'text/javascript'),
  ),
];
