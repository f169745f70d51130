import {
  type AnyResult,
  type ErrorKey,
  effects,
  type ResultKey,
} from '../../../src/messages/keys.ts';
import type { ResultLike } from '../../../src/messages/messages.ts';
import { type ErrorCode, type MoneyEffect, TerminalError } from '../../../src/model/error.ts';
import { clp } from '../../../src/model/money.ts';
import type { Decision, RefusalReason } from '../../../src/model/results.ts';
import type { Transaction } from '../../../src/model/transaction.ts';

export const key = '7f1c2a9e-5b0d-4c3e-9a61-d2f4b8e07c15';

/** As little as a terminal may tell. */
export const bareSale: Transaction = { kind: 'purchase', state: 'approved', amount: clp(1500) };

export const fullSale: Transaction = {
  ...bareSale,
  amount: clp(999_999_999),
  last4: '0461',
  operationNumber: '000012',
  time: '2023-07-26T11:37:48',
};

/** The same ending with nothing more than it must have, and with everything it can have. */
export interface Example<T = AnyResult> {
  readonly bare: T;
  readonly full: T;
}

const message = 'In English.';
const always = (result: AnyResult): Example => ({ bare: result, full: result });

const refused = (reason: RefusalReason): Example => ({
  bare: { outcome: 'refused', reason, message },
  full: {
    outcome: 'refused',
    reason,
    message,
    field: 'amount',
    limit: 'an integer from 1 to 999999999 (whole CLP)',
    value: '1e21',
    found: fullSale,
  },
});

const decided = (decision: Decision, kind?: 'refund'): Example =>
  always({
    outcome: 'decided',
    decision,
    ...(kind !== undefined && { kind }),
    message,
    key,
    operator: 'ana',
    reason: 'seen on the voucher',
  });

const approved = (transaction: Transaction): AnyResult => ({
  outcome: 'approved',
  message,
  transaction,
  key,
});

const voided = (transaction: Transaction): AnyResult => ({
  outcome: 'voided',
  message,
  transaction: { ...transaction, state: 'voided' },
  key,
  voucher: [],
});

const of = (kind: Transaction['kind'], sale = fullSale): Transaction => ({ ...sale, kind });

export const results = {
  'result:ready': always({ outcome: 'ready', message }),
  'result:connected': always({ outcome: 'connected', message }),
  'result:not-ready': always({ outcome: 'not-ready', message, terminalCode: '9C' }),
  'found:transaction': {
    bare: { outcome: 'found', message, transaction: bareSale },
    full: { outcome: 'found', message, transaction: fullSale },
  },
  'found:totals': always({ outcome: 'found', message, count: 12, total: clp(999_999_999) }),
  'result:none': always({ outcome: 'none', message, responseCode: '11' }),
  'result:approved': { bare: approved(bareSale), full: approved(fullSale) },
  'approved:voided': {
    bare: approved({ ...bareSale, state: 'voided' }),
    full: approved({ ...fullSale, state: 'voided' }),
  },
  'approved:refund': { bare: approved(of('refund', bareSale)), full: approved(of('refund')) },
  'approved:pre-authorisation': {
    bare: approved(of('pre-authorisation', bareSale)),
    full: approved(of('pre-authorisation')),
  },
  'approved:booking': { bare: approved(of('booking', bareSale)), full: approved(of('booking')) },
  'approved:pre-authorisation-reversal': {
    bare: approved(of('void', bareSale)),
    full: approved(of('void')),
  },
  'result:declined': always({ outcome: 'declined', message, responseCode: '93' }),
  'result:not-approved': always({ outcome: 'not-approved', message, key }),
  'not-approved:other': always({ outcome: 'not-approved', kind: 'refund', message, key }),
  'result:not-voided': always({ outcome: 'not-voided', message, key }),
  'result:voided': { bare: voided(bareSale), full: voided(fullSale) },
  'result:already-voided': {
    bare: { outcome: 'already-voided', message, transaction: bareSale },
    full: { outcome: 'already-voided', message, transaction: fullSale },
  },
  'result:not-found': {
    bare: { outcome: 'not-found', message },
    full: { outcome: 'not-found', message, responseCode: '05' },
  },
  'result:nothing-open': always({ outcome: 'nothing-open', message }),
  'result:settled': {
    bare: { outcome: 'settled', message },
    full: { outcome: 'settled', message, terminalId: '75001234', commerceCode: '597029414300' },
  },
  'decided:voided': decided('voided'),
  'decided:not-voided': decided('not-voided'),
  'decided:approved': decided('approved'),
  'decided:not-approved': decided('not-approved'),
  'decided:approved:other': decided('approved', 'refund'),
  'decided:not-approved:other': decided('not-approved', 'refund'),
  'refused:invalid': refused('invalid'),
  'refused:not-supported': refused('not-supported'),
  'refused:not-the-last': refused('not-the-last'),
  'refused:blind-void': refused('blind-void'),
  'refused:debit-card': refused('debit-card'),
  'refused:not-approved': refused('not-approved'),
  'refused:not-confirmed': refused('not-confirmed'),
  'refused:outside-void-window': refused('outside-void-window'),
  'refused:supervisor-needed': refused('supervisor-needed'),
  'refused:nothing-open': refused('nothing-open'),
} satisfies Record<Exclude<ResultKey, `${string}:unlisted`>, Example>;

/** What a release that knows more might say. */
export const unlistedResults = {
  'result:unlisted': { outcome: 'done', message: 'The terminal has loaded its keys.' },
  'refused:unlisted': { outcome: 'refused', reason: 'not-here', message: 'Not here.' },
} satisfies Record<Extract<ResultKey, `${string}:unlisted`>, ResultLike>;

const evidence = {
  asked: { kind: 'void', amount: clp(999_999_999) },
  told: fullSale,
  holder: { program: 'till', pid: 4711, since: 0 },
};

export const errorExample = (code: string, effect: MoneyEffect): Example<TerminalError> => ({
  bare: new TerminalError(code as ErrorCode, effect, message),
  full: new TerminalError(code as ErrorCode, effect, message, { intent: key, evidence }),
});

const ofEffect = (wanted: MoneyEffect): [ErrorKey, Example<TerminalError>][] =>
  [...Object.entries(effects), ['unlisted', ['none', 'unknown']] as const].flatMap(
    ([code, possible]) =>
      possible
        .filter((effect) => effect === wanted)
        .map((effect): [ErrorKey, Example<TerminalError>] => [
          `error:${code}:${effect}` as ErrorKey,
          errorExample(code, effect),
        ]),
  );

export const errorsWithoutEffect = ofEffect('none');
export const errorsInDoubt = ofEffect('unknown');

/** Everything that a till can be handed, by the key of its text. */
export const everything: readonly [string, Example<ResultLike | TerminalError>][] = [
  ...Object.entries(results),
  ...Object.entries(unlistedResults).map(([name, result]): [string, Example<ResultLike>] => [
    name,
    { bare: result, full: result },
  ]),
  ...errorsWithoutEffect,
  ...errorsInDoubt,
];
