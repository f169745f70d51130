import type { Entry, KnownIntent, MoneyResult } from '../journal/journal.ts';
import { type ErrorCode, TerminalError } from '../model/error.ts';
import { formatMoney } from '../model/money.ts';
import type { NotDone } from '../model/results.ts';
import type { Transaction } from '../model/transaction.ts';
import type { History } from '../protocols/protocol.ts';
import { type Conclusion, conclude, type MoneyKind } from './conclude.ts';
import { type Context, remember, runOptions } from './context.ts';
import { exchangeError } from './failure.ts';
import { knownBefore, record } from './record.ts';
import { kindInWords } from './send-money.ts';
import { voidVoucher } from './void-voucher.ts';

type SentEntry = Extract<Entry, { type: 'sent' }>;

/** Reasons to try again: the terminal may come back. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'no-such-device',
  'no-permission',
  'device-busy',
  'connection-failed',
  'connection-lost',
  'terminal-busy',
  'no-acknowledgement',
  'not-acknowledged',
  'no-answer',
  'garbled-answer',
]);

/** Milliseconds before the next attempt: doubled each time. */
const firstPause = 500;
const longestPause = 8_000;

/**
 * Finds out how a command ended that left the till and has no outcome: reaches the terminal, waits until
 * it is idle, asks for what it remembers, compares, and writes down the conclusion. It only asks, so it
 * may be interrupted anywhere and begun again.
 * @throws {TerminalError} `unresolved-transaction` when only a person can tell.
 */
export async function recoverIntent(context: Context, known: KnownIntent): Promise<MoneyResult> {
  const { key, variant } = known.intent;
  if (variant !== context.line.protocol.variant)
    throw unresolved(
      known,
      `it was sent in another way of speaking; recover it with ${asSent(variant)}`,
    );
  const sent = known.entries.findLast((entry): entry is SentEntry => entry.type === 'sent');
  if (sent === undefined) throw unresolved(known, 'the journal does not tell what was sent');
  const { conclusion, history } = await inquire(context, known, sent);
  if (conclusion.type === 'unclear') throw unresolved(known, conclusion.why, history);
  if (conclusion.type === 'repeated')
    throw unresolved(known, `the terminal remembers ${conclusion.times} sales like it`, history);
  const result = resultOf(known, conclusion);
  await record(context, key, { type: 'outcome', result });
  // Its answer may still come, and must not be taken for the one to the next sale.
  if (result.outcome === 'approved') remember(context.told, result.transaction);
  return result;
}

/** The address that speaks as a command did. */
export const asSent = (variant: string | undefined): string =>
  variant === undefined
    ? 'the address without variant='
    : `the address that has variant=${variant}`;

interface Inquiry {
  readonly conclusion: Conclusion;
  readonly history: History;
}

async function inquire(context: Context, known: KnownIntent, sent: SentEntry): Promise<Inquiry> {
  const { world, timing } = context;
  // The terminal's own time, whatever the till wants to wait; each sign of life has begun it afresh.
  const { answerMs } = timing;
  const heard = known.entries.findLast((entry) => entry.type === 'in-doubt')?.at ?? sent.at;
  const since = Math.max(sent.at, heard);
  const deadline = world.clock.now() + timing.recoveryMs;
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    try {
      const inquiry = await askOnce(context, known, sent);
      // A terminal at work on it may still carry it out: "not done" holds only after its own time.
      // Clocks can be set back; nothing takes longer than that from now.
      const early = Math.min(since + answerMs - world.clock.now(), answerMs);
      if (inquiry.conclusion.type !== 'not-done' || early <= 0) return inquiry;
      context.emit({ type: 'recovering', asking: 'nothing yet', why: 'it may still be at work' });
      await sleep(context, early);
    } catch (error) {
      if (!(error instanceof TerminalError) || !passing.has(error.code)) throw error;
      if (world.clock.now() + pause > deadline) throw unresolved(known, error.message);
      await sleep(context, pause);
    }
  }
}

async function askOnce(
  context: Context,
  { intent, entries }: KnownIntent,
  sent: SentEntry,
): Promise<Inquiry> {
  const { line } = context;
  const asking = context.line.protocol.history(sent.asked).name;
  context.emit({
    type: 'recovering',
    asking,
    why: `the outcome of a ${kindInWords(intent.kind)} of ${formatMoney(intent.amount)} is not known`,
  });
  await line.connected();
  await line.provenIdle();
  const exchange = context.line.protocol.history(sent.asked);
  const outcome = await line.run(exchange, runOptions(context));
  if (outcome.type === 'failed') throw exchangeError(exchange, outcome);
  const told = outcome.answer;
  const history = 'outcome' in told ? { whole: false, transactions: [] } : told;
  await record(context, intent.key, { type: 'recovery', asked: exchange.name, history });
  if ('outcome' in told) return { history, conclusion: { type: 'unclear', why: told.message } };
  const known = await knownBefore(context, intent.key);
  const { kind } = intent;
  const { tellsVoids } = context.line.protocol.capabilities;
  const before = evidenceOf(entries);
  const about = {
    kind,
    asked: sent.asked,
    ...(refersBack(kind) && { original: intent.asked }),
    ...(before && { before }),
    taken: entries.some(({ type }) => type === 'taken'),
  };
  const conclusion = conclude(about, { ...history, tellsVoids }, known);
  // Without a reference there is nothing to know it by: what named another may have been its answer.
  if (conclusion.type === 'not-done' && sent.asked.ticket === undefined && namedAnother(entries))
    return {
      history,
      conclusion: { type: 'unclear', why: 'it gave an answer that named another' },
    };
  return { history, conclusion };
}

/**
 * While the command was under way, an answer came that did not seem to be the one to it; or its answer told
 * of a transaction that could not be the one it asked for.
 */
const namedAnother = (entries: readonly Entry[]): boolean => {
  const sent = entries.findLastIndex(({ type }) => type === 'sent');
  const doubt = entries.findIndex(({ type }, at) => at > sent && type === 'in-doubt');
  return entries
    .slice(sent, doubt < 0 ? sent : doubt)
    .some((entry) => entry.type === 'unsolicited' || tellsOne(entry));
};

const tellsOne = (entry: Entry): boolean =>
  entry.type === 'answer' && Object.hasOwn(Object(entry.answer), 'transaction');

function resultOf(
  { intent, entries }: KnownIntent,
  conclusion: Extract<Conclusion, { type: 'done' | 'not-done' }>,
): MoneyResult {
  const { key, kind, amount, operator = '', reason = '', supervisor } = intent;
  if (conclusion.type === 'not-done') return notDone(kind, key);
  if (kind !== 'void')
    return {
      outcome: 'approved',
      message: `Approved: ${formatMoney(amount)}. Found out afterwards.`,
      transaction: conclusion.transaction,
      key,
    };
  const transaction = { ...evidenceOf(entries), ...conclusion.transaction };
  return {
    outcome: 'voided',
    message: `Voided: ${formatMoney(amount)}. Found out afterwards.`,
    transaction,
    key,
    voucher: voidVoucher(transaction, {
      operator,
      reason,
      key,
      ...(supervisor !== undefined && { supervisor }),
    }),
  };
}

/** The sale as the terminal told it before the void: card and time for the voucher. */
const evidenceOf = (entries: readonly Entry[]): Transaction | undefined =>
  entries.findLast((entry) => entry.type === 'evidence')?.found;

/** A booking or a reversal of a pre-authorisation names an earlier transaction. */
const refersBack = (kind: MoneyKind): boolean =>
  kind === 'booking' || kind === 'pre-authorisation-reversal';

function notDone(kind: MoneyKind, key: string): NotDone {
  if (kind === 'void')
    return { outcome: 'not-voided', message: 'Found out: nothing was voided.', key };
  const message = `Found out: the ${kindInWords(kind)} was not made.`;
  return { outcome: 'not-approved', ...(kind !== 'purchase' && { kind }), message, key };
}

/** What was asked and what the terminal says, side by side, and the question for a person. */
function unresolved({ intent }: KnownIntent, why: string, history?: History): TerminalError {
  const { key, kind, amount } = intent;
  const question =
    kind === 'void'
      ? `Was the sale of ${formatMoney(amount)} voided?`
      : `Was the ${kindInWords(kind)} of ${formatMoney(amount)} made?`;
  return new TerminalError(
    'unresolved-transaction',
    'unknown',
    `${question} It cannot be told: ${why.replace(/\.$/, '')}. Look at the terminal and its vouchers, then record what you found (tillwire recover --decide).`,
    { intent: key, evidence: { asked: intent, told: history?.transactions ?? [], question } },
  );
}

/** Not past the closing of the terminal. */
const sleep = ({ world, closing }: Context, ms: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const end = () => {
      cancel();
      reject(new TerminalError('closed', 'none', 'The terminal was closed in the meantime.'));
    };
    const cancel = world.clock.after(ms, () => {
      closing.removeEventListener('abort', end);
      resolve();
    });
    if (closing.aborted) end();
    else closing.addEventListener('abort', end, { once: true });
  });
