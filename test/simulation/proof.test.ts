import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addSummaries, emptySummary, failureText, type Summary } from './campaign.ts';
import { type Crew, hire } from './crew.ts';
import { familyNames } from './families.ts';
import { simulate } from './simulate.ts';
import { quietPlan, type SingleKind, singleKinds } from './singles.ts';
import { neverReached } from './sometimes.ts';
import type { Task } from './tasks.ts';

/** Everything is played by one crew of long-lived processes: the first runs of each are its slowest. */
let crew: Crew;

beforeAll(async () => {
  crew = await hire(Math.max(2, availableParallelism()));
});

afterAll(() => crew.dismiss());

const timeout = 1_200_000;

async function playAll(tasks: readonly Task[]): Promise<Summary> {
  const sums = await Promise.all(tasks.map((task) => crew.play(task)));
  return sums.reduce(addSummaries, emptySummary());
}

const failuresIn = ({ failures }: Summary): string =>
  failures.map((failure) => failureText(failure)).join('\n');

const seeds = 20_000;
const portion = 500;

const seedTasks = Array.from(
  { length: seeds / portion },
  (_, index): Task => ({
    type: 'seeds',
    from: 1 + index * portion,
    seeds: portion,
  }),
);

const words: Readonly<Record<SingleKind, string>> = {
  line: 'of the line, at every byte',
  process: 'of the process: killed at every touch of its world',
  terminal: 'of the terminal: each by its name, on each command',
};

describe.concurrent.each(familyNames)(
  'every single fault on query, sale and void: %s',
  (family) => {
    it.each(singleKinds.map((kind) => [words[kind], kind] as const))(
      '%s',
      { timeout },
      async (_, kind) => {
        // In one piece: each worker that takes part has to find out first what there is to strike.
        const sum = await playAll([
          { type: 'singles', family, kind, spare: false, part: 0, of: 1 },
        ]);
        expect(failuresIn(sum)).toBe('');
        expect(sum.runs).toBeGreaterThan(50);
      },
    );

    it('and none: everything is done as asked', async () => {
      const run = await simulate(quietPlan(family, 1));
      expect(run.violations).toEqual([]);
      expect(run.counts).toMatchObject({ approved: 5, 'in doubt': 0, voided: 2 });
    });
  },
);

describe.concurrent('random runs', () => {
  it(`${seeds} seeds keep every promise, and reach every state`, { timeout }, async () => {
    const sum = await playAll(seedTasks);
    expect(failuresIn(sum)).toBe('');
    expect(sum.runs).toBe(seeds);
    expect(neverReached(sum.counts)).toEqual([]);
  });
});
