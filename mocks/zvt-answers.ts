import { toBcd } from '../src/framing/bcd.ts';
import type { Booking } from './ledger.ts';
import type { Answer, Request } from './messages.ts';
import { codeOf, textOf } from './zvt-codes.ts';
import { dayTotals } from './zvt-day.ts';
import { statusEnd } from './zvt-enquiry.ts';
import * as field from './zvt-fields.ts';
import type { Message } from './zvt-messages.ts';
import {
  diagnosisReceipt,
  type Receipt,
  receiptMessages,
  saleReceipts,
  totalsReceipt,
} from './zvt-receipts.ts';
import { config, registered } from './zvt-registration.ts';
import { zvtCurrency } from './zvt-setup.ts';
import { failed, type Told, toldBy, transaction } from './zvt-transaction.ts';
import { end, statusInformation, text, type Writing, withTlv } from './zvt-writing.ts';

/** What a repeat receipt wants: bit 01 the 04 0F of the transaction, bit 02 no receipt. */
const service = { statusInformation: 0x01, noReceipt: 0x02 } as const;

const titles: Readonly<Record<Booking['kind'], string>> = {
  sale: 'Kartenzahlung',
  void: 'Storno',
  refund: 'Gutschrift',
};

/** The config byte says who prints, and whether the terminal says the lines. */
function receiptsOf(receipts: readonly Receipt[], { registration }: Writing): Message[] {
  const { configByte } = registration;
  if ((configByte & config.printLines) === 0) return [];
  return receipts
    .filter(({ type }) => {
      const bit =
        type === 'administration' ? config.administrationReceipts : config.paymentReceipts;
      return (configByte & bit) !== 0;
    })
    .flatMap((receipt) => receiptMessages(receipt, registration));
}

const registrationEnd = (answer: Answer, { command, registration, terminal }: Writing): Message =>
  registered(command, registration, [
    0x19,
    0x00,
    ...field.terminalId(answer.terminalId ?? terminal.terminalId),
    ...(registration.currency ? field.currency(zvtCurrency) : []),
  ]);

/** 06 1E B8 says which pre-authorisations are open: all of them in TLV, else the oldest in BMP 87. */
function reservationEnd(writing: Writing): Message {
  const open = writing.terminal.preAuthorisations.open.map(({ trace }) => field.receiptOf(trace));
  const list = open.map((receipt) => ({ tag: 0x08, value: toBcd(receipt, 2) }));
  return withTlv(writing) && open.length > 0
    ? end(
        0xb8,
        [],
        list.map((one) => ({ tag: 0x23, children: [one] })),
      )
    : end(0xb8, field.receipt(open[0] ?? 'FFFF'));
}

/** The messages of one answer, in order; the last one ends the command. */
export function answerMessages(answer: Answer, request: Request, writing: Writing): Message[] {
  // An answer to something else: the end of a status enquiry that the till did not make.
  if (answer.to !== request.command) return [end(0x00, [0x9c])];
  const code = codeOf(answer);
  if (request.command === 'open-pre-authorisations') return [reservationEnd(writing)];
  if (request.command === 'poll') return [statusEnd(answer, writing)];
  if (request.command === 'register' && code === 0) return [registrationEnd(answer, writing)];
  const told = toldBy(answer, writing.now);
  // The last attempt came to nothing, and this terminal tells it.
  if (request.command === 'last-transaction' && answer.outcome === 'done' && told === undefined)
    return [...(code === 0 ? [] : [failed(code, answer, writing)]), end(0)];
  if (answer.outcome === 'empty') return [failedEnd(code, writing)];
  if (told === undefined && code !== 0)
    return [
      ...(answer.codeOnly === true ? [] : [failed(code, answer, writing)]),
      failedEnd(code, writing),
    ];
  return [...details(answer, told, code, writing), code === 0 ? end(0) : end(code)];
}

/** 06 1E; where the code says little, TLV 1F17 says it in words. */
function failedEnd(code: number, writing: Writing): Message {
  if (code === 0xb8) return end(code, field.receipt('FFFF'));
  if (code === 0x6f) return end(code, [...toBcd(zvtCurrency, 2)]);
  const words = Uint8Array.from(text(textOf(code), writing));
  return withTlv(writing) && code === 0xff
    ? end(
        code,
        [],
        [
          { tag: 0x1f16, value: Uint8Array.of(0x00, code) },
          { tag: 0x1f17, value: words },
        ],
      )
    : end(code);
}

function details(
  answer: Answer,
  told: Told | undefined,
  code: number,
  writing: Writing,
): Message[] {
  const { terminal, command, now } = writing;
  const { totals = { count: 0, total: 0 } } = answer;
  switch (answer.to) {
    case 'settle':
    case 'totals': {
      const title = answer.to === 'settle' ? 'KASSENSCHNITT' : 'UMSATZ';
      const { day } = writing;
      const sums = [
        ...field.result(code),
        ...field.amount(totals.total),
        ...field.trace(day.trace),
        ...field.timeAndDate(now),
        ...dayTotals(day),
      ];
      return [
        statusInformation(sums, []),
        ...receiptsOf([totalsReceipt(terminal, title, totals)], writing),
      ];
    }
    case 'diagnosis':
      return [...clock(writing), ...receiptsOf([diagnosisReceipt(terminal)], writing)];
    case 'reprint':
      return receiptsOf(reprinted(writing), writing);
    case 'last-transaction': {
      if (told === undefined) return [];
      const asked = command.field(0x03)?.[0] ?? 0;
      return [
        ...(asked & service.statusInformation ? [transaction(told, code, answer, writing)] : []),
        ...(asked & service.noReceipt ? [] : receiptsOf(receiptsFor(told, writing), writing)),
      ];
    }
    default:
      return told === undefined
        ? []
        : [
            transaction(told, code, answer, writing),
            ...(code === 0 ? receiptsOf(receiptsFor(told, writing), writing) : []),
          ];
  }
}

const receiptsFor = ({ kind, sale, trace, time }: Told, { terminal }: Writing): Receipt[] =>
  saleReceipts(terminal, titles[kind], { ...sale, time }, trace);

/** 04 01, for a till that takes it. */
function clock({ registration: { permitted }, now }: Writing): Message[] {
  if (permitted !== undefined && !permitted.includes('0401')) return [];
  return [{ kind: 'other', control: [0x04, 0x01], head: field.clockFields(now), tlv: [] }];
}

function reprinted({ command: { head }, terminal }: Writing): Receipt[] {
  const digits = Array.from(head, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const from = digits.slice(0, 4);
  const to = digits.slice(4, 8) || from;
  return terminal.memory.records
    .filter(({ trace, amount }) => {
      const receipt = field.receiptOf(trace);
      return amount >= 0 && from <= receipt && receipt <= to;
    })
    .flatMap((sale) => saleReceipts(terminal, titles.sale, sale, sale.trace));
}
