import { BehaviorSubject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type WatchOptions, watchTerminals } from '../../src/terminal/plugged.ts';
import type { PluggedDevice } from '../../src/transports/discovery.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createTill, listen, untilDone } from '../support/till.ts';

const device = (path: string): PluggedDevice => ({
  transport: 'hid',
  address: `hid:${path}`,
  path,
});

function watch(options: WatchOptions = {}) {
  const clock = createFakeClock();
  const machine = { plugged: [] as PluggedDevice[], looks: 0, broken: false };
  const seen: string[][] = [];
  const devices$ = watchTerminals({
    clock,
    list: async () => {
      machine.looks++;
      if (machine.broken) throw new Error('no list');
      return machine.plugged;
    },
    ...options,
  });
  const look = () => devices$.subscribe((devices) => seen.push(devices.map(({ path }) => path)));
  return { clock, machine, seen, look };
}

describe('what is plugged in', () => {
  it('is told at once, and again at each change and no sooner', async () => {
    const { clock, machine, seen, look } = watch();
    expect(machine.looks).toBe(0);
    const subscription = look();
    await clock.advance(10_000);
    machine.plugged = [device('a'), device('b')];
    await clock.advance(10_000);
    machine.plugged = [device('b')];
    await clock.advance(10_000);
    expect(seen).toEqual([[], ['a', 'b'], ['b']]);
    expect(machine.looks).toBe(16);
    subscription.unsubscribe();
    await clock.advance(10_000);
    expect(machine.looks).toBe(16);
    expect(clock.pending).toBe(0);
  });

  it('is looked for once a second at most, and once for all who ask', async () => {
    const { clock, machine, seen, look } = watch({ everyMs: 1 });
    const first = look();
    await clock.advance(3_000);
    const second = look();
    expect(machine.looks).toBe(4);
    expect(seen).toEqual([[], []]);
    first.unsubscribe();
    second.unsubscribe();
    look().unsubscribe();
    await clock.advance(0);
    expect(machine.looks).toBe(5);
  });

  it('is not looked for while a line is at work', async () => {
    const busyLines$ = new BehaviorSubject(0);
    const { clock, machine, look } = watch({ busyLines$ });
    const subscription = look();
    await clock.advance(2_000);
    expect(machine.looks).toBe(2);
    busyLines$.next(1);
    await clock.advance(60_000);
    expect(machine.looks).toBe(2);
    busyLines$.next(0);
    await clock.advance(0);
    expect(machine.looks).toBe(3);
    busyLines$.next(2);
    await clock.advance(60_000);
    subscription.unsubscribe();
    expect(busyLines$.observed).toBe(false);
  });

  it('is looked for again after a look that failed', async () => {
    const { clock, machine, seen, look } = watch();
    machine.broken = true;
    const subscription = look();
    await clock.advance(2_000);
    machine.broken = false;
    await clock.advance(2_000);
    expect(seen).toEqual([[]]);
    subscription.unsubscribe();
  });

  it('waits for the exchanges of the terminals of this process', async () => {
    const till = await createTill({ faults: ['silent'] });
    const { clock, machine, look } = watch();
    const command = listen(till.terminal.status());
    await till.clock.advance(1);
    const subscription = look();
    await clock.advance(60_000);
    expect(machine.looks).toBe(0);
    await untilDone(till.clock, command.heard);
    await clock.advance(0);
    expect(machine.looks).toBe(1);
    subscription.unsubscribe();
  });
});
