import { type State, states } from './states.ts';

/** What kills have shown. */
export interface Findings {
  kills: number;
  commands: number;
  readonly reached: Map<State, number>;
  /** Commands that only a person could decide, by the stated reason. */
  readonly doubts: Map<string, number>;
  readonly flaws: string[];
}

export const noFindings = (): Findings => ({
  kills: 0,
  commands: 0,
  reached: new Map(),
  doubts: new Map(),
  flaws: [],
});

export const countIn = <K>(map: Map<K, number>, key: K, count = 1) =>
  map.set(key, (map.get(key) ?? 0) + count);

export const unreached = ({ reached }: Findings): readonly State[] =>
  states.filter((state) => !reached.has(state));

export function add(all: Findings, some: Findings): void {
  all.kills += some.kills;
  all.commands += some.commands;
  all.flaws.push(...some.flaws);
  for (const [state, count] of some.reached) countIn(all.reached, state, count);
  for (const [reason, count] of some.doubts) countIn(all.doubts, reason, count);
}
