import { fromLatin1, toLatin1 } from '../framing/bytes.ts';
import { ecr17Frame, isProgress, variantOfFrame } from '../framing/ecr17-frame.ts';
import { lookup } from '../model/lookup.ts';
import { maskCardBytes, maskCardNumbers } from '../model/mask.ts';
import { resultCode } from '../protocols/ecr17/codes.ts';
import { type Column, type Table, widthOf } from '../protocols/ecr17/fixed-width.ts';
import {
  additionalDataTable,
  answerTables,
  receiptTable,
  requestTables,
  statusTable,
  vasTable,
} from '../protocols/ecr17/layouts.ts';
import type { Masking } from './masking.ts';
import type { Side } from './wire-frame.ts';

const EOT = 0x04;

/** What goes on behind its table, or has none of a fixed length. */
const openTables: Readonly<Record<string, Table>> = {
  s: statusTable,
  S: receiptTable,
  U: additionalDataTable,
  K: vasTable,
};

function tableOf(text: string, from: Side): Table | undefined {
  const code = text.charAt(9);
  if (from === 'till') return lookup(requestTables, code);
  const layout = lookup(answerTables, code + text.length);
  if (layout === undefined) return lookup(openTables, code);
  return resultCode(text.slice(10, 12)).meaning === 'ok' ? layout.ok : layout.ko;
}

function maskedColumn(text: string, [, , as, name]: Column): string {
  if (as === 'card')
    return text.replace(/\d(?=(?:\D*\d){4})/g, (digit) => (digit === '0' ? '0' : '*'));
  if (name === undefined) return text.replace(/[^0 ]/g, '*');
  return maskCardNumbers(text);
}

/** Column by column: digits of several columns in a row are no number. */
function masked(text: string, from: Side): string {
  const table = tableOf(text, from);
  if (table === undefined) return unread(text);
  let shown = '';
  for (const column of table) {
    const [first, last] = column;
    // Columns that the table does not name.
    shown += unread(text.slice(shown.length, first - 1));
    shown += maskedColumn(text.slice(first - 1, last), column);
  }
  const more = maskCardNumbers(text.slice(widthOf(table)));
  return shown + (isReceipt(text, from) ? startMasked(endMasked(more)) : more);
}

const unread = (text: string): string => fromLatin1(maskCardBytes(toLatin1(text)));

const start = /^\d(?:[ \t./-]?\d){4,}/;
const end = /\d(?:[ \t./-]?\d){4,}[ \t./-]?$/;

/** A receipt is cut into frames anywhere, and a number with it: each half alone looks like none. */
const endMasked = (text: string): string =>
  text.replace(end, (digits) => digits.replace(/\d/g, '*'));

const startMasked = (text: string): string =>
  text.replace(start, (digits) => digits.replace(/\d(?=(?:\D*\d){4})/g, '*'));

const linesMasked = (lines: readonly unknown[]): readonly unknown[] =>
  lines.map((line, at) => {
    if (typeof line !== 'string') return line;
    const ended = at === lines.length - 1 ? endMasked(line) : line;
    return at === 0 ? startMasked(ended) : ended;
  });

const isReceipt = (text: string, from: Side): boolean =>
  from === 'terminal' && text.charAt(9) === 'S';

/** The card number stands in columns of its own; texts, tags and XML may hold another. */
export const ecr17Masking: Masking = {
  data: (data, from) =>
    toLatin1(isProgress(data) ? maskCardNumbers(fromLatin1(data)) : masked(fromLatin1(data), from)),
  frame: (data, like) =>
    isProgress(data)
      ? Uint8Array.of(...data, EOT)
      : ecr17Frame(data, variantOfFrame(like) ?? 'std'),
  check: 1,
  fields({ name, fields }) {
    const lines = fields['lines'];
    if (name !== 'receipt' || !Array.isArray(lines)) return fields;
    return { ...fields, lines: linesMasked(lines) };
  },
};
