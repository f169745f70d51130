import { isPlainObject } from './canonical-json.ts';

// The tables are STRICT, so another type here means a file that SQLite did not write.

export function numberIn(row: unknown, column: string): number {
  const value = isPlainObject(row) ? row[column] : undefined;
  if (typeof value !== 'number') throw new TypeError(`The column ${column} holds no number.`);
  return value;
}

export function textIn(row: unknown, column: string): string {
  const value = isPlainObject(row) ? row[column] : undefined;
  if (typeof value !== 'string') throw new TypeError(`The column ${column} holds no text.`);
  return value;
}
