import { writeAmount } from '../src/protocols/privatbank/amount.ts';
import type { Booking, Sale } from './ledger.ts';
import type { Answer, Command, Refusal } from './messages.ts';
import type { PrivatbankRequest } from './privatbank-requests.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

type Params = Readonly<Record<string, string>>;

/** A message of the terminal as it goes on the wire. */
export function writeMessage(
  method: string,
  params: Params,
  error = false,
  errorDescription = '',
): Uint8Array {
  const json = JSON.stringify({ method, step: 0, params, error, errorDescription });
  return new TextEncoder().encode(`${json}\0`);
}

/** As the vendor prints it: some msgTypes have a blank before them. */
export const writeService = (msgType: string, params: Params = {}): Uint8Array =>
  writeMessage('ServiceMessage', { msgType, ...params });

const codes: Readonly<Record<'done' | Refusal, readonly [string, string]>> = {
  done: ['0000', ''],
  declined: ['0005', 'ВІДХИЛЕНО! ЗВЕРНІТЬСЯ ДО БАНКУ-ЕМІТЕНТА КАРТКИ'],
  cancelled: ['1001', 'Transaction canceled by user'],
  'already-voided': ['1008', 'Transaction is already complete'],
  'nothing-to-void': ['1000', 'Cannot get receipt'],
  'debit-card': ['1000', 'Операція неможлива'],
  'void-not-allowed': ['1000', 'Операція неможлива'],
  empty: ['1000', 'Cannot get receipt: log file is empty!'],
  'batch-full': ['1003', 'Transaction log is full. Need close batch'],
  'amount-below-minimum': ['1000', 'Операція неможлива'],
  'amount-zero': ['1000', 'Операція неможлива'],
  'amount-malformed': ['1000', 'Операція неможлива'],
  'ticket-malformed': ['1000', 'Операція неможлива'],
};

/** The method of an answer that comes when something else was asked. */
const unasked: Readonly<Partial<Record<Command, string>>> = {
  'load-keys': 'CheckConnection',
  purchase: 'Purchase',
  refund: 'Refund',
  void: 'Withdrawal',
  settle: 'Verify',
};

const brands: Readonly<Record<string, string>> = { VI: 'VISA', MC: 'MASTERCARD' };

const ddmmyyyy = (time: string): string =>
  `${time.slice(8, 10)}.${time.slice(5, 7)}.${time.slice(0, 4)}`;

const receiptText = (title: string, sale: Sale, number: string): string =>
  [
    'ПРИВАТБАНК',
    title,
    `СУМА ${writeAmount(sale.amount)} ГРН`,
    `XXXXXXXXXXXX${sale.card.last4}`,
    `КОД АВТОРИЗАЦІЇ: ${sale.authorisationCode}`,
    `ЧЕК N: ${number}`,
  ].join('\n');

const titles = { sale: 'ОПЛАТА', refund: 'ПОВЕРНЕННЯ', void: 'СКАСУВАННЯ' } as const;
const txnTypes = { sale: '1', refund: '2', void: '3' } as const;

/** What a receipt tells of a booking. `number`: under which the terminal keeps it. */
function receiptParams(
  { commerceCode, terminalId }: SimulatedTerminal,
  { kind, sale, trace, time }: Booking,
  trnStatus: string,
): Params {
  const { card } = sale;
  return {
    amount: writeAmount(Math.max(0, sale.amount)),
    approvalCode: sale.authorisationCode,
    bankAcquirer: 'ПриватБанк',
    date: ddmmyyyy(time),
    discount: '0.00',
    invoiceNumber: trace,
    issuerName: 'VISA ПРИВАТ',
    merchant: commerceCode,
    pan: `4731XXXXXXXX${card.last4}`,
    paymentSystem: brands[card.brand] ?? card.brand,
    receipt: receiptText(titles[kind], sale, trace),
    responseCode: '0000',
    rrn: String(300_000_000_000 + Number(sale.trace)),
    terminalId,
    time: time.slice(11, 19),
    trnStatus,
    txnType: txnTypes[kind],
  };
}

export const bookingOf = (sale: Sale): Booking => ({
  kind: 'sale',
  sale,
  trace: sale.trace,
  time: sale.time,
});

/** The booking that an answer to a money command tells of. */
function bookingToldBy(answer: Answer, sale: Sale): Booking {
  if (answer.to === 'void')
    return { kind: 'void', sale, trace: answer.trace ?? sale.trace, time: sale.time };
  return { ...bookingOf(sale), kind: answer.to === 'refund' ? 'refund' : 'sale' };
}

/** An answer in the protocol's words. */
export function writeAnswer(
  terminal: SimulatedTerminal,
  answer: Answer,
  request: PrivatbankRequest,
): Uint8Array {
  const { outcome } = answer;
  const asked = answer.to === request.command;
  const method = asked ? request.message.method : (unasked[answer.to] ?? 'CheckConnection');
  const [code, words] = codes[outcome];
  const responseCode = (answer.code ?? code).padStart(4, '0');
  // Whatever is not 0000 has error: true, but for a partial approval.
  const error = responseCode !== '0000' && responseCode !== '0010';
  if (answer.codeOnly === true || (outcome !== 'done' && answer.sale === undefined))
    return writeMessage(method, { responseCode }, error, words);
  const params = asked ? paramsOf(terminal, answer, request) : {};
  return writeMessage(method, { ...params, responseCode }, error, error ? words : '');
}

function paramsOf(terminal: SimulatedTerminal, answer: Answer, request: PrivatbankRequest): Params {
  const own = answer.terminalId === undefined ? {} : { terminalId: answer.terminalId };
  switch (answer.to) {
    case 'purchase':
    case 'refund':
    case 'void':
      return answer.sale === undefined
        ? {}
        : { ...receiptParams(terminal, bookingToldBy(answer, answer.sale), '1'), ...own };
    case 'last-transaction': {
      if (answer.sale === undefined) return {};
      const booking = answer.booking ?? bookingOf(answer.sale);
      // A fault may have put another sale in the place of the one that was found.
      const told = { ...booking, sale: answer.sale };
      const status = told.kind === 'sale' && isVoided(terminal, told.sale) ? '3' : '1';
      return { ...receiptParams(terminal, told, status), ...own };
    }
    case 'poll':
      return { code: '00' };
    case 'totals':
    case 'settle':
      return {
        receipt: report(
          answer.to === 'settle' ? 'Z' : 'X',
          answer.totals ?? { count: 0, total: 0 },
        ),
      };
    case 'reprint':
    case 'sales-detail':
      return {
        receipt: terminal.memory.records
          .map((sale) => receiptText(titles.sale, sale, sale.trace))
          .join('\n'),
      };
    case 'diagnosis':
      return request.message.method === 'GetTerminalInfo'
        ? { version: 'TE7E132 TESTKKM000CT22927302' }
        : { code: '00' };
    default:
      return {};
  }
}

const isVoided = ({ memory }: SimulatedTerminal, sale: Sale): boolean =>
  memory.find(({ trace }) => trace === sale.trace)?.voided === true;

const report = (letter: 'X' | 'Z', { count, total }: { count: number; total: number }): string =>
  [
    `[ ${letter} БАЛАНС ]`,
    `операцій ${count}`,
    `Загальні підсумки: ${writeAmount(total)} ГРН`,
  ].join('\n');
