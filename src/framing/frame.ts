/** Bytes that are commands by themselves, outside any frame. */
export type ControlName = 'ACK' | 'NAK' | 'ENQ' | 'EOT';

/** What a deframer makes of the wire: every byte ends up in exactly one of these. */
export type Frame =
  /** A whole frame whose check agrees. `data` is what stands between the framing bytes. */
  | {
      readonly kind: 'frame';
      readonly check: 'ok';
      readonly data: Uint8Array;
      readonly bytes: Uint8Array;
    }
  /** A whole frame whose check does not agree: its content must not be believed. */
  | {
      readonly kind: 'frame';
      readonly check: 'bad';
      readonly data: Uint8Array;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'control'; readonly name: ControlName }
  /** Bytes that are no frame; `cut-off`: a frame that began and never ended, `too-long`: it outgrew the limit. */
  | {
      readonly kind: 'noise';
      readonly bytes: Uint8Array;
      readonly reason: 'unframed' | 'cut-off' | 'too-long';
    };

/**
 * Bytes in, frames out. The frames do not depend on how the bytes were chunked, the memory is bounded,
 * and nothing on the wire makes it throw.
 */
export interface Deframer {
  push(chunk: Uint8Array): Frame[];
  /** True while a frame has begun and not ended: the driver runs its inter-byte rule on this. */
  readonly midFrame: boolean;
  /** The line went quiet or closed: reports what is held and starts afresh. */
  flush(): Frame[];
}
