import { createHash } from 'node:crypto';
import type { Begun, Entry, Intent, MoneyResult } from '../journal/journal.ts';
import { TerminalError } from '../model/error.ts';
import type { Exchange } from '../protocols/exchange.ts';
import { type Context, runOptions } from './context.ts';
import { exchangeError } from './failure.ts';

/** The answer to a money command, and whether its request went out more than once. */
export interface Sent<A> {
  readonly answer: A;
  readonly repeated: boolean;
}

/**
 * Carries out a command under its key. A key that has an outcome replays it and nothing is sent; a key
 * whose command left and was never resolved is an error; a key whose command never left runs again.
 */
export async function underKey<R extends MoneyResult>(
  context: Context,
  intent: Intent,
  isOfThisKind: (result: MoneyResult) => result is R,
  carryOut: () => Promise<R>,
): Promise<R> {
  const begun = await durable(intent.key, () => context.journal.begin(intent));
  if (begun.type === 'known') {
    const recorded = replay(intent, begun);
    if (recorded !== undefined) {
      if (isOfThisKind(recorded)) return recorded;
      throw keyReused(intent, begun.intent);
    }
  }
  const result = await carryOut();
  if (result.outcome !== 'refused') await record(context, intent.key, { type: 'outcome', result });
  return result;
}

/** The recorded outcome of a known key; undefined when the command has never left the till. */
function replay(intent: Intent, known: Extract<Begun, { type: 'known' }>): MoneyResult | undefined {
  if (!sameCommand(intent, known.intent)) throw keyReused(intent, known.intent);
  for (const entry of [...known.entries].reverse()) {
    if (entry.type === 'outcome') return entry.result;
    if (entry.type === 'not-sent') return undefined;
    if (entry.type !== 'evidence')
      throw new TerminalError(
        'unresolved-transaction',
        'unknown',
        `The command with key ${intent.key} was sent before and its outcome is not known. It was not sent again: look at the terminal's last transaction.`,
        { intent: intent.key },
      );
  }
  return undefined;
}

const sameCommand = (a: Intent, b: Intent): boolean =>
  JSON.stringify(identity(a)) === JSON.stringify(identity(b));

const identity = ({ kind, terminal, amount, asked }: Intent) => [
  kind,
  terminal,
  amount.amount,
  amount.currency,
  Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1)),
];

const keyReused = (asked: Intent, known: Intent) =>
  new TerminalError(
    'key-reused',
    'none',
    `The key ${asked.key} belongs to another command. Nothing was sent; use a new key for a new command.`,
    { intent: asked.key, evidence: { asked, known } },
  );

/**
 * Sends a money command: its mark is durable before its first byte leaves, and it leaves on the
 * connection that the mark names or not at all.
 * @throws {TerminalError} with effect `unknown` when it left and no answer settles what happened.
 */
export async function sendMoney<A>(
  context: Context,
  key: string,
  exchange: Exchange<A>,
): Promise<Sent<A>> {
  const { line } = context;
  const epoch = line.epoch ?? 0;
  const digest = createHash('sha256').update(exchange.request).digest('hex');
  await record(context, key, { type: 'sent', epoch, digest });
  const outcome = await line.run(exchange, { ...runOptions(context), epoch });
  if (outcome.type === 'answered') {
    await record(context, key, { type: 'answer', answer: outcome.answer });
    return outcome;
  }
  const idle = outcome.failure === 'not-acknowledged' && (await isProvenIdle(context, exchange));
  const error = exchangeError(exchange, outcome, { intent: key }, idle);
  await recordError(context, key, error);
  throw error;
}

/**
 * After three refusals: is the terminal certainly not at work on the request? One that takes a poll after a
 * silence is not. One that refuses polls as well may be at work, unless it would have said so long ago.
 */
async function isProvenIdle({ line }: Context, exchange: Exchange<unknown>): Promise<boolean> {
  const found = await line.synchronise();
  return found === 'in-step' || (found === 'refused' && exchange.announcesWork);
}

/** Writes down that a command is in doubt, and throws it. */
export async function inDoubt(context: Context, key: string, error: TerminalError): Promise<never> {
  await recordError(context, key, error);
  throw error;
}

const recordError = (context: Context, key: string, { code, effect, message }: TerminalError) =>
  record(
    context,
    key,
    effect === 'none' ? { type: 'not-sent', why: code } : { type: 'in-doubt', code, message },
  );

export const record = (context: Context, key: string, entry: Entry): Promise<void> =>
  durable(
    key,
    () => context.journal.append(key, entry),
    entry.type === 'answer' || entry.type === 'outcome' || entry.type === 'in-doubt',
  );

/** Fails closed: what the journal cannot keep must not be sent. */
async function durable<T>(key: string, write: () => Promise<T>, after = false): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    throw new TerminalError(
      'journal-failed',
      after ? 'unknown' : 'none',
      after
        ? 'The command was sent, but how it ended could not be written down. Look at the terminal before doing anything else.'
        : 'The journal cannot be written, so nothing was sent.',
      { intent: key, cause },
    );
  }
}
