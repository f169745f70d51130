import { z } from 'zod';
import type { AppParts } from './app-parts.ts';
import { latestOf, listCommands, mostLatest } from './command-list.ts';
import { type CommandStatus, commandView, clientOf as ownerOf } from './command-status.ts';
import { eventStream, type Source } from './event-stream.ts';
import { HttpProblem } from './problem.ts';
import { languageOf } from './request-language.ts';
import { type BridgeContext, clientOf, mayListTo, param, queryOf, type Route } from './route.ts';
import { commandList, commandView as commandSchema, commandStates, wireFrames } from './schemas.ts';
import { terminalView } from './terminals.ts';

const limitOf = (most: number) =>
  z.coerce.number().int().min(1).max(most).default(50).describe(`At most so many; up to ${most}.`);

const listQuery = z.strictObject({
  state: z.enum(commandStates).optional(),
  limit: limitOf(500),
});

/**
 * The id of a command that this client may see. Of others it is not even said whether they are there.
 * @throws {HttpProblem} `forbidden`
 */
function idOf(c: BridgeContext): string {
  const id = param(c, 'id');
  const owner = ownerOf(id);
  if (mayListTo(clientOf(c))(owner)) return id;
  throw new HttpProblem(403, 'forbidden', 'That is a command of another client.');
}

/** A settlement leaves nothing in the journal; of all else that is not known nothing moved money. */
function unknown(id: string): HttpProblem {
  if (!/^[^.]*\.~/.test(id))
    return new HttpProblem(
      404,
      'unknown-command',
      'Nothing is on record under this id: no such command has left the till.',
    );
  const settlement = /^[^.]*\.~settlement-/.test(id);
  return new HttpProblem(
    404,
    'unknown-command',
    settlement
      ? 'A settlement is remembered only as long as the service runs: ask the terminal for its totals.'
      : 'A question is remembered only as long as the service runs; it moved no money.',
    { effect: settlement ? 'unknown' : 'none' },
  );
}

function statusOf(c: BridgeContext, { commands }: AppParts): CommandStatus {
  const id = idOf(c);
  const status = commands.status(id);
  if (status === undefined) throw unknown(id);
  return status;
}

const problems = ['forbidden', 'unknown-command', 'journal-failed'] as const;

const headers = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // A proxy that waits for more before it hands on would hold back what the cashier waits for.
  'X-Accel-Buffering': 'no',
} as const;

function streamed(c: BridgeContext, source: Source, app: AppParts): Response {
  const { clock, ending, openStreams } = app;
  if (c.req.method === 'HEAD') return c.body(null, 200, headers);
  openStreams.count += 1;
  const closed = () => {
    openStreams.count -= 1;
  };
  return c.body(eventStream(source, { clock, ending, closed }), 200, headers);
}

const events = (description: string) =>
  ({ 200: { contentType: 'text/event-stream', description } }) as const;

export const commandRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/commands',
    summary: 'The latest commands, the newest first: own ones, with the role admin all',
    who: 'any',
    query: listQuery,
    answers: { 200: { schema: commandList, description: 'The commands' } },
    problems: ['journal-failed'],
    handle: async (c, app) => {
      const { state, limit } = queryOf(c, listQuery);
      const found = await listCommands(app.commands, app.journal, {
        maySee: mayListTo(clientOf(c)),
        limit,
        ...(state !== undefined && { state }),
      });
      const language = languageOf(c, app);
      return c.json({ commands: found.map((status) => commandView(status, language)) });
    },
  },
  {
    method: 'get',
    path: '/v1/commands/{id}',
    summary: 'A command as it stands now, by the journal',
    who: 'any',
    answers: { 200: { schema: commandSchema, description: 'The command' } },
    problems,
    handle: (c, app) => c.json(commandView(statusOf(c, app), languageOf(c, app))),
  },
  {
    method: 'get',
    path: '/v1/commands/{id}/events',
    summary: 'Its events from the first or after Last-Event-ID; ends with result or failed',
    who: 'any',
    resumes: true,
    answers: events('Server-sent events; the data of each is a CommandEvent'),
    problems,
    handle: (c, app) => {
      const id = idOf(c);
      const after = Number(/^\d{1,15}$/.exec(c.req.header('Last-Event-ID') ?? '')?.[0] ?? 0);
      const source = app.commands.source(id, after, languageOf(c, app));
      if (source === undefined) throw unknown(id);
      return streamed(c, source, app);
    },
  },
  {
    method: 'get',
    path: '/v1/commands/{id}/wire',
    summary: 'What crossed the line during it, masked; empty after a restart of the service',
    who: 'any',
    answers: { 200: { schema: wireFrames, description: 'The frames' } },
    problems,
    handle: (c, app) => c.json({ frames: app.commands.frames(statusOf(c, app).id) }),
  },
  {
    method: 'post',
    path: '/v1/commands/{id}/cancel',
    summary: 'Ask for it to be stopped; promises nothing',
    who: 'any',
    body: z.strictObject({}).optional(),
    answers: {
      202: { schema: commandSchema, description: 'Asked; how it ends is its own to tell' },
    },
    problems,
    handle: (c, app) => {
      const { id } = statusOf(c, app);
      app.commands.cancel(id);
      app.log.info({ command: id, client: clientOf(c).name }, 'cancel asked');
      return c.json(commandView(statusOf(c, app), languageOf(c, app)), 202);
    },
  },
  {
    method: 'get',
    path: '/v1/events',
    summary: 'A snapshot of terminals and commands, then what changes',
    who: ['query'],
    resumes: true,
    answers: events(
      'Server-sent events: snapshot (Snapshot), terminal (Terminal), command (Command)',
    ),
    problems: ['journal-failed'],
    handle: async (c, app) => {
      const client = clientOf(c);
      const maySee = mayListTo(client);
      const language = languageOf(c, app);
      const lastEventId = c.req.header('Last-Event-ID');
      // Read once here: what is in the journal is not read while a watcher waits.
      const wish = { maySee, limit: mostLatest };
      const listed = await listCommands(app.commands, app.journal, wish);
      const source = app.feed.source({
        language,
        maySee,
        ...(lastEventId !== undefined && { lastEventId }),
        snapshot: () => ({
          terminals: [...app.terminals.values()].map(({ status }) => terminalView(status, maySee)),
          commands: latestOf(app.commands, listed, maySee).map((status) =>
            commandView(status, language),
          ),
        }),
      });
      return streamed(c, source, app);
    },
  },
];
