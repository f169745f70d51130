import type { Family } from './layouts.ts';

/** How one Transbank terminal is set up. */
export interface Setup {
  readonly family: Family;
  /** The terminal sells in the name of several commerces; its last sale is asked for with 0280. */
  readonly multicode: boolean;
  /** End a sale request with a separator, as the .NET, Java and Python SDKs do. */
  readonly trailingSeparator: boolean;
}
