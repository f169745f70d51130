import { toBcd } from '../src/framing/bcd.ts';
import type { NewTlv } from '../src/framing/tlv.ts';
import type { Card, Sale } from './ledger.ts';
import type { Charset } from './zvt-text.ts';
import { textBytes } from './zvt-text.ts';

/** Bitmaps as bytes, written out here so that the till's own table is tested against another hand. */

/** The number on the receipt: four digits of the trace, so that it begins again after 9999. */
export const receiptOf = (trace: string): string => trace.slice(-4);

const digitsLength = (length: number, digits: number): number[] =>
  Array.from(String(length).padStart(digits, '0'), (digit) => 0xf0 + Number(digit));

export const llvar = (bmp: number, value: readonly number[]): number[] => [
  bmp,
  ...digitsLength(value.length, 2),
  ...value,
];

export const lllvar = (bmp: number, value: readonly number[]): number[] => [
  bmp,
  ...digitsLength(value.length, 3),
  ...value,
];

const bcd = (bmp: number, digits: string, length: number): number[] => [
  bmp,
  ...toBcd(digits, length),
];

export const result = (code: number): number[] => [0x27, code];
/** Twelve digits; a fault may want more. */
export const amount = (minor: number): number[] =>
  bcd(0x04, String(Math.min(minor, 999_999_999_999)), 6);
export const currency = (iso: string): number[] => bcd(0x49, iso, 2);
export const terminalId = (id: string): number[] => bcd(0x29, id, 4);
export const receipt = (number: string): number[] => bcd(0x87, number, 2);

/** BMP 0B has six digits; a longer trace is 000000 there and stands in TLV 1F2B. */
const isLong = (trace: string): boolean => trace.length > 6;
const shortTrace = (trace: string): string => (isLong(trace) ? '000000' : trace);
export const trace = (number: string): number[] => bcd(0x0b, shortTrace(number), 3);
export const originalTrace = (number: string): number[] => bcd(0x37, shortTrace(number), 3);
export const turnover = (number: string): number[] => bcd(0x88, number.slice(-6), 3);

export const longTrace = (number: string): NewTlv[] =>
  isLong(number) ? [{ tag: 0x1f2b, value: toBcd(number, Math.ceil(number.length / 2)) }] : [];

/** BMP 0C and 0D of a local time `2023-07-26T11:37:48`; there is no year. */
export const timeAndDate = (time: string): number[] => [
  ...bcd(0x0c, time.slice(11, 19).replaceAll(':', ''), 3),
  ...bcd(0x0d, `${time.slice(5, 7)}${time.slice(8, 10)}`, 2),
];

/** BMP AA and 0C, as 04 01 carries them. */
export const clockFields = (time: string): number[] => [
  ...bcd(0xaa, time.slice(2, 10).replaceAll('-', ''), 3),
  ...bcd(0x0c, time.slice(11, 19).replaceAll(':', ''), 3),
];

/** TLV 2E: with the year. */
export const timeStamp = (time: string) => ({
  tag: 0x2e,
  children: [
    { tag: 0x1f0e, value: toBcd(time.slice(0, 10).replaceAll('-', ''), 4) },
    { tag: 0x1f0f, value: toBcd(time.slice(11, 19).replaceAll(':', ''), 3) },
  ],
});

export const cardNumber = (last4: string): number[] =>
  llvar(0x22, [...toBcd(last4.padStart(16, 'E'), 8)]);

export const contract = (number: string): number[] => [
  0x2a,
  ...textBytes(number.padEnd(15).slice(0, 15), 0x00),
];

export const authorisation = (code: string): number[] => [
  0x3b,
  ...textBytes(code, 0x00).concat(Array<number>(8).fill(0)).slice(0, 8),
];

export const additionalText = (text: string, charset: Charset): number[] =>
  lllvar(0x3c, textBytes(text, charset));

/** The number of the card type, and its name. */
const brands: Readonly<Record<string, readonly [number, string]>> = {
  VI: [0x0a, 'VISA'],
  MC: [0x06, 'MASTERCARD'],
  AX: [0x08, 'AMEX'],
  DB: [0x05, 'girocard'],
};

export function cardFields({ brand }: Card): number[] {
  const known = brands[brand];
  if (known === undefined) return [];
  const [id, name] = known;
  return [0x8a, id, ...llvar(0x8b, [...textBytes(name, 0x00), 0x00])];
}

/** TLV 2F, chip and PIN, and 60, the application on the chip. */
export const paymentElements = (): NewTlv[] => [
  {
    tag: 0x2f,
    children: [
      { tag: 0x1f10, value: Uint8Array.of(0x02) },
      { tag: 0x1f11, value: Uint8Array.of(0x01) },
      { tag: 0x1f12, value: Uint8Array.of(0x01) },
    ],
  },
];

/** 0E, 17, 19, 22: what the receipt says of the card. */
export const presentedCard = ({ card }: Sale): number[] => [
  ...bcd(0x0e, '2812', 2),
  ...bcd(0x17, '0001', 2),
  0x19,
  0x70,
  ...cardNumber(card.last4),
];
