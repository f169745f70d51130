import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { familyNames } from './families.ts';
import { createRandom } from './random.ts';
import { simulate } from './simulate.ts';
import { drawPlan } from './swarm.ts';
import { createVirtualClock, settle } from './world.ts';

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
    const run = await simulate(drawPlan(3, 4, 'transbank'), true);
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
    for (const name of files) {
      const text = readFileSync(join(import.meta.dirname, name), 'utf8');
      // An immediate is no time: it only comes when no promise is left to settle.
      const known = name === 'world.ts' ? text.replace('setImmediate(resolve);', '') : text;
      expect(known, name).not.toMatch(hidden);
    }
  });

  it.each([
    [1_116, 'zvt-serial', 'a day that was closed, said to be taken back'],
    [384, 'pax-poslink-serial', 'a NUL in a sale'],
    [13_035, 'zvt-serial', 'two sides that answered each other for ever'],
    [2_859, 'bank-mis-ingenico', 'a void of an earlier sale than the last one'],
    [3, 'smartro-tl3500', 'a void that is told like its sale'],
  ] as const)('keeps every promise in seed %d on %s: %s', async (seed, family, _) => {
    expect((await simulate(drawPlan(seed, 4, family))).violations).toEqual([]);
  });

  it('lets every promise settle, however long the chain, before time goes on', async () => {
    const clock = createVirtualClock(0);
    let links = 0;
    clock.after(5, async () => {
      for (; links < 500; links++) await null;
    });
    expect(clock.step()).toBe('program');
    await settle();
    expect(links).toBe(500);
    expect(clock.step()).toBeUndefined();
  });

  it.each(familyNames)(
    'has %s terminals in its random runs, and plays them alike',
    async (name) => {
      const plans = Array.from({ length: 400 }, (_, seed) => drawPlan(seed));
      const own = plans.filter(({ family }) => family === name);
      expect(own.length).toBeGreaterThan(5);
      const [plan] = own;
      if (plan === undefined) throw new Error('There is none.');
      expect((await simulate(plan)).hash).toBe((await simulate(plan, true)).hash);
    },
  );
});

describe('to settle', () => {
  it('waits until nothing is left that needs no time, whoever began it', async () => {
    const done: string[] = [];
    const chain = async (name: string, links: number) => {
      for (let link = 0; link < links; link++) await null;
      done.push(name);
    };
    void chain('promises', 1_000);
    queueMicrotask(() => void chain('begun by a microtask', 50));
    process.nextTick(() => void chain('begun by a tick', 50));
    void Promise.resolve().then(() =>
      process.nextTick(() => void chain('a tick of a promise', 50)),
    );
    await settle();
    expect(done.toSorted()).toEqual([
      'a tick of a promise',
      'begun by a microtask',
      'begun by a tick',
      'promises',
    ]);
  });

  it('makes no event of the clock happen, not even one that is due', async () => {
    const clock = createVirtualClock(0);
    let happened = 0;
    clock.after(0, () => happened++);
    await settle();
    expect([happened, clock.now(), clock.pending()]).toEqual([0, 0, 1]);
    clock.step();
    expect(happened).toBe(1);
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
    expect(clock.pending()).toBe(1_600);
    while (clock.step());
    const sorted = happened.toSorted((a, b) => a.at - b.at || a.order - b.order);
    expect(happened).toEqual(sorted);
    expect(happened).toHaveLength(1_600);
    expect(happened.some(({ order }) => cancelled.has(order))).toBe(false);
    expect(clock.pending()).toBe(0);
  });
});
