import { sameNumber } from '../../model/identity.ts';
import type { Declined } from '../../model/results.ts';
import type { Transaction } from '../../model/transaction.ts';
import { type Exchange, mapAnswer } from '../exchange.ts';
import { declined, type Page, pageIn } from './answers.ts';
import { responseCode } from './codes.ts';
import { answer, ask, followedBy } from './followed-by.ts';
import type { readResponse } from './groups.ts';
import { type Filter, requests } from './requests.ts';
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

export const tooMany = (total: number): Declined => ({
  outcome: 'declined',
  responseCode: '',
  message: `The terminal tells ${total} transactions like the one it was asked for.`,
});

/** The records that were asked for, in the terminal's order. */
export type Records = readonly Transaction[] | Declined;

export const isDeclined = (records: Records): records is Declined => 'outcome' in records;

/** Every record that the filter names. */
export const all = (setup: Setup, name: string, filter: Filter): Exchange<Records> =>
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
export const last = (setup: Setup): Exchange<Records> =>
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

export const isNumber = /^\d{1,10}$/;

/** By the terminal's clock, and where two are of one second by its numbers. */
function laterOf(a: Transaction, b: Transaction): Transaction | undefined {
  if (a.time === undefined || b.time === undefined) return undefined;
  if (a.time !== b.time) return a.time > b.time ? a : b;
  const [first = '', second = ''] = [a.operationNumber, b.operationNumber];
  if (!isNumber.test(first) || !isNumber.test(second)) return undefined;
  return Number(first) > Number(second) ? a : b;
}
