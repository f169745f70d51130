import { bcdDigits } from '../src/framing/bcd.ts';
import { findTlv, type NewTlv, type Tlv } from '../src/framing/tlv.ts';
import { type Message, sequenceIdElement } from './zvt-messages.ts';
import type { ZvtCommand } from './zvt-requests.ts';
import { type ZvtSetup, zvtCurrency } from './zvt-setup.ts';
import { type Charset, isCharset } from './zvt-text.ts';

/** What the till said about itself in 06 00; kept over a restart, until log-off. */
export interface Registration {
  readonly configByte: number;
  /** The till named its currency, and hears it back. */
  readonly currency: boolean;
  /** The terminal may send TLV. */
  readonly tlv: boolean;
  /** The commands the till takes, four hexadecimal digits each; absent: all of the usual ones. */
  readonly permitted?: readonly string[];
  readonly charset: Charset;
  readonly sequenceIds: boolean;
  /** The longest APDU the till takes, in bytes. */
  readonly maxApdu: number;
}

/** The bits of the config byte (PA00P015 rev. 13.08, 2.1.1). */
export const config = {
  paymentReceipts: 0x02,
  administrationReceipts: 0x04,
  intermediateStatus: 0x08,
  printLines: 0x80,
} as const;

/** After a log-off, and before the first registration. */
export const loggedOff: Registration = {
  configByte: 0x86,
  currency: false,
  tlv: false,
  charset: 0xff,
  sequenceIds: false,
  maxApdu: 0xffff,
};

const cp437 = 0xff;

/** The first of the till's character sets that the terminal can write. */
function charsetOf(tlv: readonly Tlv[]): Charset | undefined {
  const offered = findTlv(tlv, 0x27)?.children ?? [];
  for (const { value } of offered) {
    const [number] = value;
    if (isCharset(number)) return number;
  }
  return undefined;
}

function permittedBy(tlv: readonly Tlv[]): readonly string[] | undefined {
  const list = findTlv(tlv, 0x26)?.children;
  return list?.map(({ value }) => bcdDigits(value));
}

function maxApduOf(tlv: readonly Tlv[]): number | undefined {
  const [high, low] = findTlv(tlv, 0x1a)?.value ?? [];
  return high === undefined || low === undefined ? undefined : high * 256 + low;
}

/** Why a till is not registered: 6F, the wrong currency, in an answer 84 1E. */
export const wrongCurrency = ({ head }: ZvtCommand): boolean =>
  head.length === 3 && bcdDigits(head.subarray(1)) !== zvtCurrency;

export function register(command: ZvtCommand, setup: ZvtSetup): Registration {
  const { tlv } = command;
  const permitted = tlv && permittedBy(tlv);
  return {
    configByte: command.head[0] ?? loggedOff.configByte,
    currency: command.head.length === 3,
    tlv: tlv !== undefined,
    ...(permitted !== undefined && { permitted }),
    charset: (tlv && charsetOf(tlv)) ?? cp437,
    sequenceIds: setup.sequenceIds && command.sequenceId !== undefined,
    maxApdu: (tlv && maxApduOf(tlv)) ?? loggedOff.maxApdu,
  };
}

/** 06 0F at the end of a registration: what was agreed on comes back. */
export function registered(
  command: ZvtCommand,
  registration: Registration,
  head: readonly number[],
): Message {
  const { tlv = [] } = command;
  const charset = charsetOf(tlv);
  const list = findTlv(tlv, 0x26);
  const agreed: NewTlv[] = [
    ...(list === undefined ? [] : [{ tag: 0x26, value: list.value }]),
    ...(charset === undefined
      ? []
      : [{ tag: 0x27, children: [{ tag: 0x14, value: Uint8Array.of(charset) }] }]),
    ...(registration.sequenceIds ? [sequenceIdElement(command.sequenceId ?? 0)] : []),
  ];
  return { kind: 'end', control: [0x06, 0x0f], head, tlv: agreed };
}
