import { fromLatin1 } from '../../framing/bytes.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import { widthOf } from './fixed-width.ts';
import { receiptTable } from './layouts.ts';

/** Columns of the till's paper that the terminal reckons with. */
const standard = 24;

/** New line, and the end of what a mark has set. */
const newLine = '}';
/** Closes the last part of a receipt, behind six new lines. */
const end = '\x1b';
/**
 * Marks at the beginning of a line, and how many characters then fill it. Terminals use 7F, double height
 * and bold; double height, double width (two of them) and compressed are in the document, too.
 */
const marks: ReadonlyMap<string, number> = new Map([
  ['\x7f', standard],
  ['~', standard],
  ['{', 12],
  ['|', 12],
  ['^', 42],
]);

/** Receipt text that has come so far and is no whole line yet. */
export interface Unfinished {
  readonly line: string;
  readonly width: number;
}

export const nothingYet: Unfinished = { line: '', width: standard };

export interface ReceiptPart {
  readonly lines: readonly string[];
  readonly rest: Unfinished;
  /** It was the last part. */
  readonly last: boolean;
}

/**
 * Receipt text as lines. A line ends with its mark, or without one when it is full: a mark behind a full
 * line makes an empty one. What is printed bold or large is not told apart.
 */
export function receiptPart(payload: Uint8Array, begun: Unfinished): ReceiptPart {
  const text = fromLatin1(payload.subarray(widthOf(receiptTable)));
  const lines: string[] = [];
  let { line, width } = begun;
  for (const character of text) {
    const marked = marks.get(character);
    if (marked !== undefined) width = marked;
    if (character === end || marked !== undefined) continue;
    if (character !== newLine) line += character;
    if (character === newLine || line.length >= width) {
      lines.push(line);
      line = '';
      width = standard;
    }
  }
  const last = text.endsWith(end);
  return {
    lines: (last ? finished([...lines, line]) : lines).map(printable),
    rest: last ? nothingYet : { line, width },
    last,
  };
}

/** What is left when no last part comes. */
export const unfinishedLines = ({ line }: Unfinished): readonly string[] =>
  line === '' ? [] : [printable(line)];

const printable = (line: string): string => maskCardNumbers(line.trimEnd());

/** The last lines only feed the paper. */
function finished(lines: readonly string[]): readonly string[] {
  const used = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, used + 1);
}
