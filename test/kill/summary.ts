import type { Findings } from './findings.ts';
import { states } from './states.ts';

/** For people and for the documentation. */
export function summary(
  { kills, commands, terminals, reached, doubts, clerkSales, flaws }: Findings,
  ms: number,
): string {
  const lines = [
    `${kills} kills, ${commands} money commands, ${flaws.length} flaws, ${(ms / 1_000).toFixed(1)} s`,
    'on',
    ...[...terminals].map(([name, count]) => `  ${String(count).padStart(6)}  ${name}`),
    'killed',
    ...states.map((state) => `  ${String(reached.get(state) ?? 0).padStart(6)}  ${state}`),
    'left to a person',
    ...[...doubts].map(([reason, count]) => `  ${String(count).padStart(6)}  ${reason}`),
    'a sale of a clerk taken for the lost one',
    `  ${String(clerkSales).padStart(6)}  of the same amount, the very next one`,
    ...flaws,
  ];
  return lines.join('\n');
}
