import type { TerminalError } from '../model/error.ts';
import type { Money } from '../model/money.ts';
import type { Transaction } from '../model/transaction.ts';
import { amountIn, type Language } from './amount.ts';
import { en } from './en.ts';
import type { MessageKey, Texts } from './keys.ts';
import { fill, shown, type Values } from './template.ts';

/** A result, of this release or of one that knows more outcomes. */
export interface ResultLike {
  readonly outcome: string;
  readonly message: string;
  readonly transaction?: Transaction;
  readonly found?: Transaction;
  readonly reason?: string;
  readonly decision?: string;
  readonly kind?: string;
  readonly terminalCode?: string;
  readonly operator?: string;
  readonly key?: string;
  readonly responseCode?: string;
  readonly field?: string;
  readonly limit?: string;
  readonly value?: string;
  readonly count?: number;
  readonly total?: Money;
}

export const isKey = (key: string): key is MessageKey => Object.hasOwn(en, key);

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** Without its full stop, to stand inside a sentence. */
export const clause = (value: unknown): string | undefined => shown(value)?.replace(/[.。]$/, '');

export function resultValues(result: ResultLike, language: Language, texts: Texts): Values {
  return {
    sale: phrase('phrase:sale', result.transaction, language, texts),
    found: phrase('phrase:found', result.found ?? result.transaction, language, texts),
    count: shown(result.count),
    total: amountIn(language, result.total),
    code: shown(result.responseCode ?? result.terminalCode),
    intent: shown(result.key),
    operator: shown(result.operator),
    reason: clause(result.reason),
    field: shown(result.field),
    limit: clause(result.limit),
    value: shown(result.value),
    message: clause(result.message),
  };
}

/** From the evidence: what was asked, what the terminal told instead, and who holds the terminal. */
export function errorValues(error: TerminalError, language: Language, texts: Texts): Values {
  const { asked, told, holder } = fieldsOf(error.evidence);
  const { program, pid } = fieldsOf(holder);
  return {
    intent: shown(error.intent),
    amount: amountIn(language, fieldsOf(asked)['amount']),
    found: phrase('phrase:sale', told, language, texts),
    holder:
      [shown(program), shown(pid)].filter((part) => part !== undefined).join(', ') || undefined,
  };
}

/** A transaction in a few words, when its amount at least is known. */
function phrase(
  key: 'phrase:sale' | 'phrase:found',
  transaction: unknown,
  language: Language,
  texts: Texts,
): string | undefined {
  const values = transactionValues(fieldsOf(transaction), language, texts);
  return values.amount === undefined ? undefined : fill(texts[key], values);
}

export function transactionValues(fields: Fields, language: Language, texts: Texts): Values {
  return {
    amount: amountIn(language, fields['amount']),
    kind: word(`kind:${fields['kind']}`, texts),
    state: word(`state:${fields['state']}`, texts),
    last4: shown(fields['last4'])?.slice(-4),
    operation: shown(fields['operationNumber']),
    receipt: shown(fields['receiptNumber']),
    trace: shown(fields['trace']),
    ticket: shown(fields['ticket']),
    time: shown(fields['time'])?.replace('T', ' '),
  };
}

const word = (key: string, texts: Texts): string | undefined =>
  isKey(key) ? texts[key] : undefined;
