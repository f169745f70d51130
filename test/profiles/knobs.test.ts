import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/profiles/body.ts';
import { builtinProfile } from '../../src/profiles/builtin.ts';
import { compileProfile } from '../../src/profiles/compile.ts';
import { readProfile } from '../../src/profiles/read.ts';
import type { Profile } from '../../src/profiles/schema.ts';
import { tryVectors } from '../../src/profiles/vectors.ts';
import { parseSerialOptions } from '../../src/transports/serial-settings.ts';

/** A terminal as small as can be, its frame and its fields to be filled in. */
const small = (frame: string, fields = '', body = '{ codec: fixed }', more = ''): string => `
profile: 1
name: small
title: Small
status: example
verified: By this test.
line: { baudRate: 9600 }
currency: CNY
amount: { max: 99999999 }
timing: { answerMs: 1000 }
link: { kind: plain }
frame:
  max: 200
  parts: ${frame}
body: ${body}
${more}
fields:
  command: { type: text, size: 1${body.includes('tlv') ? ', tag: "01"' : ''} }
  code: { type: text, size: 2, means: code${body.includes('tlv') ? ', tag: "02"' : ''} }
${fields}
codes: { field: code, list: { "00": approved } }
commands:
  status:
    send: { command: P }
    answer: { when: { command: p }, fields: [command, code] }
`;

function profileOf(text: string): Profile {
  const read = readProfile(text);
  if (read.type === 'profile') return read.profile;
  throw new Error(JSON.stringify(read.problems));
}

const requestIs = (text: string, hex: string) =>
  tryVectors(profileOf(text), [
    { name: 'status', request: 'status', given: {}, settings: {}, hex: hex.toLowerCase() },
  ]);

const agrees = [{ name: 'status', ok: true, differences: [] }];

/** Over the one byte `P`, 50; what comes out was worked out by another program. */
describe('the checks of a frame', () => {
  const parts = (check: string, over = '[body, body]') =>
    `[{ part: start, bytes: "02" }, { part: length, size: 1, encoding: big }, { part: body }, { part: check, ${check}, over: ${over} }]`;

  it.each([
    ['XOR', 'kind: xor', '50'],
    ['XOR with a seed', 'kind: xor, seed: 0x7F', '2F'],
    ['a sum', 'kind: sum', '50'],
    ['a sum of two bytes, low first', 'kind: sum, size: 2, seed: 0x01F0, order: little', '4002'],
    ['a sum whose bits are turned over', 'kind: sum, complement: ones', 'AF'],
    ['a sum that gives nothing together', 'kind: sum, complement: twos', 'B0'],
    ['CRC-16/XMODEM', 'kind: crc, polynomial: 0x1021', '5AF5'],
    [
      'CRC-16/MODBUS',
      'kind: crc, polynomial: 0x8005, initial: 0xFFFF, reflected: true, order: little',
      'BF7C',
    ],
    [
      'CRC-32',
      'kind: crc, size: 4, polynomial: 0x04C11DB7, initial: 0xFFFFFFFF, reflected: true, finalXor: 0xFFFFFFFF',
      'B969BE79',
    ],
  ])('%s', (_, check, expected) => {
    expect(requestIs(small(parts(check)), `020150${expected}`)).toEqual(agrees);
  });

  it('may be two, the first of them over the header alone', () => {
    const frame =
      '[{ part: start, bytes: "02" }, { part: length, size: 1, encoding: big }, { part: check, name: head, kind: xor, over: [start, length] }, { part: body }, { part: check, kind: sum, over: [start, body] }]';
    expect(requestIs(small(frame), '0201035056')).toEqual(agrees);
  });
});

describe('the lengths of a frame', () => {
  const frame = (length: string) =>
    `[{ part: start, bytes: "55AA" }, { part: length, ${length} }, { part: body }, { part: end, bytes: "CC33" }]`;

  it.each([
    ['in BCD', 'size: 2, encoding: bcd', '0001'],
    ['high byte first', 'size: 3, encoding: big', '000001'],
    ['low byte first', 'size: 2, encoding: little', '0100'],
    ['in digits', 'size: 4, encoding: ascii', '30303031'],
    ['of the whole frame', 'size: 1, encoding: big, counts: [start, length, body, end]', '06'],
    ['with something added', 'size: 1, encoding: big, plus: 2', '03'],
  ])('%s', (_, length, expected) => {
    expect(requestIs(small(frame(length)), `55AA${expected}50CC33`)).toEqual(agrees);
  });

  it('may be none, where the body always has the same', () => {
    const fixed =
      '[{ part: start, bytes: "02" }, { part: body, size: 1 }, { part: end, bytes: "03" }]';
    expect(requestIs(small(fixed), '025003')).toEqual(agrees);
  });
});

const plainFrame =
  '[{ part: start, bytes: "02" }, { part: length, size: 2, encoding: big }, { part: body }, { part: end, bytes: "03" }]';

describe('the charsets of a field', () => {
  it.each([
    ['gbk', '撤销', 'B3B7CFFA'],
    ['euc-kr', '취소', 'C3EBBCD2'],
    ['utf8', '撤销', 'E692A4E99480'],
    ['latin1', 'né', '6EE9'],
    ['cp437', 'né', '6E82'],
  ])('%s', (charset, text, hex) => {
    const profile = profileOf(
      small(plainFrame, `  text: { type: text, charset: ${charset} }`).replace(
        'fields: [command, code]',
        'fields: [command, code, text]',
      ),
    );
    const protocol = compileProfile(profile, {
      settings: new Map(),
      now: () => '2026-07-01T09:30:00',
      next: () => 0,
    });
    const body = `703030${hex}`;
    const length = (body.length / 2).toString(16).padStart(4, '0');
    const told = protocol.describe(fromHex(`02${length}${body}03`), 'terminal');
    expect(told).toMatchObject({ name: 'status answer', fields: { text } });
  });
});

describe('the line of a profile', () => {
  it('says which signals are set when the port is opened, and the address may say otherwise', async () => {
    const { line } = compileProfile(await builtinProfile('bank-mis-ingenico'), {
      settings: new Map(),
      now: () => '',
      next: () => 0,
    });
    expect(line).toMatchObject({ baudRate: 9_600, dtr: true, rts: true });
    expect(parseSerialOptions(new Map([['rts', 'off']]), line)).toMatchObject({
      dtr: true,
      rts: false,
    });
  });

  it('does not set by hand what the hardware drives', () => {
    const text = small(plainFrame).replace(
      'baudRate: 9600',
      'baudRate: 9600, rtscts: true, rts: true',
    );
    expect(readProfile(text)).toMatchObject({ problems: [{ path: 'line.rts' }] });
  });
});

describe('messages before an answer', () => {
  it('have to be told from the answer', () => {
    const text = small(
      plainFrame,
      '',
      '{ codec: fixed }',
      'intermediates: [{ is: log, when: {} }]',
    );
    expect(readProfile(text)).toMatchObject({
      problems: [{ path: 'intermediates[0].when', message: expect.stringMatching(/Every frame/) }],
    });
  });
});
