import { describe, expect, it } from 'vitest';
import { bareTill } from '../support/bare-till.ts';

const sales = [{ amount: 1500, ticket: '123' }];
const till = (...faults: string[]) => bareTill({ sales, faults });
const heads = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/^(\d+ \d{4}\|\d\d).*/, '$1'));
const kinds = (one: Awaited<ReturnType<typeof till>>) =>
  one.terminal.ledger.map(({ kind, by }) => `${kind} by ${by}`);

describe('faults in the terminal', () => {
  it('nak-once: the second request goes through', async () => {
    const { ask } = await till('nak-once');
    expect(await ask('0100')).toEqual(['0 NAK']);
    expect(await ask('0100')).toEqual(['0 ACK']);
  });

  it('nak: never', async () => {
    const { ask } = await till('nak');
    expect(await ask('0100')).toEqual(['0 NAK']);
    expect(await ask('0100')).toEqual(['0 NAK']);
  });

  it('silent: nothing at all, and nothing is done', async () => {
    const one = await till('silent');
    expect(await one.ask('1200|1|', 60_000)).toEqual([]);
    expect(kinds(one)).toEqual(['sale by clerk']);
  });

  it('busy: NAK for a while', async () => {
    const { ask } = await till('busy=1500');
    expect(await ask('0100')).toEqual(['0 NAK']);
    expect(await ask('0100')).toEqual(['0 NAK']);
    expect(await ask('0100')).toEqual(['0 ACK']);
  });

  it('busy-silent: silence for a while', async () => {
    const { ask } = await till('busy-silent=1500');
    expect([await ask('0100'), await ask('0100'), await ask('0100')]).toEqual([[], [], ['0 ACK']]);
  });

  it('silent-while-working: no NAK to a second request', async () => {
    const { ask, send, clock } = await till('silent-while-working');
    send('0250|');
    await clock.advance(10);
    expect(await ask('0100', 5)).toEqual([]);
  });

  it('new-request-wins: the answer that nobody acknowledged is dropped', async () => {
    const { ask, replies } = await till('new-request-wins');
    replies('silence');
    await ask('0250|');
    replies('ack');
    expect(heads(await ask('0700||', 60_000))).toEqual(['0 ACK', '20 0710|00']);
  });

  it('no-answer: the void is booked and nothing is told; queries are answered', async () => {
    const one = await till('no-answer');
    expect(heads(await one.ask('0250|'))).toEqual(['0 ACK', '20 0260|00']);
    expect(await one.ask('1200|1|', 60_000)).toEqual(['0 ACK']);
    expect(kinds(one)).toEqual(['sale by clerk', 'void by till']);
    expect(heads(await one.ask('0250|'))).toEqual(['0 ACK', '20 0260|00']);
  });

  it('no-answer@last-transaction: the query is not answered and the void is', async () => {
    const one = await till('no-answer@last-transaction');
    expect(await one.ask('0250|', 60_000)).toEqual(['0 ACK']);
    expect(heads(await one.ask('1200|1|'))).toEqual(['0 ACK', '20 1210|00']);
  });

  it('silent-after-status: the statuses, then nothing, and nothing is booked', async () => {
    const one = await till('silent-after-status');
    expect(heads(await one.ask('0200|1500|7|||1', 60_000))).toEqual([
      '0 ACK',
      '20 0900|78',
      '40 0900|84',
      '60 0900|81',
      '80 0900|82',
    ]);
    expect(kinds(one)).toEqual(['sale by clerk']);
  });

  it('late-answer: booked at once, told late', async () => {
    const one = await till('late-answer=30000');
    one.send('1200|1|');
    await one.clock.advance(20);
    expect(kinds(one)).toEqual(['sale by clerk', 'void by till']);
    await one.clock.advance(60_000);
    expect(heads(one.log)).toEqual(['0 ACK', '30020 1210|00']);
  });

  it('unplug-after-booking: the void is booked, the line ends, the answer comes after the replug', async () => {
    const one = await till('unplug-after-booking');
    expect(await one.ask('1200|1|')).toEqual(['0 ACK', '20 lost']);
    expect(kinds(one)).toEqual(['sale by clerk', 'void by till']);
    one.mock.replug();
    await one.reconnect();
    await one.clock.advance(60_000);
    expect(heads(one.log)).toEqual(['0 ACK', '20 lost', '10020 1210|00']);
  });

  it('power-loss-before-booking: nothing is booked', async () => {
    const one = await till('power-loss-before-booking-once');
    expect(await one.ask('1200|1|', 2_000)).toEqual(['0 ACK']);
    expect(await one.ask('0100', 2_000)).toEqual([]);
    expect(kinds(one)).toEqual(['sale by clerk']);
    expect(heads(await one.ask('1200|1|'))).toEqual(['0 ACK', '20 1210|00']);
  });

  it('power-loss-after-booking: the void stays', async () => {
    const one = await till('power-loss-after-booking');
    expect(await one.ask('1200|1|', 60_000)).toEqual(['0 ACK']);
    expect(kinds(one)).toEqual(['sale by clerk', 'void by till']);
    expect(heads(await one.ask('0250|'))).toEqual(['0 ACK', '20 0260|00']);
  });

  it('settled-before-void: code 05, although the query had found the sale', async () => {
    const one = await till('settled-before-void');
    expect(heads(await one.ask('0250|'))).toEqual(['0 ACK', '20 0260|00']);
    expect(heads(await one.ask('1200|1|'))).toEqual(['0 ACK', '20 1210|05']);
    expect(kinds(one)).toEqual(['sale by clerk', 'settlement by clerk']);
  });

  it('already-voided: code 04, and one void in the ledger', async () => {
    const one = await till('already-voided');
    expect(heads(await one.ask('1200|1|'))).toEqual(['0 ACK', '20 1210|04']);
    expect(kinds(one)).toEqual(['sale by clerk', 'void by clerk']);
  });

  it('clerk-sells-before-void: the blind void of the other family takes the wrong sale', async () => {
    const one = await bareTill({
      protocol: 'transbank-autoservicio',
      sales,
      faults: ['clerk-sells-before-void=7777'],
    });
    expect(heads(await one.ask('1200'))).toEqual(['0 ACK', '20 1210|00']);
    expect(one.terminal.ledger.at(-1)).toMatchObject({ kind: 'void', sale: { amount: 7777 } });
  });

  it('empty-memory: no last sale, nothing to void, and the ledger keeps the sale', async () => {
    const one = await till('empty-memory');
    expect(heads(await one.ask('0250|'))).toEqual(['0 ACK', '20 0260|11']);
    expect(heads(await one.ask('1200|1|'))).toEqual(['0 ACK', '20 1210|05']);
    expect(kinds(one)).toEqual(['sale by clerk']);
  });

  it('debit-card: sales are debit and cannot be voided, until it is taken off', async () => {
    const one = await bareTill({ sales: [] });
    const remove = one.mock.fault('debit-card');
    expect((await one.ask('0200|1500|7|||0'))[1]).toContain('|DB|');
    expect(heads(await one.ask('1200|1|'))).toEqual(['0 ACK', '20 1210|08']);
    remove();
    expect((await one.ask('0200|1500|8|||0'))[1]).toContain('|CR|');
  });

  it('debit-card: it counts for the sales that the mock is made with', async () => {
    const one = await till('debit-card');
    expect((await one.ask('0250|'))[1]).toContain('|DB|');
  });

  it('cancelled: code 07 and no sale', async () => {
    const one = await till('cancelled');
    expect(heads(await one.ask('0200|1500|7|||0'))).toEqual(['0 ACK', '20 0210|07']);
    expect(kinds(one)).toEqual(['sale by clerk']);
  });
});
