import { describe, expect, it } from 'vitest';
import { clp } from '../../src/model/money.ts';
import { createTill, listen, untilDone } from '../support/till.ts';

const sale = { amount: clp(1500), ticket: '42' };

/** The requests that the mock terminal could read, by their codes. */
const codes = (mock: { received: readonly { code: string }[] }) =>
  mock.received.map(({ code }) => code);

async function sell(faults: readonly string[] = [], protocol?: 'transbank-autoservicio') {
  const till = await createTill({ faults, ...(protocol && { protocol }) });
  const watched = listen(till.terminal.purchase(sale));
  await untilDone(till.clock, watched.heard);
  return { ...till, ...watched };
}

describe('a sale', () => {
  it('tells each step, and ends with one result', async () => {
    const { events, heard, mock } = await sell();
    expect(events).toEqual([
      'queued',
      'sent sale',
      'acknowledged',
      'prompt present-card',
      'prompt operate-card',
      'prompt enter-pin',
      'prompt authorising',
      'result approved',
      'complete',
    ]);
    expect(heard.result).toMatchObject({
      outcome: 'approved',
      transaction: {
        kind: 'purchase',
        state: 'approved',
        amount: clp(1500),
        ticket: '000042',
        last4: '0461',
        cardType: 'credit',
        operationNumber: '000001',
        commerceCode: '597029414300',
        terminalId: '75001637',
      },
    });
    expect(mock.terminal.ledger.map(({ kind }) => kind)).toEqual(['sale']);
  });

  it('prints the voucher that a self-service terminal sends', async () => {
    const { events } = await sell([], 'transbank-autoservicio');
    expect(events.slice(-3)).toEqual(['receipt', 'result approved', 'complete']);
  });

  it('is declined by the host as a result, not an error', async () => {
    const { heard } = await sell(['declined=01']);
    expect(heard.result).toMatchObject({ outcome: 'declined', responseCode: '01' });
  });

  it('is sent again after a NAK once the memory has shown that it was not taken, and booked once', async () => {
    const { terminal, clock, mock } = await createTill();
    const earlier = listen(terminal.purchase({ amount: clp(900) }));
    await untilDone(clock, earlier.heard);
    mock.fault('nak-once');
    const { events, heard } = listen(terminal.purchase(sale));
    await untilDone(clock, heard);
    expect(events.slice(0, 5)).toEqual([
      'queued',
      'sent sale',
      'sent sales detail',
      'acknowledged',
      'sent sale again',
    ]);
    expect(events.at(-2)).toBe('result approved');
    expect(mock.terminal.ledger).toHaveLength(2);
  });

  it('that is refused three times by NAK was not made, where the memory proves it', async () => {
    const { terminal, clock, mock } = await createTill();
    const earlier = listen(terminal.purchase({ amount: clp(900) }));
    await untilDone(clock, earlier.heard);
    mock.fault('nak@purchase');
    const { heard } = listen(terminal.purchase(sale));
    await untilDone(clock, heard);
    expect(heard.error).toMatchObject({ code: 'not-acknowledged', effect: 'none' });
    const proof = ['0100', '0260', '0100'];
    expect(codes(mock)).toEqual(['0200', '0200', ...proof, '0200', ...proof, '0200', ...proof]);
  });

  it('that is refused by a terminal that refuses all else too is in doubt', async () => {
    const { heard, mock } = await sell(['nak']);
    expect(heard.error).toMatchObject({ code: 'not-acknowledged', effect: 'unknown' });
    expect(codes(mock)).toEqual(['0200', '0100', '0100', '0100']);
  });

  it('that was carried out although the till heard only NAK is never called undone', async () => {
    for (const fault of [
      'no-answer-once',
      'power-loss-after-booking-once',
      'foreign-answer-once',
    ]) {
      const { heard, mock } = await sell(['ack-turned-nak-once', fault]);
      const booked = mock.terminal.ledger.length > 0;
      expect([booked, Reflect.get(Object(heard.error), 'effect')]).not.toEqual([true, 'none']);
    }
  });

  it('whose ACK arrived as a NAK is not sent again, and found out afterwards', async () => {
    const { terminal, clock, mock } = await createTill({
      faults: ['ack-turned-nak-once', 'no-answer-once'],
    });
    const { heard } = listen(terminal.purchase(sale, { key: 'K1' }));
    await untilDone(clock, heard);
    expect(heard.error).toMatchObject({ code: 'not-acknowledged', effect: 'unknown' });
    const again = listen(terminal.purchase(sale, { key: 'K1' })).heard;
    await untilDone(clock, again);
    expect(again.result).toMatchObject({ outcome: 'approved' });
    expect(mock.terminal.ledger).toHaveLength(1);
  });

  it('is not sent when it is cancelled while the device opens', async () => {
    const { terminal, clock, mock } = await createTill();
    const abort = new AbortController();
    const { heard } = listen(terminal.purchase(sale, { signal: abort.signal }));
    abort.abort();
    await untilDone(clock, heard);
    expect(heard.error).toMatchObject({ code: 'cancelled', effect: 'none' });
    expect(codes(mock)).toEqual([]);
  });

  it('a customer cancels twice is declined twice', async () => {
    const { terminal, clock } = await createTill({ faults: ['cancelled'] });
    for (const key of ['K1', 'K2']) {
      const { heard } = listen(terminal.purchase(sale, { key }));
      await untilDone(clock, heard);
      expect(heard.result).toMatchObject({ outcome: 'declined', responseCode: '07' });
    }
  });

  it.each([
    ['silent', 'no-acknowledgement'],
    ['no-answer', 'no-answer'],
    ['silent-after-status', 'no-answer'],
    ['bad-lrc', 'garbled-answer'],
    ['unplug-after-booking', 'connection-lost'],
    ['unknown-code', 'unknown-response-code'],
    ['wrong-amount', 'wrong-transaction'],
    ['foreign-answer', 'wrong-transaction'],
  ])('under %s is sent once, and in doubt: %s', async (fault, code) => {
    const { heard, mock } = await sell([fault]);
    expect(heard.error).toMatchObject({ code, effect: 'unknown', intent: expect.any(String) });
    expect(codes(mock).filter((sent) => sent === '0200')).toHaveLength(1);
    expect(heard.result).toBeUndefined();
  });

  it.each([
    'ack-with-answer',
    'byte-by-byte',
    'split-answer',
    'bad-lrc-once',
    'flipped-bit-once',
    'lost-byte-once=5',
    'noise-before',
    'noise-inside-once',
    'nul-break',
    'duplicate-answer',
    'stale-answer',
    'lost-till-ack-once',
    'lost-answer-once',
    'late-answer=140000',
  ])('under %s is approved and booked once', async (fault) => {
    const { heard, mock } = await sell([fault]);
    expect(heard.result).toMatchObject({ outcome: 'approved', transaction: { amount: clp(1500) } });
    expect(mock.terminal.ledger).toHaveLength(1);
    expect(codes(mock)).toEqual(['0200']);
  });

  it('whose ACK is lost is approved all the same, once the connection is known', async () => {
    const { terminal, clock, mock } = await createTill({ faults: ['lost-ack@purchase'] });
    const earlier = listen(terminal.lastTransaction());
    await untilDone(clock, earlier.heard);
    const { heard } = listen(terminal.purchase(sale));
    await untilDone(clock, heard);
    expect(heard.result).toMatchObject({ outcome: 'approved' });
    expect(mock.terminal.ledger).toHaveLength(1);
  });

  it('that was declined although the till heard NAK is in doubt where the memory holds nothing', async () => {
    const { heard, mock } = await sell(['ack-turned-nak-once', 'declined']);
    expect(heard.error).toMatchObject({ code: 'not-acknowledged', effect: 'unknown' });
    expect(codes(mock)).toEqual(['0200', '0100', '0260']);
    expect(mock.terminal.ledger).toHaveLength(0);
  });

  it('is refused before a byte leaves when it cannot be carried as it is', async () => {
    const { terminal, mock, clock } = await createTill();
    for (const request of [
      { amount: clp(49) },
      { amount: clp(1_000_000_000) },
      { amount: clp(1500.5) },
      { amount: clp(1500), ticket: 'TKT-16' },
      { amount: clp(1500), ticket: '1234567' },
    ]) {
      const { heard } = listen(terminal.purchase(request));
      await untilDone(clock, heard);
      expect(heard.result).toMatchObject({ outcome: 'refused', reason: 'invalid' });
    }
    expect(mock.transcript).toEqual([]);
  });
});

describe('an answer that comes late', () => {
  it('is acknowledged, surfaced, and does not complete the next command', async () => {
    const { terminal, clock, mock } = await createTill({
      faults: ['late-answer-once@purchase=200000'],
      sales: [{ amount: 4200, ticket: '7' }],
    });
    const unsolicited: unknown[] = [];
    terminal.unsolicited$.subscribe((stray) => unsolicited.push(stray));
    const late = listen(terminal.purchase(sale));
    await untilDone(clock, late.heard);
    expect(late.heard.error).toMatchObject({ code: 'no-answer', effect: 'unknown' });

    const next = listen(terminal.lastTransaction());
    await untilDone(clock, next.heard);
    expect(next.events).not.toContain('result approved');
    await clock.advance(300_000);
    expect(unsolicited).toMatchObject([
      { reason: 'stale', code: '0210', fields: { amount: 1500, ticket: '000042' } },
    ]);
    const till = mock.transcript.filter(({ from }) => from === 'till').at(-1);
    expect(till?.bytes).toEqual(Uint8Array.of(0x06));
  });
});

describe('the line after a disturbed exchange', () => {
  it('is proved idle with a poll before it is used again', async () => {
    const { terminal, clock, mock } = await createTill({
      sales: [{ amount: 1500 }],
      faults: ['nak-once'],
    });
    const first = listen(terminal.lastTransaction());
    await untilDone(clock, first.heard);
    const second = listen(terminal.lastTransaction());
    await untilDone(clock, second.heard);
    expect(codes(mock)).toEqual(['0250', '0250', '0100', '0250']);
    expect([first.heard.result, second.heard.result]).toMatchObject([
      { outcome: 'found' },
      { outcome: 'found' },
    ]);
  });

  it('that stays silent makes the next command an error without effect', async () => {
    const { terminal, clock } = await createTill({ faults: ['silent'] });
    const first = listen(terminal.lastTransaction());
    await untilDone(clock, first.heard);
    const second = listen(terminal.purchase(sale));
    await untilDone(clock, second.heard);
    expect(second.heard.error).toMatchObject({ code: 'terminal-busy', effect: 'none' });
    expect(second.events).not.toContain('sent sale');
  });
});

describe('questions', () => {
  it('find the last transaction, count the totals, and settle', async () => {
    const { terminal, clock } = await createTill({ sales: [{ amount: 1500 }, { amount: 2500 }] });
    const seen: unknown[] = [];
    for (const command of [
      terminal.status(),
      terminal.lastTransaction(),
      terminal.totals(),
      terminal.settle(),
      terminal.lastTransaction(),
    ]) {
      const { heard } = listen<unknown>(command);
      await untilDone(clock, heard);
      seen.push(heard.result);
    }
    expect(seen).toMatchObject([
      { outcome: 'ready' },
      { outcome: 'found', transaction: { amount: clp(2500) } },
      { outcome: 'found', count: 2, total: clp(4000) },
      { outcome: 'settled' },
      { outcome: 'none', responseCode: '11' },
    ]);
  });

  it('is not certain of a settlement that is answered with a code no table lists', async () => {
    const { terminal, clock } = await createTill({ faults: ['unknown-code@settle'] });
    const { heard } = listen(terminal.settle());
    await untilDone(clock, heard);
    expect(heard.error).toMatchObject({ code: 'unknown-response-code', effect: 'unknown' });
  });

  it('are refused where the terminal has no such command', async () => {
    const { terminal, clock, mock } = await createTill({ protocol: 'transbank-autoservicio' });
    const { heard } = listen(terminal.totals());
    await untilDone(clock, heard);
    expect(heard.result).toMatchObject({ outcome: 'refused', reason: 'not-supported' });
    expect(mock.transcript).toEqual([]);
  });

  it('end at once when the plug is pulled, with no effect', async () => {
    const { terminal, clock, mock } = await createTill({ faults: ['silent'] });
    const { heard } = listen(terminal.lastTransaction());
    await clock.advance(10);
    mock.unplug();
    await clock.advance(0);
    expect(heard.error).toMatchObject({ code: 'connection-lost', effect: 'none' });
  });

  it('open the device again after a replug', async () => {
    const { terminal, clock, mock } = await createTill();
    mock.unplug();
    const first = listen(terminal.status());
    await untilDone(clock, first.heard);
    mock.replug();
    const second = listen(terminal.status());
    await untilDone(clock, second.heard);
    expect(first.heard.error).toMatchObject({ code: 'no-such-device', effect: 'none' });
    expect(second.heard.result).toMatchObject({ outcome: 'ready' });
  });
});
