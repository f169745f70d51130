import { describe, expect, it } from 'vitest';
import * as privatbank from '../../../src/protocols/privatbank/commands.ts';
import { privatbankProtocol } from '../../../src/protocols/privatbank/protocol.ts';
import { greeting } from '../../../src/protocols/privatbank/status.ts';
import type { ProtocolCommand } from '../../../src/protocols/protocol.ts';
import { transbankProtocol } from '../../../src/protocols/transbank/protocol.ts';
import { frameOf, message, play, service, status } from './support.ts';
import { answerVectors, printedAnswers } from './vectors.ts';

const uah = (amount: number) => ({ amount, currency: 'UAH' });
const protocol = privatbankProtocol();
const busy = service('deviceBusy');
const free = message('PingDevice', { code: '00', responseCode: '0000' });

const receipt = (number: string, more: Readonly<Record<string, string>> = {}): string =>
  message('GetReceiptInfo', {
    amount: '0.60',
    invoiceNumber: number,
    responseCode: '0000',
    trnStatus: '1',
    txnType: '1',
    ...more,
  });

describe('the greeting', () => {
  it.each([
    ['answered', answerVectors.handshake],
    ['answered in no JSON', answerVectors.handshakeTraced],
    ['answered without a response code', printedAnswers.shortPing],
    ['answered by a terminal that is busy', answerVectors.deviceBusy],
  ])('is over when it is %s', (_name, said) => {
    const played = play(greeting(protocol));
    expect(played.start()).toEqual(['send PingDevice', 'wait acknowledgement']);
    played.hear(said);
    expect(played.answer).toBe(protocol);
  });

  it('is said three times to a terminal that listens to somebody else, and then given up', () => {
    const played = play(greeting(protocol));
    played.start();
    expect(played.wait()).toEqual(['send PingDevice', 'wait acknowledgement']);
    expect(played.wait()).toEqual(['send PingDevice', 'wait acknowledgement']);
    expect(played.wait()).toEqual(['failed no-acknowledgement']);
  });
});

describe('whether the terminal is idle', () => {
  it('takes two questions: what it is at, and a ping that only a free one answers', () => {
    const played = play(protocol.synchronise());
    expect(played.start()).toEqual(['send getLastStatMsgCode?', 'wait acknowledgement']);
    expect(played.hear(status('0'))).toEqual(['wait 100']);
    expect(played.wait()).toEqual(['ask PingDevice', 'wait acknowledgement']);
    played.hear(free);
    expect(played.answer).toMatchObject({ idle: true });
  });

  it('is no while it waits for a card', () => {
    const played = play(protocol.synchronise());
    played.start();
    played.hear(status('9'));
    expect(played.answer).toMatchObject({ idle: false });
  });

  it('is no when it says busy to the ping, whatever it says it is at', () => {
    const played = play(protocol.synchronise());
    played.start();
    played.hear(status('0'));
    played.wait();
    played.hear(busy);
    expect(played.answer).toMatchObject({ idle: false });
  });

  it('is told by the ping alone where the terminal does not know the other question', () => {
    const played = play(protocol.status());
    played.start();
    expect(played.hear(printedAnswers.methodNotImplemented)).toEqual(['wait 100']);
    played.wait();
    played.hear(free);
    expect(played.answer).toEqual({ outcome: 'ready', message: 'The terminal is ready.' });
  });

  it('says in words why it is not ready', () => {
    const played = play(protocol.status());
    played.start();
    played.hear(status('0'));
    played.wait();
    played.hear(message('PingDevice', { responseCode: '1005' }, true));
    expect(played.answer).toEqual({
      outcome: 'not-ready',
      terminalCode: '1005',
      message: 'The terminal is not ready: no paper (code 1005).',
    });
  });

  it('takes no answer to an earlier command for its own', () => {
    const played = play(protocol.synchronise());
    played.start();
    for (const late of [printedAnswers.purchase, free, receipt('5'), printedAnswers.discountName])
      expect(played.hear(late)).toEqual(['stray stale']);
    expect(played.hear(status('0'))).toEqual(['wait 100']);
  });
});

describe('the last receipt', () => {
  const asked = (said: string | Uint8Array) => {
    const played = play(protocol.lastTransaction());
    expect(played.start()).toEqual(['send GetReceiptInfo 0', 'wait acknowledgement']);
    const effects = played.hear(said);
    return { effects, answer: played.answer };
  };

  it('is told', () => {
    expect(asked(printedAnswers.receiptInfo).answer).toMatchObject({
      outcome: 'found',
      transaction: { receiptNumber: '999999', amount: uah(60) },
    });
  });

  it.each([
    ['1000', 'Cannot get receipt', 'none'],
    ['0001', 'log file is empty', 'none'],
    ['1000', 'Cannot get receipt: Невірний мерчант!', 'declined'],
    ['1003', '', 'declined'],
  ])('is not there by code %s "%s": %s', (responseCode, words, outcome) => {
    const said = message('GetReceiptInfo', { responseCode }, true, words);
    expect(asked(said).answer).toMatchObject({ outcome, responseCode });
  });

  it('of an operation that failed may have nothing to tell', () => {
    const said = message('GetReceiptInfo', { responseCode: '1001', amount: '', invoiceNumber: '' });
    expect(asked(said).answer).toMatchObject({ outcome: 'declined', responseCode: '1001' });
  });

  it.each([
    ['approved without an amount', { responseCode: '0000' }],
    ['an amount that is none', { responseCode: '0000', amount: '60 UAH' }],
    ['no code', { amount: '0.60' }],
  ])('with %s is unreadable', (_name, params) => {
    expect(asked(message('GetReceiptInfo', params)).effects).toEqual(['failed unreadable-answer']);
  });

  it('is declined by a busy terminal', () => {
    expect(asked(busy).answer).toMatchObject({ outcome: 'declined', responseCode: 'deviceBusy' });
  });

  it('is asked for again when the answer comes damaged', () => {
    expect(asked('{"method":"GetReceiptInfo"').effects).toEqual([
      'send GetReceiptInfo 0',
      'wait acknowledgement',
    ]);
  });
});

describe('a receipt by its number', () => {
  it('is not taken from an answer about another one', () => {
    const exchange = protocol.find?.({ amount: uah(60), receiptNumber: '5' });
    if (exchange === undefined) throw new Error('cannot find');
    const played = play(exchange);
    expect(played.start()).toEqual(['send GetReceiptInfo 5', 'wait acknowledgement']);
    expect(played.hear(receipt('000006'))).toEqual(['stray stale']);
    expect(played.hear(receipt('000005'))).toEqual(['done found']);
  });

  it('cannot be asked for without one', () => {
    expect(protocol.find?.({ amount: uah(60) })).toBeUndefined();
  });
});

describe('what the terminal remembers', () => {
  it('of a sale in doubt are its last two receipts', () => {
    const played = play(protocol.history({ amount: uah(60) }));
    expect(played.start()).toEqual(['send GetReceiptInfo 0', 'wait acknowledgement']);
    expect(played.hear(receipt('000010'))).toEqual(['wait 100']);
    expect(played.wait()).toEqual(['ask GetReceiptInfo 000009', 'wait acknowledgement']);
    played.hear(receipt('000009', { amount: '7.00' }));
    expect(played.answer).toMatchObject({
      whole: false,
      transactions: [
        { receiptNumber: '000009', amount: uah(700) },
        { receiptNumber: '000010', amount: uah(60) },
      ],
    });
  });

  it('is the last one alone when the one before is not told', () => {
    const played = play(protocol.history());
    played.start();
    played.hear(receipt('2'));
    played.wait();
    played.hear(message('GetReceiptInfo', { responseCode: '1000' }, true));
    expect(played.answer).toMatchObject({ transactions: [{ receiptNumber: '2' }] });
  });

  const about = (said: string) => {
    const played = play(protocol.history({ amount: uah(60), receiptNumber: '000005' }));
    expect(played.start()).toEqual(['send GetReceiptInfo 000005', 'wait acknowledgement']);
    played.hear(said);
    return played.answer;
  };

  it('of a void in doubt is the receipt of its sale', () => {
    expect(about(receipt('000005'))).toMatchObject({ transactions: [{ state: 'approved' }] });
    expect(about(receipt('000005', { trnStatus: '3' }))).toMatchObject({
      transactions: [{ state: 'voided' }],
    });
    expect(about(receipt('000005', { txnType: '3' }))).toMatchObject({
      transactions: [{ kind: 'void', original: { receiptNumber: '000005' } }],
    });
  });

  it('proves nothing about a void when the terminal does not say what has become of the sale', () => {
    expect(about(receipt('000005', { trnStatus: '' }))).toMatchObject({
      outcome: 'declined',
      message: expect.stringContaining('no trnStatus'),
    });
  });

  it('is asked for again later when the terminal is busy', () => {
    const played = play(protocol.history());
    played.start();
    expect(played.hear(busy)).toEqual(['failed not-acknowledged']);
  });
});

describe('the commands of this protocol', () => {
  const run = <R>(command: ProtocolCommand<R>, ...said: readonly string[]) => {
    const exchange = command.exchange(protocol);
    if ('outcome' in exchange) return exchange;
    const played = play(exchange);
    const sent = played.start()[0];
    for (const one of said) played.hear(one);
    return { sent, answer: played.answer };
  };

  it.each([
    [
      privatbank.terminalInfo(),
      message('GetTerminalInfo', { version: 'TE7E132' }),
      { outcome: 'done', version: 'TE7E132' },
    ],
    [
      privatbank.checkConnection(),
      message('CheckConnection', { responseCode: '0000' }),
      { outcome: 'done' },
    ],
    [
      privatbank.checkConnection(),
      message('CheckConnection', { responseCode: '1004' }, true, 'no host'),
      { outcome: 'declined', responseCode: '1004' },
    ],
    [
      privatbank.merchantList(),
      printedAnswers.merchantList,
      {
        merchants: [
          { merchantId: '3', name: 'Оплата Частинами в періоді' },
          { merchantId: '4', name: 'Оплата частинами' },
          { merchantId: '12', name: 'Табелювання' },
        ],
      },
    ],
    [
      privatbank.audit(),
      message('Audit', { receipt: 'X\nСУМА 1.00', responseCode: '0000' }),
      { outcome: 'done', lines: ['X', 'СУМА 1.00'] },
    ],
    [
      privatbank.printReceipt('123'),
      message('PrintReceiptNum', { receipt: 'ОПЛАТА', responseCode: '0000' }),
      { lines: ['ОПЛАТА'] },
    ],
    [
      privatbank.batchJournal(),
      message('PrintBatchJournal', { receipt: 'a\r\nb ', responseCode: '0000' }),
      { lines: ['a', 'b'] },
    ],
    [privatbank.verifyCopy(), busy, { outcome: 'declined', responseCode: 'deviceBusy' }],
    [privatbank.receipt('5'), receipt('000005'), { outcome: 'found' }],
  ] as const)('%o', (command, said, expected) => {
    expect(run<unknown>(command, said)).toMatchObject({ answer: expected });
  });

  it('tell who made the terminal, to the byte as the bank prints it', () => {
    const exchange = privatbank.identify().exchange(protocol);
    if ('outcome' in exchange) throw new Error('refused');
    const played = play(exchange);
    played.start();
    played.hear(answerVectors.identify);
    expect(played.answer).toMatchObject({ outcome: 'done', vendor: 'PAX', model: 's800' });
  });

  it('refuse a receipt number that is none, and every other terminal', () => {
    expect(run(privatbank.printReceipt('abc'))).toMatchObject({ field: 'receiptNumber' });
    expect(run(privatbank.receipt('0'))).toMatchObject({ field: 'receiptNumber' });
    expect(privatbank.audit().exchange(transbankProtocol('integrado'))).toMatchObject({
      outcome: 'refused',
      reason: 'not-supported',
    });
  });
});

describe('a message when nothing was asked', () => {
  it('is surfaced, and told apart from the answer before, and nothing is sent', () => {
    const frame = frameOf(printedAnswers.purchase);
    const bytes = frame.kind === 'frame' ? frame.bytes : undefined;
    expect(protocol.idle(frame, undefined)).toEqual([{ type: 'stray', frame, reason: 'stale' }]);
    expect(protocol.idle(frame, bytes)).toEqual([{ type: 'stray', frame, reason: 'duplicate' }]);
  });
});
