import { expect, it } from 'vitest';
import { dayTotals } from '../../mocks/zvt-day.ts';

const day = (count: number, total: number) => ({
  from: '0001',
  to: '0002',
  trace: '000002',
  groups: [{ count, total }],
});

it('tells its totals with counts in binary and amounts in BCD', () => {
  expect(Buffer.from(dayTotals(day(2, 1510))).toString('hex')).toBe(
    '60f0f1f10001000202000000001510',
  );
});

it.each([
  [-1, -500],
  [1, -500],
])('leaves the totals out where more was given back than paid: %s, %s', (count, total) => {
  expect(dayTotals(day(count, total))).toEqual([]);
});
