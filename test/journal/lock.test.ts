import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { memoryLock, terminalLock } from '../../src/journal/lock.ts';
import { startChild } from './support/child.ts';
import { freshPlace } from './support/place.ts';

const terminal = 'transbank+serial:/dev/ttyACM0';
const since = new Date(2026, 4, 3, 12, 3, 4).getTime();
const me = { pid: process.pid, program: 'tillwire void', since };

describe.each([
  ['in memory', () => memoryLock()],
  ['in files', () => terminalLock(join(freshPlace().folder, 'locks'))],
])('a lock of a terminal (%s)', (_, make) => {
  test('lets one have it, and tells the second who that is', async () => {
    const lock = make();
    const release = await lock.acquire(terminal, me);
    const second = lock.acquire(terminal, { ...me, pid: 1 });
    await expect(second).rejects.toMatchObject({
      code: 'terminal-held',
      effect: 'none',
      evidence: { terminal, holder: me },
    });
    await expect(lock.acquire(terminal, me)).rejects.toThrow(
      `The terminal ${terminal} is held by pid ${process.pid}, tillwire void, since 2026-05-03 12:03:04.`,
    );
    await release();
    await (await lock.acquire(terminal, me))();
  });

  test('is one for each terminal', async () => {
    const lock = make();
    const releases = [await lock.acquire(terminal, me), await lock.acquire('zvt+tcp://a:1', me)];
    for (const release of releases) await release();
  });

  test('is not given back twice', async () => {
    const lock = make();
    const first = await lock.acquire(terminal, me);
    await first();
    const second = await lock.acquire(terminal, me);
    await first();
    await expect(lock.acquire(terminal, me)).rejects.toMatchObject({ code: 'terminal-held' });
    await second();
  });

  test('goes to one of many who ask at once', async () => {
    const lock = make();
    const asked = await Promise.allSettled(
      Array.from({ length: 20 }, (_, pid) => lock.acquire(terminal, { ...me, pid })),
    );
    const won = asked.filter((result) => result.status === 'fulfilled');
    expect(won).toHaveLength(1);
    for (const result of won) await result.value();
  });
});

describe('a lock across processes', () => {
  const start = (folder: string) => startChild('lock-holder.ts', [folder, terminal, String(since)]);

  test('names the process that has it, and is free when that is killed', async () => {
    const { folder } = freshPlace();
    const lock = terminalLock(folder);
    for (let kill = 0; kill < 5; kill++) {
      const child = start(folder);
      await child.written(1);
      await expect(lock.acquire(terminal, me)).rejects.toMatchObject({
        code: 'terminal-held',
        evidence: { holder: { pid: child.pid, program: 'tillwire void', since } },
      });
      child.kill();
      await child.ended;
      await (await lock.acquire(terminal, me))();
    }
  }, 60_000);

  test('keeps another process out while this one has it', async () => {
    const { folder } = freshPlace();
    const release = await terminalLock(folder).acquire(terminal, me);
    // Another attempt in this process must not loosen it (POSIX locks belong to the process).
    await expect(terminalLock(folder).acquire(terminal, me)).rejects.toThrow('held by');
    const child = start(folder);
    expect(await child.ended).not.toBe(0);
    expect(child.lines).toEqual([]);
    await release();
  });

  test('is given to one of several processes that start together', async () => {
    const { folder } = freshPlace();
    const children = Array.from({ length: 4 }, () => start(folder));
    await Promise.race(children.map((child) => child.written(1)));
    const [winner] = children.filter(({ lines }) => lines.length > 0);
    await Promise.all(children.filter((child) => child !== winner).map(({ ended }) => ended));
    expect(children.filter(({ lines }) => lines.length > 0)).toEqual([winner]);
  }, 60_000);
});

test('a lock that cannot be taken for another reason says which', async () => {
  const { folder } = freshPlace();
  writeFileSync(join(folder, 'file'), '');
  const lock = terminalLock(join(folder, 'file/locks'));
  await expect(lock.acquire(terminal, me)).rejects.toMatchObject({ code: 'journal-failed' });
});

test('a holder that nobody can read is another program', async () => {
  const { folder } = freshPlace();
  const lock = terminalLock(folder);
  const release = await lock.acquire(terminal, me);
  const [note = ''] = readdirSync(folder).filter((name) => name.endsWith('.holder'));
  writeFileSync(join(folder, note), '{');
  await expect(lock.acquire(terminal, me)).rejects.toThrow('held by another program');
  await release();
});
