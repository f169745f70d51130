import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Mutant, mutants } from './mutants.ts';

const root = resolve(import.meta.dirname, '../..');

/** The seeds in which a mutant has to show itself. */
const seeds = 20_000;

/** A copy of the sources with the mutant's changes in it. */
function copyWith({ name, changes }: Mutant): string {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-mutant-'));
  for (const part of ['src', 'mocks', 'test/simulation', 'package.json', 'tsconfig.json'])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const { file, from, to } of changes) {
    const text = readFileSync(join(folder, file), 'utf8');
    const parts = text.split(from);
    if (parts.length < 2) throw new Error(`${file} has changed; "${name}" has nothing to mutate.`);
    writeFileSync(join(folder, file), parts.join(to));
  }
  return folder;
}

function simulateIn(folder: string): Promise<{ readonly status: number; readonly said: string }> {
  const script = join(folder, 'test/simulation/run.ts');
  const options = ['--first', '--seeds', String(seeds)];
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', script, ...options],
      { cwd: folder, timeout: 500_000 },
      (error, stdout, stderr) => done({ status: error === null ? 0 : 1, said: stdout + stderr }),
    );
  });
}

describe('a driver with one thing wrong is found out:', () => {
  it.each(mutants)('$name', { timeout: 600_000 }, async (mutant) => {
    const folder = copyWith(mutant);
    try {
      const { status, said } = await simulateIn(folder);
      expect(status, said).toBe(1);
      const broken = [...said.matchAll(/^seed \d+ on [\w-]+: (I\d+) /gm)].map(
        ([, invariant]) => invariant,
      );
      expect(mutant.breaks, said).toEqual(expect.arrayContaining(broken));
      expect(broken).not.toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
