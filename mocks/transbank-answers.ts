import type { CardType } from '../src/model/transaction.ts';
import { answers, type Family, type FieldName } from '../src/protocols/transbank/layouts.ts';
import type { Sale } from './ledger.ts';
import type { Answer, Command, Request } from './messages.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';
import { closeVoucher, saleVoucher } from './transbank-voucher.ts';

/** The response code of each outcome. */
const responseCodes: Readonly<Record<Answer['outcome'], string>> = {
  done: '00',
  declined: '01',
  'already-voided': '04',
  'nothing-to-void': '05',
  cancelled: '07',
  'debit-card': '08',
  'amount-below-minimum': '10',
  empty: '11',
  'void-not-allowed': '21',
  'batch-full': '67',
  'amount-malformed': '68',
  'ticket-malformed': '70',
  'amount-zero': '72',
};

/** The code of the answer to each request; where a request has two, the plain one for both. */
const answerCodes: Readonly<Record<string, string>> = {
  '0080': '1080',
  '0200': '0210',
  '0250': '0260',
  '0260': '0261',
  '0270': '0271',
  '0280': '0281',
  '0290': '0291',
  '0500': '0510',
  '0700': '0710',
  '0800': '0810',
  '1200': '1210',
};

/** The code of an answer that comes when something else was asked. */
const unaskedCodes: Readonly<Partial<Record<Command, string>>> = {
  'load-keys': '0810',
  purchase: '0210',
  'last-transaction': '0260',
  settle: '0510',
  totals: '0710',
  void: '1210',
};

/** Fields that recorded answers carry behind or instead of those of the vendor's tables. */
const sentFields: Readonly<Record<Family, Readonly<Record<string, number>>>> = {
  integrado: { '0210': 20, '0260': 20, '0261': 19, '0510': 4, '0710': 4 },
  autoservicio: {},
};

const cardTypes: Readonly<Record<CardType, string>> = { credit: 'CR', debit: 'DB', prepaid: 'PR' };

type Values = { readonly [N in FieldName]?: string };

const blankAuthorisation = ' '.repeat(6);

const ddmmyyyy = (time: string): string =>
  `${time.slice(8, 10)}${time.slice(5, 7)}${time.slice(0, 4)}`;
const hhmmss = (time: string): string => time.slice(11, 19).replaceAll(':', '');
const withoutZeros = (text: string): string => text.replace(/^0+(?=.)/, '');

/** Tickets are six characters, zeros on the left, whatever the till sent; longer ones stay whole. */
const ticket6 = (ticket: string): string => (ticket === '' ? '' : ticket.padStart(6, '0'));

const saleValues = (sale: Sale): Values => ({
  ticket: ticket6(sale.ticket),
  authorisationCode: sale.authorisationCode,
  amount: String(sale.amount),
  instalments: '0',
  last4: sale.card.last4,
  operationNumber: sale.operationNumber,
  cardType: cardTypes[sale.card.type],
  accountingDate: sale.card.type === 'debit' ? ddmmyyyy(sale.time) : '',
  cardBrand: sale.card.brand.padEnd(2),
  date: ddmmyyyy(sale.time),
  time: hhmmss(sale.time),
  employee: '0',
  tip: '0',
  change: '',
  childCommerceCode: sale.childCommerceCode ?? '0',
});

/** As in the recorded answer of a sale cancelled at the terminal: blanks, and zero for the amount. */
const refusedSale = (answer: Answer, request: Request): Values => ({
  ticket: ticket6(request.ticket ?? ''),
  authorisationCode: blankAuthorisation,
  amount: '0',
  instalments: '0',
  last4: answer.card?.last4 ?? '',
  cardType: answer.card === undefined ? '' : cardTypes[answer.card.type],
  tip: '0',
});

function valuesOf(terminal: SimulatedTerminal, answer: Answer, request: Request): Values {
  const { sale } = answer;
  switch (answer.to) {
    case 'purchase':
    case 'last-transaction':
    case 'sales-detail': {
      if (sale === undefined) return refusedSale(answer, request);
      const multicode = sale.childCommerceCode !== undefined;
      return {
        ...saleValues(sale),
        ...(multicode && { change: '0' }),
        ...(request.withVoucher === true && { voucher: saleVoucher(terminal, sale) }),
      };
    }
    case 'void':
      return {
        authorisationCode: sale?.authorisationCode ?? '',
        operationNumber: withoutZeros(sale?.operationNumber ?? request.operationNumber ?? ''),
      };
    case 'settle':
      return answer.totals !== undefined && request.withVoucher === true
        ? { voucher: closeVoucher(terminal, answer.totals) }
        : {};
    case 'totals':
      return { count: String(answer.totals?.count ?? 0), total: String(answer.totals?.total ?? 0) };
    case 'initialisation-result':
      return { date: ddmmyyyy(answer.time ?? ''), time: hhmmss(answer.time ?? '') };
    default:
      return {};
  }
}

/** The end of a sales detail, as recorded: blanks, and the number of the next operation. */
const endOfDetail = (code: string, terminalId: string, terminal: SimulatedTerminal): string =>
  `${code}|00|${terminal.commerceCode}|${terminalId}| | | | |${terminal.memory.nextOperationNumber}|||| || | | | | |||`;

/** An answer in the vendor's layout, without its framing. */
export function writeAnswer(
  family: Family,
  terminal: SimulatedTerminal,
  answer: Answer,
  request: Request,
): string {
  const asked = answer.to === request.command;
  const code = (asked ? answerCodes[request.code] : unaskedCodes[answer.to]) ?? '0000';
  const responseCode = answer.code ?? responseCodes[answer.outcome];
  if (answer.codeOnly === true) return `${code}|${responseCode}`;

  const terminalId = answer.terminalId ?? terminal.terminalId;
  const ended = answer.to === 'sales-detail' && answer.sale === undefined;
  if (ended && answer.outcome === 'done') return endOfDetail(code, terminalId, terminal);

  const values: Values = {
    responseCode,
    commerceCode: terminal.commerceCode,
    terminalId,
    ...valuesOf(terminal, answer, request),
  };
  const layout = answers[family][code] ?? ['responseCode', 'commerceCode', 'terminalId'];
  const length = sentFields[family][code] ?? layout.length;
  const fields = Array.from({ length }, (_, i) => {
    const name = layout[i];
    return name ? (values[name] ?? '') : '';
  });
  return [code, ...fields].join('|');
}
