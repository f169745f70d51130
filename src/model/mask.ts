/** A run of digits that can be, or can hold, a card number: 12 to 19 digits (ISO/IEC 7812). */
const pan = /\d{12,}/g;

/** Hides whatever could be a card number but for its last four digits. For logs, errors and traces. */
export const maskCardNumbers = (text: string): string =>
  text.replace(pan, (digits) => '*'.repeat(digits.length - 4) + digits.slice(-4));

/** The same for raw bytes; a masked digit becomes `*` (2a). */
export function maskCardBytes(bytes: Uint8Array): Uint8Array {
  const masked = bytes.slice();
  let run = 0;
  for (let at = 0; at <= bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
      run++;
      continue;
    }
    if (run >= 12) masked.fill(0x2a, at - run, at - 4);
    run = 0;
  }
  return masked;
}
