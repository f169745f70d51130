import { findTlv, type Tlv } from '../../framing/tlv.ts';
import type { Progress } from '../../model/events.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import { type Charset, charsetOf, decodeText, textLines } from './charset.ts';
import { control } from './control-fields.ts';
import type { Message } from './message.ts';
import type { Setup } from './setup.ts';
import { tag } from './tlv-tags.ts';

/** What one print command adds to a receipt. */
export interface Printed {
  readonly lines: readonly string[];
  /** The receipt ends here. */
  readonly last: boolean;
  /** 1 merchant, 2 customer, 3 administration, where the terminal tells. */
  readonly receiptType: number | undefined;
}

/** The highest bit: the last line. 80 alone is an ordinary line. */
const isLast = (attribute: number): boolean => attribute > 0x80;
const feed = 0xff;

const linesOf = (bytes: Uint8Array, charset: Charset): string[] =>
  textLines(decodeText(bytes, charset)).map(maskCardNumbers);

/** `06 D1`: one line. Attribute FF feeds as many lines as the byte behind it says. */
export function printedLine({ head, tlv }: Message, charset: Charset): Printed {
  const attribute = head.get('attribute')?.[0] ?? 0;
  const text = head.get('text') ?? new Uint8Array();
  const receiptType = findTlv(tlv, tag.receiptType)?.value[0];
  if (attribute === feed)
    return { lines: new Array<string>(text[0] ?? 0).fill(''), last: false, receiptType };
  const last = isLast(attribute);
  if (last && text.length === 0) return { lines: [], last, receiptType };
  const indent = last ? '' : ' '.repeat(attribute & 0x0f);
  const lines = linesOf(text, charset).map((line) => (line === '' ? '' : indent + line));
  return { lines, last, receiptType };
}

/** `06 D3`: a block of lines. It may say itself in which character set it is. */
export function printedBlock({ tlv }: Message, charset: Charset): Printed {
  const used = charsetOf(findTlv(tlv, tag.charset)?.value[0]) ?? charset;
  const elements = tlv
    .filter((element) => element.tag === tag.printTexts)
    .flatMap((texts): readonly Tlv[] => texts.children ?? []);
  const lines = elements
    .filter((element) => element.tag === tag.textLine)
    .flatMap(({ value }) => linesOf(value, used));
  const last = elements.some(
    ({ tag: number, value }) => number === tag.printAttribute && isLast(value[0] ?? 0),
  );
  return { lines, last, receiptType: findTlv(tlv, tag.receiptType)?.value[0] };
}

/** A receipt as far as it has come. */
export interface Receipt {
  readonly lines: readonly string[];
  readonly receiptType: number | undefined;
}

type ReceiptProgress = Extract<Progress, { type: 'receipt' }>;

/** Longer ones are handed over in parts. */
const mostLines = 2_000;

const receiptOf = (lines: readonly string[]): ReceiptProgress[] =>
  lines.length === 0 ? [] : [{ type: 'receipt', lines, from: 'terminal' }];

/** What is printed by now: receipts that are whole, and the one that goes on. */
export function receive(
  soFar: Receipt | undefined,
  message: Message,
  { text }: Pick<Setup, 'text'>,
): { readonly receipt: Receipt | undefined; readonly done: readonly ReceiptProgress[] } {
  const printed =
    message.command === control.textBlock
      ? printedBlock(message, text)
      : printedLine(message, text);
  const receiptType = printed.receiptType ?? soFar?.receiptType;
  const another = soFar !== undefined && soFar.receiptType !== receiptType;
  const lines = [...(another ? [] : (soFar?.lines ?? [])), ...printed.lines];
  const before = another ? endReceipt(soFar) : [];
  if (printed.last || lines.length >= mostLines)
    return { receipt: undefined, done: [...before, ...receiptOf(lines)] };
  return { receipt: { lines, receiptType }, done: before };
}

/** The terminal has ended without saying that a line was the last. */
export const endReceipt = (receipt: Receipt | undefined): readonly ReceiptProgress[] =>
  receiptOf(receipt?.lines ?? []);
