import type { ErrorCode, TerminalError } from '../model/error.ts';

/** What the exit status says; other programs rely on it. */
export const exit = {
  done: 0,
  certainlyNotDone: 1,
  wrongUsage: 2,
  inDoubt: 3,
  failedWithNoEffect: 4,
  interrupted: 130,
} as const;

export type ExitStatus = (typeof exit)[keyof typeof exit];

/** Outcomes that are what the command was asked for. */
const done: ReadonlySet<string> = new Set([
  'ready',
  'found',
  'approved',
  'voided',
  'settled',
  'nothing-open',
]);

/** A command that a person decided about ended as they said. */
export const exitOfOutcome = (result: {
  readonly outcome: string;
  readonly decision?: string;
}): ExitStatus => (done.has(result.decision ?? result.outcome) ? exit.done : exit.certainlyNotDone);

const configuration: ReadonlySet<ErrorCode> = new Set([
  'bad-address',
  'bad-settings',
  'key-reused',
]);

export function exitOfError(error: TerminalError): ExitStatus {
  if (error.effect === 'unknown') return exit.inDoubt;
  return configuration.has(error.code) ? exit.wrongUsage : exit.failedWithNoEffect;
}

/** Something the caller has to write differently. Nothing was sent. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
