import { splitApdu } from '../src/framing/apdu.ts';
import { bcdDigits, bcdNumber } from '../src/framing/bcd.ts';
import { toHex } from '../src/framing/bytes.ts';
import { findTlv, readTlv, type Tlv } from '../src/framing/tlv.ts';
import { type Field, readFields } from '../src/protocols/zvt/bitmaps.ts';
import type { Command, Request } from './messages.ts';
import { sequenceTag } from './zvt-messages.ts';

/** A command of the till, taken apart. */
export interface ZvtCommand {
  readonly request: Request;
  /** Six digits, where the command begins with one. */
  readonly password?: string;
  /** What stands between the password and the first bitmap: the config byte of a registration, for one. */
  readonly head: Uint8Array;
  field(bmp: number): Uint8Array | undefined;
  /** The same as BCD digits. */
  digits(bmp: number): string | undefined;
  /** What is in the container; absent when the command has none. */
  readonly tlv?: readonly Tlv[];
  readonly sequenceId?: number;
  /** All of it could be read. */
  readonly sound: boolean;
}

interface Layout {
  readonly command: Command;
  /** Without bitmaps before them: a password of three bytes, or one that may be left out. */
  readonly password?: 'needed' | 'optional';
}

/** The commands that this terminal has (PA00P015 rev. 13.08, chapter 2). */
const layouts: ReadonlyMap<number, Layout> = new Map<number, Layout>([
  [0x0501, { command: 'poll', password: 'optional' }],
  [0x0600, { command: 'register', password: 'needed' }],
  [0x0601, { command: 'purchase' }],
  [0x0602, { command: 'log-off' }],
  [0x0610, { command: 'totals', password: 'needed' }],
  [0x0612, { command: 'reprint', password: 'needed' }],
  [0x0618, { command: 'reset', password: 'needed' }],
  [0x0620, { command: 'last-transaction', password: 'needed' }],
  [0x0622, { command: 'pre-authorisation' }],
  [0x0623, { command: 'booking' }],
  [0x0624, { command: 'booking' }],
  [0x0625, { command: 'pre-authorisation-reversal' }],
  [0x0630, { command: 'void', password: 'needed' }],
  [0x0631, { command: 'refund', password: 'needed' }],
  [0x0650, { command: 'settle', password: 'needed' }],
  [0x0670, { command: 'diagnosis' }],
  [0x0691, { command: 'set-clock', password: 'needed' }],
  [0x0693, { command: 'initialise', password: 'needed' }],
  [0x06b0, { command: 'abort' }],
]);

const passwordLength = 3;

/** BMPs with a card number, a track, a check value or a password in them. */
const hidden: readonly number[] = [0x22, 0x23, 0x24, 0x2d, 0x2e, 0x3a, 0x3d, 0xd1];

const shown = ({ bmp, value }: Field): string =>
  `${toHex(Uint8Array.of(bmp))}=${hidden.includes(bmp) ? '...' : toHex(value)}`;

/** What stands between the password and the first bitmap. */
function headLength(command: Command, rest: Uint8Array): number {
  switch (command) {
    case 'register':
      return Math.min(rest.length, 3);
    case 'reprint':
      return Math.min(rest.length, 4);
    default:
      return 0;
  }
}

/** 87 FF FF asks for the pre-authorisations that are open. */
const listsOpen = (control: number, receipt: string | undefined): boolean =>
  control === 0x0623 && receipt === 'FFFF';

/** Nothing: the terminal has no such command. `at`: milliseconds since the Unix epoch. */
export function readCommand(apdu: Uint8Array, at: number): ZvtCommand | undefined {
  const parts = splitApdu(apdu);
  const layout = parts && layouts.get(parts.command);
  if (parts === undefined || layout === undefined) return undefined;

  const { data, command: control } = parts;
  const withPassword =
    layout.password === 'needed' || (layout.password === 'optional' && data.length > 0);
  const password = withPassword ? data.subarray(0, passwordLength) : undefined;
  const afterPassword = data.subarray(password?.length ?? 0);
  const head = afterPassword.subarray(0, headLength(layout.command, afterPassword));
  const { fields, rest } = readFields(afterPassword.subarray(head.length));

  const field = (bmp: number) => fields.find((one) => one.bmp === bmp)?.value;
  const digits = (bmp: number) => {
    const value = field(bmp);
    return value && bcdDigits(value);
  };
  const container = field(0x06);
  const tlv = container && readTlv(container).elements;
  const id = tlv && findTlv(tlv, sequenceTag);
  const sequenceId = id && bcdNumber(id.value);
  const amountField = field(0x04);
  const amount = amountField && bcdNumber(amountField);
  const receiptNumber = digits(0x87);
  const code = `${toHex(apdu.subarray(0, 1))} ${toHex(apdu.subarray(1, 2))}`.toUpperCase();

  return {
    request: {
      command: listsOpen(control, receiptNumber) ? 'open-pre-authorisations' : layout.command,
      code,
      text: [code, ...(head.length > 0 ? [toHex(head)] : []), ...fields.map(shown)].join(' '),
      at,
      ...(amount !== undefined && { amount }),
      ...(receiptNumber !== undefined && { receiptNumber }),
    },
    ...(password !== undefined && { password: bcdDigits(password) }),
    head,
    field,
    digits,
    ...(tlv !== undefined && { tlv }),
    ...(sequenceId !== undefined && { sequenceId }),
    sound: rest.length === 0 && (password?.length ?? passwordLength) === passwordLength,
  };
}

/** An 80 or 84 of the till: 00 for yes, and what came with it. */
export function readAnswer(apdu: Uint8Array): { readonly code: number; readonly data: Uint8Array } {
  const parts = splitApdu(apdu);
  return { code: apdu[1] ?? 0, data: parts?.data ?? new Uint8Array() };
}
