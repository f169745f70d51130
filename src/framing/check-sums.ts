/** The checks that terminals append to their frames. */

/** A check as data. Sizes in bytes; a check of more than one byte is written high byte first unless `order` says otherwise. */
export type CheckKind =
  | { readonly kind: 'xor'; readonly seed: number }
  | {
      readonly kind: 'sum';
      readonly seed: number;
      readonly size: number;
      /** `ones`: every bit turned over; `twos`: so that sum and check give zero. */
      readonly complement: 'none' | 'ones' | 'twos';
      readonly order: 'big' | 'little';
    }
  | {
      readonly kind: 'crc';
      readonly size: number;
      readonly polynomial: number;
      readonly initial: number;
      /** Bits of each byte, and of the result, are taken lowest first. */
      readonly reflected: boolean;
      readonly finalXor: number;
      readonly order: 'big' | 'little';
    };

export const checkSize = (check: CheckKind): number => (check.kind === 'xor' ? 1 : check.size);

/** The check over these bytes, as it goes on the wire. */
export function checkOf(check: CheckKind, bytes: Uint8Array): Uint8Array {
  switch (check.kind) {
    case 'xor':
      return Uint8Array.of(bytes.reduce((sum, byte) => sum ^ byte, check.seed) & 0xff);
    case 'sum':
      return inOrder(sumOf(check, bytes), check.size, check.order);
    case 'crc':
      return inOrder(crcOf(check, bytes), check.size, check.order);
  }
}

function sumOf(
  { seed, size, complement }: Extract<CheckKind, { kind: 'sum' }>,
  bytes: Uint8Array,
): bigint {
  const space = 1n << BigInt(8 * size);
  const sum = BigInt(bytes.reduce((total, byte) => (total + byte) % 2 ** 32, seed)) % space;
  switch (complement) {
    case 'none':
      return sum;
    case 'ones':
      return space - 1n - sum;
    case 'twos':
      return (space - sum) % space;
  }
}

/** The Rocksoft model, bit by bit: 31C3 for CRC-16/XMODEM over "123456789". */
function crcOf(
  { size, polynomial, initial, reflected, finalXor }: Extract<CheckKind, { kind: 'crc' }>,
  bytes: Uint8Array,
): bigint {
  const width = 8 * size;
  const top = 2 ** (width - 1);
  const space = 2 ** width;
  let crc = initial % space;
  for (const byte of bytes) {
    const taken = reflected ? reflect(byte, 8) : byte;
    crc = xor(crc, taken * 2 ** (width - 8));
    for (let bit = 0; bit < 8; bit++) {
      const shifted = (crc * 2) % space;
      crc = crc >= top ? xor(shifted, polynomial) : shifted;
    }
  }
  return BigInt(xor(reflected ? reflect(crc, width) : crc, finalXor));
}

/** 32 bits are more than JavaScript's own XOR leaves positive. */
const xor = (a: number, b: number): number => (a ^ b) >>> 0;

function reflect(value: number, width: number): number {
  let result = 0;
  for (let bit = 0; bit < width; bit++)
    if (Math.floor(value / 2 ** bit) % 2 === 1) result += 2 ** (width - 1 - bit);
  return result;
}

function inOrder(value: bigint, size: number, order: 'big' | 'little'): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, at) =>
    Number((value >> BigInt(8 * (size - 1 - at))) & 0xffn),
  );
  return order === 'big' ? bytes : bytes.reverse();
}
