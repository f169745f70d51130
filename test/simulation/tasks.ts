import { type Campaign, playAll, runSeeds, type Summary } from './campaign.ts';
import type { FamilyName } from './families.ts';
import { allSingles, type SingleKind } from './singles.ts';
import type { Plan } from './swarm.ts';

/** A part of the work that a worker takes at once. */
export type Task =
  | ({ readonly type: 'seeds' } & Omit<Campaign, 'enough'>)
  /** Every `of`th single fault, from the `part`th on. */
  | {
      readonly type: 'singles';
      readonly family: FamilyName;
      readonly kind: SingleKind;
      readonly part: number;
      readonly of: number;
    };

const known = new Map<string, Promise<Plan[]>>();

function plansOf(family: FamilyName, kind: SingleKind): Promise<Plan[]> {
  const name = `${family}:${kind}`;
  const plans = known.get(name) ?? allSingles(family, kind);
  known.set(name, plans);
  return plans;
}

/** `first`: a failing run is enough. */
export async function perform(task: Task, first = false): Promise<Summary> {
  const enough = ({ failures }: Summary): boolean => first && failures.length > 0;
  if (task.type === 'seeds') return runSeeds({ ...task, enough });
  const { family, kind, part, of } = task;
  const plans = await plansOf(family, kind);
  const mine = [...plans.entries()].filter(([index]) => index % of === part);
  return playAll(mine, enough, ([index]) => `${family}:${kind}:${index}`);
}
