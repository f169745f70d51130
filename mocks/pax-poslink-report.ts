import { bareNumber, sameNumber } from '../src/model/identity.ts';
import { field } from '../src/protocols/pax-poslink/groups.ts';
import type { Sale } from './ledger.ts';
import type { Answer } from './messages.ts';
import type { PoslinkRequest } from './pax-poslink-requests.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

/** A void as the till asked for it: under which reference, and which number it got. */
export interface VoidMark {
  readonly reference: string;
  readonly trace: string;
}

/** Voids by the operation number of their sale. */
export type VoidMarks = Map<string, VoidMark>;

/** One record of the open batch. */
export interface Entry {
  readonly kind: 'sale' | 'voided-sale' | 'void';
  readonly sale: Sale;
  readonly number: string;
  readonly reference: string;
  readonly time: string;
}

/** What R02 brings, besides the sale itself. */
export interface ReportAnswer extends Answer {
  readonly total: number;
  readonly record: number;
  readonly entry: Entry;
}

export const isReport = (answer: Answer): answer is ReportAnswer => 'entry' in answer;

/**
 * Sales and voids of the batch in the order they were made. What a report tells of a sale that was taken back
 * is not documented; here its type becomes 17 and the void stands behind it, under its own reference.
 */
function entriesOf({ memory }: SimulatedTerminal, marks: VoidMarks): readonly Entry[] {
  const { lastBooking, records } = memory;
  return records.map((record): Entry => {
    const { operationNumber, time, amount } = record;
    const sale = amount < 0 ? { ...record, amount: -amount } : record;
    if (amount >= 0) {
      const kind = memory.find(operationNumber)?.voided === true ? 'voided-sale' : 'sale';
      return { kind, sale, number: bareNumber(sale.trace), reference: sale.ticket, time };
    }
    const isLast = lastBooking?.kind === 'void' && lastBooking.sale.trace === sale.trace;
    const mark = marks.get(operationNumber);
    const number = mark?.trace ?? (isLast ? lastBooking.trace : '');
    return {
      kind: 'void',
      sale,
      number: bareNumber(number),
      reference: mark?.reference ?? '',
      time,
    };
  });
}

/** R02: the records that fit, and the one of them that was asked for. */
export function report(
  terminal: SimulatedTerminal,
  request: PoslinkRequest,
  marks: VoidMarks,
): readonly Answer[] {
  const { groups, command: to } = request;
  const [record, number, code, reference] = [3, 4, 5, 6].map((at) => field(groups, at, 0));
  const fitting = entriesOf(terminal, marks).filter(
    (entry) =>
      (number === undefined || sameNumber(number, entry.number)) &&
      (code === undefined || code === entry.sale.authorisationCode) &&
      (reference === undefined || sameNumber(reference, entry.reference)),
  );
  const at = Number(record ?? 0);
  const entry = fitting[at];
  if (entry === undefined) return [{ to, outcome: 'empty' }];
  const told: ReportAnswer = {
    to,
    outcome: 'done',
    sale: entry.sale,
    total: fitting.length,
    record: at,
    entry,
  };
  return [told];
}
