import { sameNumber } from '../../model/identity.ts';
import { sameMoney } from '../../model/money.ts';
import type { Declined, LastTransactionResult } from '../../model/results.ts';
import type { Target, Transaction } from '../../model/transaction.ts';
import { type Exchange, mapAnswer } from '../exchange.ts';
import type { History } from '../protocol.ts';
import { answer, ask, followedBy } from './followed-by.ts';
import { all, isDeclined, isNumber, last, type Records, tooMany } from './report.ts';
import { type Filter, voidReference } from './requests.ts';
import type { Setup } from './setup.ts';

const found = (transaction: Transaction): LastTransactionResult => ({
  outcome: 'found',
  message: 'The terminal told the transaction.',
  transaction,
});

const none: LastTransactionResult = {
  outcome: 'none',
  responseCode: '100023',
  message: 'The terminal has no such transaction in its batch.',
};

export const lastTransaction = (setup: Setup): Exchange<LastTransactionResult> =>
  mapAnswer(last(setup), (told): LastTransactionResult => {
    if (isDeclined(told)) return told;
    const [transaction] = told;
    return transaction === undefined ? none : found(transaction);
  });

/** What names the target best: the terminal's number, which it gives once; the till's reference; the host's code. */
function filterOf({ ticket, operationNumber, authorisationCode }: Target): Filter | undefined {
  if (operationNumber !== undefined) return { operationNumber };
  if (ticket !== undefined) return { ticket };
  return authorisationCode === undefined ? undefined : { authorisationCode };
}

/**
 * A void under the sale's own reference or number: the sale, taken back. The void itself has a reference of its
 * own, which names no sale.
 */
function asTakenBack(told: Transaction): Transaction {
  if (told.kind !== 'void' || told.state !== 'approved') return told;
  const { ticket, ...others } = told;
  const own = ticket === voidReference(told);
  return {
    ...others,
    ...(ticket !== undefined && !own && { ticket }),
    kind: 'purchase',
    state: 'voided',
  };
}

const contradicts = (target: Target, told: Transaction): boolean =>
  !sameMoney(target.amount, told.amount) ||
  (['ticket', 'operationNumber', 'authorisationCode'] as const).some(
    (field) =>
      target[field] !== undefined &&
      told[field] !== undefined &&
      !sameNumber(target[field], told[field]),
  );

/** R02 by what the target names; nothing where it names nothing that can be asked for. */
export function find(setup: Setup, target: Target): Exchange<LastTransactionResult> | undefined {
  const filter = filterOf(target);
  if (filter === undefined) return undefined;
  return mapAnswer(all(setup, 'transaction', filter), (told): LastTransactionResult => {
    if (isDeclined(told)) return told;
    const records = told.map(asTakenBack);
    const fitting = records.filter((one) => !contradicts(target, one));
    // Where none is it, the driver says what speaks against the latest.
    const [one, ...more] = fitting.length > 0 ? fitting : records.slice(-1);
    if (one === undefined) return none;
    if (more.length === 0) return found(one);
    const sale = onceTakenBack(fitting);
    return sale === undefined ? severalLike(fitting) : found(sale);
  });
}

/**
 * The one sale among these records, with its void behind it. A till may sell twice under one reference: what was
 * taken back before a sale was made is not that sale.
 */
function onceTakenBack(records: readonly Transaction[]): Transaction | undefined {
  const voids = records.filter(({ state }) => state === 'voided');
  const [sale, ...others] = records.filter(({ state }) => state !== 'voided');
  if (sale === undefined || others.length > 0) return undefined;
  return voids.every((one) => isBehind(sale, one)) ? { ...sale, state: 'voided' } : undefined;
}

function isBehind({ operationNumber: sale = '' }: Transaction, one: Transaction): boolean {
  const { operationNumber: taken = '' } = one;
  return isNumber.test(sale) && isNumber.test(taken) && Number(taken) >= Number(sale);
}

const severalLike = (records: readonly Transaction[]): Declined => {
  const list = records.map(({ operationNumber = '?', state }) => `${operationNumber} (${state})`);
  return {
    ...tooMany(records.length),
    message: `${tooMany(records.length).message} Name the operationNumber: ${list.join(', ')}.`,
  };
};

const remembered = (...transactions: readonly Transaction[]): History => ({
  whole: false,
  transactions,
});

/**
 * What the terminal remembers of a sale or a void. A sale is asked for by its reference. A void is looked for
 * under the number of its sale and under its own reference. Where there is nothing, the last transaction of all
 * is told: it shows whether the batch is still the same.
 */
export function history(setup: Setup, about?: Target): Exchange<History | Declined> {
  if (about?.operationNumber !== undefined) return historyOfVoid(setup, about);
  const { ticket } = about ?? {};
  if (ticket === undefined) return lastOnly(setup);
  return followedBy<Records, History | Declined>(all(setup, 'transaction', { ticket }), (told) => {
    if (isDeclined(told)) return answer<History | Declined>(told);
    return told.length === 0
      ? ask(lastOnly(setup))
      : answer<History | Declined>(remembered(...told.map(asTakenBack)));
  });
}

const lastOnly = (setup: Setup): Exchange<History | Declined> =>
  mapAnswer(last(setup), (told) => (isDeclined(told) ? told : remembered(...told)));

function historyOfVoid(setup: Setup, about: Target): Exchange<History | Declined> {
  const { operationNumber = '' } = about;
  return followedBy<Records, History | Declined>(
    all(setup, 'transaction', { operationNumber }),
    (ofSale) => {
      if (isDeclined(ofSale)) return answer<History | Declined>(ofSale);
      const sales = ofSale.map(asTakenBack);
      if (sales.some(({ state }) => state === 'voided'))
        return answer<History | Declined>(remembered(...sales));
      return ask(
        followedBy<Records, History | Declined>(
          all(setup, 'void', { ticket: voidReference(about) }),
          (told) => {
            if (isDeclined(told)) return answer<History | Declined>(told);
            const voids = told
              .filter(({ kind }) => kind === 'void')
              .map((one) => ({ ...one, original: { operationNumber } }));
            return sales.length + voids.length === 0
              ? ask(lastOnly(setup))
              : answer<History | Declined>(remembered(...sales, ...voids));
          },
        ),
      );
    },
  );
}
