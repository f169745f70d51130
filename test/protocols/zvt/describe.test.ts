import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apdu } from '../../../src/framing/apdu.ts';
import { fromLatin1, toLatin1 } from '../../../src/framing/bytes.ts';
import type { ZvtDescribed } from '../../../src/protocols/zvt/describe.ts';
import { bytes, pattern, zvt } from './support.ts';
import { apdus, serialFrames, type Vector } from './vectors.ts';

const protocol = zvt();
const described = (hex: string, from?: 'till' | 'terminal') =>
  protocol.describe(bytes(hex), from) as ZvtDescribed;

const all: readonly Vector[] = [
  ...apdus,
  ...serialFrames.map(({ apdu: hex, ...vector }) => ({ ...vector, hex })),
];
const named = (name: string): Vector => {
  const found = all.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found;
};

/** What the vectors expect, in the words of `describe`. */
const inOurWords: Readonly<Record<string, (told: ZvtDescribed) => unknown>> = {
  amountMinor: ({ meaning }) => meaning['amount'],
  receipt: ({ meaning }) => Number(meaning['receiptNumber']),
  trace: ({ meaning }) => Number(meaning['trace']),
  originalTrace: ({ meaning }) => Number(meaning['originalTrace']),
  turnover: ({ fields }) => Number(fields['88']),
  result: ({ fields }) => fields['27'],
  resultCode: ({ fields }) => fields['resultCode'],
  code: ({ fields }) => fields['resultCode'],
  terminalId: ({ fields }) => fields['29'],
  statusByte: ({ fields }) => fields['19'],
  currency: ({ fields }) => String(Number(fields['49'])),
  time: ({ fields }) => fields['0C'],
  date: ({ fields }) => fields['0D'],
  expiry: ({ fields }) => fields['0E'],
  cardName: ({ meaning }) => meaning['cardBrand'],
  cardType: ({ fields }) => Number.parseInt(String(fields['8A']), 16),
  maxStatusInfos: ({ fields }) => Number.parseInt(String(fields['02']), 16),
  timeoutSeconds: ({ fields }) => Number.parseInt(String(fields['timeout']), 16),
  additionalText: ({ meaning }) => meaning['texts'],
  text: ({ meaning }) => meaning['lines'],
  lines: ({ meaning }) => JSON.stringify(meaning['lines']).replace(/,/g, ', '),
  line1: ({ meaning }) => (meaning['lines'] as string[])[0],
  line2: ({ meaning }) => (meaning['lines'] as string[])[1],
  last: ({ meaning }) => meaning['last'],
  receiptType: ({ meaning }) => meaning['receiptType'],
  t4Minutes: ({ meaning }) => meaning['t4Minutes'],
  softwareVersion: ({ fields }) => fields['softwareVersion'],
  deviceName: ({ meaning }) => meaning['deviceName'],
  extendedErrorText: ({ meaning }) => meaning['vendorError'],
  positive: ({ meaning }) => meaning['positive'],
};

const checks = all.flatMap(({ name, hex, expected = {} }) =>
  Object.entries(expected)
    .filter(([key, value]) => key in inOurWords && value !== 'null')
    .filter(([, value]) => !name.includes('latin1') || value === 'x')
    .map(([key, value]) => ({ name, hex, key, value })),
);

describe('a ZVT message in words', () => {
  it.each(checks)('$name: $key is $value', ({ hex, key, value }) => {
    const told = inOurWords[key]?.(described(hex));
    expect(String(Array.isArray(told) ? told.join('\n') : told)).toBe(value);
  });

  it('keeps bitmaps by their two digits and TLV as a tree', () => {
    expect(described(named('intermediate-enter-pin').hex)).toEqual({
      code: '04FF',
      control: '04FF',
      name: 'intermediate status',
      dataLength: 22,
      fields: {
        status: '01',
        t4Minutes: '01',
        '06': [
          {
            tag: '24',
            name: 'display texts',
            children: [{ tag: '07', name: 'text line', value: '454E5445522050494E2026204F4B' }],
          },
        ],
      },
      meaning: { status: 'see the PIN pad', t4Minutes: 1, lines: ['ENTER PIN & OK'] },
    });
    expect(described('06010a04000000001010490978')).toMatchObject({
      control: '0601',
      dataLength: 10,
      fields: { '04': '000000001010', '49': '0978' },
      meaning: { amount: 1010, currency: 'EUR' },
    });
  });

  it('names a refusal and its code', () => {
    expect(described('849c00')).toMatchObject({
      name: 'negative acknowledgement',
      fields: { resultCode: '9C' },
      meaning: { positive: false, result: 'please wait' },
    });
    expect(described('841e017d').fields).toEqual({ resultCode: '1E', unread: '7D' });
  });

  it('tells the completion of a status enquiry from others', () => {
    expect(described('060f0106').fields).toEqual({ terminalStatus: '06' });
    expect(described('060f0100').fields).toEqual({ terminalStatus: '00' });
    expect(described('060f0227e0').fields).toEqual({ '27': 'E0' });
  });

  it('says so when the length does not agree', () => {
    expect(described('040f0527')).toMatchObject({ name: 'malformed', control: '040F' });
    expect(described('')).toMatchObject({ name: 'malformed' });
  });

  it('never prints a password', () => {
    for (const { name, hex } of all) {
      const told = JSON.stringify(described(hex));
      if (name.startsWith('registration') || name.includes('repeat') || name.includes('enquiry'))
        expect(told).not.toContain('123456');
    }
    expect(described('063006999887870001').fields).toEqual({ password: '******', '87': '0001' });
    expect(JSON.stringify(described('0695073d998877061f7403998877'))).not.toContain('998877');
  });

  it('never prints the new password, nor what a command that nobody knows carries', () => {
    expect(described('069506123456654321').fields).toEqual({
      password: '******',
      newPassword: '******',
    });
    expect(described('065203654321').fields).toEqual({ password: '******' });
    expect(described('083103654321')).toMatchObject({ fields: { unread: '******' }, meaning: {} });
    expect(described('063003654321').fields).toEqual({ password: '******' });
    expect(described('0630026543').fields).toEqual({ unread: '******' });
  });

  it('never prints a card number that stands inside of the data of the chip', () => {
    const data = [
      '0612 5710 4111111111111111d28122011234567f',
      '060c 1f6c 09 084111111111111111',
      '060d 460b 9f5a08 4111111111111111',
      '060e 47 0c ff 4111111111111111 f0 00 00',
    ];
    for (const tlv of data) {
      const told = JSON.stringify(
        protocol.describe(apdu(0x04, 0x0f, bytes(`2700 ${tlv}`.replace(/\s/g, ''))), undefined),
      );
      expect(told).not.toContain('411111111111');
      expect(told).not.toContain('2812201');
    }
  });

  it('never prints more than the last four digits of a card', () => {
    const card = '4111111111111111';
    const inFields = [
      '22f0f84111111111111111',
      '23f1f04111111111111111d250',
      '24f0f1f04111111111111111d250',
      `2df1f6${Buffer.from(card).toString('hex')}`,
      `3cf0f1f6${Buffer.from(card).toString('hex')}`,
      '060a4c084111111111111111',
      '060a43084111111111111111',
      // Cut off in the middle of the number.
      '22f1f041111111111111',
    ];
    for (const field of inFields) {
      const data = bytes(`2700${field}`);
      const told = JSON.stringify(protocol.describe(apdu(0x04, 0x0f, data), undefined));
      expect(told).not.toMatch(/4111111111|34313131313131/);
    }
    expect(described('040f0d270022f0f84111111111111111').fields['22']).toBe('EEEEEEEEEEEE1111');
    expect(described(named('status-girocard').hex).fields['22']).toBe('EEEEEEEEEEEEEEE5058F');
  });

  it('shows the values of a published message as they are on the wire', () => {
    const { fields } = described(named('status-payment-good').hex);
    expect(fields).toMatchObject({
      '2A': '313030343631373633202020202020',
      '3B': '3631313830340000',
      '8B': '4465626974204D61737465726361726400',
    });
    expect(`3C=${String(fields['3C'])}`).toMatch(pattern('3C=47454E2E4E522E…'));
  });

  it('makes something of any bytes, and no run of digits that could be a card number', () => {
    const ascii = fc.stringMatching(/^[ -~]{0,60}$/).map(toLatin1);
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), ascii), fc.nat(), (data, control) => {
        const whole = apdu((control >>> 8) & 0xff, control & 0xff, data);
        expect(() => protocol.describe(whole, undefined)).not.toThrow();
        expect(() => protocol.describe(data, 'till')).not.toThrow();
        expect(fromLatin1(data)).toHaveLength(data.length);
      }),
      { numRuns: 500 },
    );
  });
});
