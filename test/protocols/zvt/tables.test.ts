import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apdu, splitApdu } from '../../../src/framing/apdu.ts';
import { toHex, toLatin1 } from '../../../src/framing/bytes.ts';
import { type NewTlv, writeTlv } from '../../../src/framing/tlv.ts';
import { decodeText, encodeText, textLines } from '../../../src/protocols/zvt/charset.ts';
import { resultCode, terminalStatus } from '../../../src/protocols/zvt/codes.ts';
import { intermediateStatus } from '../../../src/protocols/zvt/intermediate-status.ts';
import { readMessage } from '../../../src/protocols/zvt/message.ts';
import { printedBlock, printedLine, receive } from '../../../src/protocols/zvt/receipts.ts';
import { bytes, euro, play, zvt } from './support.ts';
import { apdus } from './vectors.ts';

const every = Array.from({ length: 256 }, (_, code) => code);
const hex = (code: number) => code.toString(16).toUpperCase().padStart(2, '0');
const vector = (name: string): string => apdus.find((each) => each.name === name)?.hex ?? '';

const message = (whole: string) => {
  const split = splitApdu(bytes(whole));
  if (split === undefined) throw new Error('no APDU');
  return readMessage(split.command, split.data, 'terminal');
};

/** 06 D3 with this container. */
const textBlock = (elements: readonly NewTlv[]) => {
  const container = writeTlv(elements);
  return message(toHex(apdu(0x06, 0xd3, Uint8Array.from([0x06, container.length, ...container]))));
};

describe('result codes', () => {
  it('are done, declined, already reversed, busy or unknown; what no table lists is unknown', () => {
    const of = (meaning: string) =>
      every.filter((code) => resultCode(code).meaning === meaning).map(hex);
    expect(of('done')).toEqual(['00']);
    expect(of('already-voided')).toEqual(['B4']);
    expect(of('busy')).toEqual(['9C']);
    expect(
      every.filter((code) => !resultCode(code).listed && resultCode(code).meaning !== 'unknown'),
    ).toEqual([]);
    const unsettled = every.filter(
      (code) => resultCode(code).listed && resultCode(code).meaning === 'unknown',
    );
    expect(unsettled.map(hex)).toEqual(['9A', '9B', 'A0', 'A1', 'A3', 'A4', 'FF']);
  });

  it('01 to 63 come from the host', () => {
    expect(every.filter((code) => resultCode(code).origin === 'host').map(hex)).toEqual(
      every.slice(1, 0x64).map(hex),
    );
  });

  it('each have words', () => {
    for (const code of every) expect(resultCode(code).text).toMatch(/^[^\s].{3,80}$/);
  });
});

describe('the status of the terminal', () => {
  it('is ready with 00 only, and at work with 9C, 9D and E0', () => {
    expect(every.filter((code) => terminalStatus(code).ready).map(hex)).toEqual(['00']);
    expect(every.filter((code) => terminalStatus(code).working).map(hex)).toEqual([
      '9C',
      '9D',
      'E0',
    ]);
  });
});

describe('intermediate status', () => {
  it.each([
    [0x0a, 'customer', 'present-card', 'insert the card'],
    [0x04, 'nobody', 'authorising', 'waiting for the host'],
    [0x05, 'nobody', 'reversing', 'sending an automatic reversal'],
    [0x15, 'customer', 'enter-pin', 'wrong PIN'],
    [0x45, 'customer', 'remove-card', 'sending an automatic reversal; remove the card'],
    [0x66, 'customer', 'remove-card', 'enter the mobile number; remove the card'],
    [0x68, 'nobody', 'other', 'a customer card is inserted'],
    [0xc8, 'cashier', 'other', 'waiting for the cashier'],
    [0x77, 'nobody', 'other', 'status 77'],
  ])('%i is for the %s: %s, %s', (code, who, prompt, text) => {
    expect(intermediateStatus(code)).toEqual({ who, code: prompt, text });
  });

  it("is told in the terminal's own words where it sends some, each line on its own", () => {
    const sale = () => zvt().purchase({ amount: euro(5), ticket: 'x' });
    const prompt = (said: string) => play(sale(), ['800000', said]).steps[2]?.[1];
    expect(prompt(vector('intermediate-two-lines'))).toBe('nobody other: EUR 1.23 / Bitte warten');
    expect(prompt('04ff00')).toBe('nobody other: see the text of the terminal');
    const card = writeTlv([
      { tag: 0x24, children: [{ tag: 0x07, value: toLatin1('4111111111111111') }] },
    ]);
    const shown = apdu(0x04, 0xff, Uint8Array.from([0x0a, 0x01, 0x06, card.length, ...card]));
    expect(prompt(toHex(shown))).toBe('customer present-card: ************1111');
  });
});

describe('text', () => {
  it.each(['cp437', 'latin1'] as const)('in %s keeps every byte', (charset) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (raw) => {
        expect(encodeText(decodeText(raw, charset), charset)).toEqual(raw);
      }),
    );
  });

  it('in UTF-8 is read as such, and byte by byte where it is none', () => {
    expect(decodeText(bytes('c3a4'), 'utf8')).toBe('ä');
    expect(decodeText(bytes('e4'), 'utf8')).toBe('ä');
    expect(encodeText('ä€', 'utf8')).toEqual(bytes('c3a4e282ac'));
    expect(encodeText('€', 'latin1')).toBeUndefined();
    expect(encodeText('€', 'cp437')).toBeUndefined();
  });

  it('is cut at line feeds that a terminal puts in, and loses the NUL that ends a name', () => {
    expect(textLines('a\nb\r\nc\rd\0\0')).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('print commands', () => {
  const line = (attribute: string, text: string) =>
    printedLine(
      readMessage(
        0x06d1,
        bytes(attribute + Buffer.from(text, 'latin1').toString('hex')),
        'terminal',
      ),
      'cp437',
    );

  it('print a line, an indented one, an empty one, several fed, and the last', () => {
    expect(line('00', 'ab')).toEqual({ lines: ['ab'], last: false, receiptType: undefined });
    expect(line('03', 'ab').lines).toEqual(['   ab']);
    expect(line('40', '').lines).toEqual(['']);
    expect(line('80', 'ab')).toMatchObject({ lines: ['ab'], last: false });
    expect(line('ff', '\x03')).toMatchObject({ lines: ['', '', ''], last: false });
    expect(line('81', '')).toMatchObject({ lines: [], last: true });
    expect(line('81', 'end')).toMatchObject({ lines: ['end'], last: true });
  });

  it('read the published receipt block of 995 bytes', () => {
    const { lines, last, receiptType } = printedBlock(
      message(vector('text-block-visa-receipt')),
      'cp437',
    );
    expect(receiptType).toBe(2);
    expect(last).toBe(true);
    expect(lines).toContain('Terminal-ID:                    42003036');
    expect(lines.map((each) => each.trim())).toContain('** Kundenbeleg **');
  });

  it('take the character set that a block itself names', () => {
    const block = textBlock([
      { tag: 0x14, value: Uint8Array.of(0x01) },
      { tag: 0x25, children: [{ tag: 0x07, value: bytes('5a fc 72 69 63 68') }] },
    ]);
    expect(printedBlock(block, 'cp437').lines).toEqual(['Zürich']);
  });

  it('hand over a receipt when it ends, and when another begins', () => {
    const block = (type: number, text: string, attribute = 0x00) =>
      textBlock([
        { tag: 0x1f07, value: Uint8Array.of(type) },
        {
          tag: 0x25,
          children: [
            { tag: 0x07, value: toLatin1(text) },
            { tag: 0x09, value: Uint8Array.of(attribute) },
          ],
        },
      ]);
    const first = receive(undefined, block(1, 'abc'), zvt().setup);
    expect(first.done).toEqual([]);
    const second = receive(first.receipt, block(2, 'def'), zvt().setup);
    expect(second.done).toEqual([{ type: 'receipt', lines: ['abc'], from: 'terminal' }]);
    const third = receive(second.receipt, block(2, 'ghi', 0x81), zvt().setup);
    expect(third).toEqual({
      receipt: undefined,
      done: [{ type: 'receipt', lines: ['def', 'ghi'], from: 'terminal' }],
    });
  });

  it('hand over what there is when the terminal ends without a last line', () => {
    const sale = zvt().purchase({ amount: euro(5), ticket: 'x' });
    const wire = ['800000', '040f0c270004000000000005870001', vector('print-centred'), '060f00'];
    expect(play(sale, wire).steps.at(-1)).toEqual([
      '800000',
      'receipt ["** KASSENSCHNITT **"]',
      'done',
    ]);
  });

  it('mask a card number on a receipt', () => {
    expect(line('00', '4111 1111 1111 1111').lines).toEqual(['**** **** **** 1111']);
  });

  it('do not gather lines without end', () => {
    let receipt: ReturnType<typeof receive>['receipt'];
    let done = 0;
    for (let i = 0; i < 5_000; i++) {
      const step = receive(receipt, message('06d1020041'), zvt().setup);
      receipt = step.receipt;
      done += step.done.length;
    }
    expect(done).toBe(2);
    expect(receipt?.lines).toHaveLength(1_000);
  });

  it('are refused by a till that has no printer', () => {
    const sale = zvt({ options: { print: false } }).purchase({ amount: euro(5), ticket: 'x' });
    expect(
      play(sale, ['800000', vector('print-centred'), vector('print-last')]).steps.slice(2),
    ).toEqual([
      ['84cc00', 'wait for answer'],
      ['84cc00', 'wait for answer'],
    ]);
  });
});
