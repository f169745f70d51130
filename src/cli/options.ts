import type { Decision } from '../model/results.ts';
import type { Identity } from '../model/transaction.ts';

/** The options of each command, as the command line gives them. */
export interface CommonOptions {
  readonly timeout?: number;
  readonly lang?: 'en' | 'es' | 'zh-CN';
  readonly config?: string;
  readonly journal?: string;
  /** Where to write what crosses the line. */
  readonly record?: string;
}

export interface MoneyOptions extends CommonOptions {
  readonly amount: number;
  readonly currency?: string;
  readonly key?: string;
}

export interface PurchaseOptions extends MoneyOptions {
  readonly ref?: string;
  readonly payCode?: string;
}

export interface RefundOptions extends MoneyOptions {
  readonly ref?: string;
  readonly rrn?: string;
}

export interface VoidOptions extends MoneyOptions {
  readonly receipt?: string;
  readonly trace?: string;
  readonly operation?: string;
  readonly auth?: string;
  readonly ref?: string;
  readonly operator: string;
  readonly reason: string;
  readonly supervisor?: string;
  readonly yes?: true;
}

export interface RecoverOptions extends CommonOptions {
  readonly decide?: Decision;
  readonly operator?: string;
  readonly reason?: string;
}

export const moneyOf = ({ amount, currency }: MoneyOptions, own: string) => ({
  amount,
  currency: currency ?? own,
});

/** What the command line says of the transaction to void. */
export const identityOf = (options: VoidOptions): Identity => ({
  ...(options.receipt !== undefined && { receiptNumber: options.receipt }),
  ...(options.trace !== undefined && { trace: options.trace }),
  ...(options.operation !== undefined && { operationNumber: options.operation }),
  ...(options.auth !== undefined && { authorisationCode: options.auth }),
  ...(options.ref !== undefined && { ticket: options.ref }),
});

export const timeoutOf = ({ timeout }: CommonOptions) => ({
  ...(timeout !== undefined && { timeoutMs: timeout }),
});

export const keyOf = ({ key }: MoneyOptions) => ({ ...(key !== undefined && { key }) });
