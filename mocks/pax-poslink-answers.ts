import { bareNumber } from '../src/model/identity.ts';
import { type Group, response } from '../src/protocols/pax-poslink/groups.ts';
import type { Sale } from './ledger.ts';
import type { Answer } from './messages.ts';
import { isReport, type ReportAnswer } from './pax-poslink-report.ts';
import type { PoslinkRequest } from './pax-poslink-requests.ts';

/** What an answer needs besides what it tells. */
export interface Telling {
  readonly answer: Answer;
  readonly request: PoslinkRequest;
  readonly terminalId: string;
  readonly commerceCode: string;
  /** The terminal's local time. */
  readonly now: string;
}

/** How each outcome is said: declined by the host, cancelled, or not found. */
const codes: Readonly<Record<Answer['outcome'], readonly [code: string, text: string]>> = {
  done: ['000000', 'OK'],
  declined: ['000100', 'DECLINE'],
  cancelled: ['100002', 'ABORTED'],
  'already-voided': ['100023', 'NOT FOUND'],
  'nothing-to-void': ['100023', 'NOT FOUND'],
  'debit-card': ['100004', 'UNSUPPORT TRANS'],
  'void-not-allowed': ['100004', 'UNSUPPORT TRANS'],
  empty: ['100023', 'NOT FOUND'],
  'batch-full': ['000100', 'DECLINE'],
  'amount-below-minimum': ['000100', 'DECLINE'],
  'amount-zero': ['000100', 'DECLINE'],
  'amount-malformed': ['000100', 'DECLINE'],
  'ticket-malformed': ['000100', 'DECLINE'],
};

/** A code of six digits is the terminal's own; a shorter one of a refusal is what the host said. */
function codeOf({ outcome, code }: Answer): readonly [string, string] {
  const [own, text] = codes[outcome];
  if (code === undefined) return [own, text];
  if (/^\d{6}$/.test(code)) return [code, text];
  return outcome === 'done' ? [code.padStart(6, '0').slice(-6), text] : [own, text];
}

const brands: Readonly<Record<string, string>> = { VI: '01', MC: '02', AX: '03', DC: '05' };

const stamp = (time: string): string => time.replace(/\D/g, '').slice(0, 14);

const host = (sale: Sale | undefined, code: string, text: string): Group => [
  code,
  text,
  sale?.authorisationCode ?? '',
  sale === undefined ? '' : `900000${sale.trace}`,
  '',
  '',
  '',
];

const amounts = (amount: number): Group => [String(amount), '0', '0', '0', '0', '0', '', ''];

const account = (sale: Sale | undefined): Group =>
  sale === undefined
    ? []
    : [sale.card.last4, '4', '1225', '', '', '', brands[sale.card.brand] ?? '99', 'TEST CARD', ''];

const isDebit = ({ card }: Sale): boolean => card.type === 'debit';

const additional = (sale: Sale | undefined, terminalId: string): Group => [
  ...(sale === undefined ? [] : [`EDCTYPE=${isDebit(sale) ? 'DEBIT' : 'CREDIT'}`]),
  `SN=${terminalId}`,
];

const nothing: Group = [''];

/** T01: of a sale, or of a void with a number and a reference of its own. */
function transaction({ answer, request, terminalId, now }: Telling): readonly Group[] {
  const { sale, outcome, trace, code } = answer;
  const done = outcome === 'done' && sale !== undefined;
  const number = request.command === 'void' ? trace : sale?.trace;
  const reference =
    request.command === 'void' ? (request.ticket ?? '') : (sale?.ticket ?? request.ticket ?? '');
  const hostCode = code !== undefined && code.length <= 2 ? code : '05';
  return [
    host(sale, done ? '00' : hostCode, done ? 'APPROVAL' : 'DECLINED'),
    [request.command === 'void' ? '16' : '01'],
    amounts(done ? sale.amount : 0),
    account(sale),
    [number === undefined ? '' : bareNumber(number), reference, stamp(sale?.time ?? now), '', ''],
    nothing,
    nothing,
    nothing,
    additional(sale, terminalId),
  ];
}

const types = { sale: '01', 'voided-sale': '17', void: '16' } as const;

/** R03. What a fault has put in the place of the sale is told as it is. */
function record({
  answer,
  terminalId,
}: Telling & { readonly answer: ReportAnswer }): readonly Group[] {
  const { entry, total, record: at, sale = entry.sale } = answer;
  const own = sale.trace === entry.sale.trace;
  const number = own ? entry.number : bareNumber(sale.trace);
  const reference = own ? entry.reference : sale.ticket;
  return [
    [String(total)],
    [String(at)],
    host(sale, '00', 'APPROVAL'),
    [isDebit(sale) ? '02' : '01'],
    [types[entry.kind]],
    [entry.kind === 'sale' ? '' : '01'],
    amounts(sale.amount),
    account(sale),
    [number, reference, stamp(entry.time), ''],
    nothing,
    nothing,
    nothing,
    additional(sale, terminalId),
  ];
}

function groupsOf(telling: Telling): readonly Group[] {
  const { answer, terminalId, commerceCode, now } = telling;
  switch (answer.to) {
    case 'poll':
      return [[terminalId], ['S300'], ['TILLWIRE MOCK'], ['']];
    case 'settle':
      return [
        host(undefined, '00', 'BATCH CLOSED'),
        [String(answer.totals?.count ?? 0)],
        [String(answer.totals?.total ?? 0)],
        [stamp(now)],
        [terminalId],
        [commerceCode],
      ];
    case 'purchase':
    case 'void':
      return transaction(telling);
    default:
      return isReport(answer) ? record({ ...telling, answer }) : [];
  }
}

/** The command of an answer; one that this terminal has no words for is a reset's. */
const commands: Readonly<Partial<Record<Answer['to'], string>>> = {
  poll: 'A01',
  purchase: 'T01',
  void: 'T01',
  'last-transaction': 'R03',
  settle: 'B01',
};

/** The whole frame. */
export function writePoslinkAnswer(telling: Telling): Uint8Array {
  const { answer, request } = telling;
  const [code, text] = codeOf(answer);
  const told = answer.outcome === 'done' || answer.to === 'purchase' || answer.to === 'void';
  const groups = told && answer.codeOnly !== true ? groupsOf(telling) : [];
  const command = commands[answer.to] ?? 'A17';
  return response({ status: '0', command, version: request.version, code, text }, groups);
}
