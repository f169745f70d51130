/**
 * States that a suite of runs has to reach: a checker that never saw them has proved nothing about them.
 * (Antithesis calls these "sometimes" properties.)
 */
export const states = [
  'approved',
  'declined',
  'voided',
  'already voided',
  'nothing to void',
  'refused: not the last',
  'refused: blind void',
  'refused: debit card',
  'refused: invalid',
  'in doubt',
  'in doubt, then recovered as done',
  'in doubt, then recovered as not done',
  'left to a person',
  'recovered by itself after a restart',
  'blocked by a command in doubt',
  'replayed by its key',
  'key reused for another command',
  'wrong transaction caught',
  'unknown response code caught',
  'late answer surfaced',
  'duplicate dropped',
  'noise surfaced',
  'repeated after NAK',
  'settled in between',
  'settled by the till',
  'clerk sold in between',
  'clerk voided in between',
  'void without reference on a blind terminal',
  'terminal held by another program',
  'terminal busy',
  'connection lost with a command in flight',
  'journal failed before sending',
  'journal failed after sending',
  'killed',
  'killed between the sent mark and the first byte',
  'killed in the middle of a frame',
  'killed between the answer and the outcome',
  'killed during recovery',
  'killed while a journal write was torn',
  'unsubscribed while it ran',
  'stale bytes after opening again',
  'terminal lost power',
] as const;

export type State = (typeof states)[number];

/** Counts how often each state was reached. */
export interface Sometimes {
  reached(state: State): void;
  readonly counts: Record<State, number>;
}

const none = (): Record<State, number> => {
  const counts: Partial<Record<State, number>> = {};
  for (const state of states) counts[state] = 0;
  return counts as Record<State, number>;
};

export function createSometimes(): Sometimes {
  const counts = none();
  return {
    counts,
    reached: (state) => {
      counts[state]++;
    },
  };
}

export const addCounts = (
  a: Readonly<Record<State, number>>,
  b: Readonly<Record<State, number>>,
): Record<State, number> => {
  const sum = none();
  for (const state of states) sum[state] = a[state] + b[state];
  return sum;
};

export const neverReached = (counts: Readonly<Record<State, number>>): State[] =>
  states.filter((state) => counts[state] === 0);
