import type { NewTlv } from '../src/framing/tlv.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';
import type { Day } from './zvt-day.ts';
import type { Message } from './zvt-messages.ts';
import type { Registration } from './zvt-registration.ts';
import type { ZvtCommand } from './zvt-requests.ts';
import type { ZvtSetup } from './zvt-setup.ts';
import { textBytes } from './zvt-text.ts';

/** What an answer is written with. */
export interface Writing {
  readonly terminal: SimulatedTerminal;
  readonly setup: ZvtSetup;
  readonly registration: Registration;
  readonly command: ZvtCommand;
  /** The turnover as it was when the command began: an end of day empties the memory. */
  readonly day: Day;
  /** Another command is under way. */
  readonly beside: boolean;
  /** The terminal's local time. */
  readonly now: string;
}

export const withTlv = ({ command, registration }: Writing): boolean =>
  registration.tlv || command.tlv !== undefined;

/** Latin-1 with line feeds, whatever was agreed on, where the terminal is set up like that. */
export function text(words: string, { registration, setup }: Writing): number[] {
  return setup.rawTexts
    ? textBytes(words.replaceAll(' ', '\n'), 0x01)
    : textBytes(words, registration.charset);
}

export const statusInformation = (head: readonly number[], tlv: readonly NewTlv[]): Message => ({
  kind: 'result',
  control: [0x04, 0x0f],
  head,
  tlv,
});

/** 06 0F, or 06 1E with the code. */
export const end = (
  code: number,
  more: readonly number[] = [],
  tlv: readonly NewTlv[] = [],
): Message =>
  code === 0
    ? { kind: 'end', control: [0x06, 0x0f], head: more, tlv }
    : { kind: 'end', control: [0x06, 0x1e], head: [code, ...more], tlv };

/** 04 FF. With TLV it has a text, and T4 in minutes. */
export function intermediate(status: number, words: string, writing: Writing): Message {
  const value = Uint8Array.from(text(words, writing));
  return withTlv(writing)
    ? {
        kind: 'intermediate',
        control: [0x04, 0xff],
        head: [status, 0x01],
        tlv: [{ tag: 0x24, children: [{ tag: 0x07, value }] }],
      }
    : { kind: 'intermediate', control: [0x04, 0xff], head: [status], tlv: [] };
}
