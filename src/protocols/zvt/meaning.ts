import { bcdDigits, bcdNumber } from '../../framing/bcd.ts';
import { fromLatin1 } from '../../framing/bytes.ts';
import { findTlv, type Tlv } from '../../framing/tlv.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import { bmp, type Field, fieldValue } from './bitmaps.ts';
import { decodeText, textLines } from './charset.ts';
import { resultCode, terminalStatus } from './codes.ts';
import { codeOf, control, isAnswer, isPositive } from './control-fields.ts';
import { intermediateStatus } from './intermediate-status.ts';
import type { Message } from './message.ts';
import { printedBlock, printedLine } from './receipts.ts';
import type { Setup } from './setup.ts';
import {
  amountOf,
  identityOf,
  originalTraceOf,
  resultOf,
  textOf,
  transactionOf,
} from './status-information.ts';
import { tag } from './tlv-tags.ts';
import { receiptRange, totalsIn } from './totals.ts';

type Reading = Pick<Setup, 'text' | 'currency'>;
type Meaning = Record<string, unknown>;

/** A message in words, as far as there are words for it. No card number, no password. */
export function meaningOf(message: Message, setup: Reading): Meaning {
  return without({
    ...answerMeaning(message),
    ...headMeaning(message, setup),
    ...fieldMeaning(message, setup),
    ...printMeaning(message, setup),
  });
}

/** Leaves out what the message does not say. */
const without = (meaning: Meaning): Meaning =>
  Object.fromEntries(
    Object.entries(meaning).filter(
      ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );

function answerMeaning({ command }: Message): Meaning {
  if (!isAnswer(command)) return {};
  return isPositive(command)
    ? { positive: true }
    : { positive: false, result: resultCode(codeOf(command)).text };
}

function headMeaning({ head }: Message, { text }: Reading): Meaning {
  const byte = (name: Parameters<typeof head.get>[0]) => head.get(name)?.[0];
  const [code, terminal, status] = [byte('resultCode'), byte('terminalStatus'), byte('status')];
  const minutes = head.get('t4Minutes');
  const version = head.get('softwareVersion');
  return {
    ...(code !== undefined && { result: resultCode(code).text }),
    terminalStatus: terminal === undefined ? undefined : terminalStatus(terminal).text,
    status: status === undefined ? undefined : intermediateStatus(status).text,
    t4Minutes: minutes && bcdNumber(minutes),
    softwareVersion: version && maskCardNumbers(decodeText(version, text)),
  };
}

function fieldMeaning(message: Message, setup: Reading): Meaning {
  const { fields, tlv } = message;
  const amount = amountOf(message, setup);
  const code = resultOf(message);
  const told = transactionOf(message, setup, 'purchase');
  const totals = fieldValue(fields, bmp.totals);
  return {
    ...(code !== undefined && { result: resultCode(code).text }),
    amount: amount?.amount,
    currency: amount?.currency,
    ...identityOf(message),
    originalTrace: originalTraceOf(message),
    cardBrand: told?.cardBrand,
    last4: told?.last4,
    time: clock(fields),
    texts: textOf(message, setup),
    totals: totalsIn(totals),
    ...(totals !== undefined && { receipts: receiptRange(totals) }),
    ...displayMeaning(fields, setup),
    ...deviceMeaning(tlv),
  };
}

/** Date and time as far as they are told: `11-23 10:15:30`. */
function clock(fields: readonly Field[]): string | undefined {
  const digits = (which: number) => {
    const value = fieldValue(fields, which);
    return value === undefined ? '' : bcdDigits(value);
  };
  const date = digits(bmp.date).replace(/^(..)(..)$/, '$1-$2');
  const time = digits(bmp.time).replace(/^(..)(..)(..)$/, '$1:$2:$3');
  const text = `${date} ${time}`.trim();
  return text === '' ? undefined : text;
}

/** F1 to F8: lines for the display. */
function displayMeaning(fields: readonly Field[], { text }: Reading): Meaning {
  const lines = fields
    .filter((field) => field.bmp >= 0xf1 && field.bmp <= 0xf8)
    .map(({ value }) => maskCardNumbers(decodeText(value, text)));
  return { lines };
}

function deviceMeaning(tlv: readonly Tlv[]): Meaning {
  const device = findTlv(tlv, tag.device)?.children ?? [];
  const value = findTlv(device, tag.deviceName)?.value;
  const error = findTlv(tlv, tag.vendorErrorText)?.value;
  return {
    deviceName: value && fromLatin1(value),
    vendorError: error && textLines(maskCardNumbers(fromLatin1(error))),
  };
}

function printMeaning(message: Message, { text }: Reading): Meaning {
  switch (message.command) {
    case control.printLine: {
      const { lines, last } = printedLine(message, text);
      return { lines, last: last || undefined };
    }
    case control.textBlock: {
      const { lines, last, receiptType } = printedBlock(message, text);
      return { lines, receiptType, last: last || undefined };
    }
    case control.intermediateStatus: {
      const shown = findTlv(message.tlv, tag.displayTexts)?.children ?? [];
      const lines = shown.flatMap(({ value }) => textLines(decodeText(value, text)));
      return { lines: lines.map(maskCardNumbers), texts: undefined };
    }
    default:
      return {};
  }
}
