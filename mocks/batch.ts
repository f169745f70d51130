import type { Booking, Sale } from './ledger.ts';
import type { Totals } from './messages.ts';

/** What a terminal remembers between two settlements. */
export interface Batch {
  /** The last sale, voided or not: a void is no sale of its own. */
  readonly last: Sale | undefined;
  /** The last of everything that was booked, voids and refunds as well. */
  readonly lastBooking: Booking | undefined;
  /** The same, but a settlement leaves it. */
  readonly lastEver: Booking | undefined;
  /** Every sale and every void, oldest first; a void repeats its sale with a negative amount. */
  readonly records: readonly Sale[];
  /** The number the next sale will get, six digits. A void takes none. */
  readonly nextOperationNumber: string;
  readonly full: boolean;
  /** By operation number, leading zeros or not, or by any other mark; without one, the last sale. */
  find(which?: WhichSale): { readonly sale: Sale; readonly voided: boolean } | undefined;
  /** Sales that stand: a voided one counts for nothing. */
  totals(): Totals;
}

/** An operation number, or what else names a sale on the wire. */
export type WhichSale = string | ((sale: Sale) => boolean);

interface WritableBatch extends Batch {
  takeOperationNumber(): string;
  takeTrace(): string;
  addSale(sale: Sale): void;
  addVoid(sale: Sale, trace: string, time: string): void;
  addRefund(refund: Sale): void;
  clear(): void;
}

/** Terminals ask to be closed when their memory is full (codes 67 and 76); the vendor gives no number. */
const capacity = 1_000;

const sixDigits = (n: number): string => String(n % 1_000_000).padStart(6, '0');
const withoutZeros = (operationNumber: string): string => operationNumber.replace(/^0+/, '');

const isThis =
  (which: WhichSale) =>
  (sale: Sale): boolean =>
    typeof which === 'string'
      ? withoutZeros(sale.operationNumber) === withoutZeros(which)
      : which(sale);

export function createBatch(firstOperationNumber: number): WritableBatch {
  let next = firstOperationNumber;
  let nextTrace = firstOperationNumber;
  let lastBooking: Booking | undefined;
  let lastEver: Booking | undefined;
  let sales: Sale[] = [];
  let records: Sale[] = [];
  const voided = new Set<Sale>();

  return {
    get last() {
      return sales.at(-1);
    },
    get lastBooking() {
      return lastBooking;
    },
    get lastEver() {
      return lastBooking ?? lastEver;
    },
    get records() {
      return records;
    },
    get nextOperationNumber() {
      return sixDigits(next);
    },
    get full() {
      return sales.length >= capacity;
    },
    find(which) {
      const sale = which === undefined ? sales.at(-1) : sales.findLast(isThis(which));
      return sale && { sale, voided: voided.has(sale) };
    },
    totals() {
      const standing = sales.filter((sale) => !voided.has(sale));
      return {
        count: standing.length,
        total: standing.reduce((sum, { amount }) => sum + amount, 0),
      };
    },
    takeOperationNumber: () => sixDigits(next++),
    takeTrace: () => sixDigits(nextTrace++),
    addSale(sale) {
      sales.push(sale);
      records.push(sale);
      lastBooking = { kind: 'sale', sale, trace: sale.trace, time: sale.time };
    },
    addVoid(sale, trace, time) {
      voided.add(sale);
      records.push({ ...sale, amount: -sale.amount, time });
      lastBooking = { kind: 'void', sale, trace, time };
    },
    addRefund(sale) {
      lastBooking = { kind: 'refund', sale, trace: sale.trace, time: sale.time };
    },
    clear() {
      sales = [];
      records = [];
      lastEver = lastBooking ?? lastEver;
      lastBooking = undefined;
      voided.clear();
    },
  };
}
