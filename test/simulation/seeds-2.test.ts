import { describe } from 'vitest';
import { seedTests } from './seeds.ts';

describe('random runs, second half', () => {
  seedTests(1_001, 1_000);
});
