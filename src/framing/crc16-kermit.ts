/**
 * CRC-16/KERMIT: polynomial 1021 reflected (8408), initial value 0000, no final XOR. The check value of
 * "123456789" is 2189. PA00P016 3.3 calls its check "CRC-XModem"; published frames agree with this one only.
 */
export function crc16Kermit(bytes: Iterable<number>): number {
  let crc = 0;
  for (const byte of bytes) crc = crc16KermitStep(crc, byte);
  return crc;
}

export function crc16KermitStep(crc: number, byte: number): number {
  return (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] ?? 0);
}

const table: readonly number[] = Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x8408 : value >>> 1;
  return value;
});
