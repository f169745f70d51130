import type { Actor, Progress, PromptCode } from '../../model/events.ts';
import { lookup } from '../../model/lookup.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { CardType } from '../../model/transaction.ts';

/** What a result code says about the money. An unlisted code says nothing: `unknown`. */
export type Meaning = 'ok' | 'declined' | 'unknown';

/** Result codes of all procedures. */
const results: Readonly<Record<string, { readonly meaning: Meaning; readonly text: string }>> = {
  '00': { meaning: 'ok', text: 'done' },
  '01': { meaning: 'declined', text: 'not done' },
  '05': { meaning: 'declined', text: 'the card is not present' },
  // The host approved or not, and sent something that the terminal does not know.
  '09': { meaning: 'unknown', text: 'the host sent an unknown tag' },
};

export const resultCode = (code: string) =>
  lookup(results, code) ?? {
    meaning: 'unknown' as const,
    text: `result code ${maskCardNumbers(code)} is not in the vendor's table`,
  };

/** Column 31 of the status answer. Others are the vendor's own. */
const statuses: Readonly<Record<string, string>> = {
  '0': 'The terminal is not configured.',
  '1': 'The terminal is configured and waits for its first download.',
  '2': 'The terminal is ready.',
  '3': 'The terminal needs its first download.',
  '4': 'A key of the terminal is damaged.',
  '5': 'The host wants the terminal to download.',
  '6': 'The terminal has a software update to load.',
};

export const operative = '2';

export const statusText = (status: string): string =>
  lookup(statuses, status) ?? `The terminal is in status "${maskCardNumbers(status)}".`;

/** Bancomat is the national debit scheme; 3 is any other card. */
const cardTypes: Readonly<Record<string, CardType>> = { '1': 'debit', '2': 'credit' };

export const cardType = (code: string | undefined): CardType | undefined =>
  lookup(cardTypes, code ?? '');

/** Progress is free text of each vendor: words that tell who has to act. The first that fits. */
const hints: readonly (readonly [RegExp, Actor, PromptCode])[] = [
  [/\bPIN\b/, 'customer', 'enter-pin'],
  [/(RIMUOV|TOGLI|ESTRA|REMOVE).*(CARTA|CARD)/, 'customer', 'operate-card'],
  [/(INSERI|STRISCIA|INSERT|SWIPE).*(CARTA|CARD)/, 'customer', 'operate-card'],
  [/\b(CARTA|CARD)\b/, 'customer', 'present-card'],
  [/\b(IMPORTO|AMOUNT)\b/, 'customer', 'confirm-amount'],
  [/ATTEND|CORSO|AUTORIZZ|COLLEGA|WAIT|PROCESS/, 'nobody', 'authorising'],
];

/** The text of a progress frame as a prompt. */
export function prompt(text: string): Progress {
  const words = maskCardNumbers(text.trim());
  const hint = hints.find(([pattern]) => pattern.test(words.toUpperCase()));
  const [, who = 'nobody', code = 'other'] = hint ?? [];
  return { type: 'prompt', who, code, terminalCode: '', text: words };
}
