import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apdu, splitApdu } from '../../../src/framing/apdu.ts';
import { toHex } from '../../../src/framing/bytes.ts';
import { writeTlv } from '../../../src/framing/tlv.ts';
import {
  bitmaps,
  readDigitsLength,
  readFields,
  writeDigitsLength,
  writeFields,
} from '../../../src/protocols/zvt/bitmaps.ts';
import { type Message, readMessage } from '../../../src/protocols/zvt/message.ts';
import {
  amountOf,
  identityOf,
  originalTraceOf,
  resultOf,
  textOf,
  transactionOf,
} from '../../../src/protocols/zvt/status-information.ts';
import { receiptRange, totalsIn } from '../../../src/protocols/zvt/totals.ts';
import { bytes, inShort, pattern } from './support.ts';
import { apdus, codecCases, serialFrames, type Vector } from './vectors.ts';

const ofTheTill = [
  '05',
  '0600',
  '0601',
  '0602',
  '0620',
  '0621',
  '0623',
  '0625',
  '0630',
  '0650',
  '0693',
  '06c0',
  '06e0',
];

/** Whose APDU it is, by its control field. */
const fromOf = (hex: string): 'till' | 'terminal' =>
  ofTheTill.some((control) => hex.startsWith(control)) ? 'till' : 'terminal';

const enquiries = [
  'completion-status-busy',
  'completion-status-06',
  'completion-status-version',
  'completion-status-full',
  'serial-status-completion',
];

function messageOf({ name, hex }: Pick<Vector, 'name' | 'hex'>): Message {
  const split = splitApdu(bytes(hex));
  if (split === undefined) throw new Error(`${name} is no APDU`);
  return readMessage(split.command, split.data, fromOf(hex), enquiries.includes(name));
}

const named = (name: string): Vector => {
  const found = apdus.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no vector ${name}`);
  return found;
};

/** All the vectors that are whole APDUs. */
const all = [...apdus, ...serialFrames.map(({ apdu: hex, ...vector }) => ({ ...vector, hex }))];
const setup = { currency: 'EUR', text: 'cp437' } as const;

describe('ZVT messages', () => {
  it.each(all.filter(({ fields }) => fields !== undefined))(
    'reads the bitmaps and TLV of $name',
    (vector) => {
      const message = messageOf(vector);
      expect(inShort(message.fields)).toMatch(pattern(vector.fields ?? ''));
      expect(message.rest).toHaveLength(0);
    },
  );

  // One answer from the field carries a byte that is no bitmap.
  it.each(all.filter(({ name }) => name !== 'nack-registration-currency'))(
    'writes $name as it was',
    (vector) => {
      const { command, head, fields, rest } = messageOf(vector);
      expect(rest).toHaveLength(0);
      const lllvar = [
        ...(head.has('softwareVersion')
          ? writeDigitsLength(head.get('softwareVersion')?.length ?? 0, 3)
          : []),
      ];
      const data = [
        ...lllvar,
        ...[...head.values()].flatMap((part) => [...part]),
        ...writeFields(fields),
      ];
      expect(toHex(apdu(command >>> 8, command & 0xff, Uint8Array.from(data)))).toBe(vector.hex);
    },
  );

  it('reads a refusal whose data is no bitmap, and keeps the byte', () => {
    const message = messageOf(named('nack-registration-currency'));
    expect(message.command).toBe(0x841e);
    expect(toHex(message.rest)).toBe('7d');
  });

  it('reads the published lengths of two and three digits', () => {
    const lengthIn = (name: string, digits: number) =>
      readDigitsLength(bytes(codecCases.find((each) => each.name === name)?.hex ?? ''), digits);
    expect(lengthIn('llvar-18', 2)).toBe(18);
    expect(lengthIn('lllvar-19', 3)).toBe(19);
    expect(readDigitsLength(bytes('f1'), 2)).toBeUndefined();
    expect(readDigitsLength(bytes('f1fa'), 2)).toBeUndefined();
    expect(() => writeDigitsLength(100, 2)).toThrow(RangeError);
  });

  it('takes a status byte of 06 for the status, and not for a container', () => {
    const message = messageOf(named('completion-status-06'));
    expect(message.head.get('terminalStatus')).toEqual(Uint8Array.of(0x06));
    expect(message.tlv).toEqual([]);
  });

  it('reads the software version before the status', () => {
    const { head } = messageOf(named('completion-status-version'));
    expect(Buffer.from(head.get('softwareVersion') ?? []).toString()).toBe('bla');
    expect(head.get('terminalStatus')).toEqual(Uint8Array.of(0x00));
  });

  it('reads an intermediate status with T4, with a container, with both', () => {
    const read = (hex: string) => {
      const { head, tlv } = readMessage(0x04ff, bytes(hex), 'terminal');
      return [toHex(head.get('t4Minutes') ?? new Uint8Array()), tlv.length];
    };
    expect(read('0e')).toEqual(['', 0]);
    expect(read('0e 02')).toEqual(['02', 0]);
    expect(
      read(
        'ff 10 06 1a 24 18 07 08 45 55 52 20 31 2e 32 33 07 0c 42 69 74 74 65 20 77 61 72 74 65 6e',
      ),
    ).toEqual(['10', 1]);
    // PA00P015 5.1 prints one without T4.
    expect(read('17 06 05 1f 73 02 00 01')).toEqual(['', 1]);
    // Six minutes, and a container.
    expect(read('0a 06')).toEqual(['06', 0]);
    expect(read('0a 06 06 03 24 01 07')).toEqual(['06', 1]);
  });

  it('reads a container behind the text of a print line', () => {
    const { head, tlv } = readMessage(0x06d1, bytes('00 41 42 06 04 1f 07 01 02'), 'terminal');
    expect(toHex(head.get('text') ?? new Uint8Array())).toBe('4142');
    expect(tlv.map(({ tag }) => tag)).toEqual([0x1f07]);
  });

  it('reads the currency behind an abort with code 6F, and an abort without a code', () => {
    const read = (hex: string) => readMessage(0x061e, bytes(hex), 'terminal');
    expect(toHex(read('6f 09 78').head.get('currency') ?? new Uint8Array())).toBe('0978');
    expect(read('6f 49 09 78').fields).toHaveLength(1);
    expect(read('').head.size).toBe(0);
  });
});

describe('status information', () => {
  const of = (name: string) => messageOf(named(name));

  it.each([
    [
      'status-payment-good',
      {
        amount: 2040,
        receipt: '0470',
        trace: '000470',
        terminalId: '28004869',
        code: '611804',
        brand: 'Debit Mastercard',
        last4: '4771',
      },
    ],
    [
      'status-visa-contactless',
      {
        amount: 1,
        receipt: '0002',
        trace: '000732',
        terminalId: '42003036',
        code: '889150',
        brand: 'VISA',
        last4: '7743',
      },
    ],
    [
      'status-nfc-small',
      {
        amount: 1,
        receipt: '0022',
        trace: '000022',
        terminalId: '29001006',
        code: '291675',
        brand: 'Debit Mastercard',
        last4: '5726',
      },
    ],
    [
      'status-girocard',
      {
        amount: 100,
        receipt: '0175',
        trace: '000485',
        terminalId: '52500068',
        code: '640900',
        brand: 'girocard',
        last4: '5058',
      },
    ],
    [
      'status-reservation',
      {
        amount: 2500,
        receipt: '0231',
        trace: '000975',
        terminalId: '52523535',
        code: '750071',
        brand: 'MasterCard',
        last4: '8074',
      },
    ],
  ])('reads the transaction of %s', (name, expected) => {
    const transaction = transactionOf(of(name), setup, 'purchase');
    expect(transaction).toMatchObject({
      kind: 'purchase',
      state: 'approved',
      amount: { amount: expected.amount, currency: 'EUR' },
      receiptNumber: expected.receipt,
      trace: expected.trace,
      terminalId: expected.terminalId,
      authorisationCode: expected.code,
      cardBrand: expected.brand,
      last4: expected.last4,
    });
    // The terminal tells no year, so there is no time.
    expect(transaction?.time).toBeUndefined();
  });

  it('takes a trace of more than six digits from the container', () => {
    expect(identityOf(of('status-long-trace'))).toMatchObject({
      trace: '10015008',
      receiptNumber: '0008',
    });
  });

  it('makes no transaction of a success that tells no amount', () => {
    expect(resultOf(of('status-long-trace'))).toBe(0);
    expect(transactionOf(of('status-long-trace'), setup, 'purchase')).toBeUndefined();
  });

  it('knows a reversal by the trace of its original, whatever was asked', () => {
    const message = of('status-reversal-constructed');
    expect(originalTraceOf(message)).toBe('000007');
    expect(transactionOf(message, setup, 'purchase')).toMatchObject({
      kind: 'void',
      receiptNumber: '0008',
      trace: '000008',
      original: { trace: '000007' },
    });
  });

  it('reads a failure and its text, in the character set it is told', () => {
    expect(resultOf(of('status-abort-by-customer'))).toBe(0x6c);
    expect(textOf(of('status-abort-by-customer'), setup)).toEqual(['Abbruch durch Kunde']);
    expect(textOf(of('status-eod-required'), { ...setup, text: 'latin1' })).toEqual([
      'Kassenschnitt',
      'durchführen',
    ]);
    expect(resultOf(of('status-minimal-abort'))).toBe(0x6c);
  });

  it('reads the totals of an end of day, count binary and sum in BCD', () => {
    const totals = of('status-end-of-day-feig').fields.find(({ bmp }) => bmp === 0x60)?.value;
    const groups = totalsIn(totals) ?? [];
    expect(groups.map(({ count, sum }) => [count, sum])).toEqual([
      [0, 0],
      [0, 0],
      [2, 958],
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(receiptRange(totals ?? new Uint8Array())).toEqual({ from: '0233', to: '0234' });
    expect(totalsIn(new Uint8Array(52))).toBeUndefined();
  });

  it('takes the currency that the terminal tells, and none that it does not know', () => {
    const read = (hex: string) => amountOf(readMessage(0x040f, bytes(hex), 'terminal'), setup);
    expect(read('04 00 00 00 00 01 00')).toEqual({ amount: 100, currency: 'EUR' });
    expect(read('04 00 00 00 00 01 00 49 07 56')).toEqual({ amount: 100, currency: 'CHF' });
    expect(read('04 00 00 00 00 01 00 49 09 99')).toBeUndefined();
    expect(read('04 00 00 00 00 01 0e')).toBeUndefined();
  });

  it('takes a time only with its year', () => {
    const read = (hex: string) =>
      transactionOf(
        readMessage(0x040f, bytes(`27 00 04 00 00 00 00 01 00 ${hex}`), 'terminal'),
        setup,
        'purchase',
      )?.time;
    expect(read('0c 10 15 30 0d 11 23')).toBeUndefined();
    expect(read('0c 10 15 30 aa 26 11 23')).toBe('2026-11-23T10:15:30');
    expect(read('06 0f 2e 0d 1f 0e 04 20 24 02 29 1f 0f 03 10 15 30')).toBe('2024-02-29T10:15:30');
    expect(read('06 0f 2e 0d 1f 0e 04 20 23 02 29 1f 0f 03 10 15 30')).toBeUndefined();
  });

  it('takes FFFF for no receipt number, and zeros for no original', () => {
    const message = readMessage(0x040f, bytes('27 00 87 ff ff 37 00 00 00'), 'terminal');
    expect(identityOf(message).receiptNumber).toBeUndefined();
    expect(originalTraceOf(message)).toBeUndefined();
  });
});

describe('bitmaps', () => {
  const field = fc.constantFrom(...bitmaps.entries()).chain(([bmp, { length }]) => {
    const size =
      length.by === 'fixed'
        ? { minLength: length.bytes, maxLength: length.bytes }
        : { maxLength: length.by === 'digits' && length.digits === 2 ? 99 : 300 };
    return fc.uint8Array(size).map((value) => ({
      bmp,
      value: length.by === 'ber' ? writeTlv([{ tag: 0x07, value }]) : value,
    }));
  });

  it('are read as they were written, in any order', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 12 }), (fields) => {
        expect(readFields(writeFields(fields))).toEqual({ fields, rest: new Uint8Array() });
      }),
    );
  });

  it('stop at one that is not in the table: nobody knows how long it is', () => {
    const { fields, rest } = readFields(bytes('27 00 fe 01 49 09 78'));
    expect(inShort(fields)).toBe('27=00');
    expect(toHex(rest)).toBe('fe01490978');
  });

  it('refuse a value that does not fit; nothing is cut', () => {
    expect(() => writeFields([{ bmp: 0x04, value: new Uint8Array(5) }])).toThrow(RangeError);
    expect(() => writeFields([{ bmp: 0xf1, value: new Uint8Array(100) }])).toThrow(RangeError);
    expect(() => writeFields([{ bmp: 0xfe, value: new Uint8Array(1) }])).toThrow(RangeError);
  });

  it('account for every byte, whatever the bytes, and never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (raw) => {
        const { fields, rest } = readFields(raw);
        const head = raw.length - rest.length;
        expect(readFields(raw.slice(0, head))).toEqual({ fields, rest: new Uint8Array() });
      }),
      { numRuns: 500 },
    );
  });
});
