import { describe, expect, it } from 'vitest';
import { type Failure, playAll, type Summary } from './campaign.ts';
import { simulate } from './simulate.ts';
import { families, killSingles, lineSingles, quietPlan, terminalSingles } from './singles.ts';
import type { Plan } from './swarm.ts';

const timeout = 300_000;

/** Plays them all and says what is wrong with which. */
async function failuresOf(plans: Iterable<Plan> | AsyncIterable<Plan>): Promise<{
  readonly sum: Summary;
  readonly wrong: readonly string[];
}> {
  const played: Plan[] = [];
  async function* noted(): AsyncGenerator<Plan> {
    for await (const plan of plans) {
      played.push(plan);
      yield plan;
    }
  }
  const wrong: string[] = [];
  let seen = 0;
  const sum = await playAll(noted(), ({ failures }) => {
    for (const failure of failures.slice(seen)) wrong.push(word(failure, played.at(-1)));
    seen = failures.length;
    return false;
  });
  return { sum, wrong };
}

const word = ({ violations }: Failure, plan: Plan | undefined): string =>
  `${violations[0]?.invariant} ${violations[0]?.text} after ${JSON.stringify({
    seed: plan?.seed,
    strike: plan?.line.strike,
    killAt: plan?.process.killAt,
    terminal: plan?.terminalFaults[0]?.text,
  })}`;

describe.each(families)('every single fault on query, sale and void: %s', (family) => {
  it('of the line, at every byte', { timeout }, async () => {
    const { sum, wrong } = await failuresOf(lineSingles(family));
    expect(wrong).toEqual([]);
    expect(sum.runs).toBeGreaterThan(5_000);
  });

  it('of the process: killed at every touch of its world', { timeout }, async () => {
    const { sum, wrong } = await failuresOf(killSingles(family));
    expect(wrong).toEqual([]);
    expect(sum.runs).toBeGreaterThan(300);
  });

  it('of the terminal: each by its name, on each command', { timeout }, async () => {
    const { sum, wrong } = await failuresOf(terminalSingles(family));
    expect(wrong).toEqual([]);
    expect(sum.runs).toBeGreaterThan(300);
  });

  it('and none: everything is done as asked', async () => {
    const run = await simulate(quietPlan(family, 1));
    expect(run.violations).toEqual([]);
    expect(run.counts).toMatchObject({ approved: 5, 'in doubt': 0, voided: 2 });
  });
});
