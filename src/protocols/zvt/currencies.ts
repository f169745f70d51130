import { lookup } from '../../model/lookup.ts';

/**
 * The currencies a ZVT terminal can be registered with: ISO 4217 letters and number. On the wire two bytes of
 * BCD, `0978`.
 */
const numbers: Readonly<Record<string, string>> = {
  ALL: '0008',
  AUD: '0036',
  BAM: '0977',
  BGN: '0975',
  CAD: '0124',
  CHF: '0756',
  CLP: '0152',
  CZK: '0203',
  DKK: '0208',
  EUR: '0978',
  GBP: '0826',
  HUF: '0348',
  ISK: '0352',
  JPY: '0392',
  MDL: '0498',
  MKD: '0807',
  NOK: '0578',
  PLN: '0985',
  RON: '0946',
  RSD: '0941',
  SEK: '0752',
  TRY: '0949',
  UAH: '0980',
  USD: '0840',
};

const letters: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(numbers).map(([code, number]) => [number, code]),
);

/** `0978` for `EUR`. */
export const currencyNumber = (code: string): string | undefined => lookup(numbers, code);

/** `EUR` for `0978`. */
export const currencyCode = (number: string): string | undefined => lookup(letters, number);

export const knownCurrencies: readonly string[] = Object.keys(numbers);
