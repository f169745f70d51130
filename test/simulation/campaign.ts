import type { Violation } from './invariants.ts';
import { type Run, simulate } from './simulate.ts';
import { addCounts, createSometimes, type State } from './sometimes.ts';
import { drawPlan, type Plan } from './swarm.ts';

export interface Failure {
  readonly seed: number;
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

const summaryOf = ({ plan, events, violations, counts, hash }: Run): Summary => ({
  runs: 1,
  events,
  failures: violations.length === 0 ? [] : [{ seed: plan.seed, violations: [...violations] }],
  counts,
  hash: Math.imul(hash, plan.seed | 1) >>> 0,
});

export interface Campaign {
  readonly from: number;
  readonly seeds: number;
  /** The most kinds of fault of the line, and of the terminal, in one run. */
  readonly faults?: number;
  /** Called now and then; true: that is enough. */
  enough?(soFar: Summary): boolean;
}

/** Plays plans one after the other. */
export async function playAll(
  plans: Iterable<Plan> | AsyncIterable<Plan>,
  enough: (soFar: Summary) => boolean = () => false,
): Promise<Summary> {
  let sum = emptySummary();
  for await (const plan of plans) {
    sum = addSummaries(sum, summaryOf(await simulate(plan)));
    if (enough(sum)) break;
  }
  return sum;
}

function* plansOf({ from, seeds, faults }: Campaign): Generator<Plan> {
  for (let seed = from; seed < from + seeds; seed++) yield drawPlan(seed, faults);
}

export const runSeeds = (campaign: Campaign): Promise<Summary> =>
  playAll(plansOf(campaign), campaign.enough);

/** A failing seed and how to see it again. */
export const failureText = ({ seed, violations }: Failure): string =>
  [
    `seed ${seed}: ${violations.map(({ invariant, text }) => `${invariant} ${text}`).join('; ')}`,
    `  npm run simulate -- --from ${seed} --seeds 1 --trace`,
  ].join('\n');
