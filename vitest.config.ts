import { configDefaults, defineConfig } from 'vitest/config';

/** Runs the driver with one thing wrong, many times over; it takes its time. */
const mutants = 'test/simulation/mutants.test.ts';

/** Keeps every processor busy for minutes; other tests wait for real devices, and for their time-outs. */
const proof = 'test/simulation/proof.test.ts';

/** Needs a Chromium, and the build. */
const browser = 'test/browser/**/*.test.ts';

const { exclude } = configDefaults;

/** What a mode runs, and nothing else. */
const modes: Readonly<Record<string, object>> = {
  mutants: { include: [mutants] },
  // One browser after the other: each has processes enough of its own.
  browser: {
    include: [browser],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
};

export default defineConfig(({ mode }) => ({
  test: modes[mode] ?? {
    projects: [
      {
        test: {
          name: 'tests',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, mutants, proof, browser],
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      // Behind all others.
      { test: { name: 'proof', include: [proof], sequence: { groupOrder: 1 } } },
    ],
  },
}));
