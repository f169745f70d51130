import type { Intent, MoneyResult } from '../journal/journal.ts';
import { formatMoney } from '../model/money.ts';
import type { PurchaseResult } from '../model/results.ts';
import type { PurchaseRequest, Target } from '../model/transaction.ts';
import { checkRecorded } from '../protocols/refusal.ts';
import { type Difference, differences, identityDifferences, inWords } from './compare.ts';
import { conclude, same } from './conclude.ts';
import { type Context, runOptions, unsupported } from './context.ts';
import { type CarriedOut, underKey } from './intent.ts';
import { knownBefore } from './record.ts';
import { inDoubt, notKnown, sendMoney } from './send-money.ts';

const isPurchase = (result: MoneyResult): result is PurchaseResult =>
  result.outcome !== 'voided' &&
  result.outcome !== 'already-voided' &&
  result.outcome !== 'not-found';

/** Sells once under its key. */
export async function purchase(
  context: Context,
  request: PurchaseRequest,
  key: string,
): Promise<PurchaseResult> {
  const { protocol, world, terminal } = context;
  const refused =
    unsupported(protocol, 'purchase') ??
    checkRecorded('key', key) ??
    protocol.checkPurchase(request);
  if (refused !== undefined) return refused;
  const { amount, ...asked } = request;
  const intent: Intent = { key, kind: 'purchase', terminal, amount, asked, origin: context.origin };
  const result = await underKey(context, intent, () =>
    sell(context, key, { ...request, ticket: request.ticket ?? protocol.ticket(world.random) }),
  );
  if (!isPurchase(result)) throw new Error(`The journal holds a void under the key ${key}.`);
  const voucher = result.outcome === 'approved' ? result.transaction.voucher : undefined;
  if (voucher !== undefined) context.emit({ type: 'receipt', lines: voucher, from: 'terminal' });
  return result;
}

async function sell(
  context: Context,
  key: string,
  request: PurchaseRequest & { readonly ticket: string },
): Promise<CarriedOut<PurchaseResult>> {
  await context.line.ready();
  const { amount, ticket } = request;
  const { answer, repeated } = await sendMoney(context, {
    key,
    what: 'sale',
    asked: { amount, ticket },
    exchange: context.protocol.purchase(request),
    isDone: ({ outcome }) => outcome === 'approved',
  });
  // The request's own commerce code names the child commerce, which an answer tells elsewhere.
  const mustName = (list: readonly Difference[], told: object) =>
    list.length === 0
      ? Promise.resolve()
      : inDoubt(context, key, wrongTransaction(key, list, { asked: request, told }));
  switch (answer.outcome) {
    case 'approved': {
      const { transaction } = answer;
      await mustName(differences({ amount, ticket }, transaction), transaction);
      const { lastSale } = context;
      if (lastSale.transaction !== undefined && same(lastSale.transaction, transaction)) {
        const why = 'The terminal told of the sale before this one once more.';
        return inDoubt(context, key, notKnown(key, 'wrong-transaction', 'sale', why));
      }
      lastSale.transaction = transaction;
      if (repeated) await checkSoldOnce(context, key, { amount, ticket });
      const message = `Approved: ${formatMoney(transaction.amount)}.`;
      return { sent: true, result: { outcome: 'approved', message, transaction, key } };
    }
    case 'declined': {
      const { named, ...result } = answer;
      await mustName(identityDifferences({ ticket }, named), named);
      return { sent: true, result };
    }
    case 'unknown-response-code':
      return inDoubt(context, key, notKnown(key, answer.outcome, 'sale', answer.message));
  }
}

/** Two copies of the request may both have been carried out: where the terminal tells its sales, count them. */
async function checkSoldOnce(context: Context, key: string, asked: Target): Promise<void> {
  const { line, protocol } = context;
  if ((await line.synchronise()) !== 'in-step') return;
  const outcome = await line.run(protocol.history(), runOptions(context));
  if (outcome.type === 'failed' || 'outcome' in outcome.answer) return;
  const found = conclude('sale', asked, outcome.answer, await knownBefore(context, key));
  if (found.type !== 'repeated') return;
  const message = `The request went out more than once, and the terminal remembers ${found.times} sales like it.`;
  await inDoubt(context, key, notKnown(key, 'wrong-transaction', 'sale', message));
}

const wrongTransaction = (key: string, list: readonly Difference[], evidence: object) =>
  notKnown(
    key,
    'wrong-transaction',
    'sale',
    `The terminal answered about another sale than the one asked for (${inWords(list)}).`,
    { ...evidence },
  );
