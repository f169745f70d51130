/** 13 digits and more: 12 are a Transbank commerce code, and no card in use. */
const shortest = 13;
const longest = 19;
/** Digits in a row; and in the groups in which cards are printed. */
const digitRun = /\d{13,}/g;
const groups =
  /(?<!\d)(?:\d{4}(?:[ \t./-]{1,2}\d{4}){2}[ \t./-]{1,2}\d{1,7}|\d{4}[ \t./-]{1,2}\d{6}[ \t./-]{1,2}\d{4,5})(?!\d)/g;

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
 * Hides card numbers but for their last four digits, also inside longer numbers and in the groups in which
 * cards are printed. For logs, errors and the journal. Other numbers stay: an order number has to be found
 * again. The text keeps its length.
 */
export const maskCardNumbers = (text: string): string =>
  text.replace(digitRun, maskRun).replace(groups, maskGroups);

function maskRun(run: string): string {
  for (let at = 0; at + shortest <= run.length; at++)
    for (let size = longest; size >= shortest; size--) {
      const end = at + size;
      if (end > run.length || !looksLikeCardNumber(run.slice(at, end))) continue;
      return (
        run.slice(0, at) + '*'.repeat(size - 4) + run.slice(end - 4, end) + maskRun(run.slice(end))
      );
    }
  return run;
}

function maskGroups(text: string): string {
  const digits = text.replace(/\D/g, '');
  if (!looksLikeCardNumber(digits)) return text;
  let hidden = digits.length - 4;
  return text.replace(/\d/g, (digit) => (hidden-- > 0 ? '*' : digit));
}

/** For raw bytes that are no message: besides card numbers, any digits in a row that could hold one. */
export function maskCardBytes(bytes: Uint8Array): Uint8Array {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const masked = maskCardNumbers(text).replace(
    digitRun,
    (run) => '*'.repeat(run.length - 4) + run.slice(-4),
  );
  return Uint8Array.from(masked, (character) => character.charCodeAt(0));
}
