import { describe } from 'vitest';
import { seedTests } from './seeds.ts';

describe('random runs, second half', () => {
  seedTests(10_001, 3_000);
});
