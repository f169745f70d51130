import { describe, expect, it } from 'vitest';
import { createMockTerminal, faults, parseFault } from '../../mocks/index.ts';
import { bareTill } from '../support/bare-till.ts';

describe('faults by name', () => {
  it('lists what there is when a name is unknown', () => {
    expect(() => parseFault('lost-sock')).toThrow(
      /^There is no fault "lost-sock"\. Faults, each also as NAME-once: lost-ack, late-ack, /,
    );
    expect(() => parseFault('')).toThrow('There is no fault ""');
    expect(() => parseFault('toString')).toThrow('There is no fault');
  });

  it('says what an argument must be', () => {
    expect(() => parseFault('late-answer=soon')).toThrow(
      'Fault "late-answer=soon" needs a whole number (milliseconds, default 10000); got soon.',
    );
    expect(() => parseFault('unplug')).toThrow('Fault "unplug" needs a whole number');
    expect(() => parseFault('unplug=')).toThrow('Fault "unplug=" needs a whole number');
    expect(() => parseFault('unplug=-1')).toThrow('needs a whole number');
    expect(() => parseFault('lost-ack=3')).toThrow('Fault "lost-ack=3" takes no argument; got 3.');
  });

  it('lists the commands when one is unknown', () => {
    expect(() => parseFault('bad-lrc@tea')).toThrow(
      'Fault "bad-lrc@tea": there is no command "tea". Commands: poll, load-keys, purchase,',
    );
    expect(() => parseFault('bad-lrc@void@void')).toThrow('there is no command "void@void"');
  });

  it('makes every fault of the table, once or for good', () => {
    for (const [name, { argument, description }] of Object.entries(faults)) {
      const text = argument === undefined ? '' : '=7';
      expect(description).toMatch(/^[A-Z].*[.]$/);
      expect(() => parseFault(`${name}${text}`), name).not.toThrow();
      expect(() => parseFault(`${name}-once@void${text}`), name).not.toThrow();
    }
  });

  it('leaves the mock usable behind every fault once it is taken off', async () => {
    for (const [name, { argument }] of Object.entries(faults)) {
      const till = await bareTill({ sales: [{ amount: 1500 }] });
      const remove = till.mock.fault(name, argument === undefined ? undefined : 7);
      for (const request of ['0100', '0250|', '0200|1500|7|||1', '1200|1|', '0500||'])
        await till.ask(request, 100_000);
      remove();
      till.mock.replug();
      await till.clock.advance(100_000);
      await till.reconnect();
      expect(await till.ask('0100'), name).toEqual(['0 ACK']);
      expect(till.clock.pending, name).toBe(0);
    }
  });

  it('refuses to make a mock with a fault that does not exist', () => {
    expect(() => createMockTerminal({ protocol: 'transbank', faults: ['nope'] })).toThrow(
      'There is no fault "nope"',
    );
  });
});
