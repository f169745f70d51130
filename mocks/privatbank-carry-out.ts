import { sameNumber } from '../src/model/identity.ts';
import { carryOut } from './carry-out.ts';
import type { Booking } from './ledger.ts';
import type { Answer } from './messages.ts';
import { bookingOf } from './privatbank-answers.ts';
import type { PrivatbankRequest } from './privatbank-requests.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

/** The last receipt of the batch. */
const isLast = (number: string | undefined): boolean => number === undefined || /^0*$/.test(number);

/** Invoice numbers are the terminal's one running number, of which a void takes one too. */
function receiptOf(terminal: SimulatedTerminal, number: string | undefined): Booking | undefined {
  const { lastBooking } = terminal.memory;
  if (isLast(number) || sameNumber(lastBooking?.trace, number)) return lastBooking;
  const found = terminal.memory.find(({ trace }) => sameNumber(trace, number));
  return found && bookingOf(found.sale);
}

/** Does what the till asked, at the terminal, and says what to tell. */
export function carryOutAtTerminal(
  terminal: SimulatedTerminal,
  request: PrivatbankRequest,
): readonly Answer[] {
  const { command: to, receiptNumber } = request;
  switch (to) {
    case 'poll':
      return [{ to, outcome: 'done' }];
    case 'void':
      return [{ to, ...terminal.void(({ trace }) => sameNumber(trace, receiptNumber)) }];
    case 'last-transaction': {
      const booking = receiptOf(terminal, receiptNumber);
      return [
        booking === undefined
          ? { to, outcome: 'empty' }
          : { to, outcome: 'done', sale: booking.sale, booking },
      ];
    }
    case 'sales-detail':
      return [{ to, outcome: 'done' }];
    case 'settle': {
      const [answer] = carryOut(terminal, request);
      return answer === undefined ? [] : [answer];
    }
    default:
      return carryOut(terminal, request);
  }
}
