import { createHash } from 'node:crypto';
import type { Entry } from '../journal/journal.ts';
import { TerminalError } from '../model/error.ts';
import type { Target, Transaction } from '../model/transaction.ts';
import type { Exchange } from '../protocols/exchange.ts';
import { conclude, type MoneyKind } from './conclude.ts';
import { type Context, runOptions } from './context.ts';
import type { ExchangeOutcome } from './exchange-run.ts';
import { exchangeError } from './failure.ts';
import { cancelledError } from './queue.ts';
import { knownBefore, record } from './record.ts';

/** What goes out, what it asks for, and which answer says that it was done. */
export interface Order<A> {
  readonly key: string;
  /** To find out about it later. */
  readonly asked: Target;
  /** What the terminal told as its last right before, where it was asked. */
  readonly before?: Transaction;
  /** A person has decided about an earlier one like it, so that any answer may be to that. */
  readonly like?: boolean;
  readonly exchange: Exchange<A>;
  isDone(answer: A): boolean;
  readonly kind: MoneyKind;
}

/** An answer that came after the terminal had taken the request, and did not seem to be the one to it. */
type SetAside = Extract<Entry, { type: 'unsolicited' }>;

/** What else came while a command was under way. */
interface Strays {
  readonly aside: SetAside[];
  /** An answer to anything. */
  answered: boolean;
}

/** More of them say no more. */
const mostAside = 10;

/** The request and two repeats, as the vendors' rules have it. */
const tries = 3;

/**
 * Sends a money command: its mark is durable before its first byte leaves, and it leaves on the
 * connection that the mark names or not at all. One that was refused at the line goes out again only when
 * the terminal's memory has proved that it was not taken: a damaged ACK looks like a NAK.
 * @throws {TerminalError} with effect `unknown` when it left and no answer settles what happened.
 */
export async function sendMoney<A extends object>(context: Context, order: Order<A>): Promise<A> {
  for (let attempt = 1; ; attempt++) {
    const strays: Strays = { aside: [], answered: false };
    const outcome = await sendOnce(context, order, attempt, strays);
    if (outcome.type === 'answered') return answerOf(context, order, outcome, strays);
    const { key, exchange } = order;
    const undone = outcome.failure === 'not-acknowledged' && (await isProvenUndone(context, order));
    if (!undone) await record(context, key, ...strays.aside);
    if (!undone || attempt === tries)
      return inDoubt(context, key, exchangeError(exchange, outcome, { intent: key }, undone));
    await record(context, key, { type: 'not-sent', why: outcome.failure });
  }
}

async function sendOnce<A>(
  context: Context,
  { key, asked, exchange }: Order<A>,
  attempt: number,
  strays: Strays,
): Promise<ExchangeOutcome<A>> {
  const { line, world, signal, emit, journal } = context;
  await line.unspent();
  const epoch = line.epoch ?? 0;
  const digest = createHash('sha256').update(exchange.request()).digest('hex');
  // The last moment at which a cancellation leaves nothing behind.
  if (signal?.aborted === true) throw cancelledError();
  await record(context, key, { type: 'sent', at: world.clock.now(), epoch, digest, asked });
  let taken = false;
  const watching = line.unsolicited$.subscribe(({ reason, code, fields }) => {
    if (reason !== 'stale' || code === undefined) return;
    strays.answered = true;
    if (taken && strays.aside.length < mostAside)
      strays.aside.push({ type: 'unsolicited', code, fields });
  });
  const running = line.run(exchange, {
    ...runOptions(context),
    epoch,
    progress: (progress) => {
      if (progress.type === 'acknowledged') {
        taken = true;
        // That it could not be written leaves more to a person, and nothing else: the next write will tell.
        journal.append(key, { type: 'taken' }).catch(() => {});
      }
      emit(progress);
    },
    sent: (sent) => emit({ type: 'sent', ...sent, attempt: sent.attempt + attempt - 1 }),
  });
  return running.finally(() => watching.unsubscribe());
}

async function answerOf<A extends object>(
  context: Context,
  { key, kind, like = false, isDone }: Order<A>,
  { answer, repeated, again }: Extract<ExchangeOutcome<A>, { type: 'answered' }>,
  { answered }: Strays,
): Promise<A> {
  // Nothing is done twice under one number; and a refusal may come twice only if the terminal is idle now and
  // has nothing else to say about it.
  const refusedLike = (again || like) && !isDone(answer);
  if ((again && isDone(answer)) || (refusedLike && (answered || !(await saysNoMore(context)))))
    return inDoubt(
      context,
      key,
      notKnown(key, 'no-answer', kind, 'The terminal repeated an earlier answer.'),
      answer,
    );
  // One copy may have been refused because the other had been carried out.
  if (repeated && !isDone(answer))
    return inDoubt(
      context,
      key,
      notKnown(key, 'no-answer', kind, 'The request went out more than once.'),
      answer,
    );
  return answer;
}

/** The terminal is idle, and until then no other answer to anything has come. */
async function saysNoMore({ line }: Context): Promise<boolean> {
  let said = false;
  const watching = line.unsolicited$.subscribe(({ reason, code }) => {
    said ||= reason === 'stale' && code !== undefined;
  });
  const found = await line.synchronise();
  watching.unsubscribe();
  return found === 'in-step' && !said;
}

/** Does the terminal's memory prove that it was not carried out? A terminal at work says NAK to everything. */
async function isProvenUndone<A>(
  context: Context,
  { key, kind, asked, before }: Order<A>,
): Promise<boolean> {
  const { line } = context;
  const { protocol } = line;
  if ((await line.synchronise()) !== 'in-step') return false;
  const outcome = await line.run(protocol.history(asked), runOptions(context));
  if (outcome.type === 'failed' || 'outcome' in outcome.answer) return false;
  const known = kind === 'void' ? undefined : await knownBefore(context, key);
  const { tellsVoids } = protocol.capabilities;
  const told = { ...outcome.answer, tellsVoids };
  const undone =
    conclude({ kind, asked, ...(before && { before }) }, told, known).type === 'not-done';
  return undone && (await line.synchronise()) === 'in-step';
}

/** For a person: `sale`. */
export const kindInWords = (kind: MoneyKind): string =>
  kind === 'purchase' ? 'sale' : kind.replace('-reversal', ' reversal');

/** The error of a money command whose answer proves nothing. */
export const notKnown = (
  key: string,
  code: 'no-answer' | 'unknown-response-code' | 'wrong-transaction',
  kind: MoneyKind,
  why: string,
  evidence?: Readonly<Record<string, unknown>>,
): TerminalError =>
  new TerminalError(
    code,
    'unknown',
    `${why} It is not known whether the ${kindInWords(kind)} was carried out: look at the terminal before doing anything else.`,
    { intent: key, ...(evidence && { evidence }) },
  );

/**
 * Writes down that a command has no certain outcome, or never left, and throws it. `answer`: what the
 * terminal said, where it said something.
 */
export async function inDoubt(
  context: Context,
  key: string,
  error: TerminalError,
  answer?: object,
): Promise<never> {
  const { code, effect, message } = error;
  // What a person decides about it is in the journal only.
  delete context.told.epoch;
  await record(
    context,
    key,
    ...(answer === undefined ? [] : [{ type: 'answer', answer } as const]),
    effect === 'none'
      ? { type: 'not-sent', why: code }
      : { type: 'in-doubt', at: context.world.clock.now(), code, message },
  );
  throw error;
}
