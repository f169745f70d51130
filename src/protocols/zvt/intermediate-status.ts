import type { Actor, PromptCode } from '../../model/events.ts';
import { codeHex } from './codes.ts';

/** What an intermediate status 04 FF means in words. */
export interface IntermediateStatus {
  readonly who: Actor;
  readonly code: PromptCode;
  readonly text: string;
}

const status = (who: Actor, code: PromptCode, text: string): IntermediateStatus => ({
  who,
  code,
  text,
});

/** The status byte of 04 FF (PA00P015 rev. 13.08 chapter 3.7). */
const statuses: Readonly<Record<number, IntermediateStatus>> = {
  0: status('customer', 'confirm-amount', 'waiting for the amount to be confirmed'),
  1: status('customer', 'operate-card', 'see the PIN pad'),
  2: status('customer', 'operate-card', 'see the PIN pad'),
  3: status('nobody', 'declined', 'not accepted'),
  4: status('nobody', 'authorising', 'waiting for the host'),
  5: status('nobody', 'reversing', 'sending an automatic reversal'),
  6: status('nobody', 'authorising', 'sending later bookings'),
  7: status('nobody', 'declined', 'the card is not admitted'),
  8: status('nobody', 'declined', 'the card is unknown'),
  9: status('nobody', 'declined', 'the card has expired'),
  10: status('customer', 'present-card', 'insert the card'),
  11: status('customer', 'remove-card', 'remove the card'),
  12: status('customer', 'reader', 'the card cannot be read'),
  13: status('nobody', 'declined', 'processing stopped'),
  14: status('nobody', 'wait', 'please wait'),
  15: status('nobody', 'other', 'an automatic end of day starts'),
  16: status('nobody', 'declined', 'the card is invalid'),
  17: status('customer', 'other', 'the balance is shown'),
  18: status('nobody', 'declined', 'system fault'),
  19: status('nobody', 'declined', 'the payment is not possible'),
  20: status('nobody', 'declined', 'not enough credit'),
  21: status('customer', 'enter-pin', 'wrong PIN'),
  22: status('nobody', 'declined', 'the limit is too low'),
  23: status('nobody', 'wait', 'please wait'),
  24: status('nobody', 'declined', 'too many wrong PINs'),
  25: status('nobody', 'declined', 'the card data is wrong'),
  26: status('cashier', 'other', 'service mode'),
  27: status('nobody', 'approved', 'approved; fill up'),
  28: status('nobody', 'approved', 'approved; take the goods'),
  29: status('nobody', 'declined', 'declined'),
  38: status('customer', 'other', 'enter the mobile number'),
  39: status('customer', 'other', 'enter the mobile number again'),
  40: status('customer', 'other', 'choose the currency'),
  41: status('customer', 'other', 'choose the language'),
  42: status('customer', 'present-card', 'insert the loading card'),
  43: status('nobody', 'other', 'emergency mode, offline'),
  44: status('customer', 'choose-account', 'choose the application'),
  104: status('nobody', 'other', 'a customer card is inserted'),
  105: status('customer', 'other', 'choose the currency of the payment'),
  199: status('customer', 'other', 'enter the mileage'),
  200: status('cashier', 'other', 'waiting for the cashier'),
  201: status('nobody', 'initialisation', 'automatic diagnosis'),
  202: status('nobody', 'initialisation', 'automatic initialisation'),
  203: status('cashier', 'other', "the merchant's journal is full"),
  204: status('customer', 'enter-pin', 'debit is not possible; the PIN is needed'),
  210: status('nobody', 'authorising', 'dialling'),
  211: status('nobody', 'authorising', 'connected'),
  224: status('customer', 'choose-account', 'choose the application'),
  225: status('customer', 'other', 'choose the language'),
  226: status('cashier', 'reader', 'insert the cleaning card'),
  241: status('nobody', 'other', 'offline'),
  242: status('nobody', 'authorising', 'online'),
  243: status('nobody', 'authorising', 'offline transaction'),
  255: status('nobody', 'other', 'see the text of the terminal'),
};

/** 41 to 5D, 66 and 67 repeat 01 to 1D, 26 and 27, and want the card to be taken out as well. */
function withoutCard(code: number): number | undefined {
  const repeats = (code >= 0x41 && code <= 0x5d) || code === 0x66 || code === 0x67;
  return repeats ? code - 0x40 : undefined;
}

/** What it says of the payment, whether or not the card is to be taken out as well. */
export const paymentStatus = (code: number): PromptCode | undefined =>
  statuses[withoutCard(code) ?? code]?.code;

export function intermediateStatus(code: number): IntermediateStatus {
  const repeated = withoutCard(code);
  const known = statuses[repeated ?? code];
  if (known === undefined) return status('nobody', 'other', `status ${codeHex(code)}`);
  if (repeated === undefined) return known;
  return { who: 'customer', code: 'remove-card', text: `${known.text}; remove the card` };
}
