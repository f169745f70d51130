import type { Family } from './layouts.ts';

/** How one Transbank terminal is set up. */
export interface Setup {
  readonly family: Family;
  /** The terminal sells in the name of several commerces; its last sale is asked for with 0280. */
  readonly multicode: boolean;
  /** End sale and normal mode requests with a separator, as the reference's tables and some SDKs do. */
  readonly trailingSeparator: boolean;
  /**
   * Ask a multicode terminal for its sales detail with 0260, as the reference and the .NET and Java SDKs do;
   * otherwise with 0290, as the web SDK does. Either answer is read either way.
   */
  readonly plainDetail: boolean;
}
