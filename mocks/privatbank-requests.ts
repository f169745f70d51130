import { readAmount } from '../src/protocols/privatbank/amount.ts';
import { type Message, readMessage, serviceType } from '../src/protocols/privatbank/envelope.ts';
import type { Command, Request } from './messages.ts';

/** A request of the till with its message. */
export interface PrivatbankRequest extends Request {
  readonly message: Message;
  /** The msgType of a ServiceMessage, which is answered whatever the terminal is at. */
  readonly service: string | undefined;
}

const methods: Readonly<Record<string, Command>> = {
  PingDevice: 'poll',
  CheckConnection: 'diagnosis',
  GetTerminalInfo: 'diagnosis',
  Purchase: 'purchase',
  Refund: 'refund',
  Withdrawal: 'void',
  GetReceiptInfo: 'last-transaction',
  PrintReceiptNum: 'reprint',
  PrintBatchJournal: 'sales-detail',
  Audit: 'totals',
  Verify: 'settle',
  VerifyCopy: 'reprint',
};

const services: Readonly<Record<string, Command>> = {
  interrupt: 'abort',
  identify: 'diagnosis',
  getMerchantList: 'diagnosis',
};

/** A message of the till, or nothing when it is none. A method that the terminal does not know is a poll. */
export function readRequest(data: Uint8Array, at: number): PrivatbankRequest | undefined {
  const message = readMessage(data);
  if (message === undefined) return undefined;
  const service = serviceType(message);
  const own = (table: Readonly<Record<string, Command>>, name: string): Command =>
    (Object.hasOwn(table, name) ? table[name] : undefined) ?? 'poll';
  const amount = readAmount(message.param('amount') ?? '');
  const receiptNumber = message.param('invoiceNumber');
  return {
    command: service === undefined ? own(methods, message.method) : own(services, service),
    code: service ?? message.method,
    text: new TextDecoder().decode(data),
    at,
    message,
    service,
    ...(amount !== undefined && { amount }),
    ...(receiptNumber !== undefined && { receiptNumber }),
  };
}

export const isKnown = ({ message }: PrivatbankRequest): boolean =>
  Object.hasOwn(methods, message.method);

/** A real N950 answers 1000 when one of these is missing, be it empty. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  Purchase: ['amount', 'discount', 'merchantId', 'facepay'],
  Refund: ['amount', 'discount', 'merchantId', 'rrn'],
  Withdrawal: ['invoiceNumber'],
};

/** The parameter that is missing, if one is. */
export function missing({ message }: PrivatbankRequest): string | undefined {
  const names = Object.hasOwn(wanted, message.method) ? (wanted[message.method] ?? []) : [];
  return names.find((name) => !message.params.has(name));
}
