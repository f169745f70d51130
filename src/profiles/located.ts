import type { Path } from './problem.ts';

/** A problem before it is known where in the file it stands. */
export interface Located {
  readonly path: Path;
  readonly message: string;
}

export const located = (path: Path, message: string): Located => ({ path, message });

/** For a message: the names that there are. */
export const known = (names: readonly string[]): string =>
  names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
