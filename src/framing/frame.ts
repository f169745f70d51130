/** Bytes that are commands by themselves, outside any frame. */
export type ControlName = 'ACK' | 'NAK' | 'ENQ' | 'EOT';

/** `cut-off`: a frame that began and never ended. `too-long`: it outgrew the limit. */
export type NoiseReason = 'unframed' | 'cut-off' | 'too-long';

/** What a deframer makes of the wire: no byte is left out. */
export type Frame =
  /** A whole frame whose check agrees. `data` is what stands between the framing bytes. */
  | {
      readonly kind: 'frame';
      readonly check: 'ok';
      readonly data: Uint8Array;
      readonly bytes: Uint8Array;
    }
  /** A whole frame whose check does not agree: its content must not be believed. `expected`: the right check. */
  | {
      readonly kind: 'frame';
      readonly check: 'bad';
      readonly data: Uint8Array;
      readonly bytes: Uint8Array;
      readonly expected: Uint8Array;
    }
  /** `bytes`: as it was written, where that is more than the one byte. */
  | { readonly kind: 'control'; readonly name: ControlName; readonly bytes?: Uint8Array }
  | {
      readonly kind: 'noise';
      readonly bytes: Uint8Array;
      readonly reason: NoiseReason;
    };

/**
 * Bytes in, frames out. The frames do not depend on how the bytes were chunked, the memory is bounded,
 * and nothing on the wire makes it throw.
 */
export interface Deframer {
  push(chunk: Uint8Array): Frame[];
  /** True while bytes are held that are no whole frame yet: the driver runs its inter-byte rule on this. */
  pending(): boolean;
  /** True when it does not know where the next frame begins: a short silence is enough then. */
  lost?(): boolean;
  /** The line went quiet or closed: reports what is held and starts afresh. */
  flush(): Frame[];
}
