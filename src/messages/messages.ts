import { TerminalError } from '../model/error.ts';
import type { Progress } from '../model/events.ts';
import type { Transaction } from '../model/transaction.ts';
import type { Language } from './amount.ts';
import { en } from './en.ts';
import { es } from './es.ts';
import type { ErrorKey, MessageKey, ResultKey, Texts } from './keys.ts';
import { fill, shown } from './template.ts';
import {
  clause,
  errorValues,
  isKey,
  type ResultLike,
  resultValues,
  transactionValues,
} from './values.ts';
import { zhCN } from './zh-cn.ts';

export type { Language } from './amount.ts';
export type { AnyResult } from './keys.ts';
export type { ResultLike } from './values.ts';

const tables: Readonly<Record<Language, Texts>> = { en, es, 'zh-CN': zhCN };

/** English, Spanish as in Chile, Simplified Chinese. */
export const languages = ['en', 'es', 'zh-CN'] as const satisfies readonly Language[];

/** A language nobody has written is read in English: at the till, some words are better than none. */
const textsOf = (language: string): Texts =>
  tables[languages.find((known) => known === language) ?? 'en'];

/** For the person at the till: what happened to the money, and what to do now. */
export function operatorMessage(about: ResultLike | TerminalError, language: Language): string {
  const texts = textsOf(language);
  return about instanceof TerminalError
    ? fill(texts[errorKey(about)], errorValues(about, language, texts))
    : fill(texts[resultKey(about)], resultValues(about, language, texts));
}

type PromptProgress = Extract<Progress, { type: 'prompt' }>;

/** What a prompt must tell: who has to act, and what about. `text`: its own words, for what has no code. */
export type Prompt = Pick<PromptProgress, 'who' | 'code' | 'terminalCode'> &
  Partial<Pick<PromptProgress, 'text'>>;

/** For the person at the till: what the terminal is waiting for, and whom. */
export function promptMessage(
  { who, code, terminalCode, text }: Prompt,
  language: Language,
): string {
  const texts = textsOf(language);
  const what = known(`prompt:${code}`, 'prompt:other');
  return fill(texts[known(`actor:${who}`, 'actor:nobody')], {
    what: fill(texts[what], { code: shown(terminalCode), message: short(clause(text)) }),
  });
}

/** For the person who has to agree: what would be voided, with everything that names it. */
export function voidQuestion(found: Transaction, language: Language): string {
  const texts = textsOf(language);
  return fill(texts['question:void'], transactionValues({ ...found }, language, texts));
}

/** The most characters of somebody else's words in a sentence of ours. */
const longest = 100;

/** A till's display has one line. */
function short(text: string | undefined): string | undefined {
  const characters = Array.from(text ?? '');
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : text;
}

const known = (key: string, otherwise: MessageKey): MessageKey => (isKey(key) ? key : otherwise);

/** What no table lists is in doubt, unless it says itself that it moved nothing. */
function errorKey({ code, effect }: TerminalError): MessageKey {
  const certain = effect === 'none' ? 'none' : 'unknown';
  const unlisted: ErrorKey = `error:unlisted:${certain}`;
  return known(`error:${code}:${certain}`, unlisted);
}

const other = ({ kind }: ResultLike): '' | ':other' => (kind === undefined ? '' : ':other');

function approvedKey(transaction: Transaction | undefined): ResultKey {
  if (transaction?.state === 'voided' && transaction.kind === 'purchase') return 'approved:voided';
  switch (transaction?.kind) {
    case 'refund':
    case 'pre-authorisation':
    case 'booking':
      return `approved:${transaction.kind}`;
    case 'void':
      return 'approved:pre-authorisation-reversal';
    case 'purchase':
    case undefined:
      return 'result:approved';
  }
}

function resultKey(result: ResultLike): MessageKey {
  const unlisted: ResultKey = 'result:unlisted';
  switch (result.outcome) {
    case 'refused':
      return known(`refused:${result.reason}`, 'refused:unlisted');
    case 'decided':
      return known(`decided:${result.decision}${other(result)}`, unlisted);
    case 'not-approved':
      return result.kind === undefined ? 'result:not-approved' : 'not-approved:other';
    case 'approved':
      return approvedKey(result.transaction);
    case 'found':
      if (result.transaction !== undefined) return 'found:transaction';
      return result.total === undefined ? unlisted : 'found:totals';
    default:
      return known(`result:${result.outcome}`, unlisted);
  }
}
