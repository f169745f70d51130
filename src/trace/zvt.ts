import { apdu, splitApdu } from '../framing/apdu.ts';
import { dleCrcFrame } from '../framing/dle-crc.ts';
import { type NewTlv, readTlv, type Tlv, writeTlv } from '../framing/tlv.ts';
import { bitmaps, bmp, type Field, readFields, writeFields } from '../protocols/zvt/bitmaps.ts';
import { control, isAnswer } from '../protocols/zvt/control-fields.ts';
import { headOf, isKnownFromTill, passwordLength } from '../protocols/zvt/heads.ts';
import { isEnquiryCompletion } from '../protocols/zvt/message.ts';
import { tagName } from '../protocols/zvt/tlv-tags.ts';
import type { Masking } from './masking.ts';
import {
  allReplaced,
  bytesReplaced,
  cardsReplaced,
  packedNumberReplaced,
  textReplaced,
} from './replaced.ts';
import type { Side } from './wire-frame.ts';

const DLE = 0x10;
/** 06 95 has the new password behind the old one. */
const newPasswordOf = 0x0695;

/** What stands before the first bitmap: a password first, if there is one. */
function headMasked(command: number, head: Uint8Array): Uint8Array {
  const secret = command === newPasswordOf ? 2 * passwordLength(command) : passwordLength(command);
  const rest = head.subarray(secret);
  return Uint8Array.from([
    ...allReplaced(head.subarray(0, secret)),
    // The text behind the attribute of a line to print; elsewhere nothing that could be a card number.
    ...(command === control.printLine
      ? [...rest.subarray(0, 1), ...textReplaced(rest.subarray(1))]
      : cardsReplaced(rest)),
  ]);
}

function valueMasked({ bmp: number, value }: Field): Uint8Array {
  switch (bitmaps.get(number)?.content) {
    case 'secret':
      return allReplaced(value);
    case 'card':
      return number === bmp.cardNumber ? packedNumberReplaced(value) : allReplaced(value);
    case 'tlv':
      return containerMasked(value);
    case 'text':
      return textReplaced(value);
    default:
      return value;
  }
}

function containerMasked(value: Uint8Array): Uint8Array {
  const { elements, rest } = readTlv(value);
  return rest.length > 0 ? bytesReplaced(value) : writeTlv(elements.map(elementMasked));
}

function elementMasked({ tag, value, children }: Tlv): NewTlv {
  if (children !== undefined) return { tag, children: children.map(elementMasked) };
  switch (tagName(tag).shown) {
    case 'secret':
    case 'card':
      return { tag, value: allReplaced(value) };
    case 'digits':
      return { tag, value };
    case 'text':
      return { tag, value: textReplaced(value) };
    case 'bytes':
      return { tag, value: bytesReplaced(value) };
  }
}

function dataMasked(command: number, data: Uint8Array, from: Side): Uint8Array {
  // Whoever sends a password: it is one.
  const side = passwordLength(command) > 0 ? 'till' : from;
  if (side === 'till' && !isAnswer(command) && !isKnownFromTill(command)) return allReplaced(data);
  const enquiry = command === control.completion && isEnquiryCompletion(data);
  const { body } = headOf(command, data, side, enquiry);
  const { fields, rest } = readFields(body);
  return Uint8Array.from([
    ...headMasked(command, data.subarray(0, data.length - body.length)),
    ...writeFields(fields.map((field) => ({ ...field, value: valueMasked(field) }))),
    // What could not be read in a command of the till may be a password.
    ...(side === 'till' ? allReplaced(rest) : bytesReplaced(rest)),
  ]);
}

/**
 * Passwords, PINs and tracks go altogether, bitmap by bitmap and tag by tag; of the card number the last
 * four digits stay, with E before them, as terminals mask it.
 */
export const zvtMasking: Masking = {
  data(data, from) {
    const whole = splitApdu(data);
    if (whole === undefined) return allReplaced(data);
    const { command } = whole;
    return apdu(command >>> 8, command & 0xff, dataMasked(command, whole.data, from));
  },
  // On TCP no APDU begins with a DLE.
  frame: (data, like) => (like.bytes[0] === DLE ? dleCrcFrame(data) : data),
  check: 2,
};
