/** Longitudinal redundancy check: the XOR of all bytes. */
export function lrc(bytes: Uint8Array): number {
  let check = 0;
  for (const byte of bytes) check ^= byte;
  return check;
}
