import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Copies the shared libraries that a program or a library needs into the guest's root, under the paths
 * where it will look for them. `more`: folders to look in besides the machine's own.
 * @throws {Error} when one is nowhere to be found.
 */
export function copyLibraries(file: string, root: string, more: readonly string[] = []): void {
  const listed = execFileSync('ldd', [file], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', LD_LIBRARY_PATH: more.join(':') },
  });
  const missing = /(\S+) => not found/.exec(listed);
  if (missing !== null)
    throw new Error(`${file} needs ${missing[1]}, which is not on this machine.`);
  for (const [, path] of listed.matchAll(/(?:=> |^\s*)(\/\S+)/gm)) {
    if (path === undefined) continue;
    const folder = more.find((place) => path.startsWith(place));
    const target = join(root, folder === undefined ? path : `/lib${path.slice(folder.length)}`);
    if (existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(path, target);
  }
}
