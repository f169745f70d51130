import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';
import { simulate } from './simulate.ts';
import { drawPlan } from './swarm.ts';
import { createVirtualClock } from './world.ts';

describe('the simulator', () => {
  it('plays a seed the same way each time, whatever was played before', async () => {
    const seeds = Array.from({ length: 60 }, (_, i) => 1 + i * 37);
    const hashes = new Map<number, number>();
    for (const seed of seeds) hashes.set(seed, (await simulate(drawPlan(seed))).hash);
    for (const seed of seeds.toReversed())
      expect((await simulate(drawPlan(seed), true)).hash).toBe(hashes.get(seed));
    expect(new Set(hashes.values()).size).toBe(seeds.length);
  });

  it('draws what happened, without a card number', async () => {
    const run = await simulate(drawPlan(3), true);
    const drawing = run.draw();
    expect(drawing).toMatch(/till +journal +line +terminal/);
    expect(drawing).toContain('[0200|');
    expect(drawing).not.toMatch(/411111\d{10}/);
  });

  it('takes its time and its chance from its seed alone', () => {
    const hidden =
      /\b(?:Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|setImmediate|performance\.now)\b/;
    const files = readdirSync(import.meta.dirname).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
    );
    expect(files.length).toBeGreaterThan(10);
    for (const name of files)
      expect(readFileSync(join(import.meta.dirname, name), 'utf8'), name).not.toMatch(hidden);
  });
});

describe('the virtual clock', () => {
  it('makes events happen in the order of their time, and of their setting', () => {
    const clock = createVirtualClock(0);
    const random = createRandom(7);
    const happened: { readonly at: number; readonly order: number }[] = [];
    const cancelled = new Set<number>();
    for (let order = 0; order < 2_000; order++) {
      const cancel = clock.after(random.int(50), () => happened.push({ at: clock.now(), order }));
      if (order % 5 !== 0) continue;
      cancel();
      cancelled.add(order);
    }
    expect(clock.pending).toBe(1_600);
    while (clock.step());
    const sorted = happened.toSorted((a, b) => a.at - b.at || a.order - b.order);
    expect(happened).toEqual(sorted);
    expect(happened).toHaveLength(1_600);
    expect(happened.some(({ order }) => cancelled.has(order))).toBe(false);
    expect(clock.pending).toBe(0);
  });
});
