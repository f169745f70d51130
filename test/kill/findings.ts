import { type State, states } from './states.ts';
import type { TerminalName } from './terminals.ts';

/** What kills have shown. */
export interface Findings {
  kills: number;
  commands: number;
  /** How many on each kind of terminal. */
  readonly terminals: Map<TerminalName, number>;
  readonly reached: Map<State, number>;
  /** Commands that only a person could decide, by the stated reason. */
  readonly doubts: Map<string, number>;
  /** Sales of a clerk that were taken for the till's own, as the documentation says that it may happen. */
  clerkSales: number;
  readonly flaws: string[];
}

export const noFindings = (): Findings => ({
  kills: 0,
  commands: 0,
  terminals: new Map(),
  reached: new Map(),
  doubts: new Map(),
  clerkSales: 0,
  flaws: [],
});

export const countIn = <K>(map: Map<K, number>, key: K, count = 1) =>
  map.set(key, (map.get(key) ?? 0) + count);

export const unreached = ({ reached }: Findings): readonly State[] =>
  states.filter((state) => !reached.has(state));

export function add(all: Findings, some: Findings): void {
  all.kills += some.kills;
  all.commands += some.commands;
  all.clerkSales += some.clerkSales;
  all.flaws.push(...some.flaws);
  for (const [name, count] of some.terminals) countIn(all.terminals, name, count);
  for (const [state, count] of some.reached) countIn(all.reached, state, count);
  for (const [reason, count] of some.doubts) countIn(all.doubts, reason, count);
}
