import type { Intent, MoneyResult } from '../journal/journal.ts';
import { TerminalError } from '../model/error.ts';
import { formatMoney } from '../model/money.ts';
import type { Refused, VoidResult } from '../model/results.ts';
import type { Target, Transaction } from '../model/transaction.ts';
import type { VoidAnswer } from '../protocols/protocol.ts';
import { invalid } from '../protocols/refusal.ts';
import { differences, identityDifferences, inWords } from './compare.ts';
import { ask, type Context, unsupported } from './context.ts';
import { inDoubt, sendMoney, underKey } from './intent.ts';
import { checkSupervisor, checkWindow } from './policy.ts';
import { cancelledError } from './queue.ts';
import { record } from './record.ts';
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
    terminal: context.terminal,
    amount,
    asked,
    operator,
    reason,
    origin: context.origin,
  };
  const result = await underKey(context, intent, async () => {
    const found = await findTarget(context, order);
    return isTransaction(found) ? takeBack(context, order, found) : found;
  });
  if (!isVoid(result)) throw new Error(`The journal holds a sale under the key ${key}.`);
  if (result.outcome === 'voided')
    context.emit({ type: 'receipt', lines: result.voucher, from: 'tillwire' });
  return result;
}

/** What can be said without asking the terminal. */
function check(
  { protocol, allowBlindVoid, policy }: Context,
  order: VoidOrder,
): Refused | undefined {
  const missing = (['operator', 'reason'] as const).find((field) => order[field].trim() === '');
  return (
    unsupported(protocol, 'voidTransaction') ??
    (missing === undefined ? undefined : invalid(missing, 'given', order[missing])) ??
    checkSupervisor(policy, order) ??
    protocol.checkTarget(order.target) ??
    (protocol.capabilities.voidBy === 'blind-last' && !allowBlindVoid ? blindVoid : undefined)
  );
}

const blindVoid: Refused = {
  outcome: 'refused',
  reason: 'blind-void',
  message:
    'This terminal voids whatever was last, unseen: a sale made at the terminal in between would be taken back instead. Allow it (blind-void=allow) only where nobody can sell at the terminal itself. Nothing was sent.',
};

async function findTarget(context: Context, order: VoidOrder): Promise<Transaction | VoidResult> {
  const seen = await queryAndCompare(context, order);
  if (!isTransaction(seen) || order.confirm === undefined) return seen;
  if (!(await confirmed(order.confirm, seen)))
    return refusal('not-confirmed', 'The void was not confirmed.', seen);
  // A person may have taken a while; a terminal that voids unseen is asked once more.
  if (context.protocol.capabilities.voidBy === 'blind-last') return queryAndCompare(context, order);
  return seen;
}

type Confirm = NonNullable<VoidOrder['confirm']>;

async function confirmed(confirm: Confirm, seen: Transaction): Promise<boolean> {
  try {
    return await confirm(seen);
  } catch (cause) {
    throw new TerminalError('cancelled', 'none', 'The confirmation failed; nothing was voided.', {
      cause,
    });
  }
}

/** The target as the terminal tells it, or why it cannot be voided. */
async function queryAndCompare(
  context: Context,
  { target, key }: VoidOrder,
): Promise<Transaction | VoidResult> {
  const last = await ask(context, context.protocol.lastTransaction());
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
  if (found.state !== 'approved' || found.kind !== 'purchase')
    return refusal('not-approved', 'The last transaction is not an approved purchase.', found);
  return context.protocol.checkVoidable(found) ?? checkWindow(context, found) ?? found;
}

async function takeBack(
  context: Context,
  order: VoidOrder,
  found: Transaction,
): Promise<VoidResult> {
  const { key } = order;
  // The last moment at which a cancellation leaves nothing behind.
  if (context.signal?.aborted === true) throw cancelledError();
  // A question that had to be repeated may have left an ACK under way; the void must not take it for its own.
  await context.line.inStep();
  const exchange = context.protocol.void(found);
  const { answer, repeated } = await sendMoney(context, key, targetOf(found), exchange);
  switch (answer.outcome) {
    case 'voided':
      await checkNamed(context, key, found, answer);
      return voided(order, found);
    case 'already-voided':
      return {
        outcome: 'already-voided',
        message: 'This transaction had been voided before. It was not voided again.',
        transaction: { ...found, state: 'voided' },
      };
    case 'not-found':
    case 'declined':
      if (repeated)
        return inDoubt(
          context,
          key,
          unsettled(
            key,
            'no-answer',
            `${answer.message} But the request had gone out more than once, so another copy of it may have been carried out.`,
          ),
        );
      return { ...answer, outcome: answer.outcome };
    case 'unknown-response-code':
      return inDoubt(context, key, unsettled(key, 'unknown-response-code', answer.message));
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

/** The answer has to name the operation that was asked for: Portalum.Zvt issue 24 is what happens else. */
async function checkNamed(
  context: Context,
  key: string,
  found: Transaction,
  { named }: VoidAnswer & { outcome: 'voided' },
): Promise<void> {
  const list = identityDifferences(found, named);
  const silent =
    named.operationNumber === undefined &&
    named.receiptNumber === undefined &&
    named.trace === undefined;
  if (list.length === 0 && !silent) return;
  const what = silent ? 'it names no transaction at all' : inWords(list);
  await inDoubt(
    context,
    key,
    new TerminalError(
      'wrong-transaction',
      'unknown',
      `The terminal says that it voided, but not the transaction that was asked for (${what}). Look at the terminal and its vouchers now.`,
      { intent: key, evidence: { asked: found, told: named } },
    ),
  );
}

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

const unsettled = (key: string, code: 'no-answer' | 'unknown-response-code', message: string) =>
  new TerminalError(
    code,
    'unknown',
    `${message} It is not known whether the void was carried out: look at the terminal before doing anything else.`,
    { intent: key },
  );

const refusal = (reason: Refused['reason'], message: string, found: Transaction): Refused => ({
  outcome: 'refused',
  reason,
  message: `${message} Nothing was voided.`,
  found,
});

const isTransaction = (value: Transaction | VoidResult): value is Transaction => 'kind' in value;
