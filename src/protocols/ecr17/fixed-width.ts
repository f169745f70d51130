import { fromLatin1, toLatin1 } from '../../framing/bytes.ts';

/**
 * How a field stands in its columns. `digits`: zeros on the left. `text`: blanks on the right. `right`:
 * blanks on the left. `card`: a number of which only the last four digits are kept the moment it is read.
 * `zeros`: filler.
 */
export type Columns = 'digits' | 'text' | 'right' | 'card' | 'zeros';

/** One line of a table of the document: first and last column, counted from 1, and what stands there. */
export type Column<N extends string = string> = readonly [
  from: number,
  to: number,
  as: Columns,
  name?: N,
];

export type Table<N extends string = string> = readonly Column<N>[];

/** Named fields as they were written, without their padding blanks. */
export type Fields = Readonly<Record<string, string>>;

/** @throws {RangeError} for a value wider than its columns: nothing is cut short. */
function pad(value: string, width: number, as: Columns): string {
  if (value.length > width) throw new RangeError(`"${value}" does not fit into ${width} columns`);
  switch (as) {
    case 'digits':
    case 'card':
    case 'zeros':
      return value.padStart(width, '0');
    case 'text':
      return value.padEnd(width);
    case 'right':
      return value.padStart(width);
  }
}

/** A payload from its table. Every column is written once, in the table's order. */
export function write(table: Table, values: Fields): Uint8Array {
  const text = table.map(([from, to, as, name]) =>
    pad((name === undefined ? '' : values[name]) ?? '', to - from + 1, as),
  );
  return toLatin1(text.join(''));
}

/** The last four digits of a card number; nothing where fewer are told, or only the zeros that fill it. */
const last4 = (text: string): string =>
  /^[0 ]*$/.test(text) ? '' : (/\d{4}$/.exec(text.trim())?.[0] ?? '');

function readColumn(text: string, as: Columns): string {
  switch (as) {
    case 'card':
      return last4(text);
    case 'text':
    case 'right':
      return text.trim();
    case 'digits':
    case 'zeros':
      return text;
  }
}

/** The named fields of a payload. A payload shorter than its table has fewer. */
export function read(table: Table, payload: Uint8Array): Fields {
  const text = fromLatin1(payload);
  const fields: Record<string, string> = {};
  for (const [from, to, as, name] of table)
    if (name !== undefined && text.length >= to)
      fields[name] = readColumn(text.slice(from - 1, to), as);
  return fields;
}

/** How long a payload of this table is. */
export const widthOf = (table: Table): number => table.at(-1)?.[1] ?? 0;
