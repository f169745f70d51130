import type { Refused, StatusResult } from '../../model/results.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { MoneyCommand, Protocol, ProtocolCommand } from '../protocol.ts';
import * as maintenance from './maintenance.ts';
import {
  checkPreAuthorisationRequest,
  type PreAuthorisationRequest,
  preAuthorisations,
  preAuthorised,
} from './pre-authorisation.ts';
import { isEcr17 } from './protocol.ts';
import type { Link } from './setup.ts';

export type { ReprintResult, VasResult, VerificationResult } from './maintenance.ts';
export type { PreAuthorisationRequest } from './pre-authorisation.ts';
export type { AdditionalData } from './requests.ts';

const notHere = (protocol: Protocol, command: string): Refused => ({
  outcome: 'refused',
  reason: 'not-supported',
  field: 'command',
  value: command,
  message: `A terminal with the protocol ${protocol.name} has no ${command}. Nothing was sent.`,
});

/** A command of this protocol, for `terminal.run`. On any other terminal it is refused. */
const only = <R>(
  name: string,
  make: (link: Link) => Exchange<R> | Refused,
): ProtocolCommand<R> => ({
  name,
  exchange: (protocol) => (isEcr17(protocol) ? make(protocol.link) : notHere(protocol, name)),
});

/** Has the host look at the customer's card (`H`). Takes no money. */
export const verifyCard = (): ProtocolCommand<maintenance.VerificationResult> =>
  only('card verification', maintenance.verification);

/** The last receipt once more, as lines for the till (`R`). */
export const reprint = (): ProtocolCommand<maintenance.ReprintResult> =>
  only('reprint', maintenance.reprintHere);

/** Prints the last receipt once more at the terminal (`R`). */
export const printLastReceipt = (): ProtocolCommand<StatusResult> =>
  only('reprint', maintenance.reprintThere);

/** Asks an additional service of the terminal (`K`), inquiries only; `refused` for any other. */
export const vasInquiry = (xml: string): ProtocolCommand<maintenance.VasResult> =>
  only('VAS inquiry', (link) => maintenance.checkVas(xml) ?? maintenance.vas(link, xml));

type Kind = (typeof preAuthorisations)[keyof typeof preAuthorisations];

const bookingOf = (kind: Kind, asked: PreAuthorisationRequest): MoneyCommand => ({
  name: kind.name,
  kind: kind.books,
  amount: asked.amount,
  asked: asked.preAuthorisation === undefined ? {} : { receiptNumber: asked.preAuthorisation },
  exchange: (protocol, last?: Transaction) =>
    isEcr17(protocol)
      ? (checkPreAuthorisationRequest(kind, asked) ??
        preAuthorised(protocol.link, kind, asked, last))
      : notHere(protocol, kind.name),
});

/** Reserves an amount (`p`), for `terminal.book`. The result's `receiptNumber` names it from then on. */
export const preAuthorise = (
  asked: Omit<PreAuthorisationRequest, 'preAuthorisation'>,
): MoneyCommand => bookingOf(preAuthorisations.first, asked);

/** Adds to a reservation (`i`). The terminal does not repeat the amount. */
export const preAuthoriseMore = (
  asked: PreAuthorisationRequest & { readonly preAuthorisation: string },
): MoneyCommand => bookingOf(preAuthorisations.more, asked);

/** Takes a reserved amount (`c`). The terminal does not repeat the amount. */
export const closePreAuthorisation = (
  asked: PreAuthorisationRequest & { readonly preAuthorisation: string },
): MoneyCommand => bookingOf(preAuthorisations.closure, asked);
