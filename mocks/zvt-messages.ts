import { apdu } from '../src/framing/apdu.ts';
import { bcdNumber, toBcd } from '../src/framing/bcd.ts';
import { type NewTlv, tlvLength, writeTlv } from '../src/framing/tlv.ts';

/** What a message of the terminal is for; the rules of its acknowledgement hang on it. */
export type MessageKind = 'intermediate' | 'result' | 'receipt' | 'other' | 'end';

/** One command of the terminal to the till, before it is put on the line. */
export interface Message {
  readonly kind: MessageKind;
  readonly control: readonly [number, number];
  /** What stands before the TLV container. */
  readonly head: readonly number[];
  readonly tlv: readonly NewTlv[];
}

/** Message sequence ids go from 1 to 999999 and begin again. */
export const afterSequenceId = (id: number): number => (id % 999_999) + 1;

export const sequenceTag = 0x1f73;

export const sequenceIdElement = (id: number): NewTlv => ({
  tag: sequenceTag,
  value: toBcd(String(id), 3),
});

/** The id that a message brings itself: the end of a registration agrees on ids. */
export function sequenceIdOf({ tlv }: Message): number | undefined {
  const element = tlv.find(({ tag }) => tag === sequenceTag);
  return element !== undefined && 'value' in element ? bcdNumber(element.value) : undefined;
}

/** BMP 06. */
export function tlvContainer(elements: readonly NewTlv[]): number[] {
  const value = writeTlv(elements);
  return [0x06, ...tlvLength(value.length), ...value];
}

/** `id`: the message's sequence id, where ids are in force. */
export function messageApdu(message: Message, id?: number): Uint8Array {
  const tlv = id === undefined ? message.tlv : [...message.tlv, sequenceIdElement(id)];
  const data = [...message.head, ...(tlv.length > 0 ? tlvContainer(tlv) : [])];
  return apdu(...message.control, Uint8Array.from(data));
}

/** 80 00, or 84 and the code, to a command of the till. */
export function answerApdu(code: number, id?: number, data: readonly number[] = []): Uint8Array {
  const tlv = id === undefined ? [] : tlvContainer([sequenceIdElement(id)]);
  return apdu(code === 0 ? 0x80 : 0x84, code, Uint8Array.from([...data, ...tlv]));
}
