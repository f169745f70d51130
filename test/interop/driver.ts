import type { MockTerminal } from '../../mocks/index.ts';
import type { Claim, Step } from './claim.ts';

/** A driver with its terminal. */
export interface Connected {
  readonly mock: MockTerminal;
  /** The plug in again, after a fault has pulled it. */
  replug(): Promise<void>;
  carryOut(step: Step): Promise<Claim>;
  /** What it finds out by itself afterwards about what it did not know; nothing when it has no such means. */
  findOut(): Promise<Claim | undefined>;
  close(): Promise<void>;
}

/** A driver under test, connected to a mock terminal of its own. */
export type Driver = () => Promise<Connected>;

/**
 * The SDK knows the end of a frame by a gap of 100 ms behind it: the terminal leaves more than that between
 * its words, for both drivers.
 */
export const thinkMs = 150;

/** How long both wait for an answer. The SDK's own figure is 150 s; its field `posTimeout` can be set. */
export const answerMs = 3_000;

/** Who has said nothing after so long says nothing. */
export const boundMs = 9_000;

/** The till has sold this before the fault comes: the sale that voids are about. */
export const earlier = { do: 'sale', amount: 1_500, ticket: '42' } as const satisfies Step;
