import type { LrcVariant } from '../../framing/ecr17-lrc.ts';

/** How one ECR17 terminal is set up. */
export interface Setup {
  /** The terminal's own number, 8 digits; `00000000` is any. */
  readonly terminalId: string;
  /** The number of this cash register, 8 digits. */
  readonly tillId: string;
  /** `X` has the amount in its result, so that the result can be compared; `P` has not. */
  readonly payment: 'X' | 'P';
  /** Receipts come to the till; otherwise the terminal prints them. */
  readonly receipts: boolean;
  /** How long a connection lasts: the terminal's clock is asked once on a short one, else each time. */
  readonly connection: 'kept' | 'per-command';
}

/** What has been found out about the terminal on this connection. */
export interface Spoken {
  /** How its frames are checked; ours go out in the same way. */
  readonly lrc: LrcVariant;
  /** The number by which it calls itself. */
  readonly terminalId?: string;
  /** Its clock when the connection was opened. */
  readonly clock?: string;
}

/** A terminal as it is spoken to on one connection. */
export interface Link extends Setup {
  readonly spoken: Spoken;
}

export const anyTerminal = '00000000';

/** Before anything is known: the usual check. */
export const unspoken: Spoken = { lrc: 'std' };
