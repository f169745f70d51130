import type { z } from 'zod';
import type { Terminal } from '../terminal/terminal.ts';
import type { AppParts } from './app-parts.ts';
import { commandView, hrefOf } from './command-status.ts';
import type { Role } from './guard.ts';
import {
  decisionOrder,
  lastOrder,
  type Order,
  recoveryOrder,
  refundOrder,
  saleOrder,
  settlementOrder,
  statusOrder,
  totalsOrder,
  voidOrder,
} from './orders.ts';
import { HttpProblem } from './problem.ts';
import { languageOf } from './request-language.ts';
import {
  type BridgeContext,
  bodyOf,
  clientOf,
  mayListTo,
  param,
  parsed,
  type Route,
} from './route.ts';
import {
  commandView as commandSchema,
  decisionBody,
  idempotencyKey,
  questionBody,
  refundBody,
  saleBody,
  terminalList,
  terminalView as terminalSchema,
  voidBody,
} from './schemas.ts';
import { type BridgeTerminal, terminalView } from './terminals.ts';

const seen = (c: BridgeContext, terminal: BridgeTerminal) => {
  terminal.readDoubts();
  return terminalView(terminal.status, mayListTo(clientOf(c)));
};

function terminalOf(c: BridgeContext, { terminals }: AppParts): BridgeTerminal {
  const name = param(c, 't');
  const terminal = terminals.get(name);
  if (terminal !== undefined) return terminal;
  throw new HttpProblem(
    404,
    'unknown-terminal',
    `There is no terminal ${JSON.stringify(name.slice(0, 64))} in the configuration.`,
  );
}

/** Every command is answered at once; what it does is told by the command itself. */
const accepted = {
  202: { schema: commandSchema, description: 'Under way; its place is in Location' },
} as const;

const keyed = {
  ...accepted,
  200: { schema: commandSchema, description: 'This key is known, and its command has ended' },
} as const;

const common = ['unknown-terminal', 'shutting-down', 'too-many-requests'] as const;

interface Post<B> {
  readonly name: string;
  readonly summary: string;
  readonly who: readonly Role[];
  readonly body: z.ZodType<B>;
  readonly hasKey?: true;
  order(body: B, terminal: Terminal): Order;
  /** Why it is not asked of the terminal at all. */
  check?(body: B, terminal: BridgeTerminal, app: AppParts): void;
  /** It has been taken, and runs. */
  taken?(body: B, terminal: BridgeTerminal, app: AppParts, c: BridgeContext): void;
}

/** A command on a terminal, under a key where it can move money. */
const post = <B>({ name, summary, who, body, hasKey, order, check, taken }: Post<B>): Route => ({
  method: 'post',
  path: `/v1/terminals/{t}/${name}`,
  summary,
  who,
  body,
  ...(hasKey && { hasKey }),
  answers: hasKey ? keyed : accepted,
  problems: hasKey ? [...common, 'key-missing', 'key-reused', 'journal-failed'] : common,
  handle: async (c, app) => {
    const client = clientOf(c);
    const terminal = terminalOf(c, app);
    const key = hasKey && keyOf(c);
    const asked = await bodyOf(c, body);
    check?.(asked, terminal, app);
    const asker = { client, origin: originOf(client.name, c.var.address) };
    const { status, underWay } = await app.commands.request(
      terminal,
      asker,
      order(asked, terminal.terminal),
      key,
    );
    taken?.(asked, terminal, app, c);
    c.header('Location', hrefOf(status.id));
    return c.json(commandView(status, languageOf(c, app)), underWay ? 202 : 200);
  },
});

/** For the journal: who asked, and from where. */
const originOf = (client: string, address: string): string =>
  `client ${client}${address === '' ? '' : ` from ${address}`}`;

function keyOf(c: BridgeContext): string {
  const given = c.req.header('Idempotency-Key');
  if (given !== undefined) return parsed(idempotencyKey, given, 'Idempotency-Key');
  throw new HttpProblem(
    400,
    'key-missing',
    "Give the till's own id of this sale, void or refund as Idempotency-Key: the same key never moves money twice.",
  );
}

/** The command that the person has looked at has to be the one in doubt on this terminal. */
function mustBeInDoubt(command: string, { name }: BridgeTerminal, { commands }: AppParts): void {
  const status = commands.status(command);
  if (status === undefined)
    throw new HttpProblem(404, 'unknown-command', 'There is no such command on record.');
  if (status.terminal !== name || status.state !== 'in-doubt')
    throw new HttpProblem(
      409,
      'not-in-doubt',
      `That command is not in doubt on the terminal ${name}. Nothing was recorded.`,
    );
}

export const terminalRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/terminals',
    summary: 'The terminals; nothing is asked of them',
    who: ['query'],
    answers: { 200: { schema: terminalList, description: 'All terminals' } },
    problems: ['journal-failed'],
    handle: (c, { terminals }) =>
      c.json({ terminals: [...terminals.values()].map((terminal) => seen(c, terminal)) }),
  },
  {
    method: 'get',
    path: '/v1/terminals/{t}',
    summary: 'One terminal; nothing is asked of it',
    who: ['query'],
    answers: { 200: { schema: terminalSchema, description: 'The terminal' } },
    problems: ['unknown-terminal', 'journal-failed'],
    handle: (c, app) => c.json(seen(c, terminalOf(c, app))),
  },
  post({
    name: 'status',
    summary: 'Is the terminal there and ready?',
    who: ['query'],
    body: questionBody,
    order: statusOrder,
  }),
  post({
    name: 'last-transaction',
    summary: 'What did the terminal do last?',
    who: ['query'],
    body: questionBody,
    order: lastOrder,
  }),
  post({
    name: 'totals',
    summary: 'Count and sum since the last settlement',
    who: ['query'],
    body: questionBody,
    order: totalsOrder,
  }),
  post({
    name: 'recoveries',
    summary: 'Find out how the commands in doubt have ended; it only asks',
    who: ['sell', 'void'],
    body: questionBody,
    order: recoveryOrder,
  }),
  post({
    name: 'settlements',
    summary: 'End the day; nothing before it can be voided after it',
    who: ['void'],
    body: questionBody,
    order: settlementOrder,
  }),
  post({
    name: 'sales',
    summary: 'Sell',
    who: ['sell'],
    body: saleBody,
    hasKey: true,
    order: saleOrder,
  }),
  post({
    name: 'refunds',
    summary: 'Give money back as a transaction of its own',
    who: ['void'],
    body: refundBody,
    hasKey: true,
    order: refundOrder,
  }),
  post({
    name: 'voids',
    summary: "Take the terminal's last transaction back, if it is this one",
    who: ['void'],
    body: voidBody,
    hasKey: true,
    order: voidOrder,
  }),
  {
    ...post({
      name: 'decisions',
      summary: 'Record what a person has found out about a command in doubt',
      who: ['admin'],
      body: decisionBody,
      order: decisionOrder,
      check: ({ command }, terminal, app) => mustBeInDoubt(command, terminal, app),
      taken: ({ command, decision }, { name }, { guard }, c) =>
        guard.audit.record({
          what: 'decision',
          client: clientOf(c).name,
          address: c.var.address,
          terminal: name,
          command,
          decision,
        }),
    }),
    problems: [...common, 'unknown-command', 'not-in-doubt', 'journal-failed'],
  },
];
