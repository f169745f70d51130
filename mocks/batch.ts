import type { Sale } from './ledger.ts';
import type { Totals } from './messages.ts';

/** What a terminal remembers between two settlements. */
export interface Batch {
  /** The last sale, voided or not: a void is no sale of its own. */
  readonly last: Sale | undefined;
  /** Every sale and every void, oldest first; a void repeats its sale with a negative amount. */
  readonly records: readonly Sale[];
  /** The number the next sale will get, six digits. A void takes none. */
  readonly nextOperationNumber: string;
  readonly full: boolean;
  /** By operation number, leading zeros or not; without one, the last sale. */
  find(operationNumber?: string): { readonly sale: Sale; readonly voided: boolean } | undefined;
  /** Sales that stand: a voided one counts for nothing. */
  totals(): Totals;
}

interface WritableBatch extends Batch {
  takeOperationNumber(): string;
  addSale(sale: Sale): void;
  addVoid(sale: Sale, time: string): void;
  clear(): void;
}

/** Terminals ask to be closed when their memory is full (codes 67 and 76); the vendor gives no number. */
const capacity = 1_000;

const sixDigits = (n: number): string => String(n % 1_000_000).padStart(6, '0');
const withoutZeros = (operationNumber: string): string => operationNumber.replace(/^0+/, '');

export function createBatch(firstOperationNumber: number): WritableBatch {
  let next = firstOperationNumber;
  let sales: Sale[] = [];
  let records: Sale[] = [];
  const voided = new Set<Sale>();

  return {
    get last() {
      return sales.at(-1);
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
    find(operationNumber) {
      const sale =
        operationNumber === undefined
          ? sales.at(-1)
          : sales.findLast(
              (one) => withoutZeros(one.operationNumber) === withoutZeros(operationNumber),
            );
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
    addSale(sale) {
      sales.push(sale);
      records.push(sale);
    },
    addVoid(sale, time) {
      voided.add(sale);
      records.push({ ...sale, amount: -sale.amount, time });
    },
    clear() {
      sales = [];
      records = [];
      voided.clear();
    },
  };
}
