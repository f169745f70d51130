import { apdu } from '../../framing/apdu.ts';
import { bcdNumber, toBcd } from '../../framing/bcd.ts';
import { findTlv, type NewTlv, readTlv, type Tlv, writeTlv } from '../../framing/tlv.ts';
import { bmp, type Field, fieldValue, readFields, writeFields } from './bitmaps.ts';
import { type Head, headOf, passwordLength } from './heads.ts';
import { tag } from './tlv-tags.ts';

/** One ZVT message taken apart: what stands before the first bitmap, the bitmaps, and what is in the TLV container. */
export interface Message {
  readonly command: number;
  readonly head: Head;
  readonly fields: readonly Field[];
  readonly tlv: readonly Tlv[];
  /** What could not be read. */
  readonly rest: Uint8Array;
}

/** A message to send. `tlv`: absent writes no container, empty an empty one. */
export interface NewMessage {
  readonly command: number;
  readonly head?: Uint8Array;
  readonly fields?: readonly Field[];
  readonly tlv?: readonly NewTlv[];
}

const sequenceElement = (id: number): NewTlv => ({
  tag: tag.sequenceId,
  value: toBcd(String(id), 3),
});

/** The whole APDU. `id`: the message sequence id, where ids are in force. */
export function messageApdu(message: NewMessage, id?: number): Uint8Array {
  const { command, head = new Uint8Array(), fields = [] } = message;
  const tlv = id === undefined ? message.tlv : [...(message.tlv ?? []), sequenceElement(id)];
  const container = tlv === undefined ? [] : [{ bmp: bmp.tlv, value: writeTlv(tlv) }];
  const data = Uint8Array.from([...head, ...writeFields([...fields, ...container])]);
  return apdu(command >>> 8, command & 0xff, data);
}

/**
 * The message without its password, for whoever keeps a digest of it: six digits behind known bytes are found
 * out of a digest in no time.
 */
export function withoutPassword(message: NewMessage): NewMessage {
  const { command, head = new Uint8Array() } = message;
  const length = passwordLength(command);
  return { ...message, head: head.map((byte, at) => (at < length ? 0xee : byte)) };
}

/** `from` settles what the bytes before the first bitmap are; `afterEnquiry`: the completion of 05 01. */
export function readMessage(
  command: number,
  data: Uint8Array,
  from: 'till' | 'terminal',
  afterEnquiry?: boolean,
): Message {
  const { head, body } = headOf(command, data, from, afterEnquiry ?? false);
  const { fields, rest } = readFields(body);
  const container = fieldValue(fields, bmp.tlv);
  const tlv = container === undefined ? [] : readTlv(container).elements;
  return { command, head, fields, tlv, rest };
}

/** The id that a message carries, if it does. */
export function sequenceIdOf({ tlv }: Message): number | undefined {
  const value = findTlv(tlv, tag.sequenceId)?.value;
  return value === undefined ? undefined : bcdNumber(value);
}

/**
 * Is this the completion of a status enquiry: `[version] status [TLV]` and nothing else? The completion of
 * something else that was still under way is not.
 */
export function isEnquiryCompletion(data: Uint8Array): boolean {
  const { head, rest, fields } = readMessage(0x060f, data, 'terminal', true);
  return (
    head.has('terminalStatus') &&
    rest.length === 0 &&
    fields.every((field) => field.bmp === bmp.tlv)
  );
}
