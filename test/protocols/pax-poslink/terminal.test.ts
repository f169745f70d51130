import { describe, expect, it } from 'vitest';
import { commonFaults, onSerialPort, profileTill } from '../../profiles/support.ts';
import { listen, untilDone } from '../../support/till.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const pax = (faults: readonly string[] = [], query = '') =>
  profileTill('USD', { protocol: 'pax-poslink', faults }, query);

type Till = Awaited<ReturnType<typeof pax>>;
const sell = (till: Till, amount: number, ticket: string) =>
  till.run(till.terminal.purchase({ amount: usd(amount), ticket }));
const recover = (till: Till) => till.run(till.terminal.recover());
const sales = (till: Till) => till.asked().filter((name) => name === 'T00 01').length;
const fromTill = (till: Till, byte: number) =>
  till.mock.transcript.filter(
    ({ from, bytes }) => from === 'till' && bytes.length === 1 && bytes[0] === byte,
  ).length;

describe('a till and a POSLINK terminal', () => {
  it('sell', async () => {
    const till = await pax();
    const sold = await sell(till, 1_234, 'INV-1');
    expect(sold.events).toEqual([
      'queued',
      'sent sale',
      'acknowledged',
      'prompt present-card',
      'result approved',
      'complete',
    ]);
    expect(sold.result).toMatchObject({
      transaction: {
        amount: usd(1_234),
        ticket: 'INV-1',
        operationNumber: '1',
        authorisationCode: '252985',
        last4: '0461',
        cardType: 'credit',
        terminalId: '75001637',
      },
    });
    expect(till.booked()).toEqual(['sale 1234']);
  });

  it('are ready, and close the day', async () => {
    const till = await pax();
    expect((await till.run(till.terminal.status())).result).toMatchObject({ outcome: 'ready' });
    await sell(till, 100, 'A1');
    expect((await till.run(till.terminal.settle())).result).toMatchObject({ outcome: 'settled' });
    expect((await till.last()).result).toMatchObject({ outcome: 'none' });
  });

  it('take back any sale of the batch by its reference, once', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    await sell(till, 200, 'A2');
    expect((await till.takeBack(100, { ticket: 'A1' })).result).toMatchObject({
      outcome: 'voided',
      transaction: { operationNumber: '1', ticket: 'A1' },
    });
    expect((await till.takeBack(100, { ticket: 'A1' })).result).toMatchObject({
      outcome: 'already-voided',
    });
    expect(till.asked().filter((name) => name === 'T00 16')).toHaveLength(1);
    expect(till.booked()).toEqual(['sale 100', 'sale 200', 'void 100']);
  });

  it('take back by number and by authorisation code', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    await sell(till, 200, 'A2');
    const { result } = await till.takeBack(100, { operationNumber: '1' });
    expect(result).toMatchObject({ outcome: 'voided' });
    const last = await till.takeBack(200, { authorisationCode: '357714' });
    expect(last.result).toMatchObject({ outcome: 'voided' });
  });

  it('take back the last transaction where nothing names one', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    await sell(till, 200, 'A2');
    expect((await till.takeBack(100)).result).toMatchObject({ reason: 'not-the-last' });
    expect((await till.takeBack(200)).result).toMatchObject({ outcome: 'voided' });
    expect((await till.takeBack(200)).result).toMatchObject({ reason: 'not-approved' });
    expect(till.booked()).toEqual(['sale 100', 'sale 200', 'void 200']);
  });

  it('refuse another amount, a debit sale, and one that is not there', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    expect((await till.takeBack(101, { ticket: 'A1' })).result).toMatchObject({
      outcome: 'refused',
    });
    expect((await till.takeBack(100, { ticket: 'A9' })).result).toMatchObject({
      outcome: 'not-found',
    });
    till.mock.fault('debit-card');
    await sell(till, 300, 'A3');
    expect((await till.takeBack(300, { ticket: 'A3' })).result).toMatchObject({
      reason: 'debit-card',
    });
    expect(till.booked()).toEqual(['sale 100', 'sale 300']);
  });

  it('leave a sale of another amount in doubt', async () => {
    const till = await pax(['wrong-amount-once@purchase']);
    const { error } = await sell(till, 1_000, 'A1');
    expect(error).toMatchObject({ code: 'wrong-transaction', effect: 'unknown' });
  });
});

describe('a cancellation', () => {
  it('stops a sale that waits for its card', async () => {
    const till = await pax(['silent-after-status']);
    const abort = new AbortController();
    const watched = listen(
      till.terminal.purchase({ amount: usd(100), ticket: 'A1' }, { signal: abort.signal }),
    );
    await till.clock.advance(10);
    abort.abort();
    await untilDone(till.clock, watched.heard);
    // This terminal ended it, and never said how.
    expect(watched.heard.error).toMatchObject({ code: 'no-answer', effect: 'unknown' });
    expect(till.booked()).toEqual([]);
  });

  it('is answered by the sale itself', async () => {
    const till = await profileTill('USD', { protocol: 'pax-poslink', thinkMs: 5_000 });
    const abort = new AbortController();
    const watched = listen(
      till.terminal.purchase({ amount: usd(100), ticket: 'A1' }, { signal: abort.signal }),
    );
    await till.clock.advance(100);
    abort.abort();
    await untilDone(till.clock, watched.heard);
    expect(watched.heard.result).toMatchObject({ outcome: 'declined', responseCode: '100002' });
    expect(till.booked()).toEqual([]);
    expect((await sell(till, 200, 'A2')).result).toMatchObject({ outcome: 'approved' });
  });
});

describe('recovery', () => {
  it('finds a sale whose answer was lost by its reference', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    till.mock.fault('no-answer-once@purchase');
    expect((await sell(till, 650, 'A2')).error).toMatchObject({ effect: 'unknown' });
    expect((await recover(till)).result).toMatchObject({
      outcome: 'approved',
      transaction: { ticket: 'A2', amount: usd(650) },
    });
    expect(sales(till)).toBe(2);
  });

  it('finds that a sale was not made, from the batch that is still the same', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    till.mock.fault('power-loss-before-booking-once@purchase');
    expect((await sell(till, 650, 'A2')).error).toMatchObject({ effect: 'unknown' });
    expect((await recover(till)).result).toMatchObject({ outcome: 'not-approved' });
    expect(till.booked()).toEqual(['sale 100']);
  });

  it('leaves to a person what an empty batch cannot tell', async () => {
    const till = await pax(['power-loss-before-booking-once@purchase']);
    expect((await sell(till, 650, 'A1')).error).toMatchObject({ effect: 'unknown' });
    expect((await recover(till)).error).toMatchObject({ code: 'unresolved-transaction' });
  });

  it('finds a void whose answer was lost', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    till.mock.fault('no-answer-once@void');
    expect((await till.takeBack(100, { ticket: 'A1' })).error).toMatchObject({ effect: 'unknown' });
    expect((await recover(till)).result).toMatchObject({ outcome: 'voided' });
    expect(till.booked()).toEqual(['sale 100', 'void 100']);
  });

  it('does not take the void of an earlier sale of one reference for the later one’s', async () => {
    const till = await pax();
    await sell(till, 100, 'TABLE-5');
    await till.takeBack(100, { operationNumber: '1' });
    const sold = await sell(till, 100, 'TABLE-5');
    expect(sold.result).toMatchObject({ transaction: { operationNumber: '3' } });
    till.mock.fault('silent-once@void');
    const lost = await till.takeBack(100, { operationNumber: '3' });
    expect(lost.error).toMatchObject({ effect: 'unknown' });
    expect((await recover(till)).error).toMatchObject({ code: 'unresolved-transaction' });
    expect(till.booked()).toEqual(['sale 100', 'void 100', 'sale 100']);
  });

  it('leaves a void that it does not find to a person', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    till.mock.fault('power-loss-before-booking-once@void');
    expect((await till.takeBack(100, { ticket: 'A1' })).error).toMatchObject({ effect: 'unknown' });
    expect((await recover(till)).error).toMatchObject({ code: 'unresolved-transaction' });
  });

  it('a refused sale goes out again only once the terminal has shown that it was not made', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    till.mock.fault('nak-once@purchase');
    const sold = await sell(till, 650, 'A2');
    expect(sold.result).toMatchObject({ outcome: 'approved' });
    expect(till.booked()).toEqual(['sale 100', 'sale 650']);
    expect(till.asked().join(' ')).toMatch(/^T00 01 T00 01 A00 (R02 )+A00 T00 01$/);
  });

  it('one whose ACK arrived as NAK does not go out again', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    till.mock.fault('ack-turned-nak-once@purchase');
    await sell(till, 650, 'A2');
    expect(till.booked()).toEqual(['sale 100', 'sale 650']);
    expect(sales(till)).toBe(2);
  });
});

describe('on a bad line', () => {
  it('the answer is asked for again with NAK', async () => {
    const till = await pax(['bad-lrc-once@purchase']);
    expect((await sell(till, 650, 'A1')).result).toMatchObject({ outcome: 'approved' });
    expect(fromTill(till, 0x15)).toBe(1);
    expect(sales(till)).toBe(1);
    expect(till.booked()).toEqual(['sale 650']);
  });

  it('to three damaged answers the till says EOT, and asks what was sold', async () => {
    const till = await pax();
    await sell(till, 100, 'A1');
    till.mock.fault('bad-lrc@purchase');
    expect((await sell(till, 650, 'A2')).error).toMatchObject({ code: 'garbled-answer' });
    expect(fromTill(till, 0x04)).toBe(1);
    expect((await recover(till)).result).toMatchObject({ outcome: 'approved' });
    expect(till.booked()).toEqual(['sale 100', 'sale 650']);
  });

  it('without EOT the sale stands, and the next one goes', async () => {
    const till = await pax(['no-eot']);
    expect((await sell(till, 100, 'A1')).result).toMatchObject({ outcome: 'approved' });
    expect((await sell(till, 200, 'A2')).result).toMatchObject({ outcome: 'approved' });
    expect(till.booked()).toEqual(['sale 100', 'sale 200']);
  });

  it.each(commonFaults)('under %s neither sells twice nor says what is not so', async (fault) => {
    const till = await pax();
    await sell(till, 1_000, 'A1');
    try {
      till.mock.fault(fault);
    } catch {
      // It needs an argument that nothing here has.
      return;
    }
    const sold = await sell(till, 650, 'A2');
    const booked = till.booked().filter((one) => one === 'sale 650').length;
    expect(booked).toBeLessThan(2);
    const outcome: unknown = Reflect.get(Object(sold.result), 'outcome');
    if (outcome === 'approved') expect(booked).toBe(1);
    if (outcome === 'declined' || outcome === 'refused') expect(booked).toBe(0);
    if (sold.result === undefined) expect(sold.error).toBeDefined();
    if (Reflect.get(Object(sold.error), 'effect') === 'none') expect(booked).toBe(0);
  });

  it.each(commonFaults)('under %s neither voids twice nor the wrong one', async (fault) => {
    const till = await pax();
    await sell(till, 1_000, 'A1');
    await sell(till, 2_000, 'A2');
    try {
      till.mock.fault(fault);
    } catch {
      return;
    }
    const before = till.mock.terminal.ledger.length;
    const undone = await till.takeBack(1_000, { ticket: 'A1' });
    const voids = till.mock.terminal.ledger
      .slice(before)
      .filter(({ kind, by }) => kind === 'void' && by === 'till');
    expect(voids.length).toBeLessThan(2);
    for (const one of voids) expect(one).toMatchObject({ sale: { amount: 1_000 } });
    const outcome: unknown = Reflect.get(Object(undone.result), 'outcome');
    if (outcome === 'voided') expect(voids).toHaveLength(1);
    else if (undone.result !== undefined) expect(voids).toEqual([]);
    if (Reflect.get(Object(undone.error), 'effect') === 'none') expect(voids).toEqual([]);
  });
});

describe('on a real serial port', () => {
  it('a sale, the last transaction, a void, the void once more, the settlement', async () => {
    const { outcomes, kinds } = await onSerialPort('pax-poslink', '', usd(1_234), {
      ticket: 'INV-1',
    });
    expect(outcomes).toEqual(['approved', 'found', 'voided', 'already-voided', 'settled']);
    expect(kinds).toEqual(['sale', 'void', 'settlement']);
  });
});
