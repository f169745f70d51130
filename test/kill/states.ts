import type { JournalReader } from '../../src/journal/reader.ts';
import type { MoneyOrder } from './order.ts';

/** How far a money command had come when the till was killed. */
export const states = [
  'before the intent',
  'before the sent mark',
  'after the mark, not carried out',
  'carried out, before the outcome',
  'after the outcome, before it was told',
  'during recovery',
  'between two commands',
] as const;

export type State = (typeof states)[number];

export interface Inflight {
  /** The command that has no ending yet. */
  readonly order: MoneyOrder;
  /** The till was finding out about it. */
  readonly recovering: boolean;
  /** The terminal has carried it out. */
  readonly carriedOut: boolean;
}

/** Read from the journal as the killed process left it. */
export function stateOf(inflight: Inflight | undefined, journal: JournalReader | undefined): State {
  if (inflight === undefined) return 'between two commands';
  const known = journal?.show(inflight.order.key);
  if (known === undefined) return 'before the intent';
  if (known.standing === 'ended') return 'after the outcome, before it was told';
  if (known.standing === 'unsent') return 'before the sent mark';
  if (inflight.recovering) return 'during recovery';
  return inflight.carriedOut
    ? 'carried out, before the outcome'
    : 'after the mark, not carried out';
}
