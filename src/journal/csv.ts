export type Cell = string | number | boolean | undefined;

/** One line of RFC 4180, without its line end. */
export const csvLine = (cells: readonly Cell[]): string => cells.map(csvCell).join(',');

/** A spreadsheet takes a text that begins so for a formula (CWE-1236). */
const formula = /^[=+\-@\t\r]/;

function csvCell(cell: Cell): string {
  if (cell === undefined) return '';
  const text = typeof cell === 'string' && formula.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
