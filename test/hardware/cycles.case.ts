import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { acmRig } from './rigs/acm.ts';
import { uhidRig } from './rigs/hid-cable.ts';
import type { Rig } from './rigs/rig.ts';
import { it, note, runCases } from './runner/cases.ts';
import { ending, openTill } from './runner/till.ts';

/** What a process can leak: files, threads, and what its event loop waits for. */
function held() {
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return {
    files: readdirSync('/proc/self/fd').length,
    threads: readdirSync('/proc/self/task').length,
    ...resources,
  };
}

/** Unplugs and plugs in again, with a poll each time, on one terminal object. */
function cycles(what: string, makeRig: () => Rig, count: number): void {
  it(`${count} times unplugged and plugged in again, ${what} answers each time and leaks nothing`, async () => {
    const rig = makeRig();
    await rig.fresh();
    const terminal = await openTill(rig.address);
    const cycle = async () => {
      assert.equal(await ending(terminal.status()), 'ready');
      await rig.unplug();
      await rig.replug();
    };
    // The first ones load what is loaded once.
    for (let at = 0; at < 5; at++) await cycle();
    assert.equal(await ending(terminal.status()), 'ready');
    const before = held();
    const began = performance.now();
    for (let at = 0; at < count; at++) {
      await cycle();
      // A case file that says nothing for long is taken for stuck.
      if (at % 100 === 99) note(`${at + 1} done`);
    }
    assert.equal(await ending(terminal.status()), 'ready');
    const each = Math.round((performance.now() - began) / count);
    assert.deepEqual(held(), before);
    note(`${each} ms each; held at the end: ${JSON.stringify(before)}`);
    await terminal.close();
    await rig.close();
  }, 600_000);
}

cycles('a terminal on hidraw', () => uhidRig('rba'), 500);
cycles('a terminal on CDC-ACM', acmRig, 30);

await runCases('Unplugging and plugging in, over and over');
