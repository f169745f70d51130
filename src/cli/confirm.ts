import { createInterface } from 'node:readline/promises';
import { type Language, voidQuestion } from '../messages/messages.ts';
import type { Transaction } from '../model/transaction.ts';
import { exit } from './exit.ts';
import { printable } from './output.ts';

/** What to type, and what counts as a yes; anything else is none. */
const answers: Readonly<Record<Language, { readonly hint: string; readonly yes: RegExp }>> = {
  en: { hint: '[y/N]', yes: /^(y|yes)$/i },
  es: { hint: '[s/N]', yes: /^(s|si|sí)$/i },
  'zh-CN': { hint: '[是/否]', yes: /^(是|y)$/i },
};

/** Shows what would be voided and waits for a yes. */
export async function confirmOnKeyboard(found: Transaction, language: Language): Promise<boolean> {
  const keyboard = createInterface({ input: process.stdin, output: process.stderr });
  const { hint, yes } = answers[language];
  keyboard.once('SIGINT', () => process.exit(exit.interrupted));
  try {
    const question = `${printable(voidQuestion(found, language))} ${hint} `;
    const given = await keyboard.question(question);
    // An accent may have been typed as a letter and a mark.
    return yes.test(given.normalize('NFC').trim());
  } catch {
    // The end of input is no yes.
    return false;
  } finally {
    keyboard.close();
  }
}
