import { mkdirSync, statSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Where downloaded parts of the guest are kept between two runs: outside the repository, in
 * `$XDG_CACHE_HOME` or the folder for temporary files.
 * @throws {Error} when the folder belongs to somebody else.
 */
export function cacheFolder(): string {
  const { uid } = userInfo();
  const base = process.env['XDG_CACHE_HOME'];
  const folder = base
    ? join(base, 'tillwire-hardware-bench')
    : join(tmpdir(), `tillwire-hardware-bench-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (statSync(folder).uid !== uid)
    throw new Error(`${folder} belongs to another user. Set XDG_CACHE_HOME to a folder of yours.`);
  return folder;
}
