/**
 * The check byte of ECR17: an XOR that begins with 7F. The document says that it runs over "the message
 * bytes" and leaves open whether STX and ETX are among them, so terminals differ. The four ways differ by a
 * constant alone.
 */
export const lrcVariants = {
  /** What stands between STX and ETX, and nothing else. */
  std: 0x00,
  /** STX and ETX too. */
  stx: 0x01,
  /** ETX too. */
  noext: 0x03,
  /** STX too. */
  stx_noext: 0x02,
} as const;

export type LrcVariant = keyof typeof lrcVariants;

/** In the order in which they are tried: the usual one first. */
export const lrcVariantNames: readonly LrcVariant[] = ['std', 'stx', 'noext', 'stx_noext'];

/** The check of a frame with this payload; of ACK and NAK, their control byte is the payload. */
export function ecr17Lrc(payload: Uint8Array, variant: LrcVariant): number {
  let check = 0x7f ^ lrcVariants[variant];
  for (const byte of payload) check ^= byte;
  return check;
}

/** The variant in which this payload has this check, if there is one. */
export const lrcVariantOf = (payload: Uint8Array, check: number): LrcVariant | undefined =>
  lrcVariantNames.find((variant) => ecr17Lrc(payload, variant) === check);
