import type { Intent, MoneyResult } from '../journal/journal.ts';
import { TerminalError } from '../model/error.ts';
import { identities } from '../model/identity.ts';
import { formatMoney } from '../model/money.ts';
import type { Refused, VoidResult } from '../model/results.ts';
import type { Target, Transaction, TransactionKind } from '../model/transaction.ts';
import type { Named, UnknownCode, VoidAnswer } from '../protocols/protocol.ts';
import { checkRecorded, invalid } from '../protocols/refusal.ts';
import { type Difference, differences, identityDifferences, inWords } from './compare.ts';
import { same } from './conclude.ts';
import { ask, type Context, place, unsupported } from './context.ts';
import { type CarriedOut, underKey } from './intent.ts';
import { checkSupervisor, checkWindow } from './policy.ts';
import { knownBefore, record } from './record.ts';
import { inDoubt, notKnown, sendMoney } from './send-money.ts';
import { voidVoucher } from './void-voucher.ts';

/** Who takes it back and why, and who may still say no. */
export interface VoidOrder {
  readonly target: Target;
  readonly operator: string;
  readonly reason: string;
  /** A second person who agrees, where the merchant wants one. */
  readonly supervisor?: string;
  readonly key: string;
  readonly confirm?: (found: Transaction) => boolean | Promise<boolean>;
}

const isVoid = (result: MoneyResult): result is VoidResult => result.outcome !== 'approved';

/**
 * Takes a transaction back, once, and only the one that was asked for: asks the terminal for its last
 * transaction, compares, asks for confirmation, sends, and compares what the answer names.
 */
export async function voidTransaction(context: Context, order: VoidOrder): Promise<VoidResult> {
  const refused = check(context, order);
  if (refused !== undefined) return refused;
  const { amount, ...asked } = order.target;
  const { key, operator, reason } = order;
  const intent: Intent = {
    key,
    kind: 'void',
    ...place(context),
    amount,
    asked,
    operator,
    reason,
    ...(order.supervisor !== undefined && { supervisor: order.supervisor }),
    origin: context.origin,
  };
  const result = await underKey(context, intent, async () => {
    const found = await findTarget(context, order);
    return isTransaction(found) ? takeBack(context, order, found) : { result: found };
  });
  if (!isVoid(result)) throw new Error(`The journal holds a sale under the key ${key}.`);
  if (result.outcome === 'voided')
    context.emit({ type: 'receipt', lines: result.voucher, from: 'tillwire' });
  return result;
}

/** What can be said without asking the terminal. */
function check(
  { line: { protocol }, allowBlindVoid, policy }: Context,
  order: VoidOrder,
): Refused | undefined {
  return (
    unsupported(protocol, 'voidTransaction') ??
    checkRecorded('operator', order.operator) ??
    checkRecorded('reason', order.reason) ??
    checkRecorded('key', order.key) ??
    checkIdentities(order.target) ??
    checkSupervisor(policy, order) ??
    protocol.checkTarget(order.target) ??
    (protocol.capabilities.voidBy === 'blind-last' && !allowBlindVoid ? blindVoid : undefined)
  );
}

/** A misspelt identity would be one that nobody compares. */
function checkIdentities(target: Target | undefined): Refused | undefined {
  const known: readonly string[] = ['amount', ...identities];
  const strange = Object.keys(target ?? {}).find((name) => !known.includes(name));
  if (strange === undefined) return undefined;
  return invalid('target', `of ${known.join(', ')} only`, strange);
}

const blindVoid: Refused = {
  outcome: 'refused',
  reason: 'blind-void',
  message:
    'This terminal voids whatever was last, unseen: a sale made at the terminal in between would be taken back instead. Allow it (blind-void=allow) only where nobody can sell at the terminal itself. Nothing was sent.',
};

async function findTarget(context: Context, order: VoidOrder): Promise<Transaction | VoidResult> {
  // What is voided unseen must at least not be told by an answer to somebody else's question.
  if (context.line.protocol.capabilities.voidBy === 'blind-last') {
    await context.line.connected();
    await context.line.provenIdle();
  } else await context.line.ready();
  const seen = await queryAndCompare(context, order);
  if (!isTransaction(seen) || order.confirm === undefined) return seen;
  if (!(await confirmed(context, order.confirm, seen)))
    return refusal('not-confirmed', 'The void was not confirmed.', seen);
  // A person may have taken a while; a terminal that voids unseen is asked once more.
  if (context.line.protocol.capabilities.voidBy === 'blind-last')
    return queryAndCompare(context, order);
  return seen;
}

/** Waits for the person, but not past a cancellation or the closing of the terminal. */
async function confirmed(
  { signal, closing }: Context,
  confirm: NonNullable<VoidOrder['confirm']>,
  seen: Transaction,
): Promise<boolean> {
  const given = AbortSignal.any(signal === undefined ? [closing] : [closing, signal]);
  const cancelled = new Promise<never>((_, reject) => {
    const cancel = () => reject(new TerminalError('cancelled', 'none', notVoided));
    if (given.aborted) cancel();
    else given.addEventListener('abort', cancel, { once: true });
  });
  try {
    return (await Promise.race([confirm(seen), cancelled])) === true;
  } catch (cause) {
    if (cause instanceof TerminalError) throw cause;
    throw new TerminalError('cancelled', 'none', `The confirmation failed. ${notVoided}`, {
      cause,
    });
  }
}

const notVoided = 'The void was cancelled before it was sent; nothing was voided.';

/** The target as the terminal tells it, or why it cannot be voided. */
async function queryAndCompare(
  context: Context,
  { target, key }: VoidOrder,
): Promise<Transaction | VoidResult> {
  const last = await ask(
    context,
    (protocol) => protocol.find?.(target) ?? protocol.lastTransaction(),
  );
  switch (last.outcome) {
    case 'none':
      return {
        outcome: 'not-found',
        responseCode: last.responseCode,
        message:
          'The terminal has no transaction in its memory, so there is nothing to void. After settlement, a refund is the way.',
      };
    case 'declined':
    case 'refused':
      return last;
    case 'found':
      break;
  }
  const found = last.transaction;
  await record(context, key, { type: 'evidence', found });
  const list = differences(target, found);
  if (list.length > 0)
    return refusal(
      'not-the-last',
      `The terminal's last transaction is not the one to void (${inWords(list)}).`,
      found,
    );
  const made = await otherThanSale(context, key, found);
  if (made !== undefined)
    return refusal('not-approved', `The last transaction is a ${made}, not a purchase.`, found);
  if (found.state === 'voided' && found.kind === 'purchase')
    return { outcome: 'already-voided', message: alreadyVoided, transaction: found };
  if (found.state !== 'approved' || found.kind !== 'purchase')
    return refusal('not-approved', 'The last transaction is not an approved purchase.', found);
  return context.line.protocol.checkVoidable(found) ?? checkWindow(context, found) ?? found;
}

/** What it was, where the journal knows that it was no sale: not every terminal tells the two apart. */
async function otherThanSale(
  context: Context,
  key: string,
  found: Transaction,
): Promise<TransactionKind | undefined> {
  const { own, elsewhere } = await knownBefore(context, key);
  return [own, elsewhere]
    .map((known) => known.findLast(({ kind }) => kind !== 'purchase'))
    .find((made) => made && made.kind !== found.kind && same({ ...made, kind: found.kind }, found))
    ?.kind;
}

async function takeBack(
  context: Context,
  order: VoidOrder,
  found: Transaction,
): Promise<CarriedOut<VoidResult>> {
  const { key } = order;
  // A question that had to be repeated may have left an ACK under way; the void must not take it for its own.
  await context.line.inStep();
  const answer = await sendMoney(context, {
    key,
    kind: 'void',
    asked: targetOf(found),
    exchange: context.line.protocol.void(found),
    isDone: ({ outcome }) => outcome === 'voided',
  });
  if (answer.outcome === 'unknown-response-code')
    return inDoubt(context, key, notKnown(key, answer.outcome, 'void', answer.message), answer);
  await checkNamed(context, key, found, answer);
  return { answer, result: resultOf(order, found, answer) };
}

type NamedAnswer = Exclude<VoidAnswer, UnknownCode>;

function resultOf(order: VoidOrder, found: Transaction, answer: NamedAnswer): VoidResult {
  switch (answer.outcome) {
    case 'voided':
      return voided(order, found);
    case 'already-voided':
      return {
        outcome: 'already-voided',
        message: alreadyVoided,
        transaction: { ...found, state: 'voided' },
      };
    case 'not-found':
    case 'declined': {
      const { outcome, responseCode, message } = answer;
      return { outcome, responseCode, message };
    }
  }
}

/** What names the sale that is taken back. */
const targetOf = ({
  amount,
  ticket,
  operationNumber,
  receiptNumber,
  trace,
  authorisationCode,
}: Transaction): Target => ({
  amount,
  ...(ticket !== undefined && { ticket }),
  ...(operationNumber !== undefined && { operationNumber }),
  ...(receiptNumber !== undefined && { receiptNumber }),
  ...(trace !== undefined && { trace }),
  ...(authorisationCode !== undefined && { authorisationCode }),
});

/**
 * The answer must not name another operation, and where it says that something is voided it has to name
 * one: Portalum.Zvt issue 24 is what happens else. A refusal by reference may carry its code alone.
 */
async function checkNamed(
  context: Context,
  key: string,
  found: Transaction,
  answer: NamedAnswer,
): Promise<void> {
  const { outcome, named } = answer;
  const list = [...identityDifferences(found, named), ...amountDifference(found, named)];
  const silent =
    named.operationNumber === undefined &&
    named.receiptNumber === undefined &&
    named.trace === undefined;
  const { voidBy } = context.line.protocol.capabilities;
  // Checked last: the terminal itself has compared the number that was sent with its last transaction.
  const mustName =
    (outcome === 'voided' && voidBy !== 'checked-last') ||
    (outcome === 'already-voided' && voidBy === 'blind-last');
  if (list.length === 0 && !(silent && mustName)) return;
  const what = list.length > 0 ? inWords(list) : 'it names no transaction at all';
  const why = `The terminal answered "${outcome}" about another transaction than the one asked for (${what}).`;
  const evidence = { asked: found, told: named };
  await inDoubt(context, key, notKnown(key, 'wrong-transaction', 'void', why, evidence), answer);
}

/** Portalum.Zvt issue 24 again: asked to void 3.33, the terminal voided 2.22. */
const amountDifference = (found: Transaction, { amount }: Named): Difference[] =>
  amount === undefined ? [] : differences({ amount: found.amount }, { amount });

function voided(order: VoidOrder, found: Transaction): VoidResult {
  const transaction: Transaction = { ...found, state: 'voided' };
  return {
    outcome: 'voided',
    message: `Voided: ${formatMoney(transaction.amount)}.`,
    transaction,
    key: order.key,
    voucher: voidVoucher(transaction, order),
  };
}

const alreadyVoided = 'This transaction had been voided before. It was not voided again.';

const refusal = (reason: Refused['reason'], message: string, found: Transaction): Refused => ({
  outcome: 'refused',
  reason,
  message: `${message} Nothing was voided.`,
  found,
});

const isTransaction = (value: Transaction | VoidResult): value is Transaction => 'kind' in value;
