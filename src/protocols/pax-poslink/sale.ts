import { sameNumber } from '../../model/identity.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Reading } from '../ack-nak.ts';
import type { Exchange } from '../exchange.ts';
import type { Named, Purchase, PurchaseAnswer, VoidAnswer } from '../protocol.ts';
import { amountIn, declined, identityIn, last4In, saleIn, unknownCode } from './answers.ts';
import { recordKind, responseCode } from './codes.ts';
import { field, type Response, readResponse } from './groups.ts';
import { t01, traceFields } from './layouts.ts';
import { requests, voidReference } from './requests.ts';
import type { Setup } from './setup.ts';
import { untilEot } from './until-eot.ts';

/**
 * What no field of POSLINK has: control characters but for tab, line ends and the separators. A break on the
 * line is heard as NUL, and an even number of NAK leaves the XOR as it is, too.
 */
const isNoise = (byte: number): boolean =>
  byte < 0x1c && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;

/**
 * The answer with this command. Any other is to something else; one whose status is not 0 goes on in a way
 * that no public source has verified.
 */
export function reading<A>(command: string, data: Uint8Array, of: (said: Response) => Reading<A>) {
  if (data.some(isNoise)) return { type: 'garbled' } as const;
  const said = readResponse(data);
  if (said === undefined || said.command !== command) return { type: 'other' } as const;
  if (said.status !== '0' || !/^\d{6}$/.test(said.code)) return { type: 'unreadable' } as const;
  return of(said);
}

const unreadable = { type: 'unreadable' } as const;

/** T00 01 under the till's own reference, which the terminal keeps and repeats. */
export const sale = (setup: Setup, { amount, ticket }: Purchase): Exchange<PurchaseAnswer> =>
  untilEot<PurchaseAnswer>({
    name: 'sale',
    money: true,
    request: requests.sale(setup, amount.amount, ticket),
    cancel: requests.cancel(setup),
    prompt: {
      type: 'prompt',
      who: 'customer',
      code: 'present-card',
      terminalCode: '',
      text: 'the terminal waits for the card',
    },
    read: (data) =>
      reading<PurchaseAnswer>('T01', data, (said) => {
        const named = identityIn(said.groups, t01);
        const isOurs = sameNumber(named.ticket, ticket);
        // Another reference: the answer to something else.
        if (named.ticket !== undefined && !isOurs) return { type: 'other' };
        switch (responseCode(said.code).meaning) {
          case 'approved': {
            const transaction = saleIn(setup, said);
            if (transaction === undefined || !isOurs) return unreadable;
            const approved: PurchaseAnswer = { outcome: 'approved', transaction };
            return { type: 'answer', answer: approved, names: true };
          }
          case 'declined':
          case 'cancelled':
            return {
              type: 'answer',
              answer: { ...declined(said, t01.host), named },
              names: false,
            };
          // A sale that is not found is none that this answer could be about.
          case 'not-found':
          case 'unknown':
            return { type: 'answer', answer: unknownCode(said, t01.host), names: false };
        }
      }),
  });

/**
 * T00 16: names the sale by its transaction number. The answer repeats the reference of the void; its number
 * may be the void's own, so that only the terminal has compared which sale it took back.
 */
export function voidSale(setup: Setup, found: Transaction): Exchange<VoidAnswer> {
  const reference = voidReference(found);
  return untilEot<VoidAnswer>({
    name: 'void',
    money: true,
    request: requests.void(setup, found),
    cancel: requests.cancel(setup),
    read: (data) => reading<VoidAnswer>('T01', data, (said) => readVoid(said, reference, found)),
  });
}

function readVoid(said: Response, reference: string, found: Transaction): Reading<VoidAnswer> {
  const { groups } = said;
  const repeated = field(groups, t01.trace, traceFields.reference);
  const isOurs = sameNumber(repeated, reference);
  if (repeated !== undefined && !isOurs) return { type: 'other' };
  const named = namedBy(said, found);
  const refused = { ...declined(said, t01.host), named };
  switch (responseCode(said.code).meaning) {
    case 'approved': {
      const isVoid = recordKind(field(groups, t01.type, 0)) === 'void';
      const last4 = last4In(groups, t01);
      const otherCard = last4 !== undefined && (found.last4 ?? last4) !== last4;
      // A void is whole or is none.
      if (!isOurs || !isVoid || otherCard || said.code === '000002') return unreadable;
      return { type: 'answer', answer: { outcome: 'voided', named }, names: true };
    }
    case 'not-found':
      return { type: 'answer', answer: { ...refused, outcome: 'not-found' }, names: false };
    case 'declined':
    case 'cancelled':
      return { type: 'answer', answer: { ...refused, outcome: 'declined' }, names: false };
    case 'unknown':
      return { type: 'answer', answer: unknownCode(said, t01.host), names: false };
  }
}

/** What the answer says of the sale: its amount, and its number where that is the sale's and not the void's. */
function namedBy({ groups }: Response, { amount, operationNumber }: Transaction): Named {
  const told = amountIn(groups, t01);
  const number = field(groups, t01.trace, traceFields.transactionNumber);
  return {
    ...(told !== undefined && told > 0 && { amount: { amount: told, currency: amount.currency } }),
    ...(number !== undefined && sameNumber(number, operationNumber) && { operationNumber: number }),
  };
}
