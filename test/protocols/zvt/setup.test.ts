import { describe, expect, it } from 'vitest';
import { TerminalError } from '../../../src/model/error.ts';
import { protocols } from '../../../src/protocols/table.ts';
import type { ZvtProtocol } from '../../../src/protocols/zvt/protocol.ts';
import { bytes, euro, type Given, greeted, play, sentBy, serialFrame, zvt } from './support.ts';

const registration = (given: Given): string => {
  const greeting = zvt(given).greeting?.();
  if (greeting === undefined) throw new Error('no greeting');
  return sentBy(greeting);
};

const taken = '800000';
const completion = '060f0a19002929001006490978';

describe('a ZVT terminal', () => {
  it('is in the table of protocols, with all that an address may say', () => {
    expect(protocols.get('zvt')).toMatchObject({
      options: ['register', 'print', 'text-blocks', 'sequence-ids'],
      texts: ['currency', 'config', 'service', 'charset', 'text', 'framing'],
      secrets: ['password'],
    });
  });

  it('frames on a serial line and speaks bare APDUs on TCP and to the mock', () => {
    const framings = ['serial', 'hid', 'tcp', 'mock', ''].map(
      (transport) => zvt({ transport }).setup.framing,
    );
    expect(framings).toEqual(['serial', 'serial', 'apdu', 'apdu', 'apdu']);
    expect(zvt({ texts: { framing: 'serial' } }).setup.framing).toBe('serial');
    expect(zvt({ transport: 'serial', texts: { framing: 'tcp' } }).setup.framing).toBe('apdu');
  });

  it('has T1 to T4 of the standard', () => {
    expect(zvt({ transport: 'serial' }).timing).toMatchObject({
      interByteMs: 200,
      acknowledgementMs: 5_000,
      answerMs: 180_000,
    });
    expect(zvt().timing).toMatchObject({ acknowledgementMs: 5_000, answerMs: 180_000 });
    expect(zvt().line).toEqual({ baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 2 });
  });

  it.each([
    [{ texts: { currency: 'XXX' } }, 'currency must be one of'],
    [{ texts: { config: '1be' } }, 'config must be two hexadecimal digits'],
    [{ texts: { service: 'z' } }, 'service must be two hexadecimal digits'],
    [{ texts: { charset: 'ebcdic' } }, 'charset must be one of cp437, latin1, utf8'],
    [{ texts: { framing: 'hid' } }, 'framing must be one of serial, tcp'],
    [{ password: '12345' }, 'password must be six digits'],
    [{ password: '12345x' }, 'password must be six digits'],
  ])('refuses settings that make no sense: %j', (given: Given, message) => {
    expect(() => zvt(given)).toThrow(message);
    expect(() => zvt(given)).toThrow(TerminalError);
  });

  it('says the password in no message, also not a wrong one', () => {
    try {
      zvt({ password: '98765x' });
      expect.unreachable();
    } catch (error) {
      expect(String(error)).not.toContain('98765');
    }
  });
});

describe('the registration', () => {
  it.each([
    [
      'usual: everything through the till, text blocks',
      {},
      '060010123456be0978030106062604 0a0206d3',
    ],
    ['line by line', { options: { 'text-blocks': false } }, '06000a123456be097803010600'],
    ['a till without a printer', { options: { print: false } }, '06000a12345638097803010600'],
    ['Switzerland', { texts: { currency: 'CHF' } }, '060010123456be0756030106062604 0a0206d3'],
    ['UTF-8', { texts: { charset: 'utf8' } }, '060015123456be09780301060b2604 0a0206d32703 1401fe'],
    [
      'sequence ids',
      { options: { 'sequence-ids': true } },
      '060016123456be09780301060c2604 0a0206d31f7303000000',
    ],
  ])('%s', (_name, given: Given, hex) => {
    expect(registration(given)).toBe(hex.replace(/ /g, ''));
  });

  it('has the byte of the published one for a till that offers sequence ids', () => {
    const published = '0600140000009e0978060c26040a0206d31f7303000000';
    const ours = registration({
      password: '000000',
      texts: { config: '9e' },
      options: { 'sequence-ids': true },
    });
    // Ours has the service byte in front of the container.
    expect(ours).toBe(published.replace('060014', '060016').replace('0978060c', '09780301060c'));
  });

  it('is left out where the address says so', () => {
    expect(zvt({ options: { register: false } }).greeting).toBeUndefined();
  });

  it('is not said without a password; nothing is sent, and the reason is told', () => {
    const greeting = zvt({ password: '' }).greeting?.();
    if (greeting === undefined) throw new Error('no greeting');
    const { steps, answer } = play(greeting, []);
    expect(steps).toEqual([['done']]);
    expect(answer).toMatchObject({
      outcome: 'declined',
      message: expect.stringContaining('password'),
    });
  });

  it('is refused by a terminal that works in another currency', () => {
    const greeting = () =>
      zvt().greeting?.() as NonNullable<ReturnType<NonNullable<ZvtProtocol['greeting']>>>;
    expect(play(greeting(), ['841e017d']).answer).toMatchObject({
      outcome: 'declined',
      responseCode: '1E',
    });
    expect(play(greeting(), [taken, '060f03490756']).answer).toMatchObject({ outcome: 'declined' });
    expect(play(greeting(), [taken, '061e036f0756']).answer).toMatchObject({
      outcome: 'declined',
      responseCode: '6F',
    });
  });

  it('may be said any number of times, so it is repeated on a silent serial line', () => {
    const greeting = zvt({ transport: 'serial' }).greeting?.();
    if (greeting === undefined) throw new Error('no greeting');
    expect(play(greeting, ['silence']).steps[1]?.[0]).toMatch(/^send 0600/);
  });
});

describe('commands that need the password', () => {
  const open = zvt({ password: '', options: { register: false } });
  const found = {
    kind: 'purchase',
    state: 'approved',
    amount: euro(5),
    receiptNumber: '1',
  } as const;

  it.each([
    ['last transaction', () => open.lastTransaction()],
    ['history', () => open.history()],
    ['void', () => open.void(found)],
    ['refund', () => open.refund?.({ amount: euro(5) })],
    ['totals', () => open.totals()],
    ['end of day', () => open.settle()],
  ])('%s says that it is missing, with no effect', (_name, make) => {
    expect(make).toThrow(expect.objectContaining({ code: 'bad-settings', effect: 'none' }));
  });

  it('a sale and a poll need none', () => {
    expect(() => open.purchase({ amount: euro(5), ticket: 'x' })).not.toThrow();
    expect(() => open.synchronise()).not.toThrow();
  });
});

describe('character sets', () => {
  const line = (protocol: ZvtProtocol, hex: string): string | undefined =>
    play(protocol.purchase({ amount: euro(5), ticket: 'x' }), [taken, hex, '06d10181'])
      .steps.flat()
      .find((word) => word.startsWith('receipt'));
  const cp437 = '06d10d005465737420842094208120e1';
  const latin1 = '06d10d005465737420e420f620fc20df';
  const inUtf8 = '06d111005465737420c3a420c3b620c3bc20c39f';

  it('is code page 437 where nothing is agreed', () => {
    expect(line(greeted(zvt(), completion), cp437)).toBe('receipt ["Test ä ö ü ß"]');
  });

  it('is what was asked for, where the terminal repeats it', () => {
    const wanted = zvt({ texts: { charset: 'latin1' } });
    expect(line(greeted(wanted, '060f0706052703140101'), latin1)).toBe('receipt ["Test ä ö ü ß"]');
    expect(line(greeted(zvt({ texts: { charset: 'utf8' } }), '060f0506031401fe'), inUtf8)).toBe(
      'receipt ["Test ä ö ü ß"]',
    );
    expect(line(greeted(wanted, completion), cp437)).toBe('receipt ["Test ä ö ü ß"]');
  });

  it('is what the address says, for terminals that write ISO 8859-1 unasked', () => {
    expect(line(greeted(zvt({ texts: { text: 'latin1' } }), completion), latin1)).toBe(
      'receipt ["Test ä ö ü ß"]',
    );
  });

  it('loses no byte of what is no UTF-8', () => {
    expect(line(greeted(zvt({ texts: { text: 'utf8' } }), completion), latin1)).toBe(
      'receipt ["Test ä ö ü ß"]',
    );
  });
});

describe('message sequence ids', () => {
  const offering = () => zvt({ options: { 'sequence-ids': true } });
  const agreed = () => greeted(offering(), '060f0806061f7303000001');
  const id = (n: number) => `06061f7303${String(n).padStart(6, '0')}`;
  const ack = (n: number) => `800008${id(n)}`;
  const result = (n: number) => `040f1b2700040000000005004909788700010b000001${id(n)}`;
  const sale = (protocol: ZvtProtocol) => protocol.purchase({ amount: euro(500), ticket: 'x' });

  it('are not used unless the terminal repeats the offer', () => {
    expect(greeted(offering(), completion).setup.sequence).toBeUndefined();
    expect(greeted(zvt(), '060f0806061f7303000001').setup.sequence).toBeUndefined();
  });

  it('are carried by every message of both sides, one for each pair', () => {
    const { steps, answer } = play(sale(agreed()), [
      ack(2),
      `04ff0a0e01${id(3)}`,
      result(4),
      `060f08${id(5)}`,
    ]);
    expect(steps.map(([first]) => first)).toEqual([
      `send 06011204000000000500490978${id(2)}`,
      'taken',
      ack(3),
      ack(4),
      ack(5),
    ]);
    expect(answer).toMatchObject({ outcome: 'approved' });
  });

  it('go on from one exchange to the next, and from 999999 to 000001', () => {
    const protocol = greeted(offering(), '060f0806061f7303999998');
    play(protocol.synchronise(), [ack(999_999), `060f0900${id(1)}`]);
    expect(sentBy(sale(protocol))).toContain(id(2));
  });

  it('tell the acknowledgement of something earlier from ours', () => {
    const { steps } = play(sale(agreed()), [ack(1), ack(2)]);
    expect(steps.slice(1)).toEqual([[], ['taken', 'wait for answer']]);
    expect(play(sale(agreed()), [`849c08${id(1)}`, ack(2)]).answer).toBeUndefined();
  });

  it('show a message that is repeated, also on TCP', () => {
    const line = `06d10b004142${id(3)}`;
    const { steps } = play(sale(agreed()), [ack(2), line, line]);
    expect(steps.slice(2)).toEqual([
      [ack(3), 'wait for answer'],
      [ack(3), 'duplicate'],
    ]);
  });

  it('are repeated with a message, and mirrored when nothing was asked', () => {
    const protocol = agreed();
    const serial = { ...protocol };
    const effects = serial.idle(
      { kind: 'frame', check: 'ok', data: bytes(result(7)), bytes: bytes(result(7)) },
      undefined,
    );
    expect(effects[0]).toMatchObject({ type: 'write', bytes: bytes(ack(7)) });
    // Something old that comes late does not turn the count back.
    protocol.idle(serialFrame(`040f08${id(3)}`), undefined);
    expect(sentBy(sale(protocol))).toContain(id(8));
  });
});
