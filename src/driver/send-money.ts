import { createHash } from 'node:crypto';
import { TerminalError } from '../model/error.ts';
import type { Target } from '../model/transaction.ts';
import type { Exchange } from '../protocols/exchange.ts';
import { conclude } from './conclude.ts';
import { type Context, runOptions } from './context.ts';
import { exchangeError } from './failure.ts';
import { cancelledError } from './queue.ts';
import { knownBefore, record } from './record.ts';

/** The answer to a money command. `repeated`: its request went out more than once. */
export interface Sent<A> {
  readonly answer: A;
  readonly repeated: boolean;
}

/** What goes out, what it asks for, and which answer says that it was done. */
export interface Order<A> {
  readonly key: string;
  /** To find out about it later. */
  readonly asked: Target;
  readonly exchange: Exchange<A>;
  isDone(answer: A): boolean;
  /** For a person: `sale`. */
  readonly what: 'sale' | 'void';
}

/**
 * Sends a money command: its mark is durable before its first byte leaves, and it leaves on the
 * connection that the mark names or not at all.
 * @throws {TerminalError} with effect `unknown` when it left and no answer settles what happened.
 */
export async function sendMoney<A>(context: Context, order: Order<A>): Promise<Sent<A>> {
  const { line, world, signal } = context;
  const { key, asked, exchange } = order;
  const epoch = line.epoch ?? 0;
  const digest = createHash('sha256').update(exchange.request).digest('hex');
  // The last moment at which a cancellation leaves nothing behind.
  if (signal?.aborted === true) throw cancelledError();
  await record(context, key, { type: 'sent', at: world.clock.now(), epoch, digest, asked });
  const outcome = await line.run(exchange, { ...runOptions(context), epoch });
  if (outcome.type === 'failed') {
    const undone =
      outcome.failure === 'not-acknowledged' &&
      (await isProvenUndone(context, key, order.what, asked));
    return inDoubt(context, key, exchangeError(exchange, outcome, { intent: key }, undone));
  }
  const { answer, repeated, again } = outcome;
  await record(context, key, { type: 'answer', answer });
  // Nothing is done twice under one number; and a refusal may come twice only if the terminal is idle now.
  if (again && (order.isDone(answer) || (await line.synchronise()) !== 'in-step'))
    return inDoubt(
      context,
      key,
      notKnown(key, 'no-answer', order.what, 'The terminal repeated an earlier answer.'),
    );
  // One copy may have been refused because the other had been carried out.
  if (repeated && !order.isDone(answer))
    return inDoubt(
      context,
      key,
      notKnown(key, 'no-answer', order.what, 'The request went out more than once.'),
    );
  return { answer, repeated };
}

/**
 * After nothing but refusals: does the terminal's memory prove that it was not carried out? A damaged ACK
 * looks like a NAK, and a terminal at work says NAK to everything.
 */
async function isProvenUndone(
  context: Context,
  key: string,
  what: 'sale' | 'void',
  asked: Target,
): Promise<boolean> {
  const { line, protocol } = context;
  if ((await line.synchronise()) !== 'in-step') return false;
  const outcome = await line.run(protocol.history(), runOptions(context));
  if (outcome.type === 'failed' || 'outcome' in outcome.answer) return false;
  const known = what === 'sale' ? await knownBefore(context, key) : [];
  return conclude(what, asked, outcome.answer, known).type === 'not-done';
}

/** The error of a money command whose answer proves nothing. */
export const notKnown = (
  key: string,
  code: 'no-answer' | 'unknown-response-code' | 'wrong-transaction',
  what: 'sale' | 'void',
  why: string,
  evidence?: Readonly<Record<string, unknown>>,
): TerminalError =>
  new TerminalError(
    code,
    'unknown',
    `${why} It is not known whether the ${what} was carried out: look at the terminal before doing anything else.`,
    { intent: key, ...(evidence && { evidence }) },
  );

/** Writes down that a command has no certain outcome, or never left, and throws it. */
export async function inDoubt(context: Context, key: string, error: TerminalError): Promise<never> {
  const { code, effect, message } = error;
  await record(
    context,
    key,
    effect === 'none' ? { type: 'not-sent', why: code } : { type: 'in-doubt', code, message },
  );
  throw error;
}
