import type { Frame } from '../framing/frame.ts';
import type { Protocol } from '../protocols/protocol.ts';

export type Side = 'till' | 'terminal';

/**
 * One frame that crossed the line, in words. Card numbers are reduced to their last four digits, and secrets
 * such as a ZVT password are not in it, neither in `fields` nor in `hex`.
 */
export interface WireFrame {
  /** When it was whole, in milliseconds since the Unix epoch. */
  readonly at: number;
  /** On which opening of the line. */
  readonly epoch: number;
  readonly from: Side;
  /** What it is: `sale answer`, `ACK`, `noise`. */
  readonly name: string;
  /** What it says, as `tillwire decode` has it. Empty when its check is bad: it must not be believed. */
  readonly fields: Readonly<Record<string, unknown>>;
  /**
   * The whole frame in hexadecimal digits, its check included, with everything replaced that must not be
   * shown, and its check made anew so that it is still a sound frame. One whose check was bad has a bad one
   * here too. Empty where it cannot be shown.
   */
  readonly hex: string;
  /** How many bytes it had on the wire. */
  readonly length: number;
  /** Whether its check agreed; control bytes and noise have none. */
  readonly check?: 'good' | 'bad';
}

/** What one side said. The till says whole frames, often several at once. */
export type Words =
  | { readonly from: 'till'; readonly bytes: Uint8Array }
  | { readonly from: 'terminal'; readonly frame: Frame };

/** What crossed the line, as it was: card data and all. It goes nowhere but into a {@link WireFrame}. */
export type Crossing = Words & {
  readonly at: number;
  readonly epoch: number;
  /** As it was spoken then. */
  readonly protocol: Protocol;
};
