import { toBcd } from '../src/framing/bcd.ts';
import type { NewTlv } from '../src/framing/tlv.ts';
import type { Answer } from './messages.ts';
import { codeOf } from './zvt-codes.ts';
import { lllvar, timeStamp } from './zvt-fields.ts';
import type { Message } from './zvt-messages.ts';
import { textBytes } from './zvt-text.ts';
import { type Writing, withTlv } from './zvt-writing.ts';

const pleaseWait = 0x9c;
const version = 'MOCK-ZVT 1.0';

/** What a status enquiry wants: bit 02 no software version, bit 04 more about the terminal, in TLV. */
const enquiry = { noVersion: 0x02, details: 0x04 } as const;

/** The end of a status enquiry has a layout of its own: the version, a status without a bitmap, TLV. */
export function statusEnd(answer: Answer, writing: Writing): Message {
  const { command, setup, terminal, beside, now } = writing;
  const asked = command.field(0x03)?.[0] ?? 0;
  const told = answer.code === undefined ? setup.status : codeOf(answer);
  const name = [...lllvar(0, textBytes(version, 0x00))].slice(1);
  const details: NewTlv[] = [
    { tag: 0x1f44, value: toBcd(answer.terminalId ?? terminal.terminalId, 4) },
    { tag: 0x34, children: timeStamp(now).children },
  ];
  return {
    kind: 'end',
    control: [0x06, 0x0f],
    head: [
      // At work it says no more than that.
      ...(beside || asked & enquiry.noVersion ? [] : name),
      beside ? pleaseWait : told,
    ],
    tlv: !beside && asked & enquiry.details && withTlv(writing) ? details : [],
  };
}
