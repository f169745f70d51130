import { describe, expect, it } from 'vitest';
import * as privatbank from '../../src/protocols/privatbank/commands.ts';
import { createTill, listen, untilDone } from '../support/till.ts';

const uah = (amount: number) => ({ amount, currency: 'UAH' });
const ana = { operator: 'ana', reason: 'out of stock' };
const sale = { amount: uah(1500) };

const createPrivat = (faults: readonly string[] = [], more: object = {}) =>
  createTill({ protocol: 'privatbank', faults, ...more });

type Till = Awaited<ReturnType<typeof createPrivat>>;

async function run<R>({ clock }: Till, command: Parameters<typeof listen<R>>[0]) {
  const watched = listen(command);
  await untilDone(clock, watched.heard);
  return { ...watched, result: watched.heard.result, error: watched.heard.error };
}

/** Sells and gives the receipt's number. */
async function sold(till: Till, amount: number): Promise<string> {
  const { result } = await run(till, till.terminal.purchase({ amount: uah(amount) }));
  expect(result).toMatchObject({ outcome: 'approved' });
  return till.mock.terminal.memory.last?.trace ?? '';
}

const kinds = ({ mock }: Till) => mock.terminal.ledger.map(({ kind }) => kind);

/** The messages of the till by their methods, without what it asks to know what the terminal is at. */
const methods = ({ mock }: Till) =>
  mock.received.map(({ code }) => code).filter((code) => code !== 'getLastStatMsgCode');

describe('a PrivatBank terminal', () => {
  it('is greeted once on each connection, and asked for its last receipt', async () => {
    const till = await createPrivat();
    expect((await run(till, till.terminal.lastTransaction())).result).toMatchObject({
      outcome: 'none',
    });
    await sold(till, 60);
    expect((await run(till, till.terminal.lastTransaction())).result).toMatchObject({
      outcome: 'found',
      transaction: {
        kind: 'purchase',
        state: 'approved',
        amount: uah(60),
        receiptNumber: '000001',
      },
    });
    expect(methods(till).filter((method) => method === 'PingDevice')).toHaveLength(1);
    const first = till.mock.transcript.find(({ from }) => from === 'till')?.bytes;
    expect([first?.at(0), first?.at(1)]).toEqual([0x00, 0x7b]);
  });

  it('is ready, or says what it is at', async () => {
    const till = await createPrivat();
    expect((await run(till, till.terminal.status())).result).toMatchObject({ outcome: 'ready' });
    till.mock.fault('nak@poll');
    expect((await run(till, till.terminal.status())).error).toMatchObject({ effect: 'none' });
  });

  it('has no totals but a text, and says so', async () => {
    const till = await createPrivat([], { sales: [{ amount: 1500 }] });
    expect((await run(till, till.terminal.totals())).result).toMatchObject({
      outcome: 'refused',
      reason: 'not-supported',
    });
    expect((await run(till, till.terminal.run(privatbank.audit()))).result).toMatchObject({
      outcome: 'done',
      lines: expect.arrayContaining(['Загальні підсумки: 15.00 ГРН']),
    });
  });

  it('settles, prints its report, and remembers nothing then', async () => {
    const till = await createPrivat([], { sales: [{ amount: 1500 }] });
    const settled = await run(till, till.terminal.settle());
    expect(settled.events.slice(-3)).toEqual(['receipt', 'result settled', 'complete']);
    const target = { amount: uah(1500), receiptNumber: '1' };
    expect((await run(till, till.terminal.voidTransaction(target, ana))).result).toMatchObject({
      outcome: 'not-found',
    });
  });

  it('gives money back for a sale of before, by its RRN', async () => {
    const till = await createPrivat();
    const refund = { amount: uah(500), rrn: '300000000001' };
    expect((await run(till, till.terminal.refund(refund))).result).toMatchObject({
      outcome: 'approved',
      transaction: { kind: 'refund', amount: uah(500) },
    });
    expect(kinds(till)).toEqual(['refund']);
  });
});

describe('a sale', () => {
  it('tells the person what the terminal is at, while it is at it', async () => {
    const till = await createPrivat([], { thinkMs: 1_500 });
    const { events } = await run(till, till.terminal.purchase(sale));
    expect(events).toEqual([
      'queued',
      'sent last receipt',
      'sent sale',
      'acknowledged',
      'prompt present-card',
      'prompt enter-pin',
      'prompt authorising',
      'receipt',
      'result approved',
      'complete',
    ]);
  });

  it('may take as long as the customer does, whatever the time-out: each prompt is a sign of life', async () => {
    const till = await createPrivat([], { thinkMs: 4_000 });
    till.mock.terminal.host.latencyMs = 60_000;
    const { result } = await run(till, till.terminal.purchase(sale, { timeoutMs: 1_000 }));
    expect(result).toMatchObject({ outcome: 'approved' });
  });

  it.each([
    ['declined=05', { outcome: 'declined', responseCode: '0005' }],
    ['cancelled', { outcome: 'declined', responseCode: '1001' }],
  ])('under %s is certainly not made', async (fault, expected) => {
    const till = await createPrivat([fault]);
    expect((await run(till, till.terminal.purchase(sale))).result).toMatchObject(expected);
    expect(kinds(till)).toEqual([]);
    // And the next one goes out.
    const next = await run(till, till.terminal.status());
    expect(next.result).toMatchObject({ outcome: 'ready' });
  });

  it.each([
    'misspelt-keys',
    'blanks',
    'decimal-comma',
    'joined-frames',
    'code-only',
    'no-trn-status',
    'no-receipt-data',
    'no-status',
    'byte-by-byte',
    'split-answer',
    'duplicate-answer',
    'stale-answer',
    'noise-before',
    'late-answer@purchase=20000',
  ])('under %s is approved, and made once', async (fault) => {
    const till = await createPrivat([], { sales: [{ amount: 900 }] });
    await run(till, till.terminal.status());
    till.mock.fault(fault);
    const { result } = await run(till, till.terminal.purchase(sale));
    expect(result).toMatchObject({ outcome: 'approved', transaction: { amount: uah(1500) } });
    expect(kinds(till)).toEqual(['sale', 'sale']);
    expect(methods(till).filter((method) => method === 'Purchase')).toHaveLength(1);
  });

  it('that a busy terminal refuses goes out again once the last receipt proves it was not made', async () => {
    const till = await createPrivat([], { sales: [{ amount: 900 }] });
    till.mock.fault('nak-once@purchase');
    const { result } = await run(till, till.terminal.purchase(sale));
    expect(result).toMatchObject({ outcome: 'approved', transaction: { amount: uah(1500) } });
    expect(kinds(till)).toEqual(['sale', 'sale']);
    const asked = methods(till).join(' ');
    expect(asked).toMatch(/Purchase .*PingDevice .*GetReceiptInfo .*Purchase/);
  });

  it('that is refused by a busy terminal each time is certainly not made', async () => {
    const till = await createPrivat([], { sales: [{ amount: 900 }] });
    till.mock.fault('nak@purchase');
    const { error } = await run(till, till.terminal.purchase(sale));
    expect(error).toMatchObject({ code: 'not-acknowledged', effect: 'none' });
    expect(kinds(till)).toEqual(['sale']);
    expect(methods(till).filter((method) => method === 'Purchase')).toHaveLength(3);
  });

  it.each([
    ['no-answer', 'no-answer'],
    ['lost-answer@purchase', 'no-answer'],
    ['silent@purchase', 'no-answer'],
    ['silent-after-status', 'no-answer'],
    ['unknown-code', 'unknown-response-code'],
    ['wrong-amount@purchase', 'wrong-transaction'],
    ['unplug-after-booking', 'connection-lost'],
    ['power-loss-after-booking', 'no-answer'],
    ['power-loss-before-booking', 'no-answer'],
  ])('under %s is sent once, and in doubt: %s', async (fault, code) => {
    const till = await createPrivat([], { sales: [{ amount: 900 }], thinkMs: 1_500 });
    till.mock.fault(fault);
    const { error } = await run(till, till.terminal.purchase(sale));
    expect(error).toMatchObject({ code, effect: 'unknown' });
    expect(methods(till).filter((method) => method === 'Purchase')).toHaveLength(1);
  });

  it('approved in part is in doubt, for a person', async () => {
    const till = await createPrivat();
    till.mock.use({
      answer: (asked, next) =>
        next().map((answer) =>
          asked.request.command === 'purchase' ? { ...answer, code: '10' } : answer,
        ),
    });
    expect((await run(till, till.terminal.purchase(sale))).error).toMatchObject({
      code: 'unknown-response-code',
      effect: 'unknown',
      message: expect.stringContaining('approved in part only'),
    });
  });
});

describe('a sale that is stopped', () => {
  const stopped = async (afterMs: number, faults: readonly string[] = []) => {
    const till = await createPrivat(faults, { thinkMs: 2_000 });
    const abort = new AbortController();
    const watched = listen(till.terminal.purchase(sale, { signal: abort.signal }));
    await till.clock.advance(afterMs);
    abort.abort();
    await untilDone(till.clock, watched.heard);
    return { till, ...watched };
  };

  it('ends by its own answer: cancelled, and nothing was made', async () => {
    const { till, heard, events } = await stopped(5_000);
    expect(heard.result).toMatchObject({ outcome: 'declined', responseCode: '1001' });
    expect(events).toContain('prompt other');
    expect(methods(till)).toContain('interrupt');
    expect(kinds(till)).toEqual([]);
  });

  it('too late is approved all the same', async () => {
    const { till, heard } = await stopped(12_500, ['late-answer@purchase=9000']);
    expect(heard.result).toMatchObject({ outcome: 'approved' });
    expect(kinds(till)).toEqual(['sale']);
  });
});

describe('a late answer', () => {
  it('is awaited by recovery, which finds the sale by the number after the last one known', async () => {
    const till = await createPrivat([], { sales: [{ amount: 900 }], thinkMs: 3_000 });
    till.mock.fault('late-answer-once@purchase=60000');
    const strays: string[] = [];
    till.terminal.unsolicited$.subscribe(({ reason, code }) => strays.push(`${reason} ${code}`));
    const lost = listen(till.terminal.purchase(sale, { key: 'A' }));
    // It was seen at work; from then on it does not tell any more.
    await till.clock.advance(8_500);
    till.mock.fault('no-status');
    await untilDone(till.clock, lost.heard);
    const { error } = lost.heard;
    expect(error).toMatchObject({ code: 'no-answer', effect: 'unknown', intent: 'A' });

    const blocked = await run(till, till.terminal.purchase(sale, { key: 'B' }));
    expect(blocked.error).toMatchObject({ code: 'unresolved-transaction', effect: 'none' });
    // The late answer comes while the till is finding out.
    const found = await run(till, till.terminal.recover());
    expect(found.result).toMatchObject({
      outcome: 'approved',
      key: 'A',
      transaction: { receiptNumber: '000002' },
    });
    expect(strays).toContain('stale Purchase');
    const next = await run(till, till.terminal.purchase(sale, { key: 'B' }));
    expect(next.result).toMatchObject({
      outcome: 'approved',
      key: 'B',
      transaction: { receiptNumber: '000003' },
    });
    expect(kinds(till)).toEqual(['sale', 'sale', 'sale']);
  });

  it('that says no does not end the sale under way', async () => {
    const till = await createPrivat([], { sales: [{ amount: 900 }], thinkMs: 2_000 });
    const no = new TextEncoder().encode(
      '{"method":"Purchase","step":0,"params":{"responseCode":"1001"},"error":true}\0',
    );
    let put = () => {};
    till.mock.use({
      install: (bench) => {
        put = () => bench.put(no);
        return () => {};
      },
    });
    const watched = listen(till.terminal.purchase(sale));
    await till.clock.advance(3_000);
    put();
    await untilDone(till.clock, watched.heard);
    expect(watched.heard.result).toMatchObject({ outcome: 'approved' });
    expect(kinds(till)).toEqual(['sale', 'sale']);
  });
});

describe('a void', () => {
  it('takes back the receipt that was named, which is not the last one, once', async () => {
    const till = await createPrivat();
    const number = await sold(till, 1500);
    await sold(till, 4200);
    const target = { amount: uah(1500), receiptNumber: number };
    const taken = await run(till, till.terminal.voidTransaction(target, ana));
    expect(taken.result).toMatchObject({
      outcome: 'voided',
      transaction: { receiptNumber: '000001', state: 'voided' },
      voucher: expect.arrayContaining(['Receipt:       000001']),
    });
    const again = await run(till, till.terminal.voidTransaction(target, ana));
    expect(again.result).toMatchObject({ outcome: 'already-voided' });
    expect(till.mock.terminal.ledger.at(-1)).toMatchObject({
      kind: 'void',
      sale: { amount: 1500 },
    });
    expect(kinds(till)).toEqual(['sale', 'sale', 'void']);
  });

  it('without a number takes back the last receipt, if it is this one', async () => {
    const till = await createPrivat([], { sales: [{ amount: 1500 }, { amount: 4200 }] });
    const wrong = await run(till, till.terminal.voidTransaction({ amount: uah(1500) }, ana));
    expect(wrong.result).toMatchObject({ outcome: 'refused', reason: 'not-the-last' });
    const right = await run(till, till.terminal.voidTransaction({ amount: uah(4200) }, ana));
    expect(right.result).toMatchObject({ outcome: 'voided' });
  });

  it('of another amount than the receipt has is refused before it is sent', async () => {
    const till = await createPrivat([], { sales: [{ amount: 1500 }, { amount: 4200 }] });
    const target = { amount: uah(4200), receiptNumber: '1' };
    const { result } = await run(till, till.terminal.voidTransaction(target, ana));
    expect(result).toMatchObject({ outcome: 'refused', found: { amount: uah(1500) } });
    expect(methods(till)).not.toContain('Withdrawal');
  });

  it('of a receipt that the terminal does not have is not found', async () => {
    const till = await createPrivat([], { sales: [{ amount: 1500 }] });
    const target = { amount: uah(1500), receiptNumber: '77' };
    expect((await run(till, till.terminal.voidTransaction(target, ana))).result).toMatchObject({
      outcome: 'not-found',
      responseCode: '1000',
    });
  });

  const voided = async (faults: readonly string[]) => {
    const till = await createPrivat(faults, { sales: [{ amount: 1500 }, { amount: 4200 }] });
    const target = { amount: uah(1500), receiptNumber: '1' };
    return { till, ...(await run(till, till.terminal.voidTransaction(target, ana))) };
  };

  it.each([
    ['void-keeps-number'],
    ['code-only@void'],
    ['no-trn-status'],
    ['no-receipt-data@void', 'void-keeps-number'],
    ['duplicate-answer'],
    ['joined-frames', 'blanks', 'misspelt-keys', 'decimal-comma'],
    ['late-answer@void=30000'],
  ])('under %s, %s is done, and proved', async (...faults) => {
    const { till, result } = await voided(faults.filter((fault) => fault !== undefined));
    expect(result).toMatchObject({ outcome: 'voided', transaction: { receiptNumber: '000001' } });
    expect(kinds(till)).toEqual(['sale', 'sale', 'void']);
  });

  it.each([
    [['foreign-answer@void'], 'wrong-transaction'],
    [['code-only@void', 'no-trn-status'], 'wrong-transaction'],
    [['unknown-code@void'], 'unknown-response-code'],
    [['no-answer@void'], 'no-answer'],
  ])('under %j is loudly in doubt: %s', async (faults, code) => {
    const { error, till } = await voided(faults);
    expect(error).toMatchObject({ code, effect: 'unknown' });
    expect(methods(till).filter((method) => method === 'Withdrawal')).toHaveLength(1);
  });

  it('that a clerk has made before is told, and not made again', async () => {
    const till = await createPrivat([], { sales: [{ amount: 1500 }] });
    till.mock.fault('already-voided');
    const target = { amount: uah(1500), receiptNumber: '1' };
    const { result } = await run(till, till.terminal.voidTransaction(target, ana));
    expect(result).toMatchObject({ outcome: 'already-voided' });
    expect(kinds(till)).toEqual(['sale', 'void']);
  });
});

describe('after the connection was lost', () => {
  it('in the middle of a sale, the terminal is greeted again, awaited, and asked', async () => {
    const till = await createPrivat([], { sales: [{ amount: 900 }], thinkMs: 3_000 });
    const watched = listen(till.terminal.purchase(sale, { key: 'A' }));
    await till.clock.advance(10_000);
    till.mock.unplug();
    await untilDone(till.clock, watched.heard);
    expect(watched.heard.error).toMatchObject({ code: 'connection-lost', effect: 'unknown' });
    till.mock.replug();
    const found = await run(till, till.terminal.recover());
    expect(found.result).toMatchObject({
      outcome: 'approved',
      key: 'A',
      transaction: { receiptNumber: '000002' },
    });
    expect(kinds(till)).toEqual(['sale', 'sale']);
    const greetings = till.mock.transcript.filter(
      ({ from, bytes }) => from === 'till' && bytes[0] === 0,
    );
    expect(greetings).toHaveLength(2);
  });

  it('before the terminal had the sale, it is found that none was made', async () => {
    const till = await createPrivat([], { sales: [{ amount: 900 }] });
    till.mock.fault('silent@purchase');
    const lost = await run(till, till.terminal.purchase(sale));
    expect(lost.error).toMatchObject({ effect: 'unknown' });
    const found = await run(till, till.terminal.recover());
    expect(found.result).toMatchObject({ outcome: 'not-approved' });
  });

  it('after the booking, the sale is found even when a clerk has sold since', async () => {
    const till = await createPrivat([], { sales: [{ amount: 900 }], thinkMs: 1_500 });
    till.mock.fault('unplug-after-booking');
    await run(till, till.terminal.purchase(sale, { key: 'A' }));
    till.mock.terminal.clerkSells(4200);
    till.mock.replug();
    expect((await run(till, till.terminal.recover())).result).toMatchObject({
      outcome: 'approved',
      transaction: { receiptNumber: '000002', amount: uah(1500) },
    });
  });

  it('and another sale of the amount in between, it is a question for a person', async () => {
    const till = await createPrivat([], { sales: [{ amount: 900 }] });
    till.mock.fault('silent@purchase');
    await run(till, till.terminal.purchase(sale));
    till.mock.terminal.clerkSells(4200);
    till.mock.terminal.clerkSells(1500);
    expect((await run(till, till.terminal.recover())).error).toMatchObject({
      code: 'unresolved-transaction',
      effect: 'unknown',
    });
  });

  it.each([
    ['unplug-after-booking@void', 'voided'],
    ['no-answer@void', 'voided'],
  ])('in a void under %s, its receipt tells: %s', async (fault, outcome) => {
    const till = await createPrivat([], { sales: [{ amount: 1500 }, { amount: 4200 }] });
    const off = till.mock.fault(fault);
    const target = { amount: uah(1500), receiptNumber: '1' };
    const lost = await run(till, till.terminal.voidTransaction(target, ana));
    expect(lost.error).toMatchObject({ effect: 'unknown' });
    off();
    till.mock.replug();
    expect((await run(till, till.terminal.recover())).result).toMatchObject({ outcome });
  });

  it('in a void that was not made, a person has to say: no receipt proves it', async () => {
    const till = await createPrivat([], { sales: [{ amount: 1500 }, { amount: 4200 }] });
    const off = till.mock.fault('silent@void');
    const target = { amount: uah(1500), receiptNumber: '1' };
    await run(till, till.terminal.voidTransaction(target, ana));
    off();
    expect((await run(till, till.terminal.recover())).error).toMatchObject({
      code: 'unresolved-transaction',
      effect: 'unknown',
    });
  });

  it('in a void at a terminal that does not tell what has become of a sale, a person has to say', async () => {
    const till = await createPrivat(['no-trn-status', 'no-answer@void'], {
      sales: [{ amount: 1500 }, { amount: 4200 }],
    });
    const target = { amount: uah(1500), receiptNumber: '1' };
    await run(till, till.terminal.voidTransaction(target, ana));
    expect((await run(till, till.terminal.recover())).error).toMatchObject({
      code: 'unresolved-transaction',
      message: expect.stringContaining('no trnStatus'),
    });
  });
});

it('the terminal’s own commands go through terminal.run', async () => {
  const till = await createPrivat([], { sales: [{ amount: 1500 }] });
  expect((await run(till, till.terminal.run(privatbank.identify()))).result).toMatchObject({
    vendor: 'PAX',
    model: 's800',
  });
  expect((await run(till, till.terminal.run(privatbank.merchantList()))).result).toMatchObject({
    merchants: [
      { merchantId: '0', name: 'Оплата' },
      { merchantId: '4', name: 'Оплата частинами' },
    ],
  });
  expect((await run(till, till.terminal.run(privatbank.receipt('1')))).result).toMatchObject({
    outcome: 'found',
    transaction: { receiptNumber: '000001' },
  });
});
