import { bcdDigits, bcdNumber } from '../../framing/bcd.ts';

/** The card groups of bitmap 60 in their order. */
const brands = [
  'girocard',
  'JCB',
  'Eurocard/Mastercard',
  'American Express',
  'Visa',
  'Diners',
  'other',
] as const;

export interface BrandTotal {
  readonly brand: (typeof brands)[number];
  readonly count: number;
  /** Minor units. */
  readonly sum: number;
}

const receipts = 4;
const groupLength = 7;

/** Bitmap 60: two receipt numbers, then for each group a binary count and a sum of six bytes BCD. */
export function totalsIn(value: Uint8Array | undefined): readonly BrandTotal[] | undefined {
  if (value === undefined || value.length !== receipts + groupLength * brands.length)
    return undefined;
  const groups: BrandTotal[] = [];
  for (const [index, brand] of brands.entries()) {
    const at = receipts + index * groupLength;
    const sum = bcdNumber(value.subarray(at + 1, at + groupLength));
    if (sum === undefined) return undefined;
    groups.push({ brand, count: value[at] ?? 0, sum });
  }
  return groups;
}

/** The first and the last receipt of bitmap 60. */
export const receiptRange = (value: Uint8Array): { from: string; to: string } => ({
  from: bcdDigits(value.subarray(0, 2)),
  to: bcdDigits(value.subarray(2, 4)),
});
