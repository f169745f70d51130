import type {
  Declined,
  LastTransactionResult,
  StatusResult,
  TotalsResult,
} from '../../model/results.ts';
import type { Transaction } from '../../model/transaction.ts';
import { type Exchange, mapAnswer } from '../exchange.ts';
import type { History, Idle } from '../protocol.ts';
import { bmp, fieldValue } from './bitmaps.ts';
import { codeHex, terminalStatus } from './codes.ts';
import { dialogue } from './dialogue.ts';
import type { Ending, Heard } from './heard.ts';
import { requests } from './requests.ts';
import type { Setup } from './setup.ts';
import { amountOf, resultOf, transactionOf } from './status-information.ts';
import { totalsIn } from './totals.ts';
import { inWords } from './verdict.ts';

/** A question that the terminal did not answer with what was asked for. */
export function notTold(
  ending: Ending,
  { results }: Heard,
  setup: Setup,
  missing: string,
): Declined | undefined {
  const failed = results.at(-1);
  const failure = failed && resultOf(failed);
  switch (ending.by) {
    case 'silence':
    case 'reply':
      return undefined;
    case 'completion':
      if (failure !== undefined && failure !== 0) return refusedWith(failure, failed, setup);
      return { outcome: 'declined', responseCode: '', message: missing };
    case 'abort':
    case 'refusal':
      return refusedWith(ending.code, ending.message, setup);
  }
}

function refusedWith(
  code: number | undefined,
  message: Heard['results'][number] | undefined,
  setup: Setup,
): Declined {
  const responseCode = code === undefined ? '' : codeHex(code);
  const text = code === undefined ? 'no reason was told' : inWords(code, message, setup);
  const named = responseCode === '' ? '' : ` (code ${responseCode})`;
  return { outcome: 'declined', responseCode, message: `The terminal refused: ${text}${named}.` };
}

const noResult =
  'The terminal did not tell its last transaction. Some tell it only with another config byte, and some not at all.';

/**
 * 06 20 with service byte 03: the stored status information, nothing printed. It tells whatever was last: a
 * payment, a reversal (then with the trace of the original), a refund, or a failed attempt.
 */
const storedResult = (setup: Setup, waitsForIdle: boolean): Exchange<Transaction | Declined> =>
  dialogue<Transaction | Declined>(
    {
      name: 'last transaction',
      money: false,
      message: requests.lastTransaction(setup),
      ends: 'completion',
      repeatOnSilence: true,
      waitsForIdle,
      read(ending, heard) {
        const told = heard.results.at(-1);
        const transaction = told && transactionOf(told, setup, 'purchase');
        const wellEnded =
          ending.by === 'completion' && told !== undefined && resultOf(told) !== undefined;
        if (wellEnded && transaction !== undefined) return transaction;
        // A success without an amount is one that nobody can compare.
        if (wellEnded && resultOf(told) === 0) return undefined;
        return notTold(ending, heard, setup, noResult);
      },
    },
    setup,
  );

export const lastTransaction = (setup: Setup): Exchange<LastTransactionResult> =>
  mapAnswer(
    storedResult(setup, false),
    (told): LastTransactionResult =>
      'kind' in told
        ? {
            outcome: 'found',
            transaction: told,
            message: 'The terminal told its last transaction.',
          }
        : told,
  );

export const history = (setup: Setup): Exchange<History | Declined> =>
  mapAnswer(storedResult(setup, true), (told): History | Declined =>
    'kind' in told ? { whole: false, transactions: [told] } : told,
  );

/** What 05 01 has told: a code, or that it was not taken. */
type Enquired = { readonly status: number } | { readonly refused: number };

const enquiry = (setup: Setup, detail: 'version' | 'status'): Exchange<Enquired> =>
  dialogue<Enquired>(
    {
      name: 'status enquiry',
      money: false,
      enquiry: true,
      withoutResult: true,
      message: requests.statusEnquiry(setup, detail),
      ends: 'completion',
      repeatOnSilence: true,
      read(ending) {
        if (ending.by === 'refusal') return { refused: ending.code };
        const status =
          ending.by === 'completion' ? ending.message.head.get('terminalStatus') : undefined;
        return status?.[0] === undefined ? undefined : { status: status[0] };
      },
    },
    setup,
  );

/** Not idle: 9C, goods under way, remote maintenance, and whatever makes it refuse the enquiry. */
export const synchronise = (setup: Setup): Exchange<Idle> =>
  mapAnswer(enquiry(setup, 'status'), (told): Idle => {
    if ('refused' in told)
      return {
        idle: false,
        message: `The terminal refuses the status enquiry (code ${codeHex(told.refused)}).`,
      };
    const { working, text } = terminalStatus(told.status);
    return { idle: !working, message: `The terminal says: ${text}.` };
  });

export const status = (setup: Setup): Exchange<StatusResult> =>
  mapAnswer(enquiry(setup, 'version'), (told): StatusResult => {
    const code = 'refused' in told ? told.refused : told.status;
    if (!('refused' in told) && terminalStatus(code).ready)
      return { outcome: 'ready', message: 'The terminal is ready.' };
    const text = 'refused' in told ? 'it refuses the status enquiry' : terminalStatus(code).text;
    return {
      outcome: 'not-ready',
      terminalCode: codeHex(code),
      message: `The terminal is not ready: ${text} (code ${codeHex(code)}).`,
    };
  });

/** 06 10: the sums since the last end of day. */
export const totals = (setup: Setup): Exchange<TotalsResult> =>
  dialogue<TotalsResult>(
    {
      name: 'totals',
      money: false,
      message: requests.totals(setup),
      ends: 'completion',
      repeatOnSilence: true,
      read(ending, heard) {
        const told = heard.results.at(-1);
        if (ending.by !== 'completion' || told === undefined || resultOf(told) !== 0)
          return notTold(ending, heard, setup, 'The terminal told no totals.');
        const total = amountOf(told, setup);
        const groups = totalsIn(fieldValue(told.fields, bmp.totals));
        if (total === undefined || groups === undefined) return undefined;
        const count = groups.reduce((sum, group) => sum + group.count, 0);
        return { outcome: 'found', count, total, message: 'The terminal told its totals.' };
      },
    },
    setup,
  );
