import { toLatin1 } from '../src/framing/bytes.ts';
import type { CardType } from '../src/model/transaction.ts';
import { type Fields, type Table, write } from '../src/protocols/ecr17/fixed-width.ts';
import {
  type AnswerName,
  answerTables,
  statusTable,
  vasTable,
} from '../src/protocols/ecr17/layouts.ts';
import type { Card } from './ledger.ts';
import type { Answer, Command, Request } from './messages.ts';

/** The result of each request, by its code; what comes unasked is the result of the usual one. */
const resultNames: Readonly<Record<string, AnswerName>> = {
  P: 'E71',
  X: 'E92',
  H: 'E71',
  S: 'E84',
  p: 'e106',
  i: 'i75',
  c: 'c74',
  C: 'C44',
  T: 'T34',
};

const unasked: Readonly<Partial<Record<Command, AnswerName>>> = {
  purchase: 'E92',
  void: 'E84',
  settle: 'C44',
};

/** What the terminal says, 24 characters at most; 19 for a session that was not closed. */
const texts: Readonly<Partial<Record<Answer['outcome'], string>>> = {
  declined: 'NON AUTORIZZATA',
  cancelled: 'ANNULLATA',
  'already-voided': 'GIA STORNATA',
  'nothing-to-void': 'STAN NON VALIDO',
  'debit-card': 'STORNO NON AMMESSO',
  'void-not-allowed': 'STORNO NON AMMESSO',
  'batch-full': 'ARCHIVIO PIENO',
  empty: 'NESSUNA TRANSAZIONE',
  'amount-zero': 'IMPORTO NON VALIDO',
  'amount-malformed': 'IMPORTO NON VALIDO',
};

const cardTypes: Readonly<Record<CardType, string>> = { debit: '1', credit: '2', prepaid: '3' };

const dayMs = 86_400_000;

/** `DDDHHMM` of a local time. */
export function dayOfYear(time: string): string {
  const at = Date.parse(`${time}Z`);
  const day = Math.floor((at - Date.UTC(new Date(at).getUTCFullYear(), 0, 1)) / dayMs) + 1;
  return `${String(day).padStart(3, '0')}${time.slice(11, 13)}${time.slice(14, 16)}`;
}

const cardFields = (card: Card | undefined): Fields =>
  card === undefined
    ? { cardType: '3' }
    : {
        last4: card.last4.padStart(16, '*'),
        cardReading: card.type === 'debit' ? 'ICC' : 'CLI',
        cardType: cardTypes[card.type],
      };

/** The acquirer's own word for a refusal: the code that the host gave. */
const resultOf = ({ outcome, code }: Answer): { result: string; actionCode: string } =>
  outcome === 'declined'
    ? { result: '01', actionCode: (code ?? '').replace(/\D/g, '').slice(-3) }
    : {
        result: (code ?? (outcome === 'done' ? '00' : '01')).slice(0, 2).padStart(2, '0'),
        actionCode: '',
      };

function valuesOf(answer: Answer, request: Request): Fields {
  const { sale, totals } = answer;
  const { result, actionCode } = resultOf(answer);
  const total = String(totals?.total ?? 0);
  const isVoid = answer.to === 'void' || answer.booking?.kind === 'void';
  const time = answer.time ?? sale?.time;
  return {
    result,
    actionCode,
    text: texts[answer.outcome] ?? '',
    ...cardFields(sale?.card ?? answer.card),
    authorisationCode: isVoid ? '000000' : (sale?.authorisationCode ?? ''),
    ...(time !== undefined && { time: dayOfYear(time) }),
    acquirerId: '00000000003',
    stan: answer.trace ?? sale?.trace ?? '',
    onlineId: answer.trace ?? sale?.trace ?? '',
    amount: String(sale?.amount ?? request.amount ?? 0),
    preAuthorisation: (answer.trace ?? sale?.trace ?? '').padStart(9, '0'),
    terminalTotal: total,
    hostTotal: total,
    total,
  };
}

const head = (terminalId: string, code: string): Fields => ({ terminalId, code });

/** A result, as it is sent and as it is kept in memory. */
export function resultPayload(terminalId: string, answer: Answer, request: Request): Uint8Array {
  const asked = answer.to === request.command;
  const name = (asked ? resultNames[request.code] : unasked[answer.to]) ?? 'T34';
  const values = valuesOf(answer, request);
  const { ok, ko } = answerTables[name];
  const table: Table = values['result'] === '00' ? ok : ko;
  return write(table, { ...values, ...head(answer.terminalId ?? terminalId, name.slice(0, 1)) });
}

/** `DDMMYYhhmm` of a local time. */
const clockFields = (time: string): string =>
  `${time.slice(8, 10)}${time.slice(5, 7)}${time.slice(2, 4)}${time.slice(11, 13)}${time.slice(14, 16)}`;

export const statusPayload = (terminalId: string, status: string, time: string): Uint8Array =>
  Uint8Array.of(
    ...write(statusTable, { ...head(terminalId, 's'), clock: clockFields(time), status }),
    ...toLatin1('MOCK0001'),
  );

/** An answer of the additional services, in one message. */
export function vasPayload(terminalId: string, xml: string): Uint8Array {
  const table: Table = [...vasTable.slice(0, 3), [11, 14, 'zeros'], ...filled(vasTable.slice(3))];
  const fields = { ...head(terminalId, 'K'), more: '0', number: '001', length: String(xml.length) };
  return Uint8Array.of(...write(table, fields), ...toLatin1(xml));
}

/** Columns that the table leaves open. */
const filled = (table: Table): Table => [
  ...table.slice(0, 2),
  [19, 22, 'zeros'],
  ...table.slice(2),
];
