import { describe, expect, it } from 'vitest';
import { during } from '../../mocks/index.ts';
import { bareTill } from '../support/bare-till.ts';

describe('behaviours', () => {
  it('stack, newest outermost, and the rest is inherited', async () => {
    const till = await bareTill({ sales: [{ amount: 1500 }] });
    const order: string[] = [];
    for (const name of ['oldest', 'middle', 'newest'])
      till.mock.use({
        request(_asked, next) {
          order.push(name);
          return next();
        },
      });
    expect((await till.ask('0100'))[0]).toBe('0 ACK');
    expect(order).toEqual(['newest', 'middle', 'oldest']);
  });

  it('are asked in vain when a newer one does not pass the event on', async () => {
    const till = await bareTill();
    till.mock.use({ request: () => 'acknowledge' });
    till.mock.use({ request: () => 'silence' });
    expect(await till.ask('0100')).toEqual([]);
  });

  it('come off the stack again', async () => {
    const till = await bareTill();
    const remove = till.mock.fault('nak');
    expect(await till.ask('0100')).toEqual(['0 NAK']);
    remove();
    remove();
    expect(await till.ask('0100')).toEqual(['0 ACK']);
  });

  it('book once however often they ask for the answer', async () => {
    const till = await bareTill();
    till.mock.use({
      answer(_asked, next) {
        next();
        next();
        return next();
      },
    });
    await till.ask('0200|1500|7|||0');
    expect(till.terminal.ledger).toHaveLength(1);
  });

  it('combine: a garbled answer byte by byte', async () => {
    for (const faults of [
      ['byte-by-byte', 'bad-lrc-once'],
      ['bad-lrc-once', 'byte-by-byte'],
    ]) {
      const till = await bareTill({ faults });
      const id = '597029414300|75001637';
      expect(await till.ask('0800')).toEqual(['1 ACK', `53 bad 0810|00|${id}`, `85 0810|00|${id}`]);
    }
  });

  it('keep to the commands they are given for', async () => {
    const till = await bareTill();
    till.mock.use(during(['load-keys'], { request: () => 'nak' }));
    expect(await till.ask('0800')).toEqual(['0 NAK']);
    expect(await till.ask('0100')).toEqual(['0 ACK']);
  });

  it('can speak out of the blue', async () => {
    const till = await bareTill();
    till.mock.use({
      request(_asked, next, bench) {
        bench.put(Uint8Array.of(0x41));
        return next();
      },
    });
    await till.ask('0100');
    expect(till.chunks).toEqual(['41', '06']);
  });
});
