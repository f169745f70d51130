import { configDefaults, defineConfig } from 'vitest/config';

/** Runs the driver with one thing wrong, many times over; it takes its time. */
const mutants = 'test/simulation/mutants.test.ts';

/** Keeps every processor busy for minutes; other tests wait for real devices, and for their time-outs. */
const proof = 'test/simulation/proof.test.ts';

const { exclude } = configDefaults;

/** `vitest run --mode mutants`: the mutants and nothing else. */
export default defineConfig(({ mode }) => ({
  test:
    mode === 'mutants'
      ? { include: [mutants] }
      : {
          projects: [
            {
              test: {
                name: 'tests',
                include: ['test/**/*.test.ts'],
                exclude: [...exclude, mutants, proof],
                testTimeout: 60_000,
                sequence: { groupOrder: 0 },
              },
            },
            // Behind all others.
            { test: { name: 'proof', include: [proof], sequence: { groupOrder: 1 } } },
          ],
        },
}));
