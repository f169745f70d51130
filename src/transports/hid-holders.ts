import { readFile, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { namesIn, orUndefined } from './sysfs.ts';

/**
 * The other programs that have this device open, as `name (pid)`: hidraw lets any number of them in, and
 * each gets a copy of every report. Linux shows the open files of processes of the same user only, or all
 * of them to root.
 */
export async function holdersOf(
  path: string,
  proc = '/proc',
  ownPid = process.pid,
): Promise<readonly string[]> {
  const device = (await orUndefined(realpath(path))) ?? path;
  const pids = (await namesIn(proc)).filter((name) => /^\d+$/.test(name) && name !== `${ownPid}`);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const files = join(proc, pid, 'fd');
      for (const name of await namesIn(files))
        if ((await orUndefined(readlink(join(files, name)))) === device) return nameOf(proc, pid);
      return undefined;
    }),
  );
  return found.filter((name) => name !== undefined);
}

async function nameOf(proc: string, pid: string): Promise<string> {
  const name = await orUndefined(readFile(join(proc, pid, 'comm'), 'utf8'));
  return `${name?.trim() || 'a program'} (${pid})`;
}
