import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stxFrame } from '../../../src/framing/stx-etx-lrc.ts';
import { responseCode } from '../../../src/protocols/pax-poslink/codes.ts';
import { paxPoslinkProtocol } from '../../../src/protocols/pax-poslink/protocol.ts';
import { requests } from '../../../src/protocols/pax-poslink/requests.ts';
import { setupOf, usual } from '../../../src/protocols/pax-poslink/setup.ts';
import { data, drive, hexOf, said, told } from './support.ts';
import { recordedAnswers, requestVectors } from './vectors.ts';

const protocol = paxPoslinkProtocol();
const usd = (amount: number) => ({ amount, currency: 'USD' });
const sold = {
  kind: 'purchase',
  state: 'approved',
  amount: usd(650),
  operationNumber: '12',
  ticket: 'INV-7',
} as const;

describe('the requests of POSLINK', () => {
  it.each([
    ['initialise', requests.initialise(usual)],
    ['cancel', requests.cancel(usual)],
    ['sale', requests.sale(usual, 1_000, '1')],
    ['void', requests.void(usual, sold)],
    ['report', requests.report(usual, {})],
    ['byReference', requests.report(usual, { ticket: 'INV-7' })],
    ['byNumber', requests.report(usual, { operationNumber: '12' })],
    ['byRecord', requests.report(usual, { record: 4 })],
    ['close', requests.close({ ...usual, version: '1.28' })],
  ] as const)('%s is the vector, byte for byte', (name, frame) => {
    const { data: text, hex } = requestVectors[name];
    expect(hexOf(frame)).toBe(hex);
    expect(hexOf(stxFrame(data(text)))).toBe(hex);
  });

  it('are what the protocol itself sends', () => {
    const request = { amount: usd(1_000), ticket: '1' };
    expect(hexOf(protocol.purchase(request).request())).toBe(requestVectors.sale.hex);
    expect(hexOf(protocol.void(sold).request())).toBe(requestVectors.void.hex);
    expect(hexOf(protocol.status().request())).toBe(requestVectors.initialise.hex);
    expect(hexOf(protocol.lastTransaction().request())).toBe(requestVectors.report.hex);
  });

  it.each([
    [{ amount: usd(0) }, 'amount'],
    [{ amount: usd(-1) }, 'amount'],
    [{ amount: usd(1.5) }, 'amount'],
    [{ amount: usd(100_000_000) }, 'amount'],
    [{ amount: { amount: 1, currency: 'EUR' } }, 'currency'],
    [{ amount: usd(1), ticket: 'A/V' }, 'ticket'],
    [{ amount: usd(1), ticket: 'A\x1fB' }, 'ticket'],
    [{ amount: usd(1), ticket: 'x'.repeat(31) }, 'ticket'],
    [{ amount: usd(1), commerceCode: '123456789012' }, 'commerceCode'],
  ])('a sale of %j is refused before a byte is sent', (request, field) => {
    expect(protocol.checkPurchase(request)).toMatchObject({ outcome: 'refused', field });
  });

  it.each(['receiptNumber', 'trace', 'commerceCode'])('a target with %s is refused', (name) => {
    expect(protocol.checkTarget({ amount: usd(1), [name]: '1' })).toMatchObject({ field: name });
  });

  it('a debit sale, and one without a number, cannot be voided', () => {
    expect(protocol.checkVoidable({ ...sold, cardType: 'debit' })).toMatchObject({
      reason: 'debit-card',
    });
    const { operationNumber: _, ...numberless } = sold;
    expect(protocol.checkVoidable(numberless)).toMatchObject({ reason: 'not-approved' });
    expect(protocol.checkVoidable(sold)).toBeUndefined();
  });
});

describe('recorded answers', () => {
  it.each(Object.entries(recordedAnswers))(
    '%s agrees with its LRC',
    (_name, { data: text, lrc }) => {
      expect(stxFrame(data(text)).at(-1)).toBe(lrc);
    },
  );

  const answerTo = (ticket: string, amount: number, text: string) =>
    drive(protocol.purchase({ amount: usd(amount), ticket }), [
      said('ACK'),
      told(text),
      said('EOT'),
    ]).answer;

  it('a sale of version 1.54 is read', () => {
    expect(answerTo('163135', 15_000, recordedAnswers.sale.data)).toEqual({
      outcome: 'approved',
      transaction: {
        kind: 'purchase',
        state: 'approved',
        amount: usd(15_000),
        ticket: '163135',
        operationNumber: '1',
        authorisationCode: '611529',
        terminalId: '1240334673',
        rrn: '410813655803',
        last4: '4111',
        cardType: 'credit',
        cardBrand: 'Mastercard',
        time: '2024-04-17T14:16:56',
      },
    });
  });

  it('a sale of version 1.37 is read, which does not tell the kind of card', () => {
    expect(answerTo('123456', 1, recordedAnswers.olderSale.data)).toMatchObject({
      transaction: { amount: usd(1), authorisationCode: '021417', terminalId: '53236566' },
    });
  });

  it('the answer to another sale is none', () => {
    expect(answerTo('163135', 15_000, recordedAnswers.secondSale.data)).toBeUndefined();
  });

  it('a refusal without anything behind its text is read', () => {
    expect(answerTo('1', 1_000, recordedAnswers.timeout.data)).toEqual({
      outcome: 'declined',
      responseCode: '100001',
      message: 'The terminal refused: TIMEOUT (code 100001).',
      named: {},
    });
  });

  it('a report is read: kind of card 02 with a Visa is debit', () => {
    const asked = protocol.find?.({ amount: usd(11_382), ticket: '033619842' });
    const { answer } = drive(asked ?? protocol.lastTransaction(), [
      said('ACK'),
      told(recordedAnswers.report.data),
      said('EOT'),
    ]);
    expect(answer).toMatchObject({
      outcome: 'found',
      transaction: {
        kind: 'purchase',
        state: 'approved',
        amount: usd(11_382),
        ticket: '033619842',
        operationNumber: '7',
        authorisationCode: '145759',
        last4: '1725',
        cardType: 'debit',
        cardBrand: 'Visa',
        terminalId: '70050066',
        time: '2022-03-09T11:51:13',
      },
    });
  });
});

describe('what is shown of a message', () => {
  const whole = recordedAnswers.sale.data.replace('|4111~', '|4012888888881881~');

  it('is the last four digits of a card, and no expiry, holder or BIN', () => {
    const shown = JSON.stringify(protocol.describe(data(whole), 'terminal'));
    expect(shown).toContain('************1881');
    for (const secret of ['401288', '1225', 'Test Card', '541333'])
      expect(shown).not.toContain(secret);
  });

  it('a card number in full is reduced in the result as well', () => {
    const { answer } = drive(protocol.purchase({ amount: usd(15_000), ticket: '163135' }), [
      said('ACK'),
      told(whole),
      said('EOT'),
    ]);
    expect(answer).toMatchObject({ transaction: { last4: '1881' } });
    expect(JSON.stringify(answer)).not.toContain('4012888888881881');
  });

  it('a request is told by its fields', () => {
    expect(protocol.describe(data(requestVectors.void.data), undefined)).toEqual({
      code: 'T00',
      name: 'credit transaction',
      fields: { version: '1.35', type: '16', reference: '12/V', transactionNumber: '12' },
    });
  });

  it('nothing makes it throw', () => {
    const pieces = fc.array(
      fc.constantFrom('T01', 'R03', '0', '|', '~', '000000', 'SN=', '1', 'é'),
    );
    fc.assert(
      fc.property(pieces, fc.constantFrom('till', 'terminal', undefined), (parts, from) => {
        expect(typeof protocol.describe(data(parts.join('')), from).name).toBe('string');
      }),
    );
  });
});

describe('response codes', () => {
  it('approve only where the documentation says approved', () => {
    const approved = Array.from({ length: 110_000 }, (_, code) =>
      String(code).padStart(6, '0'),
    ).filter((code) => responseCode(code).meaning === 'approved');
    expect(approved).toEqual(['000000', '000001', '000002', '000003']);
  });

  it.each(['100011', '100009', '000099', '123456', ''])(
    '%s says nothing about the money',
    (code) => {
      expect(responseCode(code).meaning).toBe('unknown');
    },
  );
});

describe('the options of an address', () => {
  const setup = (transport: string, ...texts: (readonly [string, string])[]) =>
    setupOf({ texts: new Map(texts), transport });

  it('a connection for each command on TCP, and one for all on a serial line', () => {
    expect(setup('tcp')).toEqual({ version: '1.35', currency: 'USD', connection: 'per-command' });
    expect(setup('serial').connection).toBe('kept');
    expect(setup('tcp', ['connection', 'kept'], ['currency', 'CAD'], ['version', '1.54'])).toEqual({
      version: '1.54',
      currency: 'CAD',
      connection: 'kept',
    });
  });

  it.each([
    ['version', '2'],
    ['currency', 'EUR'],
    ['connection', 'sometimes'],
  ])('%s=%s is refused', (name, value) => {
    expect(() => setup('serial', [name, value])).toThrow(name);
  });
});
