/** 13 digits and more: 12 are a Transbank commerce code, and no card in use. */
const shortest = 13;
const longest = 19;
const digitRun = /\d(?:[ -]?\d){12,}/g;

/** Where card numbers begin: 3 Amex and Diners, 4 Visa, 5 Mastercard, 6 others, 2221 to 2720 Mastercard. */
const issuer = /^(?:[3-6]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720))/;

/** The check digit of ISO/IEC 7812 agrees. */
function luhn(digits: string): boolean {
  let sum = 0;
  for (const [i, digit] of [...digits].reverse().entries()) {
    const weighted = Number(digit) * (i % 2 === 0 ? 1 : 2);
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** Length, issuer and check digit are those of a card number. */
export function looksLikeCardNumber(text: string): boolean {
  // Terminals pad numbers with zeros on the left.
  const digits = text.replace(/^0+/, '');
  const { length } = digits;
  return length >= shortest && length <= longest && issuer.test(digits) && luhn(digits);
}

/**
 * Hides card numbers but for their last four digits, also when blanks or dashes stand in them. For logs,
 * errors and the journal. Other numbers stay: a till's order number has to be found again. A run that is
 * longer than any card number may hold one and is hidden.
 */
export const maskCardNumbers = (text: string): string =>
  text.replace(digitRun, (run) => {
    const digits = run.replace(/\D/g, '');
    const tooLong = digits.length > longest + 1 && digits.length === run.length;
    if (!tooLong && !looksLikeCardNumber(digits)) return run;
    return '*'.repeat(run.length - 4) + digits.slice(-4);
  });

/** For raw bytes that are no message: any run of digits that is long enough; a digit becomes `*` (2a). */
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
