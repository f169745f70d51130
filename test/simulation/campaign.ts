import type { FamilyName } from './families.ts';
import { simulate } from './simulate.ts';
import { addCounts, createSometimes, type State, states } from './sometimes.ts';
import { drawPlan, type Plan } from './swarm.ts';
import type { Violation } from './violation.ts';

export interface Failure {
  /** `seed 17 on zvt-tcp`, or the single fault. */
  readonly run: string;
  readonly violations: readonly Violation[];
}

/** What many runs have come to. */
export interface Summary {
  readonly runs: number;
  readonly events: number;
  readonly failures: readonly Failure[];
  readonly counts: Readonly<Record<State, number>>;
  /** Of all runs, whatever their order. */
  readonly hash: number;
}

export const emptySummary = (): Summary => ({
  runs: 0,
  events: 0,
  failures: [],
  counts: createSometimes().counts,
  hash: 0,
});

export const addSummaries = (a: Summary, b: Summary): Summary => ({
  runs: a.runs + b.runs,
  events: a.events + b.events,
  failures: [...a.failures, ...b.failures],
  counts: addCounts(a.counts, b.counts),
  hash: (a.hash + b.hash) >>> 0,
});

export interface Campaign {
  readonly from: number;
  readonly seeds: number;
  /** The most kinds of fault of the line, and of the terminal, in one run. */
  readonly faults?: number;
  /** Only terminals of this family. */
  readonly family?: FamilyName;
  /** Called now and then; true: that is enough. */
  enough?(soFar: Summary): boolean;
}

/** Plays plans one after the other, each under the name that it has in reports. */
export async function playAll<N>(
  plans: Iterable<readonly [N, Plan]>,
  enough: (soFar: Summary) => boolean,
  nameOf: (numbered: readonly [N, Plan]) => string,
): Promise<Summary> {
  const failures: Failure[] = [];
  const sum = { runs: 0, events: 0, failures, counts: createSometimes().counts, hash: 0 };
  const { stackTraceLimit } = Error;
  // Nobody looks at the stack of an error that a run is meant to have; `--trace` shows it.
  Error.stackTraceLimit = 0;
  try {
    for (const numbered of plans) {
      const { plan, events, violations, counts, hash } = await simulate(numbered[1]);
      sum.runs++;
      sum.events += events;
      if (violations.length > 0) failures.push({ run: nameOf(numbered), violations });
      for (const state of states) sum.counts[state] += counts[state];
      sum.hash = (sum.hash + Math.imul(hash, plan.seed | 1)) >>> 0;
      if (enough(sum)) break;
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  return sum;
}

function* plansOf({ from, seeds, faults, family }: Campaign): Generator<[number, Plan]> {
  for (let seed = from; seed < from + seeds; seed++) yield [seed, drawPlan(seed, faults, family)];
}

export const runSeeds = (campaign: Campaign): Promise<Summary> =>
  playAll(
    plansOf(campaign),
    campaign.enough ?? (() => false),
    ([seed, { family }]) => `seed ${seed} on ${family}`,
  );

/** A failing run and how to see it again. `more`: the options it was played with. */
export function failureText({ run, violations }: Failure, more = ''): string {
  const [, seed] = /^seed (\d+)/.exec(run) ?? [];
  const which = seed === undefined ? `--single ${run}` : `--from ${seed}`;
  return [
    `${run}: ${violations.map(({ invariant, text }) => `${invariant} ${text}`).join('; ')}`,
    `  npm run simulate -- ${which}${more} --trace`,
  ].join('\n');
}
