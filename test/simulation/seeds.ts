import { expect, it } from 'vitest';
import { addSummaries, emptySummary, failureText, runSeeds } from './campaign.ts';
import { neverReached } from './sometimes.ts';

const portion = 1_000;

/** The tests of `count` seeds, in portions that show how far they are. */
export function seedTests(first: number, count: number): void {
  let sum = emptySummary();
  for (let from = first; from < first + count; from += portion)
    it(`${portion} seeds from ${from}`, { timeout: 300_000 }, async () => {
      const part = await runSeeds({ from, seeds: portion });
      sum = addSummaries(sum, part);
      expect(part.failures.map(failureText).join('\n')).toBe('');
    });

  it('have reached every state', () => {
    expect(sum.runs).toBe(count);
    expect(neverReached(sum.counts)).toEqual([]);
  });
}
