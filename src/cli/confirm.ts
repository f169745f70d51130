import { createInterface } from 'node:readline/promises';
import { formatMoney } from '../model/money.ts';
import type { Transaction } from '../model/transaction.ts';
import { exit } from './exit.ts';
import { printable } from './output.ts';

/** Shows what would be voided and waits for a yes. */
export async function confirmOnKeyboard(found: Transaction): Promise<boolean> {
  const keyboard = createInterface({ input: process.stdin, output: process.stderr });
  const { amount, last4, operationNumber, time } = found;
  const card = last4 === undefined ? '' : `, card ending in ${last4}`;
  const operation = operationNumber === undefined ? '' : `, operation ${operationNumber}`;
  const when = time === undefined ? '' : `, of ${time.replace('T', ' ')}`;
  const question = `Void ${formatMoney(amount)}${card}${operation}${when}? [y/N] `;
  keyboard.once('SIGINT', () => process.exit(exit.interrupted));
  try {
    return /^(y|yes|s|si|sí)$/i.test((await keyboard.question(printable(question))).trim());
  } catch {
    // The end of input is no yes.
    return false;
  } finally {
    keyboard.close();
  }
}
