import { bcdNumber } from '../../framing/bcd.ts';
import { findTlv } from '../../framing/tlv.ts';
import type { Progress } from '../../model/events.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import { decodeText, textLines } from './charset.ts';
import { codeHex } from './codes.ts';
import { intermediateStatus } from './intermediate-status.ts';
import type { Message } from './message.ts';
import type { Setup } from './setup.ts';
import { tag } from './tlv-tags.ts';

/** 04 FF as a prompt: in the terminal's own words where it sends some. */
export function promptOf({ head, tlv }: Message, { text }: Pick<Setup, 'text'>): Progress {
  const code = head.get('status')?.[0];
  const status = intermediateStatus(code ?? 0xff);
  const lines = (findTlv(tlv, tag.displayTexts)?.children ?? [])
    .filter((element) => element.tag === tag.textLine)
    .flatMap(({ value }) => textLines(decodeText(value, text)))
    .map((line) => maskCardNumbers(line.trim()))
    .filter((line) => line !== '');
  return {
    type: 'prompt',
    who: status.who,
    code: status.code,
    terminalCode: code === undefined ? '' : codeHex(code),
    text: lines.length > 0 ? lines.join(' / ') : status.text,
  };
}

const minute = 60_000;

/** PA00P016: T4 without a word of the terminal. */
export const defaultT4Ms = 180_000;

/**
 * The T4 that the terminal asks for, in milliseconds. A shorter one than the default is not taken: terminals
 * have said one minute and then been silent for two, while a customer typed a PIN.
 */
export function t4Of({ head }: Message): number | undefined {
  const value = head.get('t4Minutes');
  const minutes = value && bcdNumber(value);
  return minutes !== undefined && minutes * minute > defaultT4Ms ? minutes * minute : undefined;
}

/** The terminal wants the till to ask somebody, which it has no way to do; it is told 84 83. */
export const cannotAsk = (command: number): Progress => ({
  type: 'prompt',
  who: 'cashier',
  code: 'other',
  terminalCode: command.toString(16).toUpperCase().padStart(4, '0'),
  text: 'the terminal wanted an input at the till, which it does not offer',
});
