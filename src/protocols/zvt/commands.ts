import type { Money } from '../../model/money.ts';
import type { Declined, Refused } from '../../model/results.ts';
import type { Exchange } from '../exchange.ts';
import type { MoneyCommand, Protocol, ProtocolCommand, PurchaseAnswer } from '../protocol.ts';
import { checkText, invalid } from '../refusal.ts';
import { checkMoney, checkReceiptNumber } from './checks.ts';
import * as maintenance from './maintenance.ts';
import * as preAuthorisations from './pre-authorisation.ts';
import { isZvt } from './protocol.ts';
import type { Setup } from './setup.ts';
import { localTime } from './status-information.ts';

export type { DoneResult } from './maintenance.ts';
export type { OpenPreAuthorisations } from './pre-authorisation.ts';

type Made<A> = Exchange<A> | Refused;

const notHere = (protocol: Protocol, command: string): Refused => ({
  outcome: 'refused',
  reason: 'not-supported',
  field: 'command',
  value: command,
  message: `A terminal with the protocol ${protocol.name} has no ${command}. Nothing was sent.`,
});

/** A command of ZVT, for `terminal.run`. On any other terminal it is refused. */
const only = <A>(name: string, make: (setup: Setup) => Made<A>): ProtocolCommand<A> => ({
  name,
  exchange: (protocol) => (isZvt(protocol) ? make(protocol.setup) : notHere(protocol, name)),
});

const receiptOnly = (field: string, value: unknown): Refused | undefined =>
  checkText(field, '1 to 4 digits', /^\d{1,4}$/, value);

/** Prints receipts again, from one number to another (06 12). They come as `receipt` events. */
export const reprint = (
  from: string,
  to?: string,
): ProtocolCommand<maintenance.DoneResult | Declined> =>
  only(
    'reprint',
    (setup) =>
      receiptOnly('from', from) ??
      (to === undefined ? undefined : receiptOnly('to', to)) ??
      maintenance.reprint(setup, from, to),
  );

/** Prints one receipt again (06 20 with tag 1F01). It comes as `receipt` events. */
export const repeatReceipt = (
  which: keyof typeof maintenance.receiptIds = 'last',
): ProtocolCommand<maintenance.DoneResult | Declined> =>
  only('repeated receipt', (setup) =>
    Object.hasOwn(maintenance.receiptIds, which)
      ? maintenance.repeatReceipt(setup, which)
      : invalid('which', `one of ${Object.keys(maintenance.receiptIds).join(', ')}`, which),
  );

/** Has the terminal talk to its host (06 70). */
export const diagnosis = (
  kind: keyof typeof maintenance.diagnosisKinds = 'line',
): ProtocolCommand<maintenance.DoneResult | Declined> =>
  only('diagnosis', (setup) =>
    Object.hasOwn(maintenance.diagnosisKinds, kind)
      ? maintenance.diagnosis(setup, kind)
      : invalid('kind', `one of ${Object.keys(maintenance.diagnosisKinds).join(', ')}`, kind),
  );

/** Initialises the terminal (06 93). */
export const initialisation = (): ProtocolCommand<maintenance.DoneResult | Declined> =>
  only('initialisation', maintenance.initialisation);

/** Ends the registration (06 02). The next connection registers again. */
export const logOff = (): ProtocolCommand<maintenance.DoneResult | Declined> =>
  only('log-off', maintenance.logOff);

/** Sets the terminal's clock (06 91) to a local time, `2026-01-02T03:04:05`. */
export const setClock = (at: string): ProtocolCommand<maintenance.DoneResult | Declined> =>
  only('setting of the clock', (setup) => {
    const parts = /^(20\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(at);
    const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = parts ?? [];
    if (localTime(`${year}${month}${day}`, `${hour}${minute}${second}`) === undefined)
      return invalid('at', 'a time of this century without a zone, 2026-01-02T03:04:05', at);
    return maintenance.setClock(
      setup,
      `${year.slice(2)}${month}${day}`,
      `${hour}${minute}${second}`,
    );
  });

/** The receipt numbers of the pre-authorisations that wait to be booked or released (06 23 FFFF). */
export const openPreAuthorisations = (): ProtocolCommand<
  preAuthorisations.OpenPreAuthorisations | Declined
> => only('open pre-authorisations', preAuthorisations.openPreAuthorisations);

const money = (
  command: Omit<MoneyCommand, 'exchange'>,
  make: (setup: Setup) => Made<PurchaseAnswer>,
): MoneyCommand => ({
  ...command,
  exchange: (protocol) =>
    isZvt(protocol) ? make(protocol.setup) : notHere(protocol, command.name),
});

/** Reserves an amount on the customer's card (06 22), for `terminal.book`. */
export const preAuthorisation = (amount: Money): MoneyCommand =>
  money(
    { name: 'pre-authorisation', kind: 'pre-authorisation', amount, asked: {} },
    (setup) => checkMoney(amount, setup) ?? preAuthorisations.preAuthorisation(setup, amount),
  );

/** Which pre-authorisation, by what its answer told. */
export interface PreAuthorised {
  readonly receiptNumber: string;
  /** Compared with what the answer names, where it names one. */
  readonly trace?: string;
}

const namesOf = ({ receiptNumber, trace }: PreAuthorised) => ({
  receiptNumber,
  ...(trace !== undefined && { trace }),
});

/**
 * Books the amount used of a pre-authorisation, for `terminal.book`. With `reserved`, the amount held back, as
 * a partial reversal (06 23) that names the rest; otherwise as a booking (06 24) that names the amount.
 */
export const bookPreAuthorisation = (
  about: PreAuthorised,
  amount: Money,
  reserved?: Money,
): MoneyCommand =>
  money(
    {
      name: 'booking',
      kind: 'booking',
      amount,
      asked: namesOf(about),
      ...(reserved && { reserved }),
    },
    (setup) => {
      const refused =
        checkReceiptNumber(about.receiptNumber) ??
        checkMoney(amount, setup) ??
        (reserved === undefined ? undefined : checkMoney(reserved, setup));
      if (refused !== undefined) return refused;
      if (reserved === undefined)
        return preAuthorisations.bookTotal(setup, about.receiptNumber, amount);
      if (reserved.amount < amount.amount)
        return invalid('reserved', 'at least the amount to book', reserved.amount);
      const unused = { ...reserved, amount: reserved.amount - amount.amount };
      return preAuthorisations.partialReversal(setup, about.receiptNumber, unused);
    },
  );

/** Gives the whole reservation back (06 25), for `terminal.book`. `amount`: what was reserved. */
export const reversePreAuthorisation = (about: PreAuthorised, amount: Money): MoneyCommand =>
  money(
    {
      name: 'reversal of the pre-authorisation',
      kind: 'pre-authorisation-reversal',
      amount,
      asked: namesOf(about),
    },
    (setup) =>
      checkReceiptNumber(about.receiptNumber) ??
      checkMoney(amount, setup) ??
      preAuthorisations.preAuthorisationReversal(setup, about.receiptNumber),
  );
