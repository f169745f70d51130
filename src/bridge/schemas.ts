import { z } from 'zod';
import { maskCardNumbers } from '../model/mask.ts';

/**
 * What goes over HTTP, both ways. The types are taken from the schemas, the OpenAPI document as well, and
 * bodies are read by them: there is no second description to keep in step.
 */

const maybe = z.exactOptional;

// --- what is asked ---------------------------------------------------------------------------------

const longestTimer = 2_147_483_647;

const timeoutMs = z
  .int()
  .min(1)
  .max(longestTimer)
  .optional()
  .describe("How long to wait for the terminal's answer, milliseconds; its own time otherwise.");

const amount = z
  .int()
  .min(1)
  .describe('Minor units of the currency: 1500 is CLP 1,500 and EUR 15.00. Never a fraction.');

const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'three capital letters, ISO 4217')
  .optional()
  .describe("ISO 4217; the terminal's own otherwise.");

/** Line ends and other control characters have no place in what is printed and logged. */
const line = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'no control characters');

const person = line(64);
const identity = line(64).optional();

export const questionBody = z.strictObject({ timeoutMs }).meta({ id: 'QuestionBody' });

export const saleBody = z
  .strictObject({
    amount,
    currency,
    ticket: identity.describe("The till's own reference, where the terminal keeps one."),
    commerceCode: identity.describe('Terminals of several commerces: in whose name to sell.'),
    payCode: line(64)
      .optional()
      .describe("What a scanner has read off the customer's telephone. It is kept nowhere."),
    timeoutMs,
  })
  .meta({ id: 'SaleBody' });

export const refundBody = z
  .strictObject({
    amount,
    currency,
    ticket: identity,
    rrn: identity.describe('Retrieval reference number of the sale, where the terminal wants it.'),
    timeoutMs,
  })
  .meta({ id: 'RefundBody' });

export const voidBody = z
  .strictObject({
    amount,
    currency,
    operator: person.describe('Who takes it back, for the record and the voucher.'),
    reason: line(200).describe('Why, for the record and the voucher.'),
    supervisor: person
      .optional()
      .describe("A second person who agrees, where the merchant's policy wants one."),
    ticket: identity,
    operationNumber: identity,
    receiptNumber: identity,
    trace: identity,
    authorisationCode: identity,
    terminalId: identity,
    commerceCode: identity,
    timeoutMs,
  })
  .meta({ id: 'VoidBody' });

export const decisionBody = z
  .strictObject({
    command: z.string().min(1).max(200).describe('The id of the command in doubt.'),
    decision: z.enum(['voided', 'not-voided', 'approved', 'not-approved']),
    operator: person,
    reason: line(200).describe('How they know.'),
  })
  .meta({ id: 'DecisionBody' });

export const pairingBody = z
  .strictObject({
    code: z.string().regex(/^\d{6}$/, 'six digits'),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, 'letters, digits, - and _, at most 32'),
  })
  .meta({ id: 'PairingBody' });

export type QuestionBody = z.infer<typeof questionBody>;
export type SaleBody = z.infer<typeof saleBody>;
export type RefundBody = z.infer<typeof refundBody>;
export type VoidBody = z.infer<typeof voidBody>;
export type DecisionBody = z.infer<typeof decisionBody>;

/** The till's own reference of a money command; with the client's name before it, the id of the command. */
export const idempotencyKey = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,64}$/, '1 to 64 of A-Z a-z 0-9 . _ : -')
  .refine((key) => maskCardNumbers(key) === key, 'never a card number');

// --- what is answered ------------------------------------------------------------------------------

const money = z.object({ amount: z.int(), currency: z.string() }).meta({ id: 'Money' });
const at = z.number().describe('Milliseconds since the Unix epoch.');

const named = {
  ticket: maybe(z.string()),
  operationNumber: maybe(z.string()),
  receiptNumber: maybe(z.string()),
  trace: maybe(z.string()),
  authorisationCode: maybe(z.string()),
  terminalId: maybe(z.string()),
  commerceCode: maybe(z.string()),
};

const lines = z.array(z.string()).readonly();

export const transactionView = z
  .object({
    kind: z.enum(['purchase', 'void', 'refund', 'pre-authorisation', 'booking']),
    state: z.enum(['submitted', 'approved', 'declined', 'voided', 'settled', 'in-doubt']),
    amount: money,
    ...named,
    original: maybe(z.object(named)),
    rrn: maybe(z.string()),
    batch: maybe(z.string()),
    last4: maybe(z.string().describe('The last digits of the card, at most four.')),
    cardType: maybe(z.enum(['credit', 'debit', 'prepaid'])),
    cardBrand: maybe(z.string()),
    time: maybe(z.string().describe("The terminal's local time, without a zone.")),
    accountingDate: maybe(z.string()),
    instalments: maybe(z.number()),
    instalmentAmount: maybe(money),
    tip: maybe(money),
    change: maybe(money),
    employee: maybe(z.string()),
    childCommerceCode: maybe(z.string()),
    voucher: maybe(lines),
  })
  .meta({ id: 'Transaction' });

export const resultView = z
  .object({
    outcome: z
      .string()
      .describe(
        'ready, not-ready, found, none, approved, not-approved, voided, not-voided, already-voided, not-found, declined, refused, decided, settled, nothing-open',
      ),
    message: z.string().describe('English, for whoever looks after the till.'),
    operatorMessage: z.string().describe('For the person at the till, in the language asked for.'),
    transaction: maybe(transactionView),
    found: maybe(transactionView.describe("A refused void: what the terminal's last one is.")),
    voucher: maybe(lines),
    key: maybe(z.string()),
    responseCode: maybe(z.string().describe("The terminal's own code.")),
    terminalCode: maybe(z.string().describe("The terminal's own status code.")),
    reason: maybe(z.string().describe('Refused: the kind of refusal. Decided: how they know.')),
    field: maybe(z.string()),
    limit: maybe(z.string()),
    value: maybe(z.string()),
    kind: maybe(z.string()),
    decision: maybe(z.string().describe('voided, not-voided, approved, not-approved')),
    operator: maybe(z.string()),
    count: maybe(z.number()),
    total: maybe(money),
    terminalId: maybe(z.string()),
    commerceCode: maybe(z.string()),
  })
  .meta({
    id: 'Result',
    description: 'A certain statement: what was refused or declined is one, too.',
  });

export const failureView = z
  .object({
    code: z.string(),
    effect: z.enum(['none', 'unknown']).describe('May money have moved by this command?'),
    message: z.string(),
    operatorMessage: z.string(),
    intent: maybe(z.string().describe('The id of the command that is in doubt.')),
    evidence: maybe(
      z.record(z.string(), z.unknown()).describe('What is known, side by side. No card data.'),
    ),
  })
  .meta({ id: 'Failure' });

export const commandKinds = [
  'status',
  'last-transaction',
  'totals',
  'settlement',
  'sale',
  'refund',
  'void',
  'recovery',
  'decision',
  // Made by another program with the same journal; this service only tells of them.
  'pre-authorisation',
  'booking',
  'pre-authorisation-reversal',
] as const;

export const commandStates = ['queued', 'running', 'done', 'failed', 'in-doubt'] as const;

export const commandView = z
  .object({
    id: z.string(),
    href: z.string(),
    terminal: z.string(),
    kind: z.enum(commandKinds),
    client: z.string(),
    state: z
      .enum(commandStates)
      .describe(
        'done: `result` is a certain statement. failed: `error`, and no money moved. in-doubt: it left the till and nobody has proved how it ended.',
      ),
    requested: z.record(z.string(), z.unknown()).describe('As it was asked for. No card data.'),
    createdAt: at,
    changedAt: at,
    result: maybe(resultView),
    error: maybe(failureView),
    events: z.int().describe('How many events it has had so far.'),
  })
  .meta({ id: 'Command' });

export const terminalState = z.discriminatedUnion('type', [
  z.object({ type: z.literal('disconnected'), reason: maybe(z.string()) }),
  z.object({ type: z.literal('connecting') }),
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('busy'), request: z.string() }),
  z.object({ type: z.literal('closed') }),
]);

export const terminalView = z
  .object({
    name: z.string(),
    protocol: z.string(),
    transport: z.string(),
    currency: z.string(),
    capabilities: z.object({
      voidBy: z.enum(['reference', 'checked-last', 'blind-last', 'none']),
      queryBy: z.enum(['reference', 'last', 'none']),
      queryPrints: z.boolean(),
      abort: z.boolean(),
      tellsVoids: z.boolean(),
      retransmits: z.boolean(),
      echoesIdentity: z.array(z.enum(['amount', 'ticket'])).readonly(),
      historyDepth: z.number(),
      payCode: maybe(
        z.enum(['optional', 'required']).describe('A sale can, or has to, bring a scanned code.'),
      ),
      commands: z
        .array(
          z.enum([
            'status',
            'lastTransaction',
            'purchase',
            'refund',
            'voidTransaction',
            'totals',
            'settle',
          ]),
        )
        .readonly(),
    }),
    policy: z
      .object({
        supervisor: maybe(z.boolean().describe('A second person has to agree to each void.')),
        windowMs: maybe(z.number().describe('How old a sale may be to be voided, milliseconds.')),
      })
      .describe('What the merchant allows of voids.'),
    state: terminalState,
    running: maybe(
      z.object({
        kind: z.enum(commandKinds),
        id: maybe(z.string().describe('Only to whoever may see that command.')),
      }),
    ),
    queued: z.int().describe('How many commands wait.'),
    inDoubt: z.array(z.string()).readonly().describe('Ids of commands that are in doubt.'),
  })
  .meta({ id: 'Terminal' });

/** One event of one command. `id` counts from 1 within the command. */
export const commandEventView = z
  .object({
    id: z.int(),
    at,
    commandId: z.string(),
    type: z.enum([
      'queued',
      'sent',
      'acknowledged',
      'prompt',
      'receipt',
      'recovering',
      'result',
      'failed',
      'dropped',
    ]),
    request: maybe(z.string()),
    attempt: maybe(z.number()),
    money: maybe(z.boolean()),
    who: maybe(z.enum(['customer', 'cashier', 'nobody'])),
    code: maybe(z.string()),
    terminalCode: maybe(z.string()),
    text: maybe(z.string()),
    operatorMessage: maybe(z.string()),
    lines: maybe(lines),
    from: maybe(z.enum(['terminal', 'tillwire'])),
    asking: maybe(z.string()),
    why: maybe(z.string()),
    result: maybe(resultView),
    error: maybe(failureView),
    count: maybe(z.int().describe('dropped: how many earlier events are no longer kept.')),
  })
  .meta({ id: 'CommandEvent' });

export const greetingView = z
  .object({
    name: z.literal('tillwire'),
    version: z.string(),
    api: z.literal(1),
    languages: z.array(z.enum(['en', 'es', 'zh-CN'])).readonly(),
    now: at,
  })
  .meta({ id: 'Greeting' });

const roles = z.array(z.enum(['query', 'sell', 'void', 'admin'])).readonly();

export const wireFrameView = z
  .object({
    at,
    epoch: z.number().describe('On which opening of the line.'),
    from: z.enum(['till', 'terminal']),
    name: z.string(),
    fields: z.record(z.string(), z.unknown()),
    hex: z.string().describe('Masked, with a sound check.'),
    length: z.number().describe('Bytes on the wire.'),
    check: maybe(z.enum(['good', 'bad'])),
  })
  .meta({ id: 'WireFrame' });

export const healthView = z
  .object({ status: z.enum(['ok', 'stopping', 'journal-failed']) })
  .meta({ id: 'Health' });

export const meView = z.object({ client: z.string(), roles }).meta({ id: 'Me' });

export const pairingView = z
  .object({ client: z.string(), roles, token: z.string().describe('Shown once.') })
  .meta({ id: 'Paired' });

export const clientView = z
  .object({ name: z.string(), roles, origin: maybe(z.string()) })
  .meta({ id: 'Client' });

export const problemView = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    effect: z.enum(['none', 'unknown']).describe('May money have moved by this?'),
    operatorMessage: maybe(z.string()),
    errors: maybe(z.array(z.object({ path: z.string(), message: z.string() })).readonly()),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

export const snapshotView = z
  .object({
    terminals: z.array(terminalView).readonly(),
    commands: z.array(commandView).readonly(),
  })
  .meta({ id: 'Snapshot' });

export const journalView = z
  .object({
    id: z.string(),
    kind: z.enum(commandKinds),
    terminal: z.string().describe("The terminal's name, or its address where it has none here."),
    address: z.string(),
    amount: money,
    asked: z.record(z.string(), z.unknown()),
    operator: maybe(z.string()),
    reason: maybe(z.string()),
    supervisor: maybe(z.string()),
    origin: maybe(z.string()),
    standing: z
      .enum(['unsent', 'open', 'ended'])
      .describe('unsent: nothing left the till. open: it left and has no outcome.'),
    outcome: maybe(z.string().describe('How it ended: an outcome, or the code of an error.')),
    operatorMessage: z.string(),
    last4: maybe(z.string()),
    openedAt: at,
    changedAt: at,
  })
  .meta({ id: 'Intent' });

export const terminalList = z
  .object({ terminals: z.array(terminalView).readonly() })
  .meta({ id: 'TerminalList' });
export const commandList = z
  .object({ commands: z.array(commandView).readonly() })
  .meta({ id: 'CommandList' });
export const wireFrames = z
  .object({ frames: z.array(wireFrameView).readonly() })
  .meta({ id: 'WireFrames' });
export const journalPage = z
  .object({
    intents: z.array(journalView).readonly(),
    next: maybe(z.int().describe('`before` of the next page; absent at the end.')),
  })
  .meta({ id: 'JournalPage' });
export const journalRecords = z
  .object({
    intent: journalView,
    records: z
      .array(
        z.object({
          seq: z.int(),
          when: z.string(),
          event: z.string(),
          key: z.string(),
          who: maybe(z.string()),
          what: maybe(z.string()),
          amount: maybe(z.int()),
          currency: maybe(z.string()),
          asked: maybe(z.record(z.string(), z.unknown())),
          where: maybe(z.string()),
          why: maybe(z.string()),
          success: maybe(z.boolean()),
          outcome: maybe(z.string()),
          origin: maybe(z.string()),
          payload: z.unknown(),
          hash: z.string(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'JournalRecords' });
export const clientList = z
  .object({ clients: z.array(clientView).readonly() })
  .meta({ id: 'ClientList' });

export type Money = z.infer<typeof money>;
export type TransactionView = z.infer<typeof transactionView>;
export type ResultView = z.infer<typeof resultView>;
export type FailureView = z.infer<typeof failureView>;
export type CommandKind = (typeof commandKinds)[number];
export type CommandState = (typeof commandStates)[number];
export type CommandView = z.infer<typeof commandView>;
export type TerminalView = z.infer<typeof terminalView>;
export type CommandEventView = z.infer<typeof commandEventView>;
export type GreetingView = z.infer<typeof greetingView>;
export type MeView = z.infer<typeof meView>;
export type SnapshotView = z.infer<typeof snapshotView>;
export type WireFrameView = z.infer<typeof wireFrameView>;
export type JournalView = z.infer<typeof journalView>;
export type Problem = z.infer<typeof problemView>;
export type TerminalList = z.infer<typeof terminalList>;
export type CommandList = z.infer<typeof commandList>;
export type JournalPage = z.infer<typeof journalPage>;
export type JournalRecords = z.infer<typeof journalRecords>;
export type ClientView = z.infer<typeof clientView>;
