import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delimiterDeframer } from '../../../src/framing/delimiter.ts';
import { maxAmount, readAmount, writeAmount } from '../../../src/protocols/privatbank/amount.ts';
import { localTime, receiptOf, verdictOf } from '../../../src/protocols/privatbank/answers.ts';
import {
  responseCode,
  responseCodeOf,
  statusCode,
} from '../../../src/protocols/privatbank/codes.ts';
import { describe as inWords } from '../../../src/protocols/privatbank/describe.ts';
import {
  type Message,
  readMessage,
  serviceType,
  writeService,
} from '../../../src/protocols/privatbank/envelope.ts';
import { load } from '../../../src/protocols/privatbank/load.ts';
import { privatbankProtocol } from '../../../src/protocols/privatbank/protocol.ts';
import { requests } from '../../../src/protocols/privatbank/requests.ts';
import { plainSetup } from '../../../src/protocols/privatbank/setup.ts';
import { frameOf, message } from './support.ts';
import { answerVectors, printedAnswers, requestVectors } from './vectors.ts';

const uah = (amount: number) => ({ amount, currency: 'UAH' });
const protocol = privatbankProtocol();

/** A message of the terminal, through the deframer. */
function read(given: string | Uint8Array): Message {
  const frame = frameOf(given);
  const found = frame.kind === 'frame' ? readMessage(frame.data) : undefined;
  if (found === undefined) throw new Error('no message');
  return found;
}

describe('requests', () => {
  it.each([
    [
      'the handshake, with its leading 00',
      protocol.greeting?.().request(),
      requestVectors.handshake,
    ],
    ['GetTerminalInfo', requests.terminalInfo(), requestVectors.terminalInfo],
    ['identify', writeService('identify'), requestVectors.identify],
    ['a sale of 0.60', requests.purchase(plainSetup, 60), requestVectors.purchase],
    ['the question for the last receipt', requests.receiptInfo('0'), requestVectors.lastReceipt],
    ['a void of receipt 000005', requests.withdrawal('000005'), requestVectors.withdrawal],
    ['an interrupt', writeService('interrupt'), requestVectors.interrupt],
  ])('%s is to the byte what the bank prints', (_name, written, expected) => {
    expect(written).toEqual(expected);
  });

  it('carry everything that a real N950 wants, and the merchant that the address names', () => {
    const setup = load({
      options: new Map([['facepay', true]]),
      texts: new Map([
        ['merchant-id', '4'],
        ['sub-merchant', 'Крамниця 2'],
      ]),
      secrets: new Map(),
      transport: 'tcp',
    }).setup;
    expect(read(requests.purchase(setup, 123_456)).params).toEqual(
      new Map([
        ['amount', '1234.56'],
        ['discount', ''],
        ['merchantId', '4'],
        ['facepay', 'true'],
        ['subMerchant', 'Крамниця 2'],
      ]),
    );
    expect(read(requests.refund(setup, 30, '014721258513')).params).toEqual(
      new Map([
        ['amount', '0.30'],
        ['discount', ''],
        ['merchantId', '4'],
        ['rrn', '014721258513'],
        ['subMerchant', 'Крамниця 2'],
      ]),
    );
  });

  it.each([
    ['merchant-id', 'first'],
    ['merchant-id', '1234'],
    ['sub-merchant', '4111111111111111'],
    ['sub-merchant', ''],
  ])('of an address with %s=%s are refused before anything is sent', (name, value) => {
    const setup = {
      options: new Map(),
      texts: new Map([[name, value]]),
      secrets: new Map(),
      transport: 'tcp',
    };
    expect(() => load(setup)).toThrow(expect.objectContaining({ code: 'bad-address' }));
  });
});

describe('what cannot be sent as it is', () => {
  it.each([
    [{ amount: uah(0) }, 'amount'],
    [{ amount: uah(1.5) }, 'amount'],
    [{ amount: uah(maxAmount + 1) }, 'amount'],
    [{ amount: { amount: 100, currency: 'USD' } }, 'currency'],
    [{ amount: uah(100), commerceCode: '597029414300' }, 'commerceCode'],
    [{ amount: uah(100), ticket: '4111111111111111' }, 'ticket'],
  ])('is refused: %j', (request, field) => {
    expect(protocol.checkPurchase(request)).toMatchObject({ outcome: 'refused', field });
  });

  it.each([
    [{ amount: uah(100) }, 'rrn'],
    [{ amount: uah(100), rrn: '4111111111111111' }, 'rrn'],
    [{ amount: uah(100), rrn: '0147 2125' }, 'rrn'],
    [{ amount: uah(-1), rrn: '014721258513' }, 'amount'],
  ])('as a refund is refused: %j', (request, field) => {
    expect(protocol.checkRefund?.(request)).toMatchObject({ outcome: 'refused', field });
  });

  it.each([
    [{ amount: uah(100), receiptNumber: '0' }, 'receiptNumber'],
    [{ amount: uah(100), receiptNumber: '000' }, 'receiptNumber'],
    [{ amount: uah(100), receiptNumber: '12a' }, 'receiptNumber'],
    [{ amount: uah(100), ticket: 'A1' }, 'ticket'],
    [{ amount: uah(100), trace: '1' }, 'trace'],
    [{ amount: uah(100), operationNumber: '1' }, 'operationNumber'],
  ])('as the target of a void is refused: %j', (target, field) => {
    expect(protocol.checkTarget(target)).toMatchObject({ outcome: 'refused', field });
  });
});

describe('amounts', () => {
  it.each([
    ['0.60', 60],
    ['0,60', 60],
    ['1000.0', 100_000],
    ['5', 500],
    ['0.07', 7],
    ['9007199254.99', 900_719_925_499],
    ['0.00', 0],
  ])('%s is %i kopiyka', (text, amount) => {
    expect(readAmount(text)).toBe(amount);
  });

  it.each([
    '',
    '.',
    '0.',
    '.60',
    '0.605',
    '1 000.00',
    '1,000.00',
    '-0.60',
    '1e3',
    '0x10',
    'XXX.XX',
    '٣',
  ])('%j is none', (text) => {
    expect(readAmount(text)).toBeUndefined();
  });

  it('come back as they were written, to the last kopiyka', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: maxAmount }), (amount) => {
        expect(readAmount(writeAmount(amount))).toBe(amount);
        expect(writeAmount(amount)).toMatch(/^\d+\.\d\d$/);
      }),
    );
  });
});

describe('the envelope', () => {
  it.each([
    ['as it should be', answerVectors.handshake],
    ['with a key misspelt', answerVectors.handshakeMisspelt],
    ['as the port trace has it, which is no JSON', answerVectors.handshakeTraced],
  ])('of the handshake is read %s', (_name, bytes) => {
    const told = read(bytes);
    expect([told.method, told.param('responseCode')]).toEqual(['PingDevice', '0000']);
  });

  it('of a sale is never mended', () => {
    const broken = answerVectors.handshakeTraced.slice(0, -1).map((byte) => byte);
    const text = new TextDecoder().decode(broken).replace('PingDevice', 'Purchase');
    expect(readMessage(new TextEncoder().encode(text))).toBeUndefined();
  });

  it.each(['errorDescription', 'errorDescritption', 'errorDecsription', 'errorDecription'])(
    'has its %s read as meant',
    (key) => {
      expect(read(`{"method":"Purchase","error":true,"${key}":"Words"}`).errorDescription).toBe(
        'Words',
      );
    },
  );

  it('loses the blanks around keys, methods and values', () => {
    const told = read(
      `{" method ":" Purchase ","params":{" amount ":" 0.60 ","responseCode":"0000 "},"error":" true "}`,
    );
    expect([told.method, told.param('amount'), told.param('responseCode'), told.error]).toEqual([
      'Purchase',
      '0.60',
      '0000',
      true,
    ]);
  });

  it('is found behind noise, and its empty values are missing ones', () => {
    const told = read(`\u007f\u0001{"method":"Purchase","params":{"rrn":"","code":0}}`);
    expect([told.param('rrn'), told.param('code'), told.error]).toEqual([
      undefined,
      '0',
      undefined,
    ]);
  });

  it('tells the type of a ServiceMessage, blanks cut off', () => {
    expect(serviceType(read(printedAnswers.interruptTransmitted))).toBe('interruptTransmitted');
    expect(serviceType(read(printedAnswers.methodNotImplemented))).toBe('methodNotImplemented');
    expect(serviceType(read(answerVectors.deviceBusy))).toBe('deviceBusy');
    expect(serviceType(read(printedAnswers.purchase))).toBeUndefined();
  });

  it.each([
    '',
    'hello',
    '[]',
    'null',
    '42',
    '{}',
    '{"method":7e}',
    '{"method":""}',
    '{"method":{}}',
    '{"step":0}',
  ])('is none: %j', (text) => {
    expect(readMessage(new TextEncoder().encode(text))).toBeUndefined();
  });

  it('is not fooled by names that objects have anyway', () => {
    const told = read(`{"method":"constructor","params":{"__proto__":"x","toString":"y"}}`);
    expect(told.method).toBe('constructor');
    expect(told.param('hasOwnProperty')).toBeUndefined();
    expect(inWords(new TextEncoder().encode('{"method":"constructor"}')).name).toBe('unknown');
  });
});

describe('response codes', () => {
  it.each([
    ['0000', 'approved'],
    ['0005', 'declined'],
    ['0051', 'declined'],
    ['1001', 'declined'],
    ['1008', 'declined'],
    ['0010', 'unknown'],
    ['0068', 'unknown'],
    ['0091', 'unknown'],
    ['0096', 'unknown'],
    ['0099', 'unknown'],
    ['1009', 'unknown'],
    ['2000', 'unknown'],
    ['00P2', 'unknown'],
  ])('%s is %s', (code, meaning) => {
    expect(responseCode(code).meaning).toBe(meaning);
  });

  it('get their zeros back, and nothing else is a code', () => {
    expect(responseCodeOf('5')).toBe('0005');
    expect(responseCodeOf('10')).toBe('0010');
    for (const none of [undefined, '', '00000', '4111 1111', '-1'])
      expect(responseCodeOf(none)).toBeUndefined();
  });

  it.each([
    ['approved with error', { responseCode: '0000' }, true],
    ['approved, but declined', { responseCode: '0000', trnStatus: '2' }, false],
    ['approved, but reversed', { responseCode: '0000', trnStatus: '3' }, false],
    ['declined without error', { responseCode: '1001' }, false],
    ['declined, but approved', { responseCode: '1001', trnStatus: '1' }, true],
  ])('of an answer that contradicts itself prove nothing: %s', (_name, params, error) => {
    expect(verdictOf(read(message('Purchase', params, error)))?.meaning).toBe('unknown');
  });
});

describe('a receipt', () => {
  it('is read as the bank prints it; without trnStatus nobody knows what has become of it', () => {
    expect(receiptOf(read(printedAnswers.receiptInfo))).toEqual({
      standing: false,
      transaction: {
        kind: 'purchase',
        state: 'approved',
        amount: uah(60),
        receiptNumber: '999999',
        authorisationCode: '999999',
        commerceCode: 'TSTTTTTT',
        rrn: '9999999999999',
        last4: '9838',
        cardBrand: 'VISA',
        time: '2019-10-02T09:11:07',
        voucher: ['text-of-receipt'],
      },
    });
  });

  it.each([
    ['1', '0000', 'approved'],
    ['2', '0000', 'declined'],
    ['3', '0000', 'voided'],
    ['4', '0000', 'voided'],
    ['1', '0010', 'approved'],
    ['1', '1001', 'declined'],
    ['0', '0000', 'approved'],
    ['1', '0099', 'in-doubt'],
  ])('with trnStatus %s and code %s is %s', (trnStatus, code, state) => {
    const told = read(
      message('GetReceiptInfo', { amount: '1.00', responseCode: code, trnStatus, txnType: '1' }),
    );
    expect(receiptOf(told)?.transaction.state).toBe(state);
  });

  it('of a withdrawal is a void', () => {
    expect(receiptOf(read(printedAnswers.withdrawal))?.transaction).toMatchObject({
      kind: 'void',
      last4: '983',
    });
  });

  it('tells no date that is none', () => {
    expect(localTime('02.10.2019', '09:11:07')).toBe('2019-10-02T09:11:07');
    expect(localTime('31.02.2026', '09:11:07')).toBeUndefined();
    expect(localTime('09:11:07', '09:11:07')).toBeUndefined();
  });
});

describe('a message in words', () => {
  const words = (text: string) => inWords(new TextEncoder().encode(text));

  it('has the amount in kopiyka, what the code means, and of the card its last digits', () => {
    expect(words(printedAnswers.purchase)).toMatchObject({
      code: 'Purchase',
      name: 'sale',
      fields: {
        amount: 60,
        responseCode: '0000',
        meaning: 'approved',
        last4: '9838',
        invoiceNumber: '999999',
        error: false,
      },
    });
  });

  it('shows no track, no PIN, no name of a person and no card number', () => {
    const shown = JSON.stringify([
      words(printedAnswers.purchase),
      words(
        message('ReadBonusCard', {
          pan: '4111111111111111',
          track1: '%B4111111111111111^DOE/J',
          track2: '4111111111111111=25082061000076400000',
          pinblock: '4C07BDD306150F2A',
          note: 'card 4111 1111 1111 1111',
        }),
      ),
      words(message('GetOTPpassword', { OTPpassword: '12345678' })),
    ]);
    expect(shown).not.toMatch(/4111\s?1111|INSTANT|4C07|12345678|2508/);
    expect(shown).toContain('"last4":"1111"');
  });

  it('says of a ServiceMessage what it is', () => {
    expect(words(printedAnswers.status)).toMatchObject({
      code: 'ServiceMessage',
      name: 'status',
      fields: { LastStatMsgCode: '6', meaning: 'waiting for the PIN' },
    });
  });

  it('is honest about what it cannot read', () => {
    expect(words('{"meth')).toEqual({ code: '', name: 'unreadable', fields: {} });
  });

  it('has a prompt for every status', () => {
    for (let code = 1; code <= 11; code++)
      expect(statusCode(String(code)).text).not.toContain('status');
    expect(statusCode('12')).toMatchObject({ code: 'other', text: 'status 12' });
  });
});

it('every vector gives the same frame in one piece, byte by byte, and joined with the others', () => {
  const wire = Object.values(answerVectors);
  const joined = Uint8Array.from(wire.flatMap((bytes) => [...bytes]));
  const whole = delimiterDeframer().push(joined);
  const single = delimiterDeframer();
  const apart = [...joined].flatMap((byte) => single.push(Uint8Array.of(byte)));
  expect(apart).toEqual(whole);
  expect(whole).toHaveLength(wire.length);
  expect(whole.map((frame) => frame.kind === 'frame' && readMessage(frame.data)?.method)).toEqual([
    'PingDevice',
    'PingDevice',
    'PingDevice',
    'ServiceMessage',
    'ServiceMessage',
  ]);
});
