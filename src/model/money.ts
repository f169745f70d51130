/**
 * An amount of money: an integer in minor units (pesos, cents) and an ISO 4217 code. Never a float.
 * `{ amount: 1500, currency: 'CLP' }` is 1 500 pesos; `{ amount: 1500, currency: 'EUR' }` is 15.00 euro.
 */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Whole Chilean pesos; the peso has no minor unit in ISO 4217. */
export const clp = (amount: number): Money => ({ amount, currency: 'CLP' });

const knownDigits = new Map<string, number>();

/** Digits after the decimal point in ISO 4217: 0 for CLP, 2 for EUR. */
export function minorDigits(currency: string): number {
  const known = knownDigits.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  knownDigits.set(currency, digits);
  return digits;
}

/** For people: `CLP 1,500`, `EUR 15.00`. Exact for every safe integer. */
export function formatMoney({ amount, currency }: Money): string {
  const digits = minorDigits(currency);
  const sign = amount < 0 ? '-' : '';
  const padded = String(Math.abs(amount)).padStart(digits + 1, '0');
  const whole = padded.slice(0, padded.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${currency} ${sign}${whole}${digits > 0 ? `.${padded.slice(-digits)}` : ''}`;
}

export const sameMoney = (a: Money, b: Money): boolean =>
  a.amount === b.amount && a.currency === b.currency;
