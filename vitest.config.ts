import { configDefaults, defineConfig } from 'vitest/config';

const mutants = 'test/simulation/mutants.test.ts';

/** `vitest run --mode mutants` runs the driver with one thing wrong, many times over; it takes its time. */
export default defineConfig(({ mode }) => ({
  test: {
    include: mode === 'mutants' ? [mutants] : ['test/**/*.test.ts'],
    exclude: mode === 'mutants' ? configDefaults.exclude : [...configDefaults.exclude, mutants],
    testTimeout: 60_000,
  },
}));
