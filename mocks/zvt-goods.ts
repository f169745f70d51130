import { bcdNumber } from '../src/framing/bcd.ts';
import { readFields } from '../src/protocols/zvt/bitmaps.ts';
import type { Acknowledged } from './zvt-acknowledgements.ts';
import type { ZvtCommand } from './zvt-requests.ts';

/** What the till's answer to 04 0F means to the terminal (PA00P015 rev. 13.08, 2.2.8). */
export type TillAnswer =
  | { readonly type: 'taken' }
  /** 84 9C: say it again later. */
  | { readonly type: 'not-ready' }
  /** 84 9D: only so much was delivered. */
  | { readonly type: 'in-part'; readonly amount: number }
  /** Any other 84: take it back. */
  | { readonly type: 'refused' }
  | { readonly type: 'silence' };

export function tillAnswer(by: Acknowledged): TillAnswer {
  if (by.by === 'nobody') return { type: 'silence' };
  switch (by.code) {
    case 0x00:
      return { type: 'taken' };
    case 0x9c:
      return { type: 'not-ready' };
    case 0x9d: {
      const amount = readFields(by.data).fields.find(({ bmp }) => bmp === 0x04);
      const delivered = amount && bcdNumber(amount.value);
      return delivered === undefined ? { type: 'refused' } : { type: 'in-part', amount: delivered };
    }
    default:
      return { type: 'refused' };
  }
}

/** After 84 9C, until the 04 0F comes again. */
export const goodsRepeatMs = 2_000;

const usualGoodsMs = 30_000;

/** How long the terminal waits for the answer to 04 0F: BMP 01 of the command, in seconds. */
export function goodsMs(command: ZvtCommand): number {
  const [seconds] = command.field(0x01) ?? [];
  return seconds === undefined ? usualGoodsMs : seconds * 1_000;
}
