import type { Entry, Intent, KnownIntent, MoneyResult } from '../journal/journal.ts';
import { TerminalError } from '../model/error.ts';
import { formatMoney } from '../model/money.ts';
import type { Decided } from '../model/results.ts';
import type { Context } from './context.ts';
import { durable, record } from './record.ts';
import { asSent, recoverIntent } from './recovery.ts';

/** How a command ended. `answer`: the terminal's, to a request that left, so that this is its outcome for good. */
export interface CarriedOut<R> {
  readonly result: R;
  readonly answer?: object;
}

/**
 * Carries out a command under its key. A key that has an outcome replays it and nothing is sent; a key
 * whose command left and has no outcome is found out about; a key whose command never left runs again, in
 * the same way of speaking.
 * While another command on this terminal is in doubt, nothing is sent.
 */
export async function underKey(
  context: Context,
  intent: Intent,
  carryOut: () => Promise<CarriedOut<MoneyResult>>,
): Promise<MoneyResult> {
  const task = exclusively(context, async () => {
    const known = await begin(context, intent);
    const ended = outcomeOf(known);
    if (ended !== undefined) return ended;
    if (known !== undefined && hasLeft(known))
      return inDoubtUntil(recoverIntent(context, known), intent.key);
    if (known !== undefined && known.intent.variant !== intent.variant)
      throw keyReused(intent, known.intent);
    await nothingOpen(context);
    const { result, answer } = await carryOut().finally(() => attempted(context, intent.key));
    if (answer !== undefined)
      await record(context, intent.key, { type: 'answer', answer }, { type: 'outcome', result });
    return result;
  });
  return task.catch(async (error: unknown) => {
    // Somebody else has the terminal; but this very command may have left it in doubt before.
    const held = error instanceof TerminalError && error.code === 'terminal-held';
    const known = held ? await begin(context, intent) : undefined;
    if (known === undefined) throw error;
    const ended = outcomeOf(known);
    if (ended !== undefined) return ended;
    throw hasLeft(known) ? stillInDoubt(error, intent.key) : error;
  });
}

/** What came to nothing is in the journal too. That it cannot be written shows at the next command. */
const attempted = ({ journal }: Context, key: string): Promise<void> =>
  journal.append(key).catch(() => {});

/** What cannot be found out leaves the command in doubt, whatever the reason says about itself. */
export const inDoubtUntil = <R>(recovery: Promise<R>, key: string): Promise<R> =>
  recovery.catch((error: unknown) => {
    throw stillInDoubt(error, key);
  });

function stillInDoubt(error: unknown, key: string): unknown {
  if (!(error instanceof TerminalError) || error.effect === 'unknown') return error;
  return new TerminalError(
    error.code,
    'unknown',
    `The command with key ${key} is in doubt, and it could not be found out how it ended. ${error.message}`,
    { intent: key, cause: error },
  );
}

/** Holds the terminal against every other program while `task` runs. */
export async function exclusively<T>(context: Context, task: () => Promise<T>): Promise<T> {
  const { lock, terminal, holder, world } = context;
  const release = await lock.acquire(terminal, { ...holder, since: world.clock.now() });
  try {
    return await task();
  } finally {
    await release();
  }
}

/**
 * Sees to it that no command on this terminal is in doubt. What an earlier process has left open is found
 * out about, once; after that it blocks.
 * @throws {TerminalError} `unresolved-transaction`, effect `none`: it is the other command that is in doubt.
 */
export async function nothingOpen(context: Context): Promise<void> {
  const open = await durable('', () => context.journal.open(context.terminal));
  for (const known of open) {
    if (!context.mayRecover()) throw blocked(context, known);
    try {
      await recoverIntent(context, known);
    } catch (cause) {
      if (cause instanceof TerminalError && cause.code === 'unresolved-transaction')
        throw blocked(context, known, cause);
      throw cause;
    }
  }
  context.recovered();
}

const blocked = ({ line: { protocol } }: Context, { intent }: KnownIntent, cause?: TerminalError) =>
  new TerminalError(
    'unresolved-transaction',
    'none',
    `Nothing was sent: the ${intent.kind.replace('-reversal', ' reversal')} of ${formatMoney(intent.amount)} with key ${intent.key} is still in doubt on this terminal. Find out about it first (terminal.recover, tillwire recover)${intent.variant === protocol.variant ? '' : `, with ${asSent(intent.variant)}`}.`,
    { intent: intent.key, cause, evidence: cause?.evidence ?? { asked: intent } },
  );

/** What the journal knows of the intent; undefined when it is new. */
async function begin(context: Context, intent: Intent): Promise<KnownIntent | undefined> {
  const begun = await durable(intent.key, () => context.journal.begin(intent));
  if (begun.type === 'new') return undefined;
  if (!sameCommand(intent, begun.intent)) throw keyReused(intent, begun.intent);
  return begun;
}

/** The recorded outcome, or a person's decision in its place. */
function outcomeOf(known: KnownIntent | undefined): MoneyResult | undefined {
  for (const entry of known?.entries.toReversed() ?? []) {
    if (entry.type === 'outcome') return entry.result;
    if (entry.type === 'decision') return decided(known?.intent, entry);
  }
  return undefined;
}

export const decided = (
  intent: Pick<Intent, 'key' | 'kind'> | undefined,
  { decision, operator, reason }: Extract<Entry, { type: 'decision' }>,
): Decided => ({
  outcome: 'decided',
  decision,
  ...(intent !== undefined &&
    intent.kind !== 'purchase' &&
    intent.kind !== 'void' && { kind: intent.kind }),
  message: `Decided by ${operator}: ${decision} (${reason}). The terminal has not said so.`,
  key: intent?.key ?? '',
  operator,
  reason,
});

/** Something of it may have left the till. */
const hasLeft = ({ entries }: KnownIntent): boolean =>
  entries.findLast(({ type }) => type === 'sent' || type === 'not-sent')?.type === 'sent';

const sameCommand = (a: Intent, b: Intent): boolean =>
  JSON.stringify(identity(a)) === JSON.stringify(identity(b));

const identity = ({ kind, terminal, amount, asked, reserved }: Intent) => [
  kind,
  terminal,
  amount.amount,
  amount.currency,
  Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1)),
  reserved?.amount,
  reserved?.currency,
];

const keyReused = (asked: Intent, known: Intent) =>
  new TerminalError(
    'key-reused',
    'none',
    `The key ${asked.key} belongs to another command. Nothing was sent; use a new key for a new command.`,
    { intent: asked.key, evidence: { asked, known } },
  );
