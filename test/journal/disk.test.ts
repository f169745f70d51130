import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startChild } from './support/child.ts';
import { freshPlace, openThere } from './support/place.ts';

const hasStrace = spawnSync('strace', ['-f', 'true']).status === 0;

/** The records that a child called durable. */
const called = (lines: readonly string[]) =>
  lines.filter((line) => /^a-/.test(line)).map((line) => line.split(' ').at(-1));

test.skipIf(process.platform === 'win32')(
  'when the disk takes no more, the record is refused and everything before it is kept',
  async () => {
    const place = freshPlace();
    await (await openThere(place)).close();
    // A limit on the size of files makes the write itself fail, for root as well.
    const under = ['bash', '-c', 'trap "" XFSZ; ulimit -f 64; exec "$@"', 'bash'];
    const child = startChild('appender.ts', [place.path, place.key, 'a', '1000'], { under });
    expect(await child.ended).toBe(1);
    expect(child.lines.at(-1)).toMatch(/^failed The journal .* cannot be written .* nothing more/);
    const journal = await openThere(place);
    expect(journal.verify().ok).toBe(true);
    expect([...journal.records()].map(({ type }) => type)).toEqual(called(child.lines));
  },
);

test.skipIf(!hasStrace)(
  'a mark of a sent command and an outcome are synced to the disk before their promises resolve',
  async () => {
    const place = freshPlace();
    await (await openThere(place)).close();
    const trace = join(place.folder, 'trace');
    const under = ['strace', '-f', '-o', trace, '-s', '200', '-e', 'trace=fdatasync,fsync,write'];
    const child = startChild('appender.ts', [place.path, place.key, 'a', '4'], { under });
    expect(await child.ended).toBe(0);
    let synced = false;
    let durable = 0;
    for (const line of readFileSync(trace, 'utf8').split('\n')) {
      if (/f(data)?sync\(\d+\) += 0/.test(line)) synced = true;
      if (!/write\(1, "a-\d+ (?:sent|outcome)/.test(line)) continue;
      expect(synced, line).toBe(true);
      synced = false;
      durable++;
    }
    expect(durable).toBe(4 * 2);
  },
);

test.skipIf(!hasStrace)(
  'a sync that fails is never tried again, and nothing more is written',
  async () => {
    const place = freshPlace();
    await (await openThere(place)).close();
    const inject = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO:when=9'];
    const under = ['strace', '-f', '-o', '/dev/null', ...inject];
    const child = startChild('appender.ts', [place.path, place.key, 'a', '100'], { under });
    expect(await child.ended).toBe(1);
    expect(child.lines.at(-1)).toMatch(/^failed The journal .* cannot be written/);
    const durable = called(child.lines);
    expect(durable.length).toBeGreaterThan(0);
    const journal = await openThere(place);
    expect(journal.verify().ok).toBe(true);
    const types = [...journal.records()].map(({ type }) => type);
    // The one that failed may or may not be on the disk; nothing after it is.
    expect(types.slice(0, durable.length)).toEqual(durable);
    expect(types.length).toBeLessThanOrEqual(durable.length + 1);
  },
);
