import { maskCardNumbers } from '../model/mask.ts';
import { type Money, minorDigits } from '../model/money.ts';
import type { Refused } from '../model/results.ts';

const show = (value: unknown): string =>
  maskCardNumbers(typeof value === 'string' ? JSON.stringify(value) : String(value));

/** A value that cannot go on the wire as it is. Nothing is cut short to make it fit. */
export function invalid(field: string, limit: string, value: unknown): Refused {
  return {
    outcome: 'refused',
    reason: 'invalid',
    field,
    limit,
    value: show(value),
    message: `${field} must be ${limit}; got ${value === undefined ? 'nothing' : show(value)}. Nothing was sent.`,
  };
}

/** Scanned codes are digits or letters, 18 digits with WeChat Pay and Alipay. */
const scanned = /^[0-9A-Za-z]{6,64}$/;

/** The code itself is said nowhere: whoever has it can take money. */
export function checkPayCode(
  payCode: unknown,
  taken: 'optional' | 'required' | undefined,
): Refused | undefined {
  if (payCode === undefined) return undefined;
  const value = typeof payCode === 'string' ? `${payCode.length} characters` : typeof payCode;
  if (taken === undefined)
    return invalid('payCode', 'left out: this terminal takes none from the till', value);
  return typeof payCode === 'string' && scanned.test(payCode)
    ? undefined
    : invalid('payCode', '6 to 64 digits and letters', value);
}

/** A sale that is made needs one; one that has been made is told without. */
export const lacksPayCode = (
  payCode: string | undefined,
  taken: 'optional' | 'required' | undefined,
): Refused | undefined =>
  payCode === undefined && taken === 'required'
    ? invalid('payCode', "the code that was scanned off the customer's telephone", undefined)
    : undefined;

export interface AmountLimits {
  readonly currency: string;
  readonly min: number;
  readonly max: number;
}

/**
 * Checks an amount of money against what the protocol can carry. A till in plain JavaScript may hand over
 * anything at all.
 */
export function checkAmount(
  money: Partial<Money> | undefined,
  { currency, min, max }: AmountLimits,
): Refused | undefined {
  const amount: unknown = money?.amount;
  const unit = minorDigits(currency) === 0 ? `whole ${currency}` : `${currency} in minor units`;
  const limit = `an integer from ${min} to ${max} (${unit})`;
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < min || amount > max)
    return invalid('amount', limit, amount);
  if (money?.currency !== currency) return invalid('currency', currency, money?.currency);
  return undefined;
}

/** Printed on vouchers and written down: on one line, and no card number. */
const printable = /^(?=.*\S)[^\p{Cc}\p{Cf}\u2028\u2029]{1,200}$/u;

/** Checks what a person or a till writes into the record. */
export const checkRecorded = (field: string, value: unknown): Refused | undefined =>
  typeof value === 'string' && maskCardNumbers(value) !== value
    ? invalid(field, 'without a card number', value)
    : checkText(field, '1 to 200 characters on one line', printable, value);

/** Checks a text field against a pattern that says all of its limit. */
export const checkText = (
  field: string,
  limit: string,
  pattern: RegExp,
  value: unknown,
): Refused | undefined =>
  typeof value === 'string' && pattern.test(value) ? undefined : invalid(field, limit, value);
