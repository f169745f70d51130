/** Card numbers have 12 to 19 digits (ISO/IEC 7812); 12 are a Transbank commerce code and no card in use. */
const shortest = 13;
const digitRun = /\d(?:[ -]?\d){12,}/g;

/** The check digit of ISO/IEC 7812 agrees. */
export function luhn(digits: string): boolean {
  let sum = 0;
  for (const [i, digit] of [...digits].reverse().entries()) {
    const weighted = Number(digit) * (i % 2 === 0 ? 1 : 2);
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/**
 * Hides whatever could be a card number but for its last four digits. For logs, errors and traces.
 * Numbers that merely stand side by side on a receipt are left alone unless they make a card number.
 */
export const maskCardNumbers = (text: string): string =>
  text.replace(digitRun, (run) => {
    const digits = run.replace(/\D/g, '');
    if (digits.length !== run.length && !(digits.length <= 19 && luhn(digits))) return run;
    return '*'.repeat(run.length - 4) + digits.slice(-4);
  });

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
    if (run >= shortest) masked.fill(0x2a, at - run, at - 4);
    run = 0;
  }
  return masked;
}
