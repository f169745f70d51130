import { createInterface } from 'node:readline/promises';
import { formatMoney } from '../model/money.ts';
import type { Transaction } from '../model/transaction.ts';
import { printable } from './output.ts';

/** Shows what would be voided and waits for a yes. */
export async function confirmOnKeyboard(found: Transaction): Promise<boolean> {
  const keyboard = createInterface({ input: process.stdin, output: process.stderr });
  const { amount, last4, operationNumber, time } = found;
  const card = last4 === undefined ? '' : `, card ending in ${last4}`;
  const operation = operationNumber === undefined ? '' : `, operation ${operationNumber}`;
  const when = time === undefined ? '' : `, of ${time.replace('T', ' ')}`;
  const question = `Void ${formatMoney(amount)}${card}${operation}${when}? [y/N] `;
  try {
    return /^(y|yes|s|si|sí)$/i.test((await keyboard.question(printable(question))).trim());
  } finally {
    keyboard.close();
  }
}
