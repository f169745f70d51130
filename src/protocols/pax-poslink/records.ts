import { sameNumber } from '../../model/identity.ts';
import type { Declined, LastTransactionResult } from '../../model/results.ts';
import type { Target, Transaction } from '../../model/transaction.ts';
import { type Exchange, mapAnswer } from '../exchange.ts';
import type { History } from '../protocol.ts';
import { declined, type Page, pageIn } from './answers.ts';
import { responseCode } from './codes.ts';
import { answer, ask, followedBy } from './followed-by.ts';
import type { readResponse } from './groups.ts';
import { type Filter, requests, voidReference } from './requests.ts';
import { reading } from './sale.ts';
import type { Setup } from './setup.ts';
import { untilEot } from './until-eot.ts';

/** What one R02 brings. */
type Told =
  | { readonly type: 'page'; readonly page: Page }
  | { readonly type: 'none'; readonly code: string }
  | { readonly type: 'refused'; readonly declined: Declined };

/** So many records under one reference are more than anybody can tell apart. */
const mostRecords = 8;

const report = (setup: Setup, name: string, filter: Filter): Exchange<Told> =>
  untilEot<Told>({
    name,
    money: false,
    request: requests.report(setup, filter),
    read: (data) =>
      reading<Told>('R03', data, (said) => {
        const told = readPage(setup, said);
        return told === undefined
          ? { type: 'unreadable' }
          : { type: 'answer', answer: told, names: false };
      }),
  });

function readPage(
  setup: Setup,
  said: NonNullable<ReturnType<typeof readResponse>>,
): Told | undefined {
  switch (responseCode(said.code).meaning) {
    case 'approved': {
      const page = pageIn(setup, said);
      return page && { type: 'page', page };
    }
    case 'not-found':
      return { type: 'none', code: said.code };
    case 'declined':
    case 'cancelled':
    case 'unknown':
      return { type: 'refused', declined: declined(said) };
  }
}

/** Some terminals leave a filter out of account, so that what they tell is compared with it. */
const fits = (filter: Filter, { ticket, operationNumber, authorisationCode }: Transaction) =>
  (filter.ticket === undefined || sameNumber(filter.ticket, ticket)) &&
  (filter.operationNumber === undefined || sameNumber(filter.operationNumber, operationNumber)) &&
  (filter.authorisationCode === undefined || filter.authorisationCode === authorisationCode);

const another: Declined = {
  outcome: 'declined',
  responseCode: '',
  message: 'The terminal told another transaction than the one it was asked for.',
};

const tooMany = (total: number): Declined => ({
  outcome: 'declined',
  responseCode: '',
  message: `The terminal tells ${total} transactions like the one it was asked for.`,
});

/** The records that were asked for, in the terminal's order. */
type Records = readonly Transaction[] | Declined;

const isDeclined = (records: Records): records is Declined => 'outcome' in records;

/** Every record that the filter names. */
const all = (setup: Setup, name: string, filter: Filter): Exchange<Records> =>
  followedBy<Told, Records>(report(setup, name, filter), (told) => {
    if (told.type === 'none') return answer<Records>([]);
    if (told.type === 'refused') return answer<Records>(told.declined);
    const { total, record, transaction } = told.page;
    if (!fits(filter, transaction)) return answer<Records>(another);
    if (total > mostRecords) return answer<Records>(tooMany(total));
    const more = Array.from({ length: Math.max(0, total - 1) }, (_, i) => record + 1 + i);
    return rest(setup, name, filter, more, [transaction]);
  });

function rest(
  setup: Setup,
  name: string,
  filter: Filter,
  [record, ...more]: readonly number[],
  known: readonly Transaction[],
): ReturnType<typeof answer<Records>> | ReturnType<typeof ask<Records>> {
  if (record === undefined) return answer<Records>(known);
  const asked = { ...filter, record };
  return ask<Records>(
    followedBy<Told, Records>(report(setup, name, asked), (told) => {
      if (told.type === 'refused') return answer<Records>(told.declined);
      if (told.type === 'none' || told.page.record !== record) return answer<Records>(another);
      const { transaction } = told.page;
      if (!fits(filter, transaction)) return answer<Records>(another);
      return rest(setup, name, filter, more, [...known, transaction]);
    }),
  );
}

/**
 * The last of all records. Whether a report begins with the oldest or the newest is not documented: the first
 * and the last record are asked for, and the later one of the two is it.
 */
const last = (setup: Setup): Exchange<Records> =>
  followedBy<Told, Records>(report(setup, 'last transaction', {}), (told) => {
    if (told.type === 'none') return answer<Records>([]);
    if (told.type === 'refused') return answer<Records>(told.declined);
    const { total, record, transaction } = told.page;
    if (total <= 1) return answer<Records>([transaction]);
    const end = record + total - 1;
    return ask<Records>(
      mapAnswer(report(setup, 'last transaction', { record: end }), (other): Records => {
        if (other.type === 'refused') return other.declined;
        if (other.type === 'none' || other.page.record !== end) return another;
        const later = laterOf(transaction, other.page.transaction);
        return later === undefined ? unordered : [later];
      }),
    );
  });

const unordered: Declined = {
  outcome: 'declined',
  responseCode: '',
  message: 'The terminal tells the first and the last of its records, but not which one is later.',
};

/** By the terminal's clock, and where two are of one second by its numbers. */
function laterOf(a: Transaction, b: Transaction): Transaction | undefined {
  if (a.time === undefined || b.time === undefined) return undefined;
  if (a.time !== b.time) return a.time > b.time ? a : b;
  const [first = '', second = ''] = [a.operationNumber, b.operationNumber];
  if (!/^\d{1,10}$/.test(first) || !/^\d{1,10}$/.test(second)) return undefined;
  return Number(first) > Number(second) ? a : b;
}

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

/** What names the target best: the till's own reference, the terminal's number, the host's code. */
function filterOf({ ticket, operationNumber, authorisationCode }: Target): Filter | undefined {
  if (ticket !== undefined) return { ticket };
  if (operationNumber !== undefined) return { operationNumber };
  return authorisationCode === undefined ? undefined : { authorisationCode };
}

/**
 * A void under the sale's own reference or number: the sale, taken back. The void itself has a reference of its
 * own.
 */
const asTakenBack = (told: Transaction): Transaction =>
  told.kind === 'void' && told.state === 'approved'
    ? { ...told, kind: 'purchase', state: 'voided' }
    : told;

/** R02 by what the target names; nothing where it names nothing that can be asked for. */
export function find(setup: Setup, target: Target): Exchange<LastTransactionResult> | undefined {
  const filter = filterOf(target);
  if (filter === undefined) return undefined;
  return mapAnswer(all(setup, 'transaction', filter), (told): LastTransactionResult => {
    if (isDeclined(told)) return told;
    const [one, ...more] = told.map(asTakenBack);
    if (one === undefined) return none;
    if (more.length === 0) return found(one);
    const voided = [one, ...more].find(({ state }) => state === 'voided');
    return voided === undefined ? tooMany(told.length) : found(voided);
  });
}

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
