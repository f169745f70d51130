import { describe } from 'vitest';
import { seedTests } from './seeds.ts';

// Two files, so that both halves run at the same time.
describe('random runs, first half', () => {
  seedTests(1, 1_000);
});
