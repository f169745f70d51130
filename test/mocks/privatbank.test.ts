import { describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { delimiterDeframer } from '../../src/framing/delimiter.ts';
import {
  readMessage,
  writeRequest,
  writeService,
} from '../../src/protocols/privatbank/envelope.ts';
import { requestVectors } from '../protocols/privatbank/vectors.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const sale = { amount: '15.00', discount: '', merchantId: '0', facepay: 'false' };

/** A till that knows nothing but JSON and 00, and a mock terminal on a fake clock. */
async function bareTill(options: Partial<MockTerminalOptions> = {}) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'privatbank', clock, ...options });
  const transport = mockTransport(mock);
  let heard: { readonly at: number; readonly text: string }[] = [];
  const chunks: number[] = [];
  let since = clock.now();

  async function connect() {
    const deframer = delimiterDeframer();
    return transport.open({
      data(chunk) {
        chunks.push(chunk.length);
        for (const frame of deframer.push(chunk))
          if (frame.kind === 'frame')
            heard.push({ at: clock.now() - since, text: new TextDecoder().decode(frame.data) });
      },
      closed: () => {},
    });
  }
  let connection = await connect();

  /** What was heard since the last question, in few words. */
  const told = () =>
    heard.map(({ text }) => {
      const message = readMessage(new TextEncoder().encode(text));
      const code = message?.param('responseCode');
      const type = message?.param('msgType');
      return type ?? `${message?.method} ${code}`;
    });

  function write(bytes: Uint8Array): void {
    since = clock.now();
    heard = [];
    chunks.length = 0;
    connection.write(bytes);
  }

  return {
    clock,
    mock,
    terminal: mock.terminal,
    chunks,
    told,
    params: () => readMessage(new TextEncoder().encode(heard.at(-1)?.text ?? ''))?.params,
    texts: () => heard.map(({ text }) => text),
    times: () => heard.map(({ at }) => at),
    write,
    send(bytes: Uint8Array): void {
      connection.write(bytes);
    },
    async ask(bytes: Uint8Array, ms = 1_000): Promise<readonly string[]> {
      write(bytes);
      await clock.advance(ms);
      return told();
    },
    async reconnect() {
      connection = await connect();
    },
  };
}

describe('the PrivatBank mock', () => {
  it('shakes hands, and skips the 00 before the first message', async () => {
    const { ask } = await bareTill();
    expect(await ask(requestVectors.handshake)).toEqual(['PingDevice 0000']);
  });

  it('sells, tells the receipt, voids it by its number, and counts every receipt', async () => {
    const till = await bareTill();
    expect(await till.ask(writeRequest('Purchase', sale))).toEqual(['Purchase 0000']);
    expect(Object.fromEntries(till.params() ?? [])).toMatchObject({
      amount: '15.00',
      invoiceNumber: '000001',
      pan: '4731XXXXXXXX0461',
      trnStatus: '1',
      txnType: '1',
    });
    expect(await till.ask(writeRequest('Withdrawal', { invoiceNumber: '1' }))).toEqual([
      'Withdrawal 0000',
    ]);
    expect(till.params()?.get('invoiceNumber')).toBe('000002');
    await till.ask(writeRequest('GetReceiptInfo', { invoiceNumber: '000001' }));
    expect([till.params()?.get('trnStatus'), till.params()?.get('txnType')]).toEqual(['3', '1']);
    await till.ask(writeRequest('GetReceiptInfo', { invoiceNumber: '0' }));
    expect([till.params()?.get('invoiceNumber'), till.params()?.get('txnType')]).toEqual([
      '000002',
      '3',
    ]);
    expect(await till.ask(writeRequest('Withdrawal', { invoiceNumber: '1' }))).toEqual([
      'Withdrawal 1008',
    ]);
    expect(till.terminal.ledger.map(({ kind }) => kind)).toEqual(['sale', 'void']);
  });

  it.each(['discount', 'merchantId', 'facepay', 'amount'])(
    'refuses a sale without %s, as a real N950 does',
    async (missing) => {
      const { ask, terminal } = await bareTill();
      const params = Object.fromEntries(Object.entries(sale).filter(([name]) => name !== missing));
      expect(await ask(writeRequest('Purchase', params))).toEqual(['Purchase 1000']);
      expect(terminal.ledger).toEqual([]);
    },
  );

  it.each(['15.0.0', '', '0.00', '15 UAH'])('refuses the amount %j', async (amount) => {
    const { ask, terminal } = await bareTill();
    expect(await ask(writeRequest('Purchase', { ...sale, amount }))).toEqual(['Purchase 1000']);
    expect(terminal.ledger).toEqual([]);
  });

  it('takes a decimal comma', async () => {
    const { ask, params } = await bareTill();
    await ask(writeRequest('Purchase', { ...sale, amount: '15,00' }));
    expect(params()?.get('amount')).toBe('15.00');
  });

  it('tells at any time what it is at, and says busy to any other method meanwhile', async () => {
    const till = await bareTill({ thinkMs: 1_000 });
    const status = async () => {
      await till.ask(writeService('getLastStatMsgCode'), 1);
      return till.params()?.get('LastStatMsgCode');
    };
    expect(await status()).toBe('0');
    till.send(writeRequest('Purchase', sale));
    const seen = [];
    for (let n = 0; n < 4; n++) {
      await till.clock.advance(900);
      seen.push(await status());
      expect(await till.ask(writeRequest('PingDevice'), 1)).toEqual(['deviceBusy']);
    }
    expect(seen).toEqual(['9', '6', '3', '3']);
    await till.clock.advance(1_000);
    expect(till.told()).toEqual(['deviceBusy', 'Purchase 0000']);
    expect(await status()).toBe('0');
  });

  it('stops on an interrupt, and says so in the answer to the sale', async () => {
    const till = await bareTill({ thinkMs: 1_000 });
    till.write(writeRequest('Purchase', sale));
    await till.clock.advance(1_500);
    till.send(writeService('interrupt'));
    await till.clock.advance(10_000);
    expect(till.told()).toEqual(['interruptTransmitted', 'Purchase 1001']);
    expect(till.texts()[0]).toContain('" interruptTransmitted"');
    expect(till.terminal.ledger).toEqual([]);
  });

  it('takes an interrupt when there is nothing to stop, or when it is too late', async () => {
    const till = await bareTill({ faults: ['late-answer@purchase=5000'] });
    expect(await till.ask(writeService('interrupt'))).toEqual(['interruptTransmitted']);
    till.write(writeRequest('Purchase', sale));
    await till.clock.advance(2_000);
    till.send(writeService('interrupt'));
    await till.clock.advance(10_000);
    expect(till.told()).toEqual(['interruptTransmitted', 'Purchase 0000']);
  });

  it('says what it does not know', async () => {
    const { ask, texts } = await bareTill();
    expect(await ask(writeRequest('Cashback', {}))).toEqual(['methodNotImplemented']);
    expect(texts()[0]).toContain('" methodNotImplemented"');
    expect(await ask(writeService('debug'))).toEqual(['methodNotImplemented']);
    expect(await ask(new TextEncoder().encode('hello\0'))).toEqual(['Unknown 1000']);
  });

  it('answers two requests in one chunk: the first, and "busy" to the second', async () => {
    const { ask } = await bareTill();
    const both = Uint8Array.of(...writeRequest('PingDevice'), ...writeRequest('PingDevice'));
    expect(await ask(both)).toEqual(['deviceBusy', 'PingDevice 0000']);
  });

  it('goes on when the connection ends, and tells whoever is connected then', async () => {
    const till = await bareTill({ faults: ['late-answer@purchase=5000'] });
    till.write(writeRequest('Purchase', sale));
    await till.clock.advance(1_000);
    till.mock.unplug();
    till.mock.replug();
    await till.reconnect();
    await till.clock.advance(10_000);
    expect(till.told()).toEqual(['Purchase 0000']);
    expect(till.terminal.ledger).toHaveLength(1);
  });

  it('settles, and remembers nothing then', async () => {
    const till = await bareTill({ sales: [{ amount: 1_500 }] });
    expect(await till.ask(writeRequest('Audit', { merchantId: '0' }))).toEqual(['Audit 0000']);
    expect(till.params()?.get('receipt')).toContain('15.00 ГРН');
    expect(await till.ask(writeRequest('Verify', { merchantId: '0' }))).toEqual(['Verify 0000']);
    expect(await till.ask(writeRequest('GetReceiptInfo', { invoiceNumber: '0' }))).toEqual([
      'GetReceiptInfo 1000',
    ]);
  });

  it('gives money back as a receipt of its own', async () => {
    const till = await bareTill();
    const refund = { amount: '5.00', discount: '', merchantId: '0', rrn: '300000000001' };
    expect(await till.ask(writeRequest('Refund', refund))).toEqual(['Refund 0000']);
    expect([till.params()?.get('txnType'), till.params()?.get('invoiceNumber')]).toEqual([
      '2',
      '000001',
    ]);
  });
});

describe('the faults of this protocol', () => {
  it.each([
    ['misspelt-keys', /"errorDescritption":""/],
    ['blanks', /"method":" Purchase ".*"amount":" 15.00 "/],
    ['decimal-comma', /"amount":"15,00"/],
    ['code-only', /"params":\{"responseCode":"0000"\}/],
  ])('%s', async (fault, pattern) => {
    const till = await bareTill({ faults: [fault] });
    await till.ask(writeRequest('Purchase', sale));
    expect(till.texts()).toEqual([expect.stringMatching(pattern)]);
  });

  it('joined-frames: a message nobody asked for, an empty frame and the answer in one chunk', async () => {
    const till = await bareTill({ faults: ['joined-frames'] });
    expect(await till.ask(writeRequest('Purchase', sale))).toEqual([
      'getLastStatMsgDescription',
      'Purchase 0000',
    ]);
    expect(till.chunks).toHaveLength(1);
  });

  it('no-trn-status, void-keeps-number, no-receipt-data, no-status', async () => {
    const till = await bareTill({ sales: [{ amount: 1_500 }], faults: ['no-trn-status'] });
    await till.ask(writeRequest('GetReceiptInfo', { invoiceNumber: '1' }));
    expect(till.params()?.has('trnStatus')).toBe(false);
    till.mock.fault('void-keeps-number');
    await till.ask(writeRequest('Withdrawal', { invoiceNumber: '000001' }));
    expect(till.params()?.get('invoiceNumber')).toBe('000001');
    till.mock.fault('no-receipt-data');
    expect(await till.ask(writeRequest('GetReceiptInfo', { invoiceNumber: '0' }))).toEqual([
      'methodNotImplemented',
    ]);
    till.mock.fault('no-status');
    till.mock.fault('late-answer', 60_000);
    till.send(writeRequest('Purchase', sale));
    await till.clock.advance(5_000);
    await till.ask(writeService('getLastStatMsgCode'));
    expect(till.params()?.get('LastStatMsgCode')).toBe('0');
  });

  it.each([
    ['silent', [], 0],
    ['nak', ['deviceBusy'], 0],
    ['no-answer', [], 1],
    ['lost-answer', [], 1],
    ['silent-after-status', [], 0],
    ['duplicate-answer', ['Purchase 0000', 'Purchase 0000'], 1],
    ['late-answer=500', ['Purchase 0000'], 1],
    ['byte-by-byte=0', ['Purchase 0000'], 1],
    ['split-answer', ['Purchase 0000'], 1],
    ['declined=05', ['Purchase 0005'], 0],
    ['cancelled', ['Purchase 1001'], 0],
    ['unknown-code', ['Purchase 0099'], 1],
    ['stale-answer', ['CheckConnection 0000', 'Purchase 0000'], 1],
    ['few-fields', ['Purchase 0000'], 1],
    ['power-loss-before-booking', [], 0],
    ['power-loss-after-booking', [], 1],
    ['unplug-after-booking', [], 1],
    ['unplug=20', [], 1],
  ] as const)('the common fault %s', async (fault, expected, booked) => {
    const till = await bareTill({ faults: [fault] });
    expect(await till.ask(writeRequest('Purchase', sale), 2_000)).toEqual(expected);
    expect(till.terminal.ledger).toHaveLength(booked);
  });

  it('the common faults wrong-amount, foreign-answer and foreign-terminal', async () => {
    const told = async (fault: string) => {
      const till = await bareTill({ faults: [fault] });
      await till.ask(writeRequest('Purchase', sale));
      return till.params();
    };
    expect((await told('wrong-amount'))?.get('amount')).toBe('25.00');
    expect((await told('foreign-answer'))?.get('amount')).toBe('25.00');
    expect((await told('foreign-terminal'))?.get('terminalId')).toBe('75009999');
  });
});
