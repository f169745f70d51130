import type { NewTlv } from '../src/framing/tlv.ts';
import type { Booking, Sale } from './ledger.ts';
import type { Answer } from './messages.ts';
import { textOf } from './zvt-codes.ts';
import * as field from './zvt-fields.ts';
import type { Message } from './zvt-messages.ts';
import { zvtCurrency } from './zvt-setup.ts';
import { statusInformation, text, type Writing, withTlv } from './zvt-writing.ts';

/** 04 0F of a command that came to nothing. */
export function failed(code: number, answer: Answer, writing: Writing): Message {
  const words = text(textOf(code), writing);
  const lines: NewTlv = {
    tag: 0x24,
    children: [{ tag: 0x07, value: Uint8Array.from(words) }],
  };
  return statusInformation(
    [
      ...field.result(code),
      ...field.terminalId(answer.terminalId ?? writing.terminal.terminalId),
      ...field.lllvar(0x3c, words),
    ],
    withTlv(writing) ? [lines] : [],
  );
}

/** The transaction that an answer tells of: for a void, the one that was taken back. */
export interface Told {
  readonly kind: Booking['kind'];
  readonly sale: Sale;
  readonly trace: string;
  readonly time: string;
}

export function toldBy({ to, sale, trace, booking }: Answer, now: string): Told | undefined {
  if (sale === undefined) return undefined;
  if (booking !== undefined)
    return {
      kind: booking.kind,
      sale,
      trace: booking.kind === 'void' ? booking.trace : sale.trace,
      time: booking.time,
    };
  if (to === 'void' || to === 'pre-authorisation-reversal')
    return { kind: 'void', sale, trace: trace ?? '000000', time: now };
  return { kind: to === 'refund' ? 'refund' : 'sale', sale, trace: sale.trace, time: sale.time };
}

/** 04 0F of one that was made. */
export function transaction(told: Told, code: number, answer: Answer, writing: Writing): Message {
  const { terminal, registration, command } = writing;
  const { sale, trace, time, kind } = told;
  const currencyAsked = registration.currency || command.field(0x49) !== undefined;
  const isVoid = kind === 'void';
  const nothing = answer.to === 'pre-authorisation-reversal';
  const tlv = [
    ...field.paymentElements(),
    ...field.longTrace(trace),
    ...(isVoid
      ? [{ tag: 0x69, children: [field.timeStamp(sale.time), ...field.longTrace(sale.trace)] }]
      : []),
  ];
  return statusInformation(
    [
      ...field.result(code),
      ...field.amount(nothing ? 0 : sale.amount),
      ...field.trace(trace),
      ...(isVoid ? field.originalTrace(sale.trace) : []),
      ...field.timeAndDate(time),
      ...field.presentedCard(sale),
      ...field.terminalId(answer.terminalId ?? terminal.terminalId),
      ...field.contract(terminal.commerceCode),
      ...field.authorisation(sale.authorisationCode),
      ...field.additionalText(`GEN.NR.:${sale.authorisationCode}`, registration.charset),
      ...(currencyAsked ? field.currency(zvtCurrency) : []),
      ...field.receipt(field.receiptOf(trace)),
      ...field.turnover(trace),
      ...field.cardFields(sale.card),
    ],
    withTlv(writing) ? tlv : [],
  );
}
