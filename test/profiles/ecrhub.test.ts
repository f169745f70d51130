import { describe, expect, it } from 'vitest';
import { onSerialPort, profileTill } from './support.ts';

const usd = (amount: number) => ({ amount, currency: 'USD' });
const ecrhub = (faults: readonly string[] = []) =>
  profileTill('USD', { protocol: 'paycloud-ecrhub', faults }, '?app-id=till1');

const heartbeat = Uint8Array.from(Buffer.from('55aa000000000000cc33', 'hex'));

describe('the profile paycloud-ecrhub', () => {
  it('shakes hands once, sells under its own order number, and confirms the answer by its id', async () => {
    const till = await ecrhub();
    const ticket = 'ORDER-1';
    const sold = await till.run(till.terminal.purchase({ amount: usd(1_234), ticket }));
    expect(sold.result).toMatchObject({
      outcome: 'approved',
      transaction: { amount: usd(1_234), ticket, operationNumber: '000001', last4: '0461' },
    });
    await till.run(till.terminal.status());
    expect(till.asked()).toEqual(['opening', 'status', 'sale', 'status']);
    const texts = till.mock.transcript
      .filter(({ from }) => from === 'till')
      .map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
    expect(texts.some((text) => text.includes('"order_amount":"12.34"'))).toBe(true);
    const answer = till.mock.transcript.find(
      ({ from, bytes }) => from === 'terminal' && bytes.length > 20,
    );
    const confirmed = till.mock.transcript.filter(
      ({ from, bytes }) => from === 'till' && bytes.length === 10 && bytes[3] === answer?.bytes[4],
    );
    expect(answer?.bytes[4]).toBeGreaterThan(0);
    expect(confirmed.length).toBeGreaterThan(0);
  });

  it('asks for one order, and cannot ask for "the last"', async () => {
    const till = await ecrhub();
    expect((await till.last()).result).toMatchObject({
      outcome: 'refused',
      reason: 'not-supported',
      message: expect.stringContaining('named by ticket'),
    });
    await till.run(till.terminal.purchase({ amount: usd(500), ticket: 'A1' }));
    await till.run(till.terminal.purchase({ amount: usd(900), ticket: 'A2' }));
    expect((await till.takeBack(500)).result).toMatchObject({ outcome: 'refused' });
    expect((await till.takeBack(900, { ticket: 'A1' })).result).toMatchObject({
      outcome: 'refused',
      reason: 'not-the-last',
    });
    expect((await till.takeBack(500, { ticket: 'A1' })).result).toMatchObject({
      outcome: 'voided',
    });
    expect(till.booked()).toEqual(['sale 500', 'sale 900', 'void 500']);
  });

  it('can prove nothing about a second void, since no code for it is published', async () => {
    const till = await ecrhub();
    await till.run(till.terminal.purchase({ amount: usd(500), ticket: 'A1' }));
    expect((await till.takeBack(500, { ticket: 'A1' })).result).toMatchObject({
      outcome: 'voided',
    });
    const again = await till.takeBack(500, { ticket: 'A1' });
    expect(again.error).toMatchObject({ code: 'unknown-response-code', effect: 'unknown' });
    expect(till.booked()).toEqual(['sale 500', 'void 500']);
  });

  it('is not held up by heartbeats, nor kept waiting by them for ever', async () => {
    const till = await ecrhub();
    const beat = (left: number): void => {
      if (left === 0) return;
      till.clock.after(2_000, () => {
        if (till.mock.terminal.listening()) put();
        beat(left - 1);
      });
    };
    let put = () => {};
    till.mock.use({
      install(bench) {
        put = () => bench.put(heartbeat);
        return () => {};
      },
    });
    beat(400);
    expect((await till.sell(100)).result).toMatchObject({ outcome: 'approved' });
    till.mock.fault('no-answer-once@purchase');
    expect((await till.sell(200)).error).toMatchObject({ code: 'no-answer', effect: 'unknown' });
    expect((await till.run(till.terminal.recover())).result).toMatchObject({
      outcome: 'approved',
      transaction: { amount: usd(200) },
    });
  });

  it('believes no code but 000, and no state but the one that is published', async () => {
    const till = await ecrhub();
    till.mock.fault('unknown-code-once@purchase=001');
    expect((await till.sell(100)).error).toMatchObject({ code: 'unknown-response-code' });
  });

  it.each(['split-answer', 'byte-by-byte=0', 'noise-before', 'duplicate-answer'])(
    'under %s sells once',
    async (fault) => {
      const till = await ecrhub([fault]);
      expect((await till.sell(650)).result).toMatchObject({ outcome: 'approved' });
      expect(till.booked()).toEqual(['sale 650']);
    },
  );

  it('does the same on a real serial port', async () => {
    const { outcomes, kinds } = await onSerialPort('paycloud-ecrhub', '?app-id=till1', usd(1_234), {
      ticket: 'ORDER-1',
    });
    // Without an order number it cannot be asked for "the last", and it has no settlement.
    expect(outcomes).toEqual(['approved', 'refused', 'voided', 'unknown-response-code', 'refused']);
    expect(kinds).toEqual(['sale', 'void']);
  });
});
