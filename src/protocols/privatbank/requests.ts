import { looksLikeCardNumber } from '../../model/mask.ts';
import type { Money } from '../../model/money.ts';
import type { Refused } from '../../model/results.ts';
import type { PurchaseRequest, RefundRequest, Target } from '../../model/transaction.ts';
import { checkAmount, checkRecorded, checkText, invalid } from '../refusal.ts';
import { currency, maxAmount, writeAmount } from './amount.ts';
import { writeRequest } from './envelope.ts';
import type { Setup } from './setup.ts';

/** The receipt that was written last in the batch. */
export const lastReceipt = '0';

const subMerchant = ({ subMerchant: name }: Setup) => ({
  ...(name !== undefined && { subMerchant: name }),
});

/** The methods, as the vendor's text lists their parameters. */
export const requests = {
  ping: () => writeRequest('PingDevice'),
  checkConnection: () => writeRequest('CheckConnection'),
  terminalInfo: () => writeRequest('GetTerminalInfo'),
  /** A real N950 answers 1000 when discount, merchantId or facepay is missing. */
  purchase: (setup: Setup, amount: number) =>
    writeRequest('Purchase', {
      amount: writeAmount(amount),
      discount: '',
      merchantId: setup.merchantId,
      facepay: String(setup.facepay),
      ...subMerchant(setup),
    }),
  refund: (setup: Setup, amount: number, rrn: string) =>
    writeRequest('Refund', {
      amount: writeAmount(amount),
      discount: '',
      merchantId: setup.merchantId,
      rrn,
      ...subMerchant(setup),
    }),
  withdrawal: (invoiceNumber: string) => writeRequest('Withdrawal', { invoiceNumber }),
  receiptInfo: (invoiceNumber: string) => writeRequest('GetReceiptInfo', { invoiceNumber }),
  audit: ({ merchantId }: Setup) => writeRequest('Audit', { merchantId }),
  verify: ({ merchantId }: Setup) => writeRequest('Verify', { merchantId }),
  verifyCopy: ({ merchantId }: Setup) => writeRequest('VerifyCopy', { merchantId }),
  printReceipt: (invoiceNumber: string, onPaper: boolean) =>
    writeRequest('PrintReceiptNum', { invoiceNumber, prnFlag: onPaper ? '1' : '0' }),
  batchJournal: ({ merchantId }: Setup, onPaper: boolean) =>
    writeRequest('PrintBatchJournal', { merchantId, prnFlag: onPaper ? '1' : '0' }),
};

const checkMoney = (money: Money): Refused | undefined =>
  checkAmount(money, { currency, min: 1, max: maxAmount });

/** What this terminal neither keeps nor tells, nobody could compare. */
const unknownHere = (field: string, value: string | undefined): Refused | undefined =>
  value === undefined ? undefined : invalid(field, 'left out: this terminal knows none', value);

/** A ticket is kept in the till's journal only: the terminal has no place for one. */
export const checkPurchase = (request: PurchaseRequest): Refused | undefined =>
  checkMoney(request.amount) ??
  (request.ticket === undefined ? undefined : checkRecorded('ticket', request.ticket)) ??
  unknownHere('commerceCode', request.commerceCode);

export const checkInvoiceNumber = (number: unknown): Refused | undefined =>
  checkText(
    'receiptNumber',
    '1 to 12 digits, not all of them 0',
    /^(?=.*[1-9])[0-9]{1,12}$/,
    number,
  );

export function checkRefund({ amount, rrn }: RefundRequest): Refused | undefined {
  const refused = checkMoney(amount);
  if (refused !== undefined) return refused;
  if (rrn !== undefined && looksLikeCardNumber(rrn)) return invalid('rrn', 'no card number', rrn);
  return checkText(
    'rrn',
    '6 to 15 digits or letters: the RRN of the sale',
    /^[0-9A-Za-z]{6,15}$/,
    rrn,
  );
}

export const checkTarget = (target: Target): Refused | undefined =>
  checkMoney(target.amount) ??
  unknownHere('ticket', target.ticket) ??
  unknownHere('operationNumber', target.operationNumber) ??
  unknownHere('trace', target.trace) ??
  (target.receiptNumber === undefined ? undefined : checkInvoiceNumber(target.receiptNumber));
