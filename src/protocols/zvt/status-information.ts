import { bcdDigits, bcdNumber } from '../../framing/bcd.ts';
import { fromLatin1 } from '../../framing/bytes.ts';
import { findTlv, type Tlv } from '../../framing/tlv.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { Money } from '../../model/money.ts';
import type { Identity, Transaction, TransactionKind } from '../../model/transaction.ts';
import { bmp, type Field, fieldValue } from './bitmaps.ts';
import { decodeText, textLines } from './charset.ts';
import { cardTypeNames } from './codes.ts';
import { currencyCode } from './currencies.ts';
import type { Message } from './message.ts';
import type { Setup } from './setup.ts';
import { tag } from './tlv-tags.ts';

type Reading = Pick<Setup, 'currency' | 'text'>;

/** The result code of 04 0F; absent when the terminal did not tell one. */
export const resultOf = ({ fields }: Message): number | undefined =>
  fieldValue(fields, bmp.result)?.[0];

/**
 * The amount as the terminal tells it. The currency comes back only where the till sent one; without it the
 * terminal means the one it was registered with.
 */
export function amountOf({ fields }: Message, { currency }: Reading): Money | undefined {
  const digits = fieldValue(fields, bmp.amount);
  const amount = digits && bcdNumber(digits);
  if (amount === undefined) return undefined;
  const number = fieldValue(fields, bmp.currency);
  const told = number === undefined ? currency : currencyCode(bcdDigits(number));
  return told === undefined ? undefined : { amount, currency: told };
}

/** What names the transaction in 04 0F. */
export function identityOf({ fields, tlv }: Message): Identity {
  const trace = traceOf(fields, tlv);
  const receipt = number(fields, bmp.receipt);
  const terminalId = number(fields, bmp.terminalId);
  const authorisation = plain(fieldValue(fields, bmp.authorisation));
  const contract = plain(fieldValue(fields, bmp.contractNumber));
  return {
    ...(receipt !== undefined && { receiptNumber: receipt }),
    // Zero is none: two transactions without a trace are not the same one.
    ...(trace !== undefined && !isZero(trace) && { trace }),
    ...(terminalId !== undefined && { terminalId }),
    ...(authorisation !== undefined && { authorisationCode: authorisation }),
    ...(contract !== undefined && { commerceCode: contract }),
  };
}

/** A trace of more than six digits stands in TLV 1F2B, and bitmap 0B is zero. */
function traceOf(
  fields: readonly Field[],
  tlv: readonly Tlv[],
  short: number = bmp.trace,
): string | undefined {
  const long = findTlv(tlv, tag.longTrace)?.value;
  if (long !== undefined && long.length > 0 && bcdNumber(long) !== undefined)
    return bcdDigits(long);
  return number(fields, short);
}

/** Digits as the terminal writes them; FFFF stands for none. */
function number(fields: readonly Field[], which: number): string | undefined {
  const value = fieldValue(fields, which);
  if (value === undefined) return undefined;
  const digits = bcdDigits(value);
  return /^\d+$/.test(digits) ? digits : undefined;
}

function plain(value: Uint8Array | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = fromLatin1(value).replace(/\0/g, ' ').trim();
  // Not every terminal writes characters here.
  return /^[\x20-\x7e]+$/.test(text) ? maskCardNumbers(text) : undefined;
}

/** A trace of more than six digits, and no trace at all, are zero in a bitmap. */
const isZero = (trace: string | undefined): boolean => trace !== undefined && /^0+$/.test(trace);

/** The trace of the transaction that a reversal has taken back; a long one stands in TLV 69. */
export function originalTraceOf({ fields, tlv }: Message): string | undefined {
  const reference = findTlv(tlv, tag.referenceTransaction)?.children ?? [];
  const trace = traceOf(fields, reference, bmp.originalTrace);
  return isZero(trace) ? undefined : trace;
}

/**
 * It tells of a transaction that took another back: it names that one, or would name it if its trace were not
 * too long for the bitmap.
 */
export function namesOriginal(message: Message): boolean {
  const { fields, tlv } = message;
  return (
    originalTraceOf(message) !== undefined ||
    findTlv(tlv, tag.referenceTransaction) !== undefined ||
    (isZero(number(fields, bmp.originalTrace)) && isZero(number(fields, bmp.trace)))
  );
}

/** Additional text, and the texts for the display where there is none. */
export function textOf({ fields, tlv }: Message, { text }: Reading): readonly string[] {
  const additional = fieldValue(fields, bmp.additionalText);
  const texts =
    additional !== undefined
      ? [additional]
      : [
          ...(findTlv(tlv, tag.displayTexts)?.children ?? [])
            .filter((element) => element.tag === tag.textLine)
            .map(({ value }) => value),
          ...(findTlv(tlv, tag.vendorErrorText) ? [findTlv(tlv, tag.vendorErrorText)?.value] : []),
        ].filter((value) => value !== undefined);
  return texts
    .flatMap((value) => textLines(decodeText(value, text)))
    .map(maskCardNumbers)
    .filter((line) => line !== '');
}

/**
 * The transaction that 04 0F tells of, or nothing when it names no amount. A trace of an original makes it a
 * void, whatever was asked.
 */
export function transactionOf(
  message: Message,
  setup: Reading,
  asked: TransactionKind,
): Transaction | undefined {
  const amount = amountOf(message, setup);
  if (amount === undefined) return undefined;
  const { fields, tlv } = message;
  const original = originalTraceOf(message);
  const last4 = last4Of(fields);
  const cardBrand = brandOf(fields, tlv, setup);
  const time = timeOf(fields, tlv);
  return {
    kind: asked === 'purchase' && namesOriginal(message) ? 'void' : asked,
    state: resultOf(message) === 0 ? 'approved' : 'declined',
    amount,
    ...identityOf(message),
    ...(original !== undefined && { original: { trace: original } }),
    ...(last4 !== undefined && { last4 }),
    ...(cardBrand !== undefined && { cardBrand }),
    ...(time !== undefined && { time }),
  };
}

/** Masked digits are E, padding is F. */
function last4Of(fields: readonly Field[]): string | undefined {
  const value = fieldValue(fields, bmp.cardNumber);
  return value && /\d{1,4}$/.exec(bcdDigits(value).replace(/F+$/, ''))?.[0];
}

function brandOf(fields: readonly Field[], tlv: readonly Tlv[], { text }: Reading) {
  const name = fieldValue(fields, bmp.cardName);
  const written = name && maskCardNumbers(textLines(decodeText(name, text)).join(' ').trim());
  if (written) return written;
  return cardTypeNames[cardTypeOf(fields, tlv) ?? -1];
}

/** Ids above 255 stand in TLV 41. */
function cardTypeOf(fields: readonly Field[], tlv: readonly Tlv[]): number | undefined {
  const short = fieldValue(fields, bmp.cardType)?.[0];
  if (short !== undefined && short !== 0xff) return short;
  const long = findTlv(tlv, tag.cardType)?.value;
  return long === undefined || long.length === 0 || long.length > 2
    ? undefined
    : long.reduce((value, byte) => value * 256 + byte, 0);
}

/**
 * The terminal's local time. Bitmap 0D has no year; a year is told only by bitmap AA or the time stamp of the
 * TLV container. Without one there is no time here: nothing is guessed.
 */
function timeOf(fields: readonly Field[], tlv: readonly Tlv[]): string | undefined {
  const stamp = findTlv(tlv, tag.timeStamp)?.children ?? [];
  const day = digitsOf(findTlv(stamp, tag.date)?.value);
  const hour = digitsOf(findTlv(stamp, tag.time)?.value);
  if (day !== undefined && hour !== undefined) return localTime(day, hour);
  const withYear = number(fields, bmp.dateWithYear);
  const time = number(fields, bmp.time);
  if (withYear === undefined || time === undefined) return undefined;
  return localTime(`20${withYear}`, time);
}

const digitsOf = (value: Uint8Array | undefined): string | undefined => value && bcdDigits(value);

/** YYYYMMDD and HHMMSS as `YYYY-MM-DDTHH:MM:SS`; absent when it is no date. */
export function localTime(date: string, time: string): string | undefined {
  const d = /^(\d{4})(\d\d)(\d\d)$/.exec(date);
  const t = /^(\d\d)(\d\d)(\d\d)$/.exec(time);
  if (d === null || t === null) return undefined;
  const text = `${d[1]}-${d[2]}-${d[3]}T${t[1]}:${t[2]}:${t[3]}`;
  const parsed = new Date(`${text}Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text)
    ? text
    : undefined;
}
