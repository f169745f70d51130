import { readTlv, readTlvLength } from '../../framing/tlv.ts';
import { bmp, readDigitsLength, readFields } from './bitmaps.ts';

/** What may stand before the first bitmap. */
export type HeadName =
  | 'password'
  | 'newPassword'
  | 'configByte'
  | 'currency'
  | 'receiptFrom'
  | 'receiptTo'
  | 'timeout'
  | 'baudRate'
  | 'resultCode'
  | 'softwareVersion'
  | 'terminalStatus'
  | 'status'
  | 't4Minutes'
  | 'attribute'
  | 'text';

export type Head = ReadonlyMap<HeadName, Uint8Array>;

interface Divided {
  readonly head: Head;
  readonly body: Uint8Array;
}

/** Fixed parts in their order, each with its length in bytes. */
type Parts = readonly (readonly [HeadName, number])[];

const password: Parts = [['password', 3]];

/** Commands of the till that begin with a bitmap. Of any other nobody knows where its password stands. */
const withoutHead: ReadonlySet<number> = new Set([
  0x0601, 0x0602, 0x060f, 0x061e, 0x0622, 0x0623, 0x0624, 0x0625, 0x0626, 0x0670, 0x06b0, 0x06e0,
  0x06e1, 0x06e2, 0x06e3, 0x06e4, 0x0850,
]);

/** Is it known where the password stands in the data of this command of the till, if it has one? */
export const isKnownFromTill = (command: number): boolean =>
  fromTill.has(command) || withoutHead.has(command);

/** Commands of the till whose data does not begin with a bitmap (PA00P015 rev. 13.08 chapter 2). */
const fromTill: ReadonlyMap<number, Parts> = new Map<number, Parts>([
  [
    0x0600,
    [
      ['password', 3],
      ['configByte', 1],
      ['currency', 2],
    ],
  ],
  [0x0501, password],
  [0x0610, password],
  [
    0x0612,
    [
      ['password', 3],
      ['receiptFrom', 2],
      ['receiptTo', 2],
    ],
  ],
  [0x0618, password],
  [0x061a, password],
  [0x061b, password],
  [0x0620, password],
  [0x0621, password],
  [0x0630, password],
  [0x0631, password],
  [0x0650, password],
  [0x0652, password],
  [0x0691, password],
  [0x0693, password],
  [
    0x0695,
    [
      ['password', 3],
      ['newPassword', 3],
    ],
  ],
  [0x06c0, [['timeout', 1]]],
  [0x0840, [['baudRate', 1]]],
]);

/** The bytes of a password at the beginning of the data of this command of the till. */
export function passwordLength(command: number): number {
  const [first] = fromTill.get(command) ?? [];
  return first?.[0] === 'password' ? first[1] : 0;
}

/** Takes the parts as far as there are bytes; a part that is not whole is left for the body. */
function take(data: Uint8Array, parts: Parts): Divided {
  const head = new Map<HeadName, Uint8Array>();
  let at = 0;
  for (const [name, length] of parts) {
    if (at + length > data.length) break;
    head.set(name, data.slice(at, at + length));
    at += length;
  }
  return { head, body: data.slice(at) };
}

/** Divides the data of a message at its first bitmap. */
export function headOf(
  command: number,
  data: Uint8Array,
  from: 'till' | 'terminal',
  afterEnquiry: boolean,
): Divided {
  if (from === 'till') return take(data, fromTill.get(command) ?? []);
  switch (command) {
    case 0x060f:
      return afterEnquiry ? enquiryCompletion(data) : take(data, []);
    case 0x061e:
      return abort(data);
    case 0x04ff:
      return intermediate(data);
    case 0x06d1:
      return printLine(data);
    default:
      return take(data, []);
  }
}

/** `[version LLLVAR] status [TLV]`. The status can be any byte, 06 too. */
function enquiryCompletion(data: Uint8Array): Divided {
  const length = readDigitsLength(data, 3);
  const version = length === undefined ? undefined : data.slice(3, 3 + length);
  const at = version === undefined || length === undefined ? 0 : 3 + length;
  const { head, body } = take(data.slice(at), [['terminalStatus', 1]]);
  if (version === undefined || version.length !== length) return { head, body };
  return { head: new Map([['softwareVersion', version], ...head]), body };
}

const wrongCurrency = 0x6f;

/** The code, and the currency behind code 6F. It may come with nothing at all. */
function abort(data: Uint8Array): Divided {
  const withCurrency = data[0] === wrongCurrency && readFields(data.subarray(1)).rest.length > 0;
  return take(
    data,
    withCurrency
      ? [
          ['resultCode', 1],
          ['currency', 2],
        ]
      : [['resultCode', 1]],
  );
}

/** A TLV container from here exactly to the end. */
function isContainer(data: Uint8Array): boolean {
  if (data[0] !== bmp.tlv) return false;
  const length = readTlvLength(data, 1);
  if (length === undefined || 1 + length.size + length.number !== data.length) return false;
  return readTlv(data.subarray(1 + length.size)).rest.length === 0;
}

/**
 * The status, T4 in minutes, the container. The standard wants T4 before the container; a published message
 * has none.
 */
const intermediate = (data: Uint8Array): Divided =>
  take(
    data,
    isContainer(data.subarray(1))
      ? [['status', 1]]
      : [
          ['status', 1],
          ['t4Minutes', 1],
        ],
  );

/** Longest container behind a printed line: a receipt type, a message sequence id. */
const longestTail = 64;

/** Attribute and text; some terminals put a container behind the text. */
function printLine(data: Uint8Array): Divided {
  const { head, body } = take(data, [['attribute', 1]]);
  let end = body.length;
  for (let at = Math.max(0, body.length - longestTail); at < body.length; at++)
    if (body[at] === bmp.tlv && isContainer(body.subarray(at))) {
      end = at;
      break;
    }
  return { head: new Map([...head, ['text', body.slice(0, end)]]), body: body.slice(end) };
}
