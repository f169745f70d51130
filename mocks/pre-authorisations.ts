import type { BookedBy, Sale } from './ledger.ts';
import type { Booked, Order } from './simulated-terminal.ts';

/** What happened last to a pre-authorisation, and to which. */
export interface Reservation {
  readonly kind: 'pre-authorisation' | 'pre-authorisation-reversal';
  /** The pre-authorisation; its amount is what was held back. */
  readonly sale: Sale;
  readonly trace: string;
  /** The terminal's local time without a zone. */
  readonly time: string;
}

/** How it went; the terminal has no such pre-authorisation, or too little is held back. */
export type Reserved = Booked | { readonly outcome: 'not-reserved' | 'above-reserved' };

/** Amounts held back on cards until they are booked or given free. Held back is not yet moved. */
export interface PreAuthorisations {
  /** Neither booked nor given free, oldest first. */
  readonly open: readonly Sale[];
  /** The last event of this day, in the order of the trace numbers. */
  readonly last: Reservation | undefined;
  reserve(order: Order): Booked;
  /**
   * Books a sale of the amount held back, or of what `amount` makes of it; the rest is given free. The
   * sale has numbers of its own.
   */
  book(which: (reserved: Sale) => boolean, amount: (held: number) => number): Reserved;
  /** Gives it free. */
  release(which: (reserved: Sale) => boolean): Reserved;
  /** The day is over: open ones stay, the last one is no longer told. */
  closeDay(): void;
}

/** What pre-authorisations need of the terminal that they are part of. */
export interface PreAuthorisationParts {
  /** The customer with the card, the keys and the host: a sale with its numbers, or why there is none. */
  authorise(order: Order): Booked;
  /** Books what stands only once the till has taken it; see `hold`. */
  book(effect: () => void): void;
  record(kind: Reservation['kind'] | 'booking', sale: Sale, by: BookedBy): void;
  addSale(sale: Sale): void;
  /** A sale with fresh numbers on this card. */
  numbered(sale: Sale, amount: number): Sale;
  takeTrace(): string;
  time(): string;
}

export function createPreAuthorisations(parts: PreAuthorisationParts): PreAuthorisations {
  const close = (reserved: Sale) => {
    made.open = made.open.filter((other) => other !== reserved);
  };

  const made: PreAuthorisations & { open: Sale[]; last: Reservation | undefined } = {
    open: [],
    last: undefined,
    reserve(order) {
      const booked = parts.authorise(order);
      if (booked.outcome !== 'done') return booked;
      const { sale } = booked;
      parts.book(() => {
        made.open.push(sale);
        made.last = { kind: 'pre-authorisation', sale, trace: sale.trace, time: sale.time };
        parts.record('pre-authorisation', sale, 'till');
      });
      return booked;
    },
    book(which, amountOf) {
      const reserved = made.open.findLast(which);
      if (reserved === undefined) return { outcome: 'not-reserved' };
      const amount = amountOf(reserved.amount);
      if (amount < 0 || amount > reserved.amount) return { outcome: 'above-reserved' };
      const sale = parts.numbered(reserved, amount);
      parts.book(() => {
        close(reserved);
        parts.addSale(sale);
        parts.record('booking', sale, 'till');
      });
      return { outcome: 'done', sale };
    },
    release(which) {
      const reserved = made.open.findLast(which);
      if (reserved === undefined) return { outcome: 'not-reserved' };
      const trace = parts.takeTrace();
      const time = parts.time();
      parts.book(() => {
        close(reserved);
        made.last = { kind: 'pre-authorisation-reversal', sale: reserved, trace, time };
        parts.record('pre-authorisation-reversal', reserved, 'till');
      });
      return { outcome: 'done', sale: reserved, trace };
    },
    closeDay() {
      made.last = undefined;
    },
  };
  return made;
}
