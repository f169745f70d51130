/**
 * The bitmaps of ZVT (PA00P015 rev. 13.08 chapter 7.3): one byte that says what comes, and how long it is. A
 * reader cannot skip a bitmap that it does not know.
 */
type Length =
  | { readonly by: 'fixed'; readonly bytes: number }
  /** LLVAR and LLLVAR: two or three bytes Fx, x one decimal digit of the length. */
  | { readonly by: 'digits'; readonly digits: 2 | 3 }
  /** The TLV container: a BER length. */
  | { readonly by: 'ber' };

/**
 * `b` binary, `n` packed BCD, `text` in the character set of the terminal, `card` is or may hold a card
 * number, `secret` is never shown, `tlv` the container.
 */
export type Content = 'b' | 'n' | 'text' | 'card' | 'secret' | 'tlv';

export interface Bitmap {
  readonly name: string;
  readonly length: Length;
  readonly content: Content;
}

const b = (bytes: number, name: string): Bitmap => fixed(bytes, name, 'b');
const n = (bytes: number, name: string): Bitmap => fixed(bytes, name, 'n');
const fixed = (bytes: number, name: string, content: Content): Bitmap => ({
  name,
  length: { by: 'fixed', bytes },
  content,
});
const ll = (name: string, content: Content): Bitmap => ({
  name,
  length: { by: 'digits', digits: 2 },
  content,
});
const lll = (name: string, content: Content): Bitmap => ({
  name,
  length: { by: 'digits', digits: 3 },
  content,
});

/** E1 to E8 and F1 to F8: up to eight lines for the display. */
const lines = (first: number, name: string): [number, Bitmap][] =>
  Array.from({ length: 8 }, (_, i) => [first + i, ll(`${name} line ${i + 1}`, 'text')]);

export const bmp = {
  timeout: 0x01,
  maxStatusInfos: 0x02,
  serviceByte: 0x03,
  amount: 0x04,
  tlv: 0x06,
  trace: 0x0b,
  time: 0x0c,
  date: 0x0d,
  cardNumber: 0x22,
  result: 0x27,
  statusByte: 0x19,
  terminalId: 0x29,
  contractNumber: 0x2a,
  originalTrace: 0x37,
  authorisation: 0x3b,
  additionalText: 0x3c,
  currency: 0x49,
  totals: 0x60,
  receipt: 0x87,
  cardType: 0x8a,
  cardName: 0x8b,
  hostResult: 0xa0,
  dateWithYear: 0xaa,
} as const;

export const bitmaps: ReadonlyMap<number, Bitmap> = new Map<number, Bitmap>([
  [0x01, b(1, 'timeout')],
  [0x02, b(1, 'maximum of status informations')],
  [0x03, b(1, 'service byte')],
  [0x04, n(6, 'amount')],
  [0x05, b(1, 'pump')],
  [0x06, { name: 'TLV container', length: { by: 'ber' }, content: 'tlv' }],
  [0x0b, n(3, 'trace')],
  [0x0c, n(3, 'time')],
  [0x0d, n(2, 'date')],
  [0x0e, n(2, 'expiry date')],
  [0x17, n(2, 'card sequence number')],
  [0x19, b(1, 'payment type or status byte')],
  [0x22, ll('card number', 'card')],
  [0x23, ll('track 2', 'card')],
  [0x24, lll('track 3', 'card')],
  [0x27, b(1, 'result code')],
  [0x29, n(4, 'terminal id')],
  [0x2a, fixed(15, 'contract number', 'text')],
  [0x2d, ll('track 1', 'card')],
  [0x2e, lll('synchronous chip', 'card')],
  [0x37, n(3, 'trace of the original')],
  [0x3a, fixed(2, 'card verification value', 'secret')],
  [0x3b, fixed(8, 'authorisation attribute', 'text')],
  [0x3c, lll('additional text', 'text')],
  [0x3d, fixed(3, 'password', 'secret')],
  [0x49, n(2, 'currency')],
  [0x4c, ll('blocked goods groups', 'b')],
  [0x60, lll('totals', 'b')],
  [0x70, b(4, 'image id')],
  [0x71, b(4, 'image size')],
  [0x72, b(1, 'image type')],
  [0x73, b(1, 'image encoding')],
  [0x74, b(1, 'image chunks')],
  [0x75, b(1, 'image index')],
  [0x87, n(2, 'receipt number')],
  [0x88, n(3, 'turnover record number')],
  [0x8a, b(1, 'card type')],
  [0x8b, ll('card name', 'text')],
  [0x8c, b(1, 'card type of the network')],
  [0x9a, lll('GeldKarte record', 'card')],
  [0xa0, b(1, 'host result code')],
  [0xa7, ll('chip data EF_ID', 'card')],
  [0xaa, n(3, 'date with year')],
  [0xaf, lll('EF_INFO', 'card')],
  [0xba, fixed(5, 'AID parameter', 'b')],
  [0xd0, b(1, 'key')],
  [0xd1, ll('PIN data', 'secret')],
  [0xd2, b(1, 'card output')],
  [0xd3, b(1, 'DUKPT id')],
  [0xe0, b(1, 'shortest input')],
  ...lines(0xe1, 'second text'),
  [0xe9, b(1, 'longest input')],
  [0xea, b(1, 'echo of the input')],
  [0xeb, fixed(8, 'MAC', 'b')],
  [0xf0, b(1, 'display time')],
  ...lines(0xf1, 'text'),
  [0xf9, b(1, 'beeps')],
  [0xfa, b(1, 'card reader')],
  [0xfb, b(1, 'confirmation')],
  [0xfc, b(1, 'dialog control')],
  [0xfd, b(1, 'device')],
]);

/** One bitmap with its value, without the length that stood before it. */
export interface Field {
  readonly bmp: number;
  readonly value: Uint8Array;
}

export interface ReadFields {
  readonly fields: readonly Field[];
  /** From the first bitmap on that is not in the table or not whole; empty when all was read. */
  readonly rest: Uint8Array;
}
