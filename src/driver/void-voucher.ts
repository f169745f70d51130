import { formatMoney } from '../model/money.ts';
import type { Transaction } from '../model/transaction.ts';

const width = 40;

/** What a voucher of a void says besides the transaction. */
export interface VoidedBy {
  readonly operator: string;
  readonly reason: string;
  readonly supervisor?: string;
  readonly key: string;
}

const pair = (name: string, value: string | undefined): string[] =>
  value === undefined ? [] : [`${name}:`.padEnd(15) + value];

/** Long lines go on in the next one; nothing is cut off. */
const fold = (line: string): string[] =>
  line.match(new RegExp(`.{1,${width}}`, 'gs'))?.map((part) => part.trimEnd()) ?? [''];

/** In the language of the country too, as vouchers have it there. */
const headings: Readonly<Record<string, string>> = { CLP: 'VOID - ANULACION' };

/** The voucher of a void, lines of at most 40 characters, from what the terminal confirmed. */
export function voidVoucher(voided: Transaction, by: VoidedBy): string[] {
  return [
    headings[voided.amount.currency] ?? 'VOID',
    ...pair('Commerce', voided.commerceCode),
    ...pair('Terminal', voided.terminalId),
    ...pair('Amount', formatMoney(voided.amount)),
    ...pair('Card', voided.last4 && `************${voided.last4}`),
    ...pair('Brand', voided.cardBrand),
    ...pair('Operation', voided.operationNumber),
    ...pair('Receipt', voided.receiptNumber),
    ...pair('Trace', voided.trace),
    ...pair('Authorisation', voided.authorisationCode),
    ...pair('Ticket', voided.ticket),
    ...pair('Sold at', voided.time?.replace('T', ' ')),
    ...pair('Voided by', by.operator),
    ...pair('Agreed by', by.supervisor),
    ...pair('Reason', by.reason),
    ...pair('Key', by.key),
  ].flatMap(fold);
}
