import { describe, expect, it } from 'vitest';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { toHex, toLatin1 } from '../../src/framing/bytes.ts';
import { settle } from '../support/fake-clock.ts';
import { onSerialPort, profileTill } from './support.ts';

const krw = (amount: number) => ({ amount, currency: 'KRW' });
const smartro = (faults: readonly string[] = [], query = '') =>
  profileTill('KRW', { protocol: 'smartro-tl3500', faults }, query);

const ack = (bytes: Uint8Array) => bytes.length === 1 && bytes[0] === 0x06;

describe('the profile smartro-tl3500', () => {
  it('sells, acknowledging the answer and never an event', async () => {
    const till = await smartro();
    const sold = await till.sell(5_000);
    expect(sold.events).toEqual([
      'queued',
      'sent last transaction',
      'acknowledged',
      'sent sale',
      'prompt present-card',
      'acknowledged',
      'prompt operate-card',
      'result approved',
      'complete',
    ]);
    expect(sold.result).toMatchObject({
      outcome: 'approved',
      transaction: {
        amount: krw(5_000),
        operationNumber: '000001',
        authorisationCode: '252985',
        last4: '0461',
        // A second of silence behind the question before it, which the terminal refused: it had sold nothing.
        time: '2026-01-02T03:04:06',
      },
    });
    // One for the answer to the query, one for that to the poll behind it, and one for that to the sale.
    const acks = till.mock.transcript.filter(({ from, bytes }) => from === 'till' && ack(bytes));
    expect(acks).toHaveLength(3);
  });

  it('acknowledges no event out of the blue either', async () => {
    const till = await smartro();
    await till.sell(100);
    const before = till.mock.transcript.length;
    const event = till.mock.transcript.find(
      ({ from, bytes }) => from === 'terminal' && bytes[31] === 0x40,
    );
    till.mock.use({
      transmit: (_piece, next) => [{ bytes: event?.bytes ?? new Uint8Array() }, ...next()],
    });
    await till.last();
    const after = till.mock.transcript.slice(before);
    expect(after.filter(({ from, bytes }) => from === 'till' && ack(bytes))).toHaveLength(1);
  });

  it('takes a given transaction back by its approval number, and a second time is refused', async () => {
    const till = await smartro();
    await till.sell(5_000);
    expect((await till.takeBack(5_000, { authorisationCode: '252985' })).result).toMatchObject({
      outcome: 'voided',
    });
    // The query does not tell the cancellation, so that the terminal is asked, and refuses.
    expect((await till.takeBack(5_000)).result).toMatchObject({ outcome: 'declined' });
    expect(till.booked()).toEqual(['sale 5000', 'void 5000']);
  });

  it('takes its last transaction back unseen only where the till allows that', async () => {
    const till = await smartro([], '?variant=cancel-last');
    await till.sell(5_000);
    expect((await till.takeBack(5_000)).result).toMatchObject({
      outcome: 'refused',
      reason: 'blind-void',
    });
    expect(till.booked()).toEqual(['sale 5000']);
  });

  it('leaves what it took back unseen to a person, since the answer names no sale', async () => {
    const till = await smartro([], '?variant=cancel-last&blind-void=allow');
    await till.sell(5_000);
    expect((await till.takeBack(5_000)).error).toMatchObject({
      code: 'wrong-transaction',
      effect: 'unknown',
      evidence: { asked: { authorisationCode: '252985' }, told: { amount: krw(5_000) } },
    });
    expect(till.booked()).toEqual(['sale 5000', 'void 5000']);
  });

  it('leaves a cancellation whose answer was lost to a person', async () => {
    const till = await smartro(['no-answer-once@void']);
    await till.sell(5_000);
    expect((await till.takeBack(5_000)).error).toMatchObject({ effect: 'unknown' });
    expect((await till.run(till.terminal.recover())).error).toMatchObject({
      code: 'unresolved-transaction',
    });
  });

  it.each([
    'ack-with-answer',
    'byte-by-byte=0',
    'split-answer',
    'duplicate-answer',
    'noise-before',
    'bad-lrc-once@purchase',
    'lost-answer-once',
  ])('under %s sells once', async (fault) => {
    // The till that loses an ACK and its answer in one chunk sends the approval up to three times.
    const till = await smartro([fault]);
    expect((await till.sell(650)).result).toMatchObject({ outcome: 'approved' });
    expect(till.booked()).toEqual(['sale 650']);
  });

  it.each(['silent@purchase', 'no-answer@purchase', 'lost-ack@purchase', 'wrong-amount@purchase'])(
    'under %s leaves a sale in doubt, and has sent it once',
    async (fault) => {
      const till = await smartro();
      till.mock.fault(fault);
      expect((await till.sell(650)).error).toMatchObject({ effect: 'unknown' });
      expect(till.asked().filter((name) => name === 'sale').length).toBeLessThan(2);
    },
  );

  it('finds out about a lost sale by the very next number', async () => {
    const till = await smartro();
    await till.sell(1_000);
    till.mock.fault('no-answer-once@purchase');
    expect((await till.sell(650)).error).toMatchObject({ effect: 'unknown' });
    expect((await till.run(till.terminal.recover())).result).toMatchObject({
      outcome: 'approved',
      transaction: { operationNumber: '000002' },
    });
  });

  it('does the same on a real serial port', async () => {
    const { outcomes, kinds } = await onSerialPort('smartro-tl3500', '', krw(1_234), {
      authorisationCode: '252985',
    });
    expect(outcomes).toEqual(['approved', 'found', 'voided', 'declined', 'refused']);
    expect(kinds).toEqual(['sale', 'void']);
  });

  it('of the mock says nothing to what is no text in its character set', async () => {
    const { mock } = await smartro();
    const heard: string[] = [];
    const connection = await mockTransport(mock).open({
      data: (bytes) => heard.push(toHex(bytes)),
      closed: () => {},
    });
    const statusAt = (time: string) => {
      const frame = [0x02, ...toLatin1(`${'\0'.repeat(16)}${time}A\0\0\0`), 0x03];
      connection.write(Uint8Array.from([...frame, frame.reduce((sum, byte) => sum ^ byte, 0)]));
      return settle();
    };
    await statusAt('2026010203040\xff');
    expect(mock.received).toEqual([]);
    await statusAt('20260102030405');
    expect(mock.received.map(({ code }) => code)).toEqual(['status']);
    expect(heard.join('')).toContain('15');
    await connection.close();
  });
});
