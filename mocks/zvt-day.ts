import { toBcd } from '../src/framing/bcd.ts';
import type { Batch } from './batch.ts';
import type { Totals } from './messages.ts';
import { lllvar, receiptOf } from './zvt-fields.ts';

/** What the terminal has sold since the last end of day, as BMP 60 groups it. */
export interface Day {
  readonly from: string;
  readonly to: string;
  /** The trace number of the last booking. */
  readonly trace: string;
  readonly groups: readonly Totals[];
}

/** girocard, JCB, Eurocard, Amex, Visa, Diners, all others. */
const groupOf: Readonly<Record<string, number>> = { DB: 0, MC: 2, AX: 3, VI: 4 };
const groupCount = 7;
const others = groupCount - 1;

export function dayOf(memory: Batch): Day {
  const groups = Array.from({ length: groupCount }, () => ({ count: 0, total: 0 }));
  for (const { amount, card } of memory.records) {
    const group = groups[groupOf[card.brand] ?? others];
    if (group === undefined) continue;
    group.count += amount < 0 ? -1 : 1;
    group.total += amount;
  }
  const trace = memory.lastBooking?.trace ?? '000000';
  const first = memory.records[0]?.trace ?? trace;
  return { from: receiptOf(first), to: receiptOf(trace), trace, groups };
}

/**
 * BMP 60: the counts are binary, all else is BCD. How a group is told in which more was given back than paid
 * (a sale of the day before is refunded) is not documented, and BCD has no sign: the totals are left out then.
 */
export const dayTotals = ({ from, to, groups }: Day): number[] => {
  if (groups.some(({ count, total }) => count < 0 || total < 0)) return [];
  return lllvar(0x60, [
    ...toBcd(from, 2),
    ...toBcd(to, 2),
    ...groups.flatMap(({ count, total }) => [count & 0xff, ...toBcd(String(total), 6)]),
  ]);
};
