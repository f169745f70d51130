import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Mutant, mutants } from './mutants.ts';

const root = resolve(import.meta.dirname, '../..');

/** The seeds in which a mutant has to show itself. */
const seeds = 20_000;

const parts = [
  'src',
  'mocks',
  'profiles',
  'test',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/** How often the text of each change stands in its file: once, or the mutant is of another driver. */
const strange = ({ changes }: Mutant): readonly string[] =>
  changes.flatMap(({ file, from }) => {
    const times = readFileSync(join(root, file), 'utf8').split(from).length - 1;
    return times === 1 ? [] : [`${file} has it ${times} times: ${from}`];
  });

/** A copy of the sources with the mutant's changes in it. */
function copyWith({ changes }: Mutant): string {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-mutant-'));
  for (const part of parts) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, from, to } of changes) {
    const text = readFileSync(join(folder, file), 'utf8');
    writeFileSync(
      join(folder, file),
      text.replace(from, () => to),
    );
  }
  return folder;
}

interface Ended {
  readonly status: number;
  readonly said: string;
}

/** Not this runner's own settings. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(?:VITE|TINYPOOL|NODE_ENV$|TEST$)/.test(name)),
);

const run = (folder: string, args: readonly string[]): Promise<Ended> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      [...args],
      { cwd: folder, timeout: 1_500_000, maxBuffer: 1 << 26, env },
      (error, stdout, stderr) => done({ status: error === null ? 0 : 1, said: stdout + stderr }),
    );
  });

/** The first invariants that random runs violate. */
async function broken(folder: string, family: string | undefined): Promise<readonly string[]> {
  const script = join(folder, 'test/simulation/run.ts');
  const { status, said } = await run(folder, [
    '--import',
    'tsx',
    script,
    '--first',
    '--seeds',
    String(seeds),
    ...(family === undefined ? [] : ['--family', family]),
  ]);
  const found = [...said.matchAll(/^(seed \d+ on [\w-]+): (I\d+) /gm)];
  expect(status, said).toBe(1);
  expect(found, said).not.toEqual([]);
  told = found.map(([, seed, invariant]) => `${invariant} in ${seed}`).join(', ');
  return found.map(([, , invariant]) => String(invariant));
}

/** The tests of this file that fail; those whose names have these words alone are run. */
async function failing(folder: string, file: string, words: string): Promise<readonly string[]> {
  const { said } = await run(folder, [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    file,
    '--testNamePattern',
    words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    '--reporter',
    'json',
  ]);
  const report = /^\{"numTotalTestSuites".*$/m.exec(said)?.[0];
  expect(report, said).toBeDefined();
  const { testResults } = JSON.parse(report ?? '{}') as Report;
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => fullName);
  told = failed.join(', ');
  return failed;
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What has shown the mutant at hand. */
let told = '';
const table: string[] = [];

afterAll(() => {
  process.stdout.write(
    `${[...table, `${table.length} of ${mutants.length} found out`].join('\n')}\n`,
  );
});

it('each mutant is one of this driver', () => {
  const old = mutants.flatMap((mutant) => strange(mutant).map((why) => `${mutant.name}: ${why}`));
  expect(old).toEqual([]);
  const names = mutants.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

describe('a driver with one thing wrong is found out:', () => {
  it.each(mutants)('$name', { timeout: 1_600_000 }, async (mutant) => {
    expect(strange(mutant)).toEqual([]);
    const began = performance.now();
    const folder = copyWith(mutant);
    try {
      if ('breaks' in mutant)
        expect(mutant.breaks).toEqual(
          expect.arrayContaining([...(await broken(folder, mutant.family))]),
        );
      else expect(await failing(folder, mutant.file, mutant.fails)).not.toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
    table.push(
      `${((performance.now() - began) / 1_000).toFixed(1).padStart(6)} s  ${mutant.name}: ${told}`,
    );
  });
});
