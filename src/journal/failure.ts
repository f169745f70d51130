import { TerminalError } from '../model/error.ts';

/** A journal that cannot be used: which file, what is wrong, what to do. Nothing was sent because of it. */
export const journalFailure = (
  path: string,
  what: string,
  advice: string,
  cause?: unknown,
): TerminalError =>
  new TerminalError('journal-failed', 'none', `The journal ${path} ${what}. ${advice}`, {
    evidence: { path },
    ...(cause !== undefined && { cause }),
  });

export const said = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The system's or SQLite's own code of an error: `ENOENT`, `SQLITE_BUSY`. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
