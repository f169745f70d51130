import { z } from 'zod';
import { auditEvents } from '../journal/export.ts';
import { exportJournal } from './journal-export.ts';
import { journalView, searchJournal } from './journal-search.ts';
import { HttpProblem } from './problem.ts';
import { languageOf } from './request-language.ts';
import { clientOf, param, queryOf, type Route } from './route.ts';
import { clientList, journalPage, journalRecords } from './schemas.ts';

const searchQuery = z.strictObject({
  q: z.string().max(200).default('').describe('Words that must all be found, in any field.'),
  before: z.coerce.number().int().min(1).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

const exportQuery = z.strictObject({ format: z.enum(['jsonl', 'csv']).default('jsonl') });

const types = {
  jsonl: 'application/jsonl; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
} as const;

/** What is on record, and who may ask; for the role admin only. */
export const adminRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/journal',
    summary: 'The commands of the journal, the newest first, searchable',
    who: ['admin'],
    query: searchQuery,
    answers: {
      200: { schema: journalPage, description: 'A page; it may be short and have a next' },
    },
    problems: ['journal-failed'],
    handle: async (c, app) => {
      const { before, ...search } = queryOf(c, searchQuery);
      const found = await searchJournal(app.journal, app.commands.nameOf, {
        ...search,
        ...(before !== undefined && { before }),
        language: languageOf(c, app),
      });
      return c.json(found);
    },
  },
  {
    method: 'get',
    path: '/v1/journal/export',
    summary: 'Every record, as audit events',
    who: ['admin'],
    query: exportQuery,
    answers: {
      200: { contentType: 'application/jsonl', description: 'One line per record; or text/csv' },
    },
    problems: ['journal-failed'],
    handle: (c, { journal }) => {
      const { format } = queryOf(c, exportQuery);
      return c.body(exportJournal(journal, format), 200, {
        'Content-Type': types[format],
        'Content-Disposition': `attachment; filename="tillwire-journal.${format}"`,
      });
    },
  },
  {
    method: 'get',
    path: '/v1/journal/{id}',
    summary: 'One command of the journal, with all its records',
    who: ['admin'],
    answers: { 200: { schema: journalRecords, description: 'The command and its records' } },
    problems: ['unknown-command', 'journal-failed'],
    handle: (c, app) => {
      const { journal, commands } = app;
      const id = param(c, 'id');
      const known = journal.show(id);
      if (known === undefined)
        throw new HttpProblem(404, 'unknown-command', 'The journal holds no such command.');
      return c.json({
        intent: journalView(known, languageOf(c, app), commands.nameOf),
        records: [...auditEvents(journal.recordsOf(id))],
      });
    },
  },
  {
    method: 'get',
    path: '/v1/clients',
    summary: 'Who may call, without tokens',
    who: ['admin'],
    answers: { 200: { schema: clientList, description: 'The clients' } },
    problems: [],
    handle: (c, { guard }) =>
      c.json({
        clients: guard.clients.list().map(({ name, roles, origin }) => ({
          name,
          roles: [...roles],
          ...(origin !== undefined && { origin }),
        })),
      }),
  },
  {
    method: 'delete',
    path: '/v1/clients/{name}',
    summary: 'Take the token of a client away, at once',
    who: ['admin'],
    body: z.strictObject({}).optional(),
    answers: { 204: { contentType: '', description: 'It is gone' } },
    problems: ['not-found'],
    handle: (c, { guard }) => {
      const name = param(c, 'name');
      if (!guard.clients.remove(name))
        throw new HttpProblem(404, 'not-found', 'There is no such client.');
      guard.audit.record({ what: 'client-removed', client: name, by: clientOf(c).name });
      return c.body(null, 204);
    },
  },
];
