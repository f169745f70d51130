import type { Intent, MoneyResult } from '../journal/journal.ts';
import { formatMoney } from '../model/money.ts';
import type { BookingKind, PurchaseResult, Refused } from '../model/results.ts';
import type {
  Identity,
  PurchaseRequest,
  RefundRequest,
  Target,
  Transaction,
} from '../model/transaction.ts';
import type { Exchange } from '../protocols/exchange.ts';
import type { MoneyCommand, Protocol, PurchaseAnswer, UnknownCode } from '../protocols/protocol.ts';
import { checkPayCode, checkRecorded, lacksPayCode } from '../protocols/refusal.ts';
import { type Difference, differences, identityDifferences, inWords } from './compare.ts';
import { decidedLike, isLater, same } from './conclude.ts';
import { type Context, place, remember, type Told, unsupported } from './context.ts';
import { type CarriedOut, underKey } from './intent.ts';
import { keepsTicket, type LastBefore, lastBefore } from './last-before.ts';
import { knownBefore } from './record.ts';
import { inDoubt, notKnown, sendMoney } from './send-money.ts';

/** What is to be booked, whatever kind it is. */
interface Order {
  readonly key: string;
  readonly kind: BookingKind;
  /** The till's own words, for the journal: the same key with other words is another command. */
  readonly intent: Pick<Intent, 'amount' | 'asked' | 'reserved'>;
  /** What the answer must repeat. */
  readonly repeated: Target;
  /** The earlier transaction that it is about, for a booking or a reversal of a pre-authorisation. */
  readonly original?: Identity;
  exchange(protocol: Protocol, last: Transaction | undefined): Exchange<PurchaseAnswer> | Refused;
  /** What only a command that is still to be carried out needs: asked again, its outcome is told without. */
  lacks?(): Refused | undefined;
}

const isBooking = (result: MoneyResult): result is PurchaseResult =>
  result.outcome !== 'voided' &&
  result.outcome !== 'already-voided' &&
  result.outcome !== 'not-found';

/** Sells once under its key. */
export async function purchase(
  context: Context,
  request: PurchaseRequest,
  key: string,
): Promise<PurchaseResult> {
  const { line, world } = context;
  const { protocol } = line;
  const refused =
    unsupported(protocol, 'purchase') ??
    checkRecorded('key', key) ??
    checkPayCode(request.payCode, protocol.capabilities.payCode) ??
    protocol.checkPurchase(request);
  if (refused !== undefined) return refused;
  const { amount, payCode, ...asked } = request;
  const ticket = request.ticket ?? protocol.ticket(world.random);
  return book(context, {
    key,
    kind: 'purchase',
    intent: { amount, asked },
    repeated: { amount, ...(keepsTicket(protocol) && { ticket }) },
    lacks: () => lacksPayCode(payCode, protocol.capabilities.payCode),
    exchange: (spoken, last) => spoken.purchase({ ...request, ticket }, last),
  });
}

/** Gives money back, once under its key, as a transaction of its own. */
export async function refund(
  context: Context,
  request: RefundRequest,
  key: string,
): Promise<PurchaseResult> {
  const { protocol } = context.line;
  const refused =
    unsupported(protocol, 'refund') ?? checkRecorded('key', key) ?? protocol.checkRefund?.(request);
  if (refused !== undefined) return refused;
  const { amount, rrn, ticket } = request;
  const named = { ...(ticket !== undefined && { ticket }) };
  return book(context, {
    key,
    kind: 'refund',
    // A refund of another sale is another command.
    intent: { amount, asked: { ...named, ...(rrn !== undefined && { rrn }) } },
    repeated: { amount, ...(keepsTicket(protocol) && named) },
    exchange: (spoken, last) => spoken.refund?.(request, last) ?? notHere(spoken, 'refund'),
  });
}

/** Carries out a money command of one protocol only, once under its key. */
export async function bookCommand(
  context: Context,
  command: MoneyCommand,
  key: string,
): Promise<PurchaseResult> {
  const exchange = command.exchange(context.line.protocol);
  const refused = checkRecorded('key', key) ?? ('outcome' in exchange ? exchange : undefined);
  if (refused !== undefined) return refused;
  const { kind, amount, asked, reserved } = command;
  return book(context, {
    key,
    kind,
    intent: { amount, asked, ...(reserved && { reserved }) },
    repeated: { amount },
    original: asked,
    exchange: (spoken, last) => command.exchange(spoken, last),
  });
}

const notHere = (protocol: Protocol, name: 'refund'): Refused =>
  unsupported({ ...protocol, capabilities: { ...protocol.capabilities, commands: [] } }, name) ?? {
    outcome: 'refused',
    reason: 'not-supported',
    message: `This terminal has no ${name}. Nothing was sent.`,
  };

async function book(context: Context, order: Order): Promise<PurchaseResult> {
  const { key, kind } = order;
  const { origin } = context;
  const intent: Intent = { key, kind, ...place(context), ...order.intent, origin };
  const result = await underKey(context, intent, () => carryOut(context, order));
  if (!isBooking(result)) throw new Error(`The journal holds a void under the key ${key}.`);
  const voucher = result.outcome === 'approved' ? result.transaction.voucher : undefined;
  if (voucher !== undefined) context.emit({ type: 'receipt', lines: voucher, from: 'terminal' });
  return result;
}

async function carryOut(context: Context, order: Order): Promise<CarriedOut<PurchaseResult>> {
  const { key } = order;
  const lacking = order.lacks?.();
  if (lacking !== undefined) return { result: lacking };
  await context.line.ready();
  const told = await toldBefore(context, key);
  const { marksRequests = false } = context.line.protocol;
  const like = !marksRequests && told.decided.some(decidedLike(order.repeated));
  const before = await lastBefore(context, order.key, order.repeated, like);
  const exchange = order.exchange(context.line.protocol, before.last);
  if ('outcome' in exchange) return { result: exchange };
  const answer = await sendMoney(context, {
    key,
    kind: order.kind,
    asked: order.repeated,
    ...(before.last !== undefined && { before: before.last }),
    exchange,
    like,
    isDone: ({ outcome }) => outcome === 'approved',
  });
  switch (answer.outcome) {
    case 'approved':
      return {
        answer,
        result: await approved(context, order, answer, {
          told: told.transactions,
          like,
          ...before,
        }),
      };
    case 'declined': {
      const { named, ...result } = answer;
      const { ticket } = order.repeated;
      const list = identityDifferences({ ...(ticket !== undefined && { ticket }) }, named);
      await mustName(context, order, list, answer);
      return { answer, result };
    }
    case 'unknown-response-code':
      return inDoubt(
        context,
        key,
        notKnown(key, answer.outcome, order.kind, answer.message),
        answer,
      );
  }
}

/**
 * What an answer must not tell once more: the answer to a question of this or another program may still be
 * under way, and look like the one to this sale. While this connection lasts nobody else sells through it.
 * Where the terminal keeps no reference of the till, its numbers may begin anew each day, and only the
 * transaction right before is none that it could mean.
 */
async function toldBefore(
  context: Context,
  key: string,
): Promise<Pick<Told, 'transactions' | 'decided'>> {
  const { told, line } = context;
  const { epoch } = line;
  if (epoch === undefined || told.epoch !== epoch) {
    const { own, elsewhere } = await knownBefore(context, key, false);
    const isDecided = ({ state }: Transaction) => state === 'in-doubt';
    // What was sold here last stays the last, also where the journal tells of an earlier one behind it.
    const numbered = own.filter((one) => !isDecided(one));
    told.decided = [...own, ...elsewhere].filter(isDecided);
    told.transactions = [...numbered, ...told.transactions.slice(-1)];
    if (epoch === undefined) delete told.epoch;
    else told.epoch = epoch;
  }
  const { transactions, decided } = told;
  return {
    transactions: keepsTicket(line.protocol) ? transactions : transactions.slice(-1),
    decided,
  };
}

/** What was known before a sale was sent. `like`: a person has decided about an earlier one like it. */
interface Before extends LastBefore {
  readonly told: readonly Transaction[];
  readonly like: boolean;
}

/** Can it not be the earlier one like it, about which a person has decided? */
function isProvenNew(context: Context, { like, last, asked }: Before, made: Transaction): boolean {
  if (!like) return true;
  // Where the terminal keeps no reference, any of its amount is like it.
  if (asked === 'no') return !keepsTicket(context.line.protocol);
  return asked === 'told' && (last === undefined || (isLater(last, made) && !isLater(made, last)));
}

async function approved(
  context: Context,
  order: Order,
  answer: Extract<PurchaseAnswer, { outcome: 'approved' }>,
  before: Before,
): Promise<PurchaseResult> {
  const { key, kind } = order;
  const { transaction } = answer;
  await mustName(context, order, differencesOf(order, transaction), answer);
  const doubt = (why: string) =>
    inDoubt(context, key, notKnown(key, 'wrong-transaction', kind, why), answer);
  const { told, last } = before;
  if ([...told, ...(last ? [last] : [])].some((one) => same(one, transaction)))
    return doubt('The terminal told of an earlier transaction once more.');
  if (!isProvenNew(context, before, transaction))
    return doubt('It may be an earlier one like it, about which a person has decided.');
  remember(context.told, transaction);
  const message = `Approved: ${formatMoney(transaction.amount)}.`;
  return { outcome: 'approved', message, transaction, key };
}

/** The request's own commerce code names the child commerce, which an answer tells elsewhere. */
function differencesOf({ kind, repeated, original }: Order, told: Transaction): Difference[] {
  const named = original === undefined ? [] : identityDifferences(original, told.original ?? {});
  // A void is no sale, whatever its amount; and a reversal has to say what it is the reversal of.
  if ((told.kind === 'void') !== (kind === 'pre-authorisation-reversal'))
    named.push({ field: 'trace', asked: kind, found: told.kind });
  else if (kind === 'pre-authorisation-reversal' && told.original?.trace === undefined)
    named.push({ field: 'trace', asked: original?.trace ?? kind, found: 'none' });
  // ZVT: a reversed pre-authorisation is told with the amount that is left of it, which is nothing.
  if (kind === 'pre-authorisation-reversal') return named;
  return [...differences(repeated, told), ...named];
}

const mustName = (
  context: Context,
  { key, kind, repeated }: Order,
  list: readonly Difference[],
  answer: Exclude<PurchaseAnswer, UnknownCode>,
): Promise<void> =>
  list.length === 0
    ? Promise.resolve()
    : inDoubt(
        context,
        key,
        notKnown(
          key,
          'wrong-transaction',
          kind,
          `The terminal answered about another transaction than the one asked for (${inWords(list)}).`,
          {
            asked: repeated,
            told: answer.outcome === 'approved' ? answer.transaction : answer.named,
          },
        ),
        answer,
      );
