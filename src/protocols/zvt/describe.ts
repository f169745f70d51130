import { splitApdu } from '../../framing/apdu.ts';
import { bcdDigits } from '../../framing/bcd.ts';
import { fromLatin1, toLatin1 } from '../../framing/bytes.ts';
import { readTlv, type Tlv, tagHex } from '../../framing/tlv.ts';
import { looksLikeCardNumber, maskCardNumbers } from '../../model/mask.ts';
import type { Described } from '../protocol.ts';
import { bitmaps, bmp, type Field } from './bitmaps.ts';
import { codeOf, control, controlName, isAnswer, isPositive } from './control-fields.ts';
import { type HeadName, isKnownFromTill } from './heads.ts';
import { meaningOf } from './meaning.ts';
import { isEnquiryCompletion, type Message, readMessage } from './message.ts';
import type { Setup } from './setup.ts';
import { tagName } from './tlv-tags.ts';

/** A ZVT message for traces and `tillwire decode`: what is on the wire, and what it means. */
export interface ZvtDescribed extends Described {
  /** The control field, four hexadecimal digits. */
  readonly control: string;
  readonly dataLength: number;
  readonly meaning: Readonly<Record<string, unknown>>;
}

/** One TLV element, its value in hexadecimal digits. */
export type DescribedTlv =
  | { readonly tag: string; readonly name: string; readonly value: string }
  | { readonly tag: string; readonly name: string; readonly children: readonly DescribedTlv[] };

const hidden = '******';

/** Commands of the till; everything else, answers apart, comes from the terminal. */
const ofTheTerminal: readonly number[] = [
  control.setTime,
  control.inputRequest,
  control.menuRequest,
  control.statusInformation,
  control.intermediateStatus,
  control.completion,
  control.abort,
  control.graphicMenu,
  control.printLine,
  control.textBlock,
];

/** `data`: the whole APDU. `from` settles whose it is; without it the control field tells. */
export function describe(
  data: Uint8Array,
  from: 'till' | 'terminal' | undefined,
  setup: Pick<Setup, 'text' | 'currency'>,
): ZvtDescribed {
  const apdu = splitApdu(data);
  if (apdu === undefined)
    return {
      code: bcdDigits(data.subarray(0, 2)),
      control: bcdDigits(data.subarray(0, 2)),
      name: 'malformed',
      dataLength: Math.max(0, data.length - 3),
      fields: { malformed: 'the length does not agree with the bytes' },
      meaning: {},
    };
  const { command } = apdu;
  const terminal = ofTheTerminal.includes(command) || (isAnswer(command) && from !== 'till');
  const head = {
    code: tagHex(command).padStart(4, '0'),
    control: tagHex(command).padStart(4, '0'),
    name: controlName(command),
    dataLength: apdu.data.length,
  };
  if (!terminal && !isAnswer(command) && !isKnownFromTill(command))
    return {
      ...head,
      fields: apdu.data.length === 0 ? {} : { unread: hidden },
      meaning: {},
    };
  const message = read(command, apdu.data, terminal ? 'terminal' : 'till');
  return {
    ...head,
    fields: fieldsOf(message, terminal),
    meaning: meaningOf(message, setup),
  };
}

/** A completion that is no list of bitmaps is that of a status enquiry. */
function read(command: number, data: Uint8Array, from: 'till' | 'terminal'): Message {
  const message = readMessage(command, data, from);
  const enquiry =
    command === control.completion && message.rest.length > 0 && isEnquiryCompletion(data);
  return enquiry ? readMessage(command, data, from, true) : message;
}

/** Head parts by their names, bitmaps by their two digits; a bitmap that comes twice as a list. */
function fieldsOf(message: Message, ofTerminal: boolean): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  if (isAnswer(message.command) && !isPositive(message.command))
    fields['resultCode'] = bcdDigits(Uint8Array.of(codeOf(message.command)));
  for (const [name, value] of message.head) fields[name] = headValue(name, value);
  for (const field of message.fields) {
    const key = tagHex(field.bmp);
    const value = fieldValue(field);
    fields[key] = key in fields ? [fields[key], value].flat() : value;
  }
  // What could not be read in a command of the till may be a password.
  if (message.rest.length > 0) fields['unread'] = ofTerminal ? unreadable(message.rest) : hidden;
  return fields;
}

/** Text, or packed digits, that are a card number lose all but its last four. */
function cardless(value: Uint8Array): string {
  const digits = bcdDigits(value);
  const number = digits.replace(/F+$/, '');
  if (/^\d+$/.test(number) && looksLikeCardNumber(number))
    return 'E'.repeat(number.length - 4) + digits.slice(number.length - 4);
  return bcdDigits(toLatin1(maskCardNumbers(fromLatin1(value))));
}

/** Digits in text, one a byte, look like a long number when they are written in hexadecimal digits. */
const isText = (run: string): boolean => /^3?(?:\d3)+\d?$/.test(run);

/**
 * What nobody can read, or what has a layout of its own, may hold a card number anywhere, behind its length or
 * in the middle of a track.
 */
const unreadable = (value: Uint8Array): string =>
  cardless(value).replace(/\d{13,}/g, (run) =>
    isText(run) && !looksLikeCardNumber(run) ? run : 'E'.repeat(run.length - 4) + run.slice(-4),
  );

function headValue(name: HeadName, value: Uint8Array): string {
  switch (name) {
    case 'password':
    case 'newPassword':
      return hidden;
    case 'text':
      return cardless(value);
    case 'softwareVersion':
      return maskCardNumbers(fromLatin1(value));
    default:
      return bcdDigits(value);
  }
}

function fieldValue({ bmp: number, value }: Field): unknown {
  switch (bitmaps.get(number)?.content) {
    case 'secret':
      return hidden;
    case 'card':
      return number === bmp.cardNumber ? lastFour(value) : hidden;
    case 'tlv':
      return tlvOf(value);
    case 'text':
      return cardless(value);
    default:
      return bcdDigits(value);
  }
}

/** As the terminal masks it: E for each digit but the last four. */
function lastFour(value: Uint8Array): string {
  const digits = bcdDigits(value);
  const end = digits.replace(/F+$/, '').length;
  return Array.from(digits, (digit, at) => (at < end - 4 && /\d/.test(digit) ? 'E' : digit)).join(
    '',
  );
}

function tlvOf(value: Uint8Array): readonly DescribedTlv[] | string {
  const { elements, rest } = readTlv(value);
  return rest.length > 0 ? unreadable(value) : elements.map(element);
}

function element({ tag, value, children }: Tlv): DescribedTlv {
  const { name, shown } = tagName(tag);
  const head = { tag: tagHex(tag), name };
  if (children !== undefined) return { ...head, children: children.map(element) };
  switch (shown) {
    case 'secret':
    case 'card':
      return { ...head, value: hidden };
    case 'digits':
      return { ...head, value: bcdDigits(value) };
    case 'text':
      return { ...head, value: cardless(value) };
    case 'bytes':
      return { ...head, value: unreadable(value) };
  }
}
