import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1, toHex, toLatin1 } from '../../../src/framing/bytes.ts';
import { ecr17Deframer, ecr17Frame, isProgress } from '../../../src/framing/ecr17-frame.ts';
import type { Frame } from '../../../src/framing/frame.ts';
import { describe as inWords } from '../../../src/protocols/ecr17/describe.ts';
import { read, widthOf, write } from '../../../src/protocols/ecr17/fixed-width.ts';
import { answerTables, requestTables } from '../../../src/protocols/ecr17/layouts.ts';
import { nothingYet, receiptPart } from '../../../src/protocols/ecr17/receipt.ts';
import { additionalData, printAtTill, request } from '../../../src/protocols/ecr17/requests.ts';
import type { Link } from '../../../src/protocols/ecr17/setup.ts';
import { isNotBefore, nextStan } from '../../../src/protocols/ecr17/stan.ts';
import { readStatus } from '../../../src/protocols/ecr17/status.ts';
import { type VectorName, vector, vectors } from './vectors.ts';

const link: Link = {
  terminalId: '12345678',
  tillId: '00000001',
  payment: 'X',
  receipts: true,
  connection: 'kept',
  spoken: { lrc: 'std' },
};

const framesOf = (...chunks: readonly Uint8Array[]): Frame[] => {
  const deframer = ecr17Deframer();
  return [...chunks.flatMap((chunk) => deframer.push(chunk)), ...deframer.flush()];
};

/** The payload of a vector that is one sound frame. */
function payloadOf(name: VectorName): Uint8Array {
  const [frame, ...more] = framesOf(vector(name));
  if (more.length > 0 || frame?.kind !== 'frame' || frame.check === 'bad')
    throw new Error(`${name} is not one sound frame`);
  return frame.data;
}

const told = (name: VectorName, from?: 'till' | 'terminal') => inWords(payloadOf(name), from);

describe('the requests of ECR17', () => {
  it.each<[VectorName, Uint8Array]>([
    ['status-request', request(link, 's')],
    ['payment-6.50', request(link, 'P', { amount: '650' })],
    ['reversal-any', request(link, 'S', { stan: '000000' })],
    ['last-result-lrc-01', request(link, 'G')],
    ['last-result-lrc-03', request({ ...link, tillId: '00000003' }, 'G')],
    ['enable-ecr-print', printAtTill(link, true)],
    ['close-session', request(link, 'C')],
  ])('%s is the recorded frame', (name, frame) => {
    expect(toHex(frame)).toBe(vectors[name]);
  });

  // The lengths of the document's tables.
  it.each([
    ['s', 10],
    ['P', 167],
    ['X', 167],
    ['p', 167],
    ['i', 176],
    ['c', 176],
    ['H', 39],
    ['S', 26],
    ['G', 22],
    ['T', 26],
    ['C', 26],
    ['E', 11],
    ['R', 22],
    ['U', 36],
    ['K', 26],
  ] as const)('%s has %i characters', (code, length) => {
    expect(widthOf(requestTables[code])).toBe(length);
    expect(request(link, code)).toHaveLength(length + 3);
  });

  it.each(Object.entries(requestTables))(
    '%s leaves no column open and none twice',
    (_code, table) => {
      let next = 1;
      for (const [from, to] of table) {
        expect(from).toBe(next);
        next = to + 1;
      }
    },
  );

  it('carry additional data as tags that end with 1B', () => {
    const payload = additionalData(link, { isoField: '62', tags: ['AB', 'C'] }).slice(1, -2);
    expect(fromLatin1(payload)).toBe('123456780U00000062DF8D01  0110000000AB\x1bC\x1b');
  });

  it('are written in the check of the terminal', () => {
    const frame = request({ ...link, spoken: { lrc: 'noext' } }, 's');
    expect(toHex(frame)).toBe('02313233343536373830730337');
  });

  it('cut nothing short', () => {
    expect(() => request(link, 'X', { amount: '123456789' })).toThrow(RangeError);
  });
});

describe('the answers of ECR17', () => {
  // The lengths of the document's tables; a reading of the fixed columns leaves none open.
  it.each(Object.entries(answerTables))('%s is as long as its name says', (name, { ok, ko }) => {
    const length = Number(name.slice(1));
    expect(widthOf(ok)).toBe(name === 'T34' ? 34 : length);
    expect(widthOf(ko)).toBeLessThanOrEqual(length);
    for (const table of [ok, ko]) {
      let next = 1;
      for (const [from, to] of table) {
        expect(from, name).toBe(next);
        next = to + 1;
      }
    }
  });

  it('come back from what they were written', () => {
    for (const { ok } of Object.values(answerTables)) {
      const fields = Object.fromEntries(
        ok.flatMap(([from, to, as, name]) =>
          name === undefined ? [] : [[name, (as === 'card' ? '4' : '7').repeat(to - from + 1)]],
        ),
      );
      expect(read(ok, write(ok, fields))).toEqual({
        ...fields,
        ...('last4' in fields && { last4: '4444' }),
      });
    }
  });

  it('tell a payment', () => {
    expect(told('payment-ok')).toEqual({
      code: 'E',
      name: 'payment result',
      fields: {
        terminalId: '12345678',
        result: '00',
        last4: '1234',
        cardReading: 'CLI',
        authorisationCode: '123456',
        time: '2111520',
        cardType: 'credit',
        acquirerId: '00000000003',
        trace: '000045',
        onlineId: '000321',
      },
    });
    expect(told('payment-ko').fields).toMatchObject({
      result: '01',
      text: 'CARTA NON ABILITATA',
      trace: '000046',
    });
  });

  it('tell the status', () => {
    expect(readStatus(payloadOf('status-ok'))).toEqual({
      terminalId: '12345678',
      status: '2',
      clock: '2026-07-01T09:30',
      releases: ['SW010203'],
    });
    expect(told('status-ok').fields).toMatchObject({ clock: '2026-07-01T09:30', status: '2' });
  });

  it('tell why a session was not closed', () => {
    expect(told('close-ko')).toMatchObject({
      name: 'close session result',
      fields: { result: '01', text: 'TOTALI DISCORDANTI', actionCode: '095' },
    });
  });

  it('take the side from the frame where both sides have the code', () => {
    expect(told('reversal-any')).toMatchObject({ name: 'reversal', fields: { trace: '000000' } });
    expect(told('ticket-part')).toMatchObject({ name: 'receipt' });
    expect(told('enable-ecr-print').name).toBe('printing at the till');
    expect(told('close-session').name).toBe('close session');
    expect(told('reversal-any', 'terminal').name).toBe('receipt');
  });

  it('come apart from a chunk with everything in it', () => {
    const frames = framesOf(vector('stream-ack-progress-result'));
    expect(frames.map((frame) => frame.kind)).toEqual(['control', 'frame', 'frame']);
    expect(framesOf(vector('ack-std'))).toMatchObject([{ kind: 'control', name: 'ACK' }]);
    expect(framesOf(vector('nak-std'))).toMatchObject([{ kind: 'control', name: 'NAK' }]);
    expect(inWords(payloadOf('progress'), undefined)).toEqual({
      code: 'progress',
      name: 'progress',
      fields: { text: 'TRANSAZ. IN CORSO' },
    });
  });

  it.each(Object.keys(vectors) as VectorName[])('%s gives the same byte by byte', (name) => {
    const whole = vector(name);
    const bytes = Array.from(whole, (byte) => Uint8Array.of(byte));
    expect(framesOf(...bytes)).toEqual(framesOf(whole));
    expect(framesOf(whole).every((frame) => frame.kind !== 'noise')).toBe(true);
  });

  it('show no card number, wherever it stands', () => {
    const card = '4539970000001239';
    const payload = toLatin1(`123456780E01${card.padEnd(24)}${'0'.repeat(35)}`);
    expect(payload).toHaveLength(71);
    expect(JSON.stringify(inWords(payload, 'terminal'))).not.toContain(card);
    const receipt = toLatin1(`123456780S${card}}`);
    expect(JSON.stringify(inWords(receipt, 'terminal'))).not.toContain(card);
  });

  it('never throw, whatever the bytes', () => {
    const payload = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.constantFrom(...'sPXpicHSGTCERUKEVev'), fc.string({ maxLength: 180 }))
        .map(([code, rest]) => toLatin1(`123456780${code}${rest}`).map((byte) => byte & 0xff)),
    );
    fc.assert(
      fc.property(payload, fc.constantFrom('till', 'terminal', undefined), (data, from) => {
        expect(inWords(data, from).name).toBeTypeOf('string');
        readStatus(data);
        receiptPart(data, nothingYet);
      }),
    );
  });
});

describe('a receipt', () => {
  const part = (text: string) => toLatin1(`123456780S${text}`);

  it('has lines that end with their mark, and large ones among them', () => {
    expect(receiptPart(payloadOf('ticket-part'), nothingYet)).toEqual({
      lines: ['IMPORTO EUR 6,50', 'GRAZIE'],
      rest: nothingYet,
      last: false,
    });
    expect(receiptPart(payloadOf('ticket-last'), nothingYet)).toEqual({
      lines: ['ARRIVEDERCI'],
      rest: nothingYet,
      last: true,
    });
  });

  it('goes on in the next part in the middle of a line', () => {
    const first = receiptPart(part('A}TOTA'), nothingYet);
    expect(first).toEqual({ lines: ['A'], rest: { line: 'TOTA', width: 24 }, last: false });
    expect(receiptPart(part('LE}}B}}}}}}\x1b'), first.rest)).toEqual({
      lines: ['TOTALE', '', 'B'],
      rest: nothingYet,
      last: true,
    });
  });

  it('wraps at 24 characters without a mark', () => {
    const line = 'ABCDEFGHIJKLMNOPQRSTUVWX';
    expect(receiptPart(part(`${line}ABC}`), nothingYet).lines).toEqual([line, 'ABC']);
    expect(receiptPart(part(`${line}}ABC}`), nothingYet).lines).toEqual([line, '', 'ABC']);
  });

  it('wraps wide lines at 12 and compressed ones at 42', () => {
    expect(receiptPart(part('{ABCDEFGHIJKLMN}O}'), nothingYet).lines).toEqual([
      'ABCDEFGHIJKL',
      'MN',
      'O',
    ]);
    const long = 'x'.repeat(42);
    expect(receiptPart(part(`^${long}A}`), nothingYet).lines).toEqual([long, 'A']);
  });

  it('has no line of more than 42 characters, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom(...'ABC 1}|~^{\x7f\x1b'), maxLength: 60 }), {
          maxLength: 5,
        }),
        (texts) => {
          let rest = nothingYet;
          for (const text of texts) {
            const told = receiptPart(part(text), rest);
            ({ rest } = told);
            for (const line of [...told.lines, rest.line])
              expect(line.length).toBeLessThanOrEqual(42);
          }
        },
      ),
    );
  });
});

describe('the STAN', () => {
  it('counts on, and comes round', () => {
    expect(nextStan('000045')).toBe('000046');
    expect(nextStan('45')).toBe('000046');
    expect(nextStan('999999')).toBe('000001');
    expect(isNotBefore('000045', '000045')).toBe(true);
    expect(isNotBefore('000045', '000050')).toBe(true);
    expect(isNotBefore('000045', '000044')).toBe(false);
    expect(isNotBefore('999999', '000003')).toBe(true);
    expect(isNotBefore('000003', '999999')).toBe(false);
  });
});

it('a progress frame is no payload', () => {
  expect(isProgress(ecr17Frame(toLatin1('A'), 'std').slice(1, -2))).toBe(false);
});
