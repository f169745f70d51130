import { sameNumber } from '../src/model/identity.ts';
import { told } from '../src/profiles/meaning.ts';
import type { Wire } from '../src/profiles/message.ts';
import type { Meaning } from '../src/profiles/schema.ts';
import { carryOut } from './carry-out.ts';
import type { Sale } from './ledger.ts';
import type { Answer } from './messages.ts';
import { originalOf, type ProfileRequest } from './profile-requests.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

/** The reference number that the simulated acquirer has given to a transaction. */
export const rrnOf = (trace: string): string => `900000${trace}`;

const markOf = (sale: Sale, meaning: Meaning): string | undefined => {
  switch (meaning) {
    case 'original.trace':
      return sale.trace;
    case 'original.receiptNumber':
    case 'original.operationNumber':
      return sale.operationNumber;
    case 'original.authorisationCode':
      return sale.authorisationCode;
    case 'original.rrn':
      return rrnOf(sale.trace);
    case 'original.ticket':
      return sale.ticket;
    default:
      return undefined;
  }
};

/** The sale that a question names, by whatever it names it. */
const asFound =
  (wire: Wire, { message }: ProfileRequest) =>
  (sale: Sale): boolean => {
    const named = [
      [told(wire, message, 'ticket'), sale.ticket],
      [told(wire, message, 'trace'), sale.trace],
      [told(wire, message, 'receiptNumber'), sale.operationNumber],
      [told(wire, message, 'operationNumber'), sale.operationNumber],
      [told(wire, message, 'rrn'), rrnOf(sale.trace)],
    ].filter(([asked]) => asked !== undefined);
    return named.length > 0 && named.every(([asked, own]) => sameNumber(asked, own));
  };

/** Does what was asked, as a terminal does that checks what the till says of a sale before it takes it back. */
export function carryOutByProfile(
  wire: Wire,
  terminal: SimulatedTerminal,
  request: ProfileRequest,
): readonly Answer[] {
  const { command: to } = request;
  switch (to) {
    case 'void': {
      const marks = originalOf(wire, request);
      const isIt = (sale: Sale) =>
        marks.every(([meaning, value]) => sameNumber(markOf(sale, meaning), value));
      const which = marks.length === 0 ? undefined : isIt;
      const found = terminal.memory.find(which);
      if (
        found !== undefined &&
        request.amount !== undefined &&
        found.sale.amount !== request.amount
      )
        return [{ to, outcome: 'void-not-allowed' }];
      return [{ to, ...terminal.void(which) }];
    }
    case 'last-transaction': {
      if (request.name === 'find') {
        const sale = terminal.memory.find(asFound(wire, request))?.sale;
        return [sale === undefined ? { to, outcome: 'empty' } : { to, outcome: 'done', sale }];
      }
      // The last void or refund may be of an earlier sale than the last one.
      return carryOut(terminal, request).map((answer) =>
        answer.sale === undefined || answer.booking === undefined
          ? answer
          : { ...answer, sale: answer.booking.sale },
      );
    }
    case 'poll':
    case 'register':
    case 'reprint':
    case 'diagnosis':
      return [{ to, outcome: 'done' }];
    default:
      return carryOut(terminal, request);
  }
}
