import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ms, say, spread, table, times } from './figures.ts';

const bin = join(import.meta.dirname, '../../dist/src/cli/main.js');

function started(args: readonly string[]): number {
  const start = performance.now();
  spawnSync(process.execPath, args);
  return performance.now() - start;
}

/** How long the command line takes to answer, beside Node itself; the two take turns. */
export function benchStart(): void {
  const bare: number[] = [];
  const version: number[] = [];
  const help: number[] = [];
  for (let round = 0; round < 25; round++) {
    bare.push(started(['-e', '0']));
    version.push(started([bin, '--version']));
    help.push(started([bin, '--help']));
  }
  const base = spread(bare).p50;
  const row = (name: string, figures: readonly number[]) => [
    name,
    ms(spread(figures).p50),
    times(spread(figures).p50 / base),
  ];
  say('Cold start, 25 rounds, p50');
  table([
    ['', '', 'against node -e 0'],
    row('node -e 0', bare),
    row('tillwire --version', version),
    row('tillwire --help', help),
  ]);
}
