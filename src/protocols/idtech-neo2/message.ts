import { toLatin1 } from '../../framing/bytes.ts';
import { crc16 } from './crc.ts';

/** `ViVOtech2`: the protocol's name and version, and a zero. */
export const tag = toLatin1('ViVOtech2\0');
/** Command, sub-command or status, length in two bytes. */
export const headerLength = tag.length + 4;
export const crcLength = 2;
/** The guide's limit for a command or an answer with everything around its data. */
export const longestMessage = 1_500;

export type Sender = 'till' | 'terminal';

/**
 * `ViVOtech2\0 command second length(2) data CRC(2)`. The second byte is the sub-command from the till and
 * the status from the reader. The length is high byte first; the CRC over everything before it is low byte
 * first from the till and high byte first from the reader.
 *
 * Source: NEO 2 Interface Developer's Guide 80139403-002, sections 2.1 and 2.8.
 */
export function message(
  sender: Sender,
  command: number,
  second: number,
  data: Uint8Array = new Uint8Array(),
): Uint8Array {
  const bytes = new Uint8Array(headerLength + data.length + crcLength);
  bytes.set(tag);
  bytes.set([command, second, data.length >> 8, data.length & 0xff], tag.length);
  bytes.set(data, headerLength);
  bytes.set(check(sender, bytes.subarray(0, -crcLength)), headerLength + data.length);
  return bytes;
}

/** The two check bytes as this side writes them. */
export function check(sender: Sender, bytes: Uint8Array): Uint8Array {
  const crc = crc16(bytes);
  const high = crc >> 8;
  const low = crc & 0xff;
  return sender === 'till' ? Uint8Array.of(low, high) : Uint8Array.of(high, low);
}

/** What stands between the tag and the CRC. */
export interface Content {
  readonly command: number;
  /** Sub-command, or status. */
  readonly second: number;
  readonly data: Uint8Array;
}

/** Reads the data of a frame of the deframer. */
export const readContent = (data: Uint8Array): Content => ({
  command: data[0] ?? 0,
  second: data[1] ?? 0,
  data: data.subarray(4),
});
