import { formatMoney, type Money } from '../model/money.ts';

export type Language = 'en' | 'es' | 'zh-CN';

const isMoney = (value: unknown): value is Money =>
  typeof value === 'object' &&
  value !== null &&
  'amount' in value &&
  Number.isSafeInteger(value.amount) &&
  'currency' in value &&
  typeof value.currency === 'string' &&
  /^[A-Z]{3}$/.test(value.currency);

const swapped: Readonly<Record<string, string>> = { ',': '.', '.': ',' };

/** As Chile writes it: `$ 1.500`, `EUR 15,00`. */
const inChile = (text: string): string =>
  text.replace(/[,.]/g, (mark) => swapped[mark] ?? mark).replace(/^CLP /, '$ ');

/** An amount as this language writes it, to the last digit. Undefined for what is no amount of money. */
export function amountIn(language: Language, value: unknown): string | undefined {
  if (!isMoney(value)) return undefined;
  const text = formatMoney(value);
  return language === 'es' ? inChile(text) : text;
}
