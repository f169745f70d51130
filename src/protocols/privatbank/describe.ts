import { lookup } from '../../model/lookup.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { Described } from '../protocol.ts';
import { readAmount } from './amount.ts';
import { responseCode, responseCodeOf, statusCode } from './codes.ts';
import { readMessage, serviceType } from './envelope.ts';

const methods: Readonly<Record<string, string>> = {
  PingDevice: 'ping',
  CheckConnection: 'host connection test',
  GetTerminalInfo: 'software version',
  Purchase: 'sale',
  Refund: 'refund',
  Withdrawal: 'void',
  WithdrawalPartly: 'partial void',
  GetReceiptInfo: 'receipt data',
  PrintReceiptNum: 'copy of a receipt',
  PrintBatchJournal: 'batch journal',
  Audit: 'X report',
  Verify: 'settlement',
  VerifyCopy: 'copy of the settlement report',
  Preauthorization: 'pre-authorisation',
  SaleCompletion: 'completion of a pre-authorisation',
  Cashback: 'sale with cashback',
  GetBalance: 'balance',
};

const services: Readonly<Record<string, string>> = {
  identify: 'identification',
  interrupt: 'interrupt',
  interruptTransmitted: 'interrupt taken',
  getLastResult: 'last result',
  getLastStatMsgCode: 'status',
  getLastStatMsgDescription: 'status in words',
  correctTransaction: 'correction',
  correctionTransmitted: 'correction taken',
  getMerchantList: 'merchants',
  getMaskList: 'merchant masks',
  getDiscountName: 'discount group',
  deviceBusy: 'busy',
  methodNotImplemented: 'method not known',
};

/** Never shown: card data, PINs and what a customer typed. Compared without case. */
const hidden = new Set(
  [
    'track1',
    'track2',
    'track3',
    'pinblock',
    'pinblockNew',
    'OTPpassword',
    'PhoneNumber',
    'hash',
  ].map((name) => name.toLowerCase()),
);
const personal = new Set(['cardexpirydate', 'cardholdername']);

/** A message in words. Unknown methods keep their name; card numbers are reduced to the last four digits. */
export function describe(data: Uint8Array): Described {
  const message = readMessage(data);
  if (message === undefined) return { code: '', name: 'unreadable', fields: {} };
  const { method, error, errorDescription } = message;
  const msgType = serviceType(message);
  const fields: Record<string, unknown> = {};
  for (const [name, value] of message.params)
    if (value !== '') Object.assign(fields, field(name, value));
  if (error !== undefined) fields['error'] = error;
  if (errorDescription !== '') fields['errorDescription'] = maskCardNumbers(errorDescription);
  const name =
    msgType === undefined ? lookup(methods, method) : (lookup(services, msgType) ?? msgType);
  return { code: maskCardNumbers(method), name: maskCardNumbers(name ?? 'unknown'), fields };
}

function field(name: string, value: string): Record<string, unknown> {
  const key = name.toLowerCase();
  if (hidden.has(key) || personal.has(key)) return { [name]: '***' };
  switch (key) {
    case 'pan':
      return { last4: /(\d{1,4})$/.exec(value)?.[1] ?? '' };
    case 'amount':
      // In kopiyka, as everywhere else; as it was written where it is no amount.
      return { amount: readAmount(value) ?? maskCardNumbers(value) };
    case 'responsecode': {
      const code = responseCodeOf(value);
      const meaning = code === undefined ? undefined : responseCode(code).text;
      return { responseCode: maskCardNumbers(value), ...(meaning && { meaning }) };
    }
    case 'laststatmsgcode':
      return { LastStatMsgCode: maskCardNumbers(value), meaning: statusCode(value).text };
    default:
      return { [maskCardNumbers(name)]: maskCardNumbers(value) };
  }
}
