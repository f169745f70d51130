import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createMockTerminal } from '../../mocks/mock-terminal.ts';
import { openPty } from '../../mocks/pty.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { builtinProfile } from '../../src/profiles/builtin.ts';
import { command } from '../../src/profiles/commands.ts';
import { readVectors, tryVectors } from '../../src/profiles/vectors.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { listen, untilDone } from '../support/till.ts';
import { ana, profileTill } from './support.ts';

const cny = (amount: number) => ({ amount, currency: 'CNY' });

const allinpay = (faults: readonly string[] = [], query = '') =>
  profileTill('CNY', { protocol: 'allinpay-mis', faults }, query);

/** Tells the time at which it was made out, a second beside the one that the record has. */
function madeOutLater(answer: Uint8Array): Uint8Array {
  const bytes = answer.slice();
  const second = Buffer.from(bytes).indexOf('0304') + 5;
  bytes[second] = (bytes[second] ?? 0) ^ 1;
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes;
}

describe('the profile allinpay-mis', () => {
  it('writes and reads its vectors to the byte', async () => {
    const vectors = readVectors(
      await readFile(join(import.meta.dirname, 'vectors/allinpay-mis.yaml'), 'utf8'),
    );
    const tried = tryVectors(await builtinProfile('allinpay-mis'), vectors);
    expect(tried.filter(({ ok }) => !ok)).toEqual([]);
    expect(tried).toHaveLength(9);
  });

  it('sells, tells its last transaction, takes it back once, and settles', async () => {
    const till = await allinpay();
    const sold = await till.sell(1_500);
    expect(sold.events).toEqual([
      'queued',
      'sent sale',
      'prompt present-card',
      'result approved',
      'complete',
    ]);
    expect(sold.result).toMatchObject({
      outcome: 'approved',
      transaction: {
        kind: 'purchase',
        state: 'approved',
        amount: cny(1_500),
        trace: '000001',
        authorisationCode: '252985',
        terminalId: '75001637',
        rrn: '900000000001',
        last4: '0461',
        // The terminal tells no year; it is the till's.
        time: expect.stringMatching(/^\d{4}-01-02T03:04:06$/),
      },
    });
    expect((await till.last()).result).toMatchObject({
      outcome: 'found',
      transaction: { kind: 'purchase', trace: '000001', amount: cny(1_500) },
    });
    expect((await till.takeBack(1_500, { trace: '1' })).result).toMatchObject({
      outcome: 'voided',
      transaction: { state: 'voided', trace: '000001' },
    });
    expect((await till.takeBack(1_500, { trace: '1' })).result).toMatchObject({
      outcome: 'already-voided',
    });
    // Named by its amount alone it might be another sale.
    expect((await till.takeBack(1_500)).result).toMatchObject({
      outcome: 'refused',
      reason: 'not-approved',
    });
    expect((await till.run(till.terminal.settle())).result).toMatchObject({ outcome: 'settled' });
    expect((await till.takeBack(1_500)).result).toMatchObject({ outcome: 'not-found' });
    expect(till.booked()).toEqual(['sale 1500', 'void 1500', 'settlement']);
  });

  it('tells of a void what it was a void of', async () => {
    const till = await allinpay();
    await till.sell(1_500);
    await till.takeBack(1_500);
    expect((await till.last()).result).toMatchObject({
      outcome: 'found',
      transaction: { kind: 'void', trace: '000002', original: { trace: '000001' } },
    });
  });

  it('gives money back by the reference number of the sale, and not without it', async () => {
    const till = await allinpay();
    const refund = { amount: cny(500), rrn: '900000000001' };
    expect((await till.run(till.terminal.refund(refund))).result).toMatchObject({
      outcome: 'approved',
      transaction: { kind: 'refund', amount: cny(500) },
    });
    // Its mark is a number of the driver's: another reference would never be repeated.
    const marked = await till.run(till.terminal.refund({ ...refund, ticket: '12' }));
    expect(marked.result).toMatchObject({ outcome: 'refused', field: 'ticket', value: '"12"' });
    const without = await till.run(till.terminal.refund({ amount: cny(500) }));
    expect(without.result).toMatchObject({ outcome: 'refused', reason: 'invalid', field: 'rrn' });
    expect(till.booked()).toEqual(['refund 500']);
  });

  it('sends the settings of the address, and refuses strange ones', async () => {
    const till = await allinpay([], '?operator=01&app-name=APP02&register=7');
    await till.sell(100);
    const sale = till.mock.received.find(({ code }) => code === 'sale');
    expect(Reflect.get(Object(sale), 'message').values).toMatchObject(
      new Map([
        ['application', 'APP02'],
        ['type', '2'],
        ['amount', '100'],
        ['operator', '01'],
        ['register', '7'],
        ['mark', expect.any(String)],
      ]),
    );
    await expect(allinpay([], '?operator=a-b')).rejects.toMatchObject({ code: 'bad-settings' });
  });

  it.each([
    [0, 'amount'],
    [1.5, 'amount'],
    [1_000_000_000_000, 'amount'],
  ])('refuses to sell %s', async (amount, field) => {
    const till = await allinpay();
    expect((await till.sell(amount)).result).toMatchObject({ outcome: 'refused', field });
    expect(till.mock.received).toEqual([]);
  });

  it('refuses a reference that GBK cannot say or that is too long, and a number it does not tell', async () => {
    const till = await allinpay();
    for (const ticket of ['ÿ', 'A'.repeat(21)]) {
      const sold = await till.run(till.terminal.purchase({ amount: cny(100), ticket }));
      expect(sold.result).toMatchObject({ outcome: 'refused', field: 'ticket' });
    }
    expect((await till.takeBack(100, { receiptNumber: '1' })).result).toMatchObject({
      outcome: 'refused',
      field: 'receiptNumber',
    });
    expect(till.mock.received).toEqual([]);
  });

  it('takes nothing back that is not the last, by amount or by trace', async () => {
    const till = await allinpay();
    await till.sell(650);
    await till.sell(9_900);
    for (const undo of [till.takeBack(650), till.takeBack(9_900, { trace: '000001' })])
      expect((await undo).result).toMatchObject({ outcome: 'refused', reason: 'not-the-last' });
    expect(till.booked()).toEqual(['sale 650', 'sale 9900']);
  });

  it('takes back the sale that was asked for when a clerk sells in between', async () => {
    const till = await allinpay(['clerk-sells-before-void=650']);
    await till.sell(650);
    expect((await till.takeBack(650)).result).toMatchObject({ outcome: 'voided' });
    const [void_] = till.mock.terminal.ledger.filter(({ kind }) => kind === 'void');
    expect(void_).toMatchObject({ sale: { trace: '000001' } });
  });

  it.each([
    ['declined=51', { outcome: 'declined', responseCode: '51' }],
    ['cancelled', { outcome: 'declined' }],
    ['declined=77', { outcome: 'declined', message: expect.stringContaining('sign in') }],
  ])('under %s a sale is certainly not made, and nothing is repeated', async (fault, expected) => {
    const till = await allinpay([fault]);
    expect((await till.sell(650)).result).toMatchObject(expected);
    expect(till.booked()).toEqual([]);
    // A program of before may be owed an answer, and nothing in an answer says whose it is.
    expect(till.asked()).toEqual(['last', 'sale']);
  });

  it.each(['68', '79', '98', '94', '96', 'ZZ'])('leaves code %s in doubt', async (code) => {
    const till = await allinpay([`unknown-code@purchase=${code}`]);
    expect((await till.sell(650)).error).toMatchObject({
      code: 'unknown-response-code',
      effect: 'unknown',
    });
  });

  it.each([
    ['wrong-amount@purchase', 'wrong-transaction'],
    ['foreign-answer@purchase', 'wrong-transaction'],
    ['bad-lrc@purchase', 'garbled-answer'],
    ['no-answer@purchase', 'no-answer'],
    ['silent@purchase', 'no-answer'],
  ])('under %s leaves a sale in doubt (%s), and sends it once', async (fault, code) => {
    const till = await allinpay();
    till.mock.fault(fault);
    expect((await till.sell(650)).error).toMatchObject({ code, effect: 'unknown' });
    expect(till.asked().filter((name) => name === 'sale').length).toBeLessThan(2);
  });

  it.each([
    'byte-by-byte=0',
    'split-answer',
    'noise-before',
    'duplicate-answer',
    'stale-answer',
    'late-answer@purchase=60000',
  ])('under %s sells, once', async (fault) => {
    const till = await allinpay([fault]);
    expect((await till.sell(650)).result).toMatchObject({ outcome: 'approved' });
    expect(till.booked()).toEqual(['sale 650']);
    expect((await till.last()).result).toMatchObject({ outcome: 'found' });
  });

  it.each(['no-answer-once', 'unplug-after-booking-once', 'power-loss-after-booking-once'])(
    'finds out after %s that a sale was made, and that a void was',
    async (fault) => {
      const till = await allinpay();
      till.mock.fault(`${fault}@purchase`);
      expect((await till.sell(650)).error).toMatchObject({ effect: 'unknown' });
      till.mock.replug();
      expect((await till.run(till.terminal.recover())).result).toMatchObject({
        outcome: 'approved',
        transaction: { trace: '000001', amount: cny(650) },
      });
      till.mock.fault(`${fault}@void`);
      expect((await till.takeBack(650)).error).toMatchObject({ effect: 'unknown' });
      till.mock.replug();
      expect((await till.run(till.terminal.recover())).result).toMatchObject({
        outcome: 'voided',
        transaction: { trace: '000001' },
      });
      expect(till.booked()).toEqual(['sale 650', 'void 650']);
    },
  );

  it('finds out that a sale was not made, and that a void was not', async () => {
    const till = await allinpay();
    await till.sell(1_000);
    till.mock.fault('power-loss-before-booking-once@purchase');
    expect((await till.sell(650)).error).toMatchObject({ effect: 'unknown' });
    expect((await till.run(till.terminal.recover())).result).toMatchObject({
      outcome: 'not-approved',
    });
    till.mock.fault('power-loss-before-booking-once@void');
    expect((await till.takeBack(1_000)).error).toMatchObject({ effect: 'unknown' });
    expect((await till.run(till.terminal.recover())).result).toMatchObject({
      outcome: 'not-voided',
    });
    expect(till.booked()).toEqual(['sale 1000']);
  });

  it('takes no other sale of the same amount for the one in doubt', async () => {
    const till = await allinpay();
    await till.sell(1_000);
    till.mock.fault('power-loss-before-booking-once@purchase');
    await till.sell(650);
    till.mock.terminal.clerkSells(650);
    expect((await till.run(till.terminal.recover())).error).toMatchObject({
      code: 'unresolved-transaction',
    });
  });

  it('never credits a late answer of one sale to the next', async () => {
    const till = await allinpay();
    till.mock.fault('late-answer-once@purchase=130000');
    const first = listen(till.terminal.purchase({ amount: cny(650) }));
    await untilDone(till.clock, first.heard);
    expect(first.heard.error).toMatchObject({ code: 'no-answer', effect: 'unknown' });
    // The terminal is at work on it still; a new sale of the same amount has to wait for it.
    const second = await till.sell(650);
    expect(second.error).toMatchObject({ code: 'unresolved-transaction', effect: 'none' });
    expect((await till.run(till.terminal.recover())).result).toMatchObject({ outcome: 'approved' });
    const third = await till.sell(650);
    expect(third.result).toMatchObject({ outcome: 'approved', transaction: { trace: '000002' } });
    expect(till.booked()).toEqual(['sale 650', 'sale 650']);
  });

  it('does not take the answer to another mark for its own', async () => {
    const till = await allinpay();
    till.mock.use({
      answer: (_asked, next) =>
        next().map((told) => (told.sale ? { ...told, to: told.to, sale: told.sale } : told)),
      transmit(piece, next) {
        if (piece.kind !== 'answer' || piece.request?.command !== 'purchase') return next();
        // Another TransCheck, and the check set right for it.
        const bytes = piece.bytes.slice();
        const at = bytes.findLastIndex((byte, i) => byte === 0x9f && bytes[i + 1] === 0x1a) + 4;
        const before = bytes[at] ?? 0;
        bytes[at] = before ^ 1;
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        return next({ ...piece, bytes });
      },
    });
    expect((await till.sell(650)).error).toMatchObject({ code: 'no-answer', effect: 'unknown' });
  });

  it('does not take the answer to a question of before a restart for the one to its sale', async () => {
    const till = await allinpay();
    till.mock.terminal.clerkSells(650);
    till.mock.fault('late-answer-once@last-transaction=4000');
    listen(till.terminal.lastTransaction());
    await till.clock.advance(1_000);
    till.mock.unplug();
    till.mock.replug();
    await till.terminal.close();
    const sold = await till.run(
      (await till.open()).purchase({ amount: cny(650), ticket: 'TABLE5' }),
    );
    expect(sold.result).toMatchObject({ outcome: 'approved', transaction: { trace: '000002' } });
    expect(till.booked()).toEqual(['sale 650', 'sale 650']);
  });

  it('does not believe the answer to a question of before a restart when it is asked for the last', async () => {
    const till = await allinpay();
    till.mock.terminal.clerkSells(650);
    till.mock.fault('late-answer-once@last-transaction=4000');
    listen(till.terminal.lastTransaction());
    await till.clock.advance(1_000);
    till.mock.unplug();
    till.mock.replug();
    await till.terminal.close();
    till.mock.terminal.clerkSells(700);
    const restarted = await till.open();
    expect((await till.run(restarted.lastTransaction())).result).toMatchObject({
      transaction: { amount: cny(700), trace: '000002' },
    });
  });

  it('does not take a sale of before a restart, told once more, for the new one of its mark', async () => {
    const till = await allinpay();
    const table = { amount: cny(650), ticket: 'TABLE5' };
    const first = await till.run(till.terminal.purchase(table));
    expect(first.result).toMatchObject({ outcome: 'approved' });
    await till.terminal.close();
    const restarted = await till.open();
    // The answer to a question that the program of before has asked.
    const last = till.mock.transcript.findLast(({ from }) => from === 'terminal')?.bytes;
    const told = last && madeOutLater(last);
    till.mock.use({
      transmit: (piece, next) =>
        piece.kind === 'answer' && piece.request?.command === 'purchase' && told !== undefined
          ? [{ bytes: told }, ...next()]
          : next(),
    });
    const second = await till.run(restarted.purchase(table));
    expect(second.error).toMatchObject({ code: 'wrong-transaction', effect: 'unknown' });
    expect((await till.run(restarted.recover())).result).toMatchObject({
      outcome: 'approved',
      transaction: { trace: '000002' },
    });
  });

  it('does not take a sale that was found out about, answered late, for the next one of its mark', async () => {
    const till = await allinpay();
    const table = { amount: cny(650), ticket: 'TABLE5' };
    await till.run(till.terminal.purchase(table));
    let sold = 0;
    let late: Uint8Array | undefined;
    till.mock.use({
      transmit(piece, next) {
        if (piece.kind !== 'answer' || piece.request?.command !== 'purchase') return next();
        if (++sold === 1) {
          late = madeOutLater(piece.bytes);
          return [];
        }
        return late === undefined ? next() : [{ bytes: late }, ...next()];
      },
    });
    const second = await till.run(till.terminal.purchase(table));
    expect(second.error).toMatchObject({ code: 'no-answer', effect: 'unknown' });
    expect((await till.run(till.terminal.recover())).result).toMatchObject({
      transaction: { trace: '000002' },
    });
    const third = await till.run(till.terminal.purchase(table));
    expect(third.error).toMatchObject({ code: 'wrong-transaction', effect: 'unknown' });
    expect((await till.run(till.terminal.recover())).result).toMatchObject({
      outcome: 'approved',
      transaction: { trace: '000003' },
    });
  });

  it('refuses to relay, and takes the result behind it', async () => {
    const relay = Uint8Array.from(
      Buffer.from(
        '0200419f010001119f15000500036162639f1600093132372e302e302e319f170004353030309f18000236300381',
        'hex',
      ),
    );
    const till = await allinpay();
    till.mock.use({
      transmit: (piece, next) =>
        piece.kind === 'answer' && piece.request?.command === 'purchase'
          ? [{ bytes: relay }, ...next()]
          : next(),
    });
    expect((await till.sell(650)).result).toMatchObject({ outcome: 'approved' });
    const refusals = till.mock.transcript.filter(
      ({ from, bytes }) => from === 'till' && Buffer.from(bytes).includes('-113'),
    );
    expect(refusals).toHaveLength(1);
  });

  it('signs in and prints again by the commands of its profile, and has no others', async () => {
    const till = await allinpay([], '?operator=01');
    expect((await till.run(till.terminal.run(command('sign-in')))).result).toMatchObject({
      outcome: 'done',
      fields: { type: '1', code: '00' },
    });
    expect((await till.run(till.terminal.run(command('dance')))).result).toMatchObject({
      outcome: 'refused',
      limit: 'one of sign-in, reprint',
    });
  });

  it('asks a question again that was answered with a damaged frame', async () => {
    const till = await allinpay();
    await till.last();
    const before = till.asked().length;
    till.mock.fault('bad-lrc-once@last-transaction');
    expect((await till.last()).result).toMatchObject({ outcome: 'none' });
    expect(till.asked().slice(before)).toEqual(['last', 'last']);
  });
});

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe('allinpay-mis on a real serial port', () => {
  const timing = {
    acknowledgementMs: 400,
    answerMs: 1_500,
    interByteMs: 200,
    quietMs: 50,
    recoveryMs: 20_000,
  };

  async function connect(faults: readonly string[] = []) {
    const mock = createMockTerminal({ protocol: 'allinpay-mis', thinkMs: 5, faults });
    const folder = await mkdtemp(join(tmpdir(), 'tillwire-'));
    const pty = await openPty(mock, { link: join(folder, 'terminal') });
    const terminal = await openTerminal(`allinpay-mis+serial:${pty.path}`, {
      timing,
      journal: memoryJournal(),
    });
    cleanUps.push(
      () => rm(folder, { recursive: true }),
      () => pty.close(),
      () => terminal.close(),
    );
    return { mock, terminal };
  }

  it('sells, asks, voids, says that it is done, and settles', async () => {
    const { terminal, mock } = await connect();
    const target = { amount: cny(1_234), trace: '000001' };
    const outcomes = [
      await resultOf(terminal.purchase({ amount: cny(1_234) })),
      await resultOf(terminal.lastTransaction()),
      await resultOf(terminal.voidTransaction(target, ana)),
      await resultOf(terminal.voidTransaction(target, ana)),
      await resultOf(terminal.settle()),
    ].map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['approved', 'found', 'voided', 'already-voided', 'settled']);
    expect(mock.terminal.ledger.map(({ kind }) => kind)).toEqual(['sale', 'void', 'settlement']);
  });

  it('loses no sale whose answer was lost', async () => {
    const { terminal, mock } = await connect(['no-answer-once@purchase']);
    await expect(resultOf(terminal.purchase({ amount: cny(99) }))).rejects.toMatchObject({
      effect: 'unknown',
    });
    expect(await resultOf(terminal.recover())).toMatchObject({
      outcome: 'approved',
      transaction: { amount: cny(99), trace: '000001' },
    });
    expect(mock.terminal.ledger).toHaveLength(1);
  });
});
