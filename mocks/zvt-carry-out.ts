import { toHex } from '../src/framing/bytes.ts';
import type { Booking, Sale } from './ledger.ts';
import type { Answer, Request } from './messages.ts';
import type { Reserved } from './pre-authorisations.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';
import { receiptOf } from './zvt-fields.ts';
import type { ZvtSetup } from './zvt-setup.ts';

/** B7: the amount of the pre-authorisation is wrong. B8: there is none. */
function reserved(to: Request['command'], made: Reserved): Answer {
  switch (made.outcome) {
    case 'above-reserved':
      return { to, outcome: 'declined', code: 'B7' };
    case 'not-reserved':
      return { to, outcome: 'declined', code: 'B8' };
    default:
      return { to, ...made };
  }
}

/** Amounts are not typed in at this terminal. */
const noAmount = { outcome: 'amount-zero' } as const;

/** The transaction that a command names by its receipt, and perhaps by its amount as well. */
const named =
  ({ receiptNumber, amount }: Request) =>
  (sale: Sale): boolean =>
    receiptOf(sale.trace) === receiptNumber && (amount === undefined || sale.amount === amount);

const withReceipt =
  ({ receiptNumber }: Request) =>
  (sale: Sale): boolean =>
    receiptOf(sale.trace) === receiptNumber;

/** 06 23 says what is not used of the amount held back, 06 24 what is. */
const bookedOf =
  ({ code, amount }: Request) =>
  (held: number): number => {
    if (amount === undefined) return held;
    return code === '06 23' ? held - amount : amount;
  };

/** The last of all that was booked or held back, or nothing. */
function lastOf(terminal: SimulatedTerminal, setup: ZvtSetup): Booking | undefined {
  const { memory, preAuthorisations } = terminal;
  const { lastBooking } = memory;
  const { last } = preAuthorisations;
  if (last !== undefined && last.trace > (lastBooking?.trace ?? ''))
    return last.kind === 'pre-authorisation'
      ? { ...last, kind: 'sale' }
      : // The amount of one that was given free is told as 0.
        { ...last, kind: 'void', sale: { ...last.sale, amount: 0 } };
  if (lastBooking !== undefined || !setup.repeatsSettled) return lastBooking;
  return lastSettled(terminal);
}

/** The last of what was settled: a void as well, under the number that came next. */
function lastSettled({ ledger }: SimulatedTerminal): Booking | undefined {
  if (ledger.at(-1)?.kind !== 'settlement') return undefined;
  let trace = 0;
  let last: Booking | undefined;
  for (const entry of ledger) {
    if (entry.kind === 'settlement') continue;
    const { kind, sale } = entry;
    const isVoid = kind === 'void' || kind === 'pre-authorisation-reversal';
    trace = isVoid ? trace + 1 : Number(sale.trace);
    const number = String(trace).padStart(6, '0');
    if (kind === 'void') last = { kind, sale, trace: number, time: sale.time };
    else if (kind === 'sale' || kind === 'booking' || kind === 'refund')
      last = { kind: kind === 'refund' ? kind : 'sale', sale, trace: number, time: sale.time };
  }
  return last;
}

/** Does what the till asked, at the terminal, and says what there is to tell. */
export function zvtCarryOut(
  terminal: SimulatedTerminal,
  setup: ZvtSetup,
  request: Request,
  /** The code with which the last attempt failed, unless something was booked since. */
  failed: number | undefined,
): readonly Answer[] {
  const { command: to, amount } = request;
  const order = { amount: amount ?? 0, ticket: '' };
  switch (to) {
    case 'purchase':
      return [{ to, ...(amount ? terminal.purchase(order) : noAmount) }];
    case 'refund':
      return [{ to, ...(amount ? terminal.refund(order) : noAmount) }];
    case 'void':
      return [{ to, ...terminal.void(setup.voidsNewest ? undefined : named(request)) }];
    case 'settle':
      return [{ to, outcome: 'done', totals: terminal.settle() }];
    case 'totals':
      return [{ to, outcome: 'done', totals: terminal.memory.totals() }];
    case 'last-transaction': {
      if (setup.repeatsFailed && failed !== undefined)
        return [{ to, outcome: 'done', code: toHex(Uint8Array.of(failed)) }];
      const booking = lastOf(terminal, setup);
      return [
        booking === undefined
          ? { to, outcome: 'empty' }
          : { to, outcome: 'done', sale: booking.sale, booking },
      ];
    }
    case 'pre-authorisation':
      return [{ to, ...(amount ? terminal.preAuthorisations.reserve(order) : noAmount) }];
    case 'booking':
      return [
        reserved(to, terminal.preAuthorisations.book(withReceipt(request), bookedOf(request))),
      ];
    case 'pre-authorisation-reversal':
      return [reserved(to, terminal.preAuthorisations.release(withReceipt(request)))];
    case 'open-pre-authorisations':
      return [{ to, outcome: 'declined', code: 'B8' }];
    default:
      return [{ to, outcome: 'done' }];
  }
}
