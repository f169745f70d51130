import type { Message } from './message.ts';

/** What the terminal has told of the transaction before the end. */
export interface Heard {
  /** The 04 0F in their order; the last few when there are many. */
  readonly results: readonly Message[];
}

export const nothingHeard: Heard = { results: [] };

/** How the exchange ended. */
export type Ending =
  /** 80 00, where that is all. */
  | { readonly by: 'reply' }
  /** 06 0F. */
  | { readonly by: 'completion'; readonly message: Message }
  /** 06 1E, with its code if it has one. */
  | { readonly by: 'abort'; readonly code: number | undefined; readonly message: Message }
  /** 84 xx: the command was not taken. */
  | { readonly by: 'refusal'; readonly code: number; readonly message: Message }
  /** T4 has run out. */
  | { readonly by: 'silence' };
