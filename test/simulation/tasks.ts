import { type Campaign, playAll, runSeeds, type Summary } from './campaign.ts';
import type { FamilyName } from './families.ts';
import { allSingles, type Single, type SingleKind } from './singles.ts';

/** A part of the work that a worker takes at once. */
export type Task =
  | ({ readonly type: 'seeds' } & Omit<Campaign, 'enough'>)
  /** Every `of`th single fault, from the `part`th on. */
  | {
      readonly type: 'singles';
      readonly family: FamilyName;
      readonly kind: SingleKind;
      /** With those that a receiver makes the same of as of others. */
      readonly spare: boolean;
      readonly part: number;
      readonly of: number;
    };

const known = new Map<string, Promise<Single[]>>();

function singlesOf(family: FamilyName, kind: SingleKind): Promise<Single[]> {
  const name = `${family}:${kind}`;
  const singles = known.get(name) ?? allSingles(family, kind);
  known.set(name, singles);
  return singles;
}

/** `first`: a failing run is enough. */
export async function perform(task: Task, first = false): Promise<Summary> {
  const enough = ({ failures }: Summary): boolean => first && failures.length > 0;
  if (task.type === 'seeds') return runSeeds({ ...task, enough });
  const { family, kind, spare, part, of } = task;
  const singles = await singlesOf(family, kind);
  const mine = singles
    .map((single, index) => ({ ...single, index }))
    .filter((single) => single.index % of === part && (spare || !single.spare))
    .map(({ plan, index }) => [index, plan] as const);
  return playAll(mine, enough, ([index]) => `${family}:${kind}:${index}`);
}
