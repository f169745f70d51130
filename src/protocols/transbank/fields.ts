import { type FieldName, type Fields, type FieldType, fieldTypes, type Layout } from './layouts.ts';

/** A message field that cannot be what the vendor's table says it is. */
export interface Malformed {
  readonly field: FieldName;
  readonly expected: string;
}

const last4 = (text: string): string => text.replace(/\s/g, '').slice(-4);

/** Reads the fields behind the function code. Fields beyond the layout are ignored, missing ones are absent. */
export function readFields(layout: Layout, values: readonly string[]): Fields | Malformed {
  const fields: Record<string, string | number> = {};
  for (const [i, name] of layout.entries()) {
    const raw = values[i];
    if (name === null || raw === undefined || raw.trim() === '') continue;
    const type: FieldType = fieldTypes[name];
    switch (type) {
      case 'pesos':
      case 'count': {
        const text = raw.trim();
        if (!/^-?\d{1,15}$/.test(text)) return { field: name, expected: 'a whole number' };
        fields[name] = Number(text);
        break;
      }
      case 'card':
        fields[name] = last4(raw);
        break;
      case 'voucher':
        fields[name] = raw;
        break;
      case 'text':
        fields[name] = raw.trim();
        break;
    }
  }
  return fields;
}

export const isMalformed = (read: Fields | Malformed): read is Malformed => 'expected' in read;

/** The text behind a function code, cut at the separators. */
export function splitData(text: string): { code: string; values: string[] } {
  const [code = '', ...values] = text.split('|');
  return { code, values };
}

const voucherWidth = 40;

/** A voucher is one text of lines of exactly 40 characters. */
export function voucherLines(voucher: string): string[] {
  const lines: string[] = [];
  for (let at = 0; at < voucher.length; at += voucherWidth)
    lines.push(voucher.slice(at, at + voucherWidth).trimEnd());
  return lines;
}
