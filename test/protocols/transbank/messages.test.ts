import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLatin1, toHex, toLatin1 } from '../../../src/framing/bytes.ts';
import { stxEtxLrcDeframer, stxFrame } from '../../../src/framing/stx-etx-lrc.ts';
import { clp } from '../../../src/model/money.ts';
import { responseCode, statusCode } from '../../../src/protocols/transbank/codes.ts';
import { describe as inWords } from '../../../src/protocols/transbank/describe.ts';
import { readFields } from '../../../src/protocols/transbank/fields.ts';
import { answers, type Family } from '../../../src/protocols/transbank/layouts.ts';
import { transbankProtocol } from '../../../src/protocols/transbank/protocol.ts';
import { requests } from '../../../src/protocols/transbank/requests.ts';
import { recordedAnswers, requestVectors } from './vectors.ts';

const fields = (data: string, family: Family = 'integrado', from?: 'till' | 'terminal') =>
  inWords(family, toLatin1(data), from);

describe('Transbank frames', () => {
  it.each(requestVectors)('$data goes on the wire as $hex', ({ data, hex }) => {
    expect(toHex(stxFrame(toLatin1(data)))).toBe(hex);
    expect(stxEtxLrcDeframer().push(Buffer.from(hex, 'hex'))).toMatchObject([
      { kind: 'frame', check: 'ok', data: toLatin1(data) },
    ]);
  });

  it.each(Object.entries(recordedAnswers))(
    '%s, as recorded, has the recorded LRC',
    (_name, { data, lrc }) => {
      expect(stxFrame(toLatin1(data)).at(-1)).toBe(lrc);
    },
  );
});

describe('Transbank requests', () => {
  it("writes each request of POS Integrado as the vendor's matrix has it", () => {
    expect([
      requests.poll(),
      requests.loadKeys(),
      requests.sale('integrado', { amount: 1500, ticket: '123' }),
      requests.sale('integrado', { amount: 1500, ticket: '123', trailingSeparator: true }),
      requests.sale('integrado', { amount: 1500, ticket: 'AB12', commerceCode: '597029414301' }),
      requests.lastSale('integrado'),
      requests.multicodeLastSale(),
      requests.void('integrado', '000010'),
      requests.close('integrado'),
      requests.totals(),
      requests.salesDetail('till'),
      requests.salesDetail('terminal'),
      requests.multicodeSalesDetail('till'),
      requests.normalMode(),
    ]).toEqual([
      '0100',
      '0800',
      '0200|000001500|000123|||1',
      '0200|000001500|000123|||1|',
      '0270|000001500|00AB12|||1|597029414301',
      '0250|',
      '0280|1',
      '1200|10|',
      '0500||',
      '0700||',
      '0260|1|',
      '0260|0|',
      '0290|1|',
      '0300',
    ]);
  });

  it("writes each request of POS Autoservicio as the vendor's matrix has it", () => {
    expect([
      requests.sale('autoservicio', { amount: 999_999_999, ticket: 'ORDER-1'.replace('-', '') }),
      requests.sale('autoservicio', { amount: 50, ticket: '1', commerceCode: '597029414301' }),
      requests.lastSale('autoservicio'),
      requests.void('autoservicio', '000010'),
      requests.close('autoservicio'),
      requests.initialisation(),
      requests.initialisationResult(),
    ]).toEqual([
      '0200|999999999|ORDER1|1|1',
      '0270|000000050|000001|1|1|597029414301',
      '0250|1',
      '1200',
      '0500|1',
      '0070',
      '0080',
    ]);
  });
});

describe('Transbank answers', () => {
  it('reads a recorded last sale field by field, and keeps its numbers as strings', () => {
    expect(fields(recordedAnswers.lastSale.data)).toEqual({
      code: '0260',
      name: 'last sale answer',
      fields: {
        responseCode: '00',
        commerceCode: '597029414300',
        terminalId: '75001637',
        ticket: '001234',
        authorisationCode: '252985',
        amount: 25000,
        instalments: 0,
        last4: '0461',
        operationNumber: '000123',
        cardType: 'credit',
        time: '2023-07-26T11:37:48',
        employee: '0',
        tip: 0,
      },
    });
  });

  it('reads a recorded void, a cancelled sale and the detail of a void', () => {
    expect(fields(recordedAnswers.voided.data).fields).toEqual({
      responseCode: '00',
      commerceCode: '597029414300',
      terminalId: '75001637',
      authorisationCode: '794981',
      operationNumber: '123',
    });
    expect(fields(recordedAnswers.cancelled.data).fields).toMatchObject({
      responseCode: '07',
      ticket: '00ABCD',
      amount: 0,
      last4: '0461',
    });
    expect(fields(recordedAnswers.detailOfAVoid.data).fields).toMatchObject({
      amount: -25000,
      operationNumber: '000123',
      authorisationCode: '794981',
    });
  });

  it('tells the two families apart where their fields differ', () => {
    const head = '597029414300|75001637|000123|252985|25000';
    const autoservicio = `0260|00|${head}|0461|000007|DB|2607|4111111111110461|VI|26072023|113748|${'x'.repeat(40)}`;
    expect(fields(autoservicio, 'autoservicio').fields).toMatchObject({
      last4: '0461',
      operationNumber: '000007',
      cardType: 'debit',
      accountLast4: '0461',
      cardBrand: 'VI',
      voucher: 'x'.repeat(40),
    });
  });

  it('tells the sales detail request from the last sale answer, both 0260', () => {
    expect(fields('0260|1|').name).toBe('sales detail');
    expect(fields('0260|11').name).toBe('last sale answer');
    expect(fields('0260|11', 'integrado', 'till').name).toBe('sales detail');
  });

  it('reads a refusal that carries nothing but its code', () => {
    expect(fields('1210|04').fields).toEqual({ responseCode: '04' });
  });

  it('says which field is malformed', () => {
    expect(fields('0710|00|two|26500|').fields).toEqual({ malformed: 'count' });
  });

  it('reads back every field that it wrote, in every layout', () => {
    const value = fc.stringMatching(/^[0-9]{1,4}$/);
    for (const family of ['integrado', 'autoservicio'] as const)
      for (const layout of Object.values(answers[family]))
        fc.assert(
          fc.property(
            fc.array(value, { minLength: layout.length, maxLength: layout.length }),
            (values) => {
              const read = readFields(layout, values);
              for (const [i, name] of layout.entries())
                if (name !== null)
                  expect(read).toHaveProperty(name, sameKind(read, name, values[i]));
            },
          ),
          { numRuns: 20 },
        );
  });

  it('never throws on what a terminal may send, and never shows a card number', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.constantFrom('0260', '0210', '1210', ''),
        (raw, code) => {
          const data = `${code}|00|597029414300|75001637|4111111111111111|${fromLatin1(raw)}`;
          for (const family of ['integrado', 'autoservicio'] as const)
            expect(JSON.stringify(fields(data, family))).not.toContain('4111111111111111');
        },
      ),
    );
  });

  const sameKind = (read: object, name: string, text: string | undefined): unknown =>
    typeof Reflect.get(read, name) === 'number' ? Number(text) : text;
});

describe('Transbank codes', () => {
  it('reads the codes that differ between the families', () => {
    expect(
      ['14', '15', '88', '93'].map((code) => responseCode('autoservicio', code).text),
    ).not.toEqual(['14', '15', '88', '93'].map((code) => responseCode('integrado', code).text));
    expect(statusCode('integrado', '80').code).toBe('choose-instalments');
    expect(statusCode('autoservicio', '80').code).toBe('confirm-amount');
  });

  it('says unknown of a code that the vendor does not list, never declined', () => {
    expect(responseCode('integrado', '99').meaning).toBe('unknown');
    expect(responseCode('integrado', '').meaning).toBe('unknown');
  });

  it('gives a meaning of its own to the codes that a void depends on', () => {
    const meaning = (code: string) => responseCode('integrado', code).meaning;
    expect(['00', '04', '05', '08', '11', '21'].map(meaning)).toEqual([
      'approved',
      'already-voided',
      'not-found',
      'debit-card',
      'empty',
      'declined',
    ]);
  });
});

describe('what a Transbank terminal can be asked', () => {
  const protocol = transbankProtocol('integrado');
  const check = (amount: number, ticket?: string) =>
    protocol.checkPurchase({ amount: clp(amount), ...(ticket !== undefined && { ticket }) });

  it.each([49, 0, -1500, 1_000_000_000, 1500.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses an amount of %s, naming field, limit and value',
    (amount) => {
      expect(check(amount)).toMatchObject({
        outcome: 'refused',
        reason: 'invalid',
        field: 'amount',
        limit: 'an integer from 50 to 999999999 (whole CLP)',
        value: String(amount),
      });
    },
  );

  it('takes 50 and 999 999 999 pesos', () => {
    expect([check(50), check(999_999_999)]).toEqual([undefined, undefined]);
  });

  it('refuses another currency', () => {
    expect(protocol.checkPurchase({ amount: { amount: 1500, currency: 'EUR' } })).toMatchObject({
      field: 'currency',
      limit: 'CLP',
      value: '"EUR"',
    });
  });

  it.each(['TKT-16', 'TKT1699', 'ñandú', 'a|b', '', '12\n'])(
    'refuses the ticket %j rather than cutting it short',
    (ticket) => {
      expect(check(1500, ticket)).toMatchObject({ field: 'ticket', value: JSON.stringify(ticket) });
    },
  );

  it('takes a ticket of 20 characters on Autoservicio only', () => {
    const ticket = '12345678901234567890';
    const request = { amount: clp(1500), ticket };
    expect(transbankProtocol('autoservicio').checkPurchase(request)).toBeUndefined();
    expect(protocol.checkPurchase(request)).toMatchObject({ field: 'ticket' });
  });

  it('refuses an operation number that is none', () => {
    expect(protocol.checkTarget({ amount: clp(1500), operationNumber: '1234567' })).toMatchObject({
      field: 'operationNumber',
      limit: '1 to 6 digits',
    });
  });
});
