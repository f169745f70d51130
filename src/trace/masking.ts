import type { Deframer, Frame } from '../framing/frame.ts';
import type { Described } from '../protocols/protocol.ts';
import type { Side } from './wire-frame.ts';

/** A whole frame, whatever its check. */
export type WholeFrame = Frame & { readonly kind: 'frame' };

/** How the frames of one protocol are shown without what they must not show. */
export interface Masking {
  /** The data of a sound frame, with card numbers and secrets replaced. */
  data(data: Uint8Array, from: Side, described: Described): Uint8Array;
  /** A sound frame around this data, in the manner of the frame that it stands for. */
  frame(data: Uint8Array, like: WholeFrame, from: Side): Uint8Array;
  /** How many bytes at the end are its check. */
  readonly check: number;
  /** What of the description is shown, where one frame alone does not tell. */
  fields?(described: Described): Described['fields'];
  /** Where the two sides frame in different ways. */
  deframer?(from: Side): Deframer;
}
