import type { Declined, LastTransactionResult } from '../../model/results.ts';
import type { Target, Transaction } from '../../model/transaction.ts';
import { type Exchange, mapAnswer } from '../exchange.ts';
import type { History } from '../protocol.ts';
import { type Answer, answerReader, cents, identityOf, transactionOf } from './answers.ts';
import { answer, query } from './kinds.ts';
import type { AnswerName } from './layouts.ts';
import { isStan, request } from './requests.ts';
import type { Link } from './setup.ts';
import { nextStan } from './stan.ts';
import { dated } from './status.ts';

/** What `G` brings: the result of the last payment of any kind, byte for byte as it was sent then. */
type Stored =
  | { readonly type: 'transaction'; readonly transaction: Transaction }
  | { readonly type: 'empty'; readonly code: string }
  /** A result that tells no amount: nothing can be compared with it. */
  | { readonly type: 'without-amount'; readonly message: string }
  | { readonly type: 'refused' };

const kinds: Readonly<Partial<Record<AnswerName, Transaction['kind']>>> = {
  E71: 'purchase',
  E84: 'void',
  E92: 'purchase',
  V117: 'purchase',
  e106: 'pre-authorisation',
  i75: 'pre-authorisation',
  c74: 'booking',
  v109: 'booking',
};

const names: readonly AnswerName[] = ['E71', 'E84', 'E92', 'V117', 'e106', 'i75', 'c74', 'v109'];

/** A result of nothing: not done, no number, no amount. Some terminals answer so before their first payment. */
const isEmpty = (said: Answer): boolean =>
  said.meaning === 'declined' &&
  identityOf(said).trace === undefined &&
  (cents(said.fields['amount']) ?? 0) === 0;

function storedIn(said: Answer, clock: string | undefined): Stored {
  if (isEmpty(said)) return { type: 'empty', code: said.code };
  const kind = kinds[said.name];
  // A reversal fills the columns with zeros that hold the amount of an extended payment result.
  const amount = kind === 'void' ? 0 : cents(said.fields['amount']);
  if (kind === undefined || amount === undefined)
    return { type: 'without-amount', message: withoutAmount(said) };
  return { type: 'transaction', transaction: transactionOf(said, kind, amount, clock) };
}

function withoutAmount(said: Answer): string {
  const { trace = 'unknown' } = identityOf(said);
  return `The terminal told its last result (${said.text}, STAN ${trace}) without an amount, so that it cannot be compared with anything.`;
}

const stored = (link: Link): Exchange<Stored> =>
  dated(link, (clock) =>
    query<Stored>(
      link,
      'last result',
      request(link, 'G'),
      answerReader<Stored>(link, names, (said) => answer(storedIn(said, clock))),
      { type: 'refused' },
    ),
  );

/** NAK may also stand for an empty memory: the document does not say. */
const notTold: Declined = {
  outcome: 'declined',
  responseCode: 'NAK',
  message:
    'The terminal refused to tell its last result: it has none in its memory, or does not know the command.',
};

export const lastTransaction = (link: Link): Exchange<LastTransactionResult> =>
  mapAnswer(stored(link), (told): LastTransactionResult => {
    switch (told.type) {
      case 'transaction':
        return {
          outcome: 'found',
          transaction: told.transaction,
          message: 'The terminal told its last result.',
        };
      case 'empty':
        return {
          outcome: 'none',
          responseCode: told.code,
          message: 'The terminal has no result in its memory.',
        };
      case 'without-amount':
        return { outcome: 'refused', reason: 'not-approved', message: told.message };
      case 'refused':
        return notTold;
    }
  });

/**
 * A reversal that bears the very next number took back the transaction in doubt: it takes the last one
 * only, and always the whole of it, so its amount is known although the terminal does not tell it. Its card
 * has to be told, so that it can be compared: a clerk may take back another at the terminal's own keys.
 */
function tiedTo(about: Target | undefined, told: Transaction): Transaction {
  const { trace } = about ?? {};
  if (about === undefined || told.kind !== 'void' || told.state !== 'approved') return told;
  if (!isStan(trace) || told.trace === undefined || told.last4 === undefined) return told;
  const follows = Number(told.trace) === Number(nextStan(trace));
  return follows ? { ...told, amount: about.amount, original: { trace } } : told;
}

export const history = (link: Link, about?: Target): Exchange<History | Declined> =>
  mapAnswer(stored(link), (told): History | Declined => {
    switch (told.type) {
      case 'transaction':
        return { whole: false, transactions: [tiedTo(about, told.transaction)] };
      case 'empty':
        return { whole: false, transactions: [] };
      case 'without-amount':
        return { outcome: 'declined', responseCode: '', message: told.message };
      case 'refused':
        return notTold;
    }
  });
