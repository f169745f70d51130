/** Hryvnia and kopiyka, the only currency of the protocol. */
export const currency = 'UAH';

/** Twelve digits in kopiyka, as ISO 8583 field 4 carries amounts; the vendor gives no bound. */
export const maxAmount = 999_999_999_999;

/** `0.60`: a point and two digits, as the vendor wants amounts. `amount` is a checked one. */
export function writeAmount(amount: number): string {
  const digits = String(amount).padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/**
 * An amount of the terminal in kopiyka: `0.60`, `0,60`, `1000.0`, `5`. Read digit by digit, never as a
 * float. Undefined for a text that is no amount; nothing is rounded.
 */
export function readAmount(text: string): number | undefined {
  const [, whole, part = ''] = /^(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const amount = Number(`${whole}${part.padEnd(2, '0')}`);
  return amount <= maxAmount ? amount : undefined;
}
