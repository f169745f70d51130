import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/protocols/exchange.ts';
import { privatbankProtocol } from '../../../src/protocols/privatbank/protocol.ts';
import type { PurchaseAnswer, VoidAnswer } from '../../../src/protocols/protocol.ts';
import { message, play, service, status } from './support.ts';
import { printedAnswers } from './vectors.ts';

const uah = (amount: number) => ({ amount, currency: 'UAH' });
const protocol = privatbankProtocol();

const busy = service('deviceBusy');
const notKnown = service(' methodNotImplemented');

const receipt = (number: string, more: Readonly<Record<string, string>> = {}): string =>
  message('GetReceiptInfo', {
    amount: '0.60',
    invoiceNumber: number,
    responseCode: '0000',
    trnStatus: '1',
    txnType: '1',
    pan: '4731XXXXXXXX9838',
    ...more,
  });
const noReceipt = message('GetReceiptInfo', { responseCode: '1000' }, true, 'log file is empty');

const approved = (number: string, more: Readonly<Record<string, string>> = {}): string =>
  message('Purchase', {
    amount: '0.60',
    invoiceNumber: number,
    responseCode: '0000',
    trnStatus: '1',
    txnType: '1',
    ...more,
  });
const declined = message(
  'Purchase',
  { responseCode: '1001' },
  true,
  'Transaction canceled by user',
);

/** A sale of 0.60 on its way; `before`: what the exchange before it ended with. */
function sale(before = receipt('000007')) {
  const played = play<PurchaseAnswer>(protocol.purchase({ amount: uah(60), ticket: 'X' }), before);
  expect(played.start()).toEqual(['send Purchase', 'wait 1000']);
  return played;
}

describe('a sale', () => {
  it('is approved at once by a receipt that was not there before', () => {
    const { hear } = sale();
    expect(hear(approved('000008'))).toEqual(['done approved']);
  });

  it('is approved at once by the first receipt of a batch', () => {
    const { hear } = sale(noReceipt);
    expect(hear(approved('000001'))).toEqual(['done approved']);
  });

  it('asks what the terminal is at, and tells each change once', () => {
    const { hear, wait } = sale();
    expect(wait()).toEqual(['ask getLastStatMsgCode?', 'wait answer']);
    expect(hear(status('9'))).toEqual(['acknowledged', 'prompt present-card', 'wait 1000']);
    wait();
    expect(hear(status('9'))).toEqual(['wait 1000']);
    wait();
    expect(hear(status('6'))).toEqual(['prompt enter-pin', 'wait 1000']);
    wait();
    expect(hear(status('3'))).toEqual(['prompt authorising', 'wait 1000']);
    expect(hear(approved('000008'))).toEqual(['done approved']);
  });

  it('takes an answer that overtakes the status it has asked for', () => {
    const { hear, wait } = sale();
    wait();
    expect(hear(approved('000008'))).toEqual(['done approved']);
  });

  it('has lost its answer when the terminal falls back to nothing', () => {
    const { hear, wait } = sale();
    wait();
    hear(status('3'));
    for (let n = 0; n < 4; n++) {
      wait();
      expect(hear(status('0'))).toEqual(['wait 1000']);
    }
    wait();
    expect(hear(status('0'))).toEqual(['failed no-answer']);
  });

  it('only waits for a terminal that never tells what it is at', () => {
    const { hear, wait } = sale();
    wait();
    hear(status('0'));
    wait();
    hear(status('0'));
    wait();
    expect(hear(status('0'))).toEqual(['wait answer']);
    expect(hear(approved('000008'))).toEqual(['done approved']);
  });

  it.each([
    ['does not know the question', notKnown],
    ['is too busy for it', busy],
  ])('only waits for a terminal that %s', (_name, said) => {
    const { hear, wait } = sale();
    wait();
    expect(hear(said)).toEqual(['stray stale', 'wait answer']);
    expect(wait()).toEqual(['failed no-answer']);
  });

  it('is given up after a quarter of an hour of prompts', () => {
    const { hear, wait } = sale();
    let last: readonly string[] = [];
    let polls = 0;
    for (; !last.includes('failed no-answer') && polls < 2_000; polls++) {
      last = wait();
      if (!last.includes('failed no-answer')) hear(status(String(9 + (polls % 2))));
    }
    expect(polls).toBe(901);
  });

  it('is declined, certainly undone, by a terminal that is too old for it', () => {
    const played = sale();
    expect(played.hear(notKnown)).toEqual(['done declined']);
    const responseCode = 'methodNotImplemented';
    expect(played.answer).toMatchObject({ outcome: 'declined', responseCode, named: {} });
  });

  it('is not declined by a busy terminal, which may be busy with this very sale', () => {
    const played = sale();
    expect(played.hear(busy)).toEqual(['stray stale', 'failed not-acknowledged']);
    expect(played.answer).toBeUndefined();
  });

  it('is never repeated, whatever the silence', () => {
    const { wait, hear } = sale();
    const said = [wait(), wait()].flat();
    expect(said).toEqual(['ask getLastStatMsgCode?', 'wait answer', 'failed no-answer']);
    expect(hear(approved('000008'))).toEqual([]);
  });

  it('with a code that no table lists is unknown, not declined', () => {
    const played = sale();
    expect(played.hear(message('Purchase', { responseCode: '0099' }, true))).toEqual([
      'done unknown-response-code',
    ]);
  });

  it('approved in part is neither approved nor declined', () => {
    const played = sale();
    expect(played.hear(printedAnswers.partial)).toEqual(['done unknown-response-code']);
    expect(played.answer).toMatchObject({ responseCode: '0010' });
  });

  it.each([
    ['no code at all', message('Purchase', { amount: '0.60' })],
    ['an amount that is none', approved('000008', { amount: '0.6O' })],
    ['the receipt of a refund', approved('000008', { txnType: '2' })],
  ])('with %s is unreadable', (_name, said) => {
    expect(sale().hear(said)).toEqual(['failed unreadable-answer']);
  });
});

describe('an answer that may belong to an earlier command', () => {
  it('is dropped when it names the receipt that was the last one before', () => {
    const { hear } = sale(receipt('000007'));
    expect(hear(approved('7'))).toEqual(['stray stale']);
    expect(hear(approved('000008'))).toEqual(['done approved']);
  });

  it('and says no is believed only once the terminal is free and remembers no sale', () => {
    const { hear, wait } = sale();
    expect(hear(declined)).toEqual(['wait 100']);
    expect(wait()).toEqual(['ask GetReceiptInfo 0', 'wait acknowledgement']);
    expect(hear(receipt('000007'))).toEqual(['done declined']);
  });

  it('and says no does not end the sale that is under way', () => {
    const { hear, wait } = sale();
    hear(declined);
    wait();
    // The terminal is at work: on this sale.
    expect(hear(busy)).toEqual(['wait 1000']);
    wait();
    expect(hear(busy)).toEqual(['wait 1000']);
    expect(hear(approved('000008'))).toEqual(['stray stale', 'done approved']);
  });

  it('and says no is followed by the no of this one', () => {
    const { hear, wait } = sale();
    hear(declined);
    wait();
    hear(busy);
    expect(hear(message('Purchase', { responseCode: '1004' }, true))).toEqual([
      'stray stale',
      'wait 100',
    ]);
    wait();
    expect(hear(receipt('000007'))).toEqual(['done declined']);
  });

  it('and comes twice is one answer', () => {
    const { hear, wait } = sale();
    hear(declined);
    expect(hear(declined)).toEqual(['stray duplicate']);
    wait();
    expect(hear(noReceipt)).toEqual(['done declined']);
  });

  it('and says no is not believed when the terminal remembers a new sale of this amount', () => {
    const played = sale();
    played.hear(declined);
    played.wait();
    expect(played.hear(receipt('000008'))).toEqual(['done unknown-response-code']);
    expect(played.answer).toMatchObject({
      message: expect.stringContaining('remembers a new receipt of this amount, 000008'),
    });
  });

  it('is believed when the terminal does not know the question', () => {
    const { hear, wait } = sale();
    hear(declined);
    wait();
    expect(hear(notKnown)).toEqual(['done declined']);
  });

  it('is not believed when the terminal falls silent', () => {
    const { hear, wait } = sale();
    hear(declined);
    wait();
    for (let n = 0; n < 2; n++) {
      expect(wait()).toEqual(['wait 100']);
      wait();
    }
    expect(wait()).toEqual(['failed no-answer']);
  });

  it('and says yes without anything to compare it with is checked against the last receipt', () => {
    const checked = (last: string) => {
      const played = sale(message('PingDevice', { responseCode: '0000' }));
      expect(played.hear(approved('000008'))).toEqual(['wait 100']);
      played.wait();
      return played.hear(last);
    };
    expect(checked(receipt('000008'))).toEqual(['done approved']);
    expect(checked(receipt('000009'))).toEqual(['done unknown-response-code']);
    expect(checked(notKnown)).toEqual(['done approved']);
  });

  it('and says yes after a void is checked: the void may go by the number of its sale', () => {
    const { hear } = sale(receipt('000005', { txnType: '3' }));
    expect(hear(approved('000007'))).toEqual(['wait 100']);
  });

  it('and says yes with another amount is told as it is, for the driver to compare', () => {
    const played = sale();
    expect(played.hear(approved('000008', { amount: '1.60' }))).toEqual(['wait 100']);
    played.wait();
    played.hear(receipt('000008', { amount: '1.60' }));
    expect(played.answer).toMatchObject({
      outcome: 'approved',
      transaction: { amount: uah(160) },
    });
  });

  it('and says yes and nothing else is what the last receipt says, if that is new', () => {
    const checked = (last: string, before = receipt('000007')) => {
      const played = sale(before);
      expect(played.hear(message('Purchase', { responseCode: '0000', amount: '' }))).toEqual([
        'wait 100',
      ]);
      played.wait();
      played.hear(last);
      return played.answer;
    };
    expect(checked(receipt('000008'))).toMatchObject({
      outcome: 'approved',
      transaction: { receiptNumber: '000008', amount: uah(60) },
    });
    for (const last of [receipt('000007'), receipt('000008', { amount: '0.70' }), noReceipt])
      expect(checked(last)).toMatchObject({ outcome: 'unknown-response-code' });
    expect(checked(receipt('000008'), busy)).toMatchObject({ outcome: 'unknown-response-code' });
  });

  it('is no answer to a sale when it answers another method', () => {
    const { hear } = sale();
    for (const other of [printedAnswers.withdrawal, printedAnswers.verify, receipt('000008')])
      expect(hear(other)).toEqual(['stray stale']);
  });
});

describe('a damaged answer', () => {
  it('is not asked for again: there is no way to; what the terminal is at shows that it is lost', () => {
    const { hear, wait } = sale();
    expect(hear('{"method":"Purchase","params":{')).toEqual([]);
    for (let n = 0; n < 4; n++) {
      wait();
      hear(status('0'));
    }
    wait();
    expect(hear(status('0'))).toEqual(['failed garbled-answer']);
  });

  it('may have been the status, which is asked for again', () => {
    const { hear, wait } = sale();
    wait();
    expect(hear('{"method":"ServiceMessage","par')).toEqual(['wait 1000']);
    expect(wait()).toEqual(['ask getLastStatMsgCode?', 'wait answer']);
  });

  it('does not keep the right one from being taken', () => {
    const { hear, input } = sale();
    const noise = { kind: 'noise', bytes: Uint8Array.of(1), reason: 'cut-off' } as const;
    input({ type: 'frame', frame: noise });
    expect(hear(approved('000008'))).toEqual(['done approved']);
  });
});

describe('an interrupt', () => {
  it('goes out once, and the sale ends by its own answer', () => {
    const { cancel, hear, wait } = sale();
    expect(cancel()).toEqual(['ask interrupt?']);
    expect(cancel()).toEqual([]);
    expect(hear(printedAnswers.interruptTransmitted)).toEqual(['prompt other']);
    expect(hear(printedAnswers.cancelled)).toEqual(['wait 100']);
    wait();
    expect(hear(receipt('000007'))).toEqual(['done declined']);
  });

  it('that comes too late changes nothing', () => {
    const { cancel, hear } = sale();
    cancel();
    hear(printedAnswers.interruptTransmitted);
    expect(hear(approved('000008'))).toEqual(['done approved']);
  });

  it('does not turn a busy that may be its own into a sale undone', () => {
    const { cancel, hear } = sale();
    cancel();
    expect(hear(busy)).toEqual(['stray stale']);
  });

  it('is not sent once the terminal has answered', () => {
    const { cancel, hear } = sale();
    hear(declined);
    expect(cancel()).toEqual([]);
  });
});

describe('a refund', () => {
  it('is a transaction of its own', () => {
    const exchange = protocol.refund?.({ amount: uah(60), rrn: '014721258513' });
    if (exchange === undefined) throw new Error('no refund');
    const played = play<PurchaseAnswer>(exchange, receipt('000007'));
    expect(played.start()).toEqual(['send Refund', 'wait 1000']);
    expect(played.hear(approved('000008'))).toEqual(['stray stale']);
    expect(
      played.hear(
        message('Refund', {
          amount: '0.60',
          invoiceNumber: '8',
          responseCode: '0000',
          txnType: '2',
        }),
      ),
    ).toEqual(['done approved']);
    expect(played.answer).toMatchObject({ transaction: { kind: 'refund' } });
  });
});

describe('a void', () => {
  const found = {
    kind: 'purchase',
    state: 'approved',
    amount: uah(60),
    receiptNumber: '000005',
    last4: '9838',
  } as const;

  const withdrawal = (params: Readonly<Record<string, string>>, error = false): string =>
    message('Withdrawal', { responseCode: '0000', txnType: '3', ...params }, error);

  function start(): ReturnType<typeof play<VoidAnswer>> {
    const exchange: Exchange<VoidAnswer> = protocol.void(found);
    const played = play<VoidAnswer>(exchange);
    expect(played.start()).toEqual(['send Withdrawal 000005', 'wait 1000']);
    return played;
  }

  it('is done when the answer names the sale', () => {
    const played = start();
    played.hear(withdrawal({ invoiceNumber: '5', amount: '0.60' }));
    expect(played.answer).toEqual({
      outcome: 'voided',
      named: { receiptNumber: '5', amount: uah(60) },
    });
  });

  it('under a number of its own is done when the sale’s receipt says so', () => {
    const played = start();
    expect(played.hear(withdrawal({ invoiceNumber: '9', amount: '0.60' }))).toEqual(['wait 100']);
    expect(played.wait()).toEqual(['ask GetReceiptInfo 000005', 'wait acknowledgement']);
    played.hear(receipt('000005', { trnStatus: '3' }));
    expect(played.answer).toEqual({
      outcome: 'voided',
      named: { receiptNumber: '000005', amount: uah(60) },
    });
  });

  it('under the number of the sale shows in its receipt as a void', () => {
    const played = start();
    played.hear(withdrawal({}));
    played.wait();
    played.hear(receipt('000005', { txnType: '3' }));
    expect(played.answer).toMatchObject({ named: { receiptNumber: '000005' } });
  });

  it('is told with its own number when the sale’s receipt says that it stands', () => {
    const played = start();
    played.hear(withdrawal({ invoiceNumber: '9', amount: '0.60' }));
    played.wait();
    played.hear(receipt('000005'));
    expect(played.answer).toMatchObject({ outcome: 'voided', named: { receiptNumber: '9' } });
  });

  it('names the sale when nothing is told of its state, and amount and card are the same', () => {
    const concluded = (said: string, last4 = '9838') => {
      const played = start();
      played.hear(said);
      played.wait();
      played.hear(receipt('000005', { trnStatus: '', pan: `4731XXXXXXXX${last4}` }));
      return played.answer;
    };
    const same = withdrawal({ invoiceNumber: '9', amount: '0.60', pan: '4731XXXXXXXX9838' });
    expect(concluded(same)).toMatchObject({ named: { receiptNumber: '000005' } });
    expect(concluded(same, '1111')).toMatchObject({ named: { receiptNumber: '9' } });
    expect(concluded(withdrawal({}))).toEqual({ outcome: 'voided', named: {} });
  });

  it('of another amount is told as it is, loudly', () => {
    const played = start();
    expect(played.hear(withdrawal({ invoiceNumber: '9', amount: '2.22' }))).toEqual([
      'done voided',
    ]);
    expect(played.answer).toMatchObject({ named: { receiptNumber: '9', amount: uah(222) } });
  });

  it.each([
    ['had been taken back before', receipt('000005', { trnStatus: '3' }), 'already-voided'],
    ['is gone', noReceipt, 'not-found'],
    ['stands', receipt('000005'), 'declined'],
    ['is unknown, for want of the question', notKnown, 'declined'],
  ])('that is refused asks for the sale: it %s', (_name, told, outcome) => {
    const played = start();
    expect(played.hear(withdrawal({ responseCode: '1008' }, true))).toEqual(['wait 100']);
    played.wait();
    expect(played.hear(told)).toEqual([`done ${outcome}`]);
  });

  it('is not declined by a busy terminal, which may be busy with this very void', () => {
    const played = start();
    expect(played.hear(busy)).toEqual(['stray stale', 'failed not-acknowledged']);
    expect(played.answer).toBeUndefined();
  });

  it.each(['1', '3', '4'])('is done with trnStatus %s, its own or its sale’s', (trnStatus) => {
    const played = start();
    expect(played.hear(withdrawal({ invoiceNumber: '5', trnStatus }))).toEqual(['done voided']);
  });

  it('with trnStatus 2, declined, contradicts itself', () => {
    const played = start();
    expect(played.hear(withdrawal({ trnStatus: '2' }))).toEqual(['done unknown-response-code']);
  });

  it('is not concluded from the receipt of another sale', () => {
    const played = start();
    played.hear(withdrawal({ invoiceNumber: '9', amount: '0.60' }));
    played.wait();
    played.hear(receipt('000006', { trnStatus: '3' }));
    expect(played.answer).toMatchObject({ named: { receiptNumber: '9' } });
  });
});

describe('a settlement', () => {
  it('hands its report on to be printed', () => {
    const played = play(protocol.settle());
    played.start();
    expect(played.hear(printedAnswers.verify)).toEqual(['receipt', 'done settled']);
  });

  it('of an empty batch is refused, once the terminal is free', () => {
    const played = play(protocol.settle());
    played.start();
    expect(played.hear(printedAnswers.emptyVerify)).toEqual(['wait 100']);
    expect(played.wait()).toEqual(['ask PingDevice', 'wait acknowledgement']);
    expect(played.hear(message('PingDevice', { responseCode: '0000' }))).toEqual(['done declined']);
    expect(played.answer).toMatchObject({ responseCode: '0001' });
  });

  it.each([
    ['0096', true],
    ['0000', true],
    ['1001', false],
  ])('with code %s and error %s proves nothing', (responseCode, error) => {
    const played = play(protocol.settle());
    played.start();
    expect(played.hear(message('Verify', { responseCode }, error))).toEqual([
      'done unknown-response-code',
    ]);
  });
});
