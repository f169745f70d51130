import type { Intent, MoneyResult } from '../journal/journal.ts';
import { TerminalError } from '../model/error.ts';
import { formatMoney } from '../model/money.ts';
import type { PurchaseResult } from '../model/results.ts';
import type { PurchaseRequest, Transaction } from '../model/transaction.ts';
import { differences, identityDifferences, inWords } from './compare.ts';
import { type Context, unsupported } from './context.ts';
import { inDoubt, sendMoney, underKey } from './intent.ts';

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
  const refused = unsupported(protocol, 'purchase') ?? protocol.checkPurchase(request);
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
): Promise<PurchaseResult> {
  await context.line.ready();
  const { amount, ticket } = request;
  const exchange = context.protocol.purchase(request);
  const { answer, repeated } = await sendMoney(context, key, { amount, ticket }, exchange);
  switch (answer.outcome) {
    case 'approved':
      await checkSame(context, key, request, answer.transaction);
      return approved(key, answer.transaction);
    case 'declined':
      // An answer that names another sale is no answer to this one.
      if (answer.transaction !== undefined)
        await checkTicket(context, key, request, answer.transaction);
      if (repeated)
        return inDoubt(
          context,
          key,
          new TerminalError(
            'no-answer',
            'unknown',
            `${answer.message} But the request had gone out more than once, so another copy of it may have been carried out: look at the terminal's last transaction.`,
            { intent: key },
          ),
        );
      return answer;
    case 'unknown-response-code':
      return inDoubt(
        context,
        key,
        new TerminalError(
          'unknown-response-code',
          'unknown',
          `${answer.message} It is not known whether the sale was made: look at the terminal's last transaction.`,
          { intent: key },
        ),
      );
  }
}

const approved = (key: string, transaction: Transaction): PurchaseResult => ({
  outcome: 'approved',
  message: `Approved: ${formatMoney(transaction.amount)}.`,
  transaction,
  key,
});

async function checkSame(
  context: Context,
  key: string,
  request: PurchaseRequest,
  told: Transaction,
): Promise<void> {
  const list = differences({ amount: request.amount, ...named(request) }, told);
  if (list.length > 0) await inDoubt(context, key, wrong(key, request, told, inWords(list)));
}

async function checkTicket(
  context: Context,
  key: string,
  request: PurchaseRequest,
  told: Transaction,
): Promise<void> {
  const list = identityDifferences(named(request), told);
  if (list.length > 0) await inDoubt(context, key, wrong(key, request, told, inWords(list)));
}

/** The request's own commerce code names the child commerce, which an answer tells elsewhere. */
const named = ({ ticket }: PurchaseRequest) => (ticket === undefined ? {} : { ticket });

const wrong = (key: string, asked: PurchaseRequest, told: Transaction, what: string) =>
  new TerminalError(
    'wrong-transaction',
    'unknown',
    `The terminal answered about another transaction than the one asked for (${what}). It is not known whether the sale was made: look at the terminal's last transaction.`,
    { intent: key, evidence: { asked, told } },
  );
