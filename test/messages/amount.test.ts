import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amountIn } from '../../src/messages/amount.ts';
import { languages } from '../../src/messages/messages.ts';
import { clp } from '../../src/model/money.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });

describe('an amount', () => {
  test.each([
    [clp(0), 'CLP 0', '$ 0'],
    [clp(1), 'CLP 1', '$ 1'],
    [clp(1500), 'CLP 1,500', '$ 1.500'],
    [clp(999_999_999), 'CLP 999,999,999', '$ 999.999.999'],
    [clp(-1500), 'CLP -1,500', '$ -1.500'],
    [clp(Number.MAX_SAFE_INTEGER), 'CLP 9,007,199,254,740,991', '$ 9.007.199.254.740.991'],
    [eur(0), 'EUR 0.00', 'EUR 0,00'],
    [eur(1), 'EUR 0.01', 'EUR 0,01'],
    [eur(1500), 'EUR 15.00', 'EUR 15,00'],
    [eur(100_000), 'EUR 1,000.00', 'EUR 1.000,00'],
    [eur(Number.MAX_SAFE_INTEGER), 'EUR 90,071,992,547,409.91', 'EUR 90.071.992.547.409,91'],
    [{ amount: 1234, currency: 'KWD' }, 'KWD 1.234', 'KWD 1,234'],
  ])('of %o reads %s, in Chile %s', (money, text, inChile) => {
    expect(amountIn('en', money)).toBe(text);
    expect(amountIn('zh-CN', money)).toBe(text);
    expect(amountIn('es', money)).toBe(inChile);
  });

  test('keeps every digit of every safe integer', () => {
    const currency = fc.constantFrom('CLP', 'EUR', 'CNY', 'UAH', 'KWD');
    fc.assert(
      fc.property(fc.maxSafeInteger(), currency, (amount, code) => {
        for (const language of languages) {
          const text = amountIn(language, { amount, currency: code }) ?? '';
          const sign = text.includes('-') ? -1 : 1;
          expect(sign * Number(text.replace(/[^0-9]/g, ''))).toBe(amount);
        }
      }),
    );
  });

  test.each([
    [clp(1.5)],
    [clp(Number.MAX_SAFE_INTEGER + 1)],
    [clp(Number.NaN)],
    [{ amount: 1500, currency: 'pesos' }],
    [{ amount: '1500', currency: 'CLP' }],
    [null],
    [undefined],
    ['CLP 1500'],
  ])('%o is none', (value) => {
    expect(amountIn('es', value)).toBeUndefined();
  });
});
