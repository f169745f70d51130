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

/** The terminal's own side of it, which also writes. A class, because a run of the simulation makes many. */
export class WritableBatch implements Batch {
  #next: number;
  #nextTrace: number;
  #lastBooking: Booking | undefined;
  #lastEver: Booking | undefined;
  #sales: Sale[] = [];
  #records: Sale[] = [];
  readonly #voided = new Set<Sale>();

  constructor(firstOperationNumber: number) {
    this.#next = firstOperationNumber;
    this.#nextTrace = firstOperationNumber;
  }

  get last() {
    return this.#sales.at(-1);
  }

  get lastBooking() {
    return this.#lastBooking;
  }

  get lastEver() {
    return this.#lastBooking ?? this.#lastEver;
  }

  get records() {
    return this.#records;
  }

  get nextOperationNumber() {
    return sixDigits(this.#next);
  }

  get full() {
    return this.#sales.length >= capacity;
  }

  find(which?: WhichSale) {
    const sale = which === undefined ? this.last : this.#sales.findLast(isThis(which));
    return sale && { sale, voided: this.#voided.has(sale) };
  }

  totals(): Totals {
    const standing = this.#sales.filter((sale) => !this.#voided.has(sale));
    return {
      count: standing.length,
      total: standing.reduce((sum, { amount }) => sum + amount, 0),
    };
  }

  takeOperationNumber(): string {
    return sixDigits(this.#next++);
  }

  takeTrace(): string {
    return sixDigits(this.#nextTrace++);
  }

  addSale(sale: Sale): void {
    this.#sales.push(sale);
    this.#records.push(sale);
    this.#lastBooking = { kind: 'sale', sale, trace: sale.trace, time: sale.time };
  }

  addVoid(sale: Sale, trace: string, time: string): void {
    this.#voided.add(sale);
    this.#records.push({ ...sale, amount: -sale.amount, time });
    this.#lastBooking = { kind: 'void', sale, trace, time };
  }

  addRefund(sale: Sale): void {
    this.#lastBooking = { kind: 'refund', sale, trace: sale.trace, time: sale.time };
  }

  clear(): void {
    this.#sales = [];
    this.#records = [];
    this.#lastEver = this.lastEver;
    this.#lastBooking = undefined;
    this.#voided.clear();
  }
}
