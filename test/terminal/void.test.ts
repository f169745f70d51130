import { describe, expect, it } from 'vitest';
import type { EarlierSale } from '../../mocks/simulated-terminal.ts';
import { toLatin1 } from '../../src/framing/bytes.ts';
import { stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { clp } from '../../src/model/money.ts';
import type { Target } from '../../src/model/transaction.ts';
import type { TerminalOptions } from '../../src/terminal/open.ts';
import type { VoidOptions } from '../../src/terminal/terminal.ts';
import { createTill, listen, untilDone } from '../support/till.ts';

const sold: EarlierSale = { amount: 1500, ticket: '42' };
const target = { amount: clp(1500), operationNumber: '1' };
const ana: VoidOptions = { operator: 'ana', reason: 'out of stock' };

interface Bench {
  readonly faults?: readonly string[];
  readonly sales?: readonly EarlierSale[];
  readonly protocol?: 'transbank-autoservicio';
  readonly order?: Partial<VoidOptions>;
  readonly target?: Target;
  readonly terminal?: TerminalOptions;
}

async function take(bench: Bench = {}) {
  const { faults = [], sales = [sold], protocol } = bench;
  const till = await createTill({ faults, sales, ...(protocol && { protocol }) }, bench.terminal);
  const command = till.terminal.voidTransaction(bench.target ?? target, { ...ana, ...bench.order });
  const watched = listen(command);
  await untilDone(till.clock, watched.heard);
  return { ...till, ...watched };
}

const voids = (till: Awaited<ReturnType<typeof take>>) =>
  till.mock.terminal.ledger.filter(({ kind }) => kind === 'void');
const codes = (till: Awaited<ReturnType<typeof take>>) =>
  till.mock.received.map(({ code }) => code);

describe('a void', () => {
  it('asks first, voids, gives a voucher, and ends with one result', async () => {
    const till = await take();
    expect(till.events).toEqual([
      'queued',
      'sent last sale',
      'acknowledged',
      'sent void',
      'acknowledged',
      'receipt',
      'result voided',
      'complete',
    ]);
    expect(till.heard.result).toMatchObject({
      outcome: 'voided',
      transaction: { state: 'voided', amount: clp(1500), operationNumber: '000001' },
      voucher: expect.arrayContaining(['Voided by:     ana', 'Reason:        out of stock']),
    });
    expect(till.mock.received.map(({ text }) => text)).toEqual(['0250|', '1200|1|']);
    expect(voids(till)).toHaveLength(1);
  });

  it('is told that it is done already when it is asked for twice', async () => {
    const { terminal, clock, mock } = await take();
    const again = listen(terminal.voidTransaction(target, ana));
    await untilDone(clock, again.heard);
    expect(again.heard.result).toMatchObject({ outcome: 'already-voided' });
    expect(mock.terminal.ledger.filter(({ kind }) => kind === 'void')).toHaveLength(1);
  });

  it('under the same key replays what happened, and sends nothing', async () => {
    const { terminal, clock, mock, heard } = await take({ order: { key: 'K1' } });
    const sent = mock.received.length;
    const again = listen(terminal.voidTransaction(target, { ...ana, key: 'K1' }));
    await untilDone(clock, again.heard);
    expect(again.heard.result).toEqual(heard.result);
    expect(mock.received).toHaveLength(sent);
  });

  it('under the same key with another amount is an error without effect', async () => {
    const { terminal, clock } = await take({ order: { key: 'K1' } });
    const other = listen(terminal.voidTransaction({ amount: clp(1600) }, { ...ana, key: 'K1' }));
    await untilDone(clock, other.heard);
    expect(other.heard.error).toMatchObject({ code: 'key-reused', effect: 'none', intent: 'K1' });
  });

  it.each([
    ['another amount', { amount: clp(1501) }, 'amount: asked CLP 1,501, found CLP 1,500'],
    [
      'another operation number',
      { amount: clp(1500), operationNumber: '2' },
      'operationNumber: asked 2, found 000001',
    ],
    ['another ticket', { amount: clp(1500), ticket: '43' }, 'ticket: asked 43, found 000042'],
  ])('is refused when the last transaction has %s', async (_what, asked, words) => {
    const till = await take({ target: asked });
    expect(till.heard.result).toMatchObject({
      outcome: 'refused',
      reason: 'not-the-last',
      message: expect.stringContaining(words),
      found: { amount: clp(1500), operationNumber: '000001' },
    });
    expect(codes(till)).toEqual(['0250']);
  });

  it('is refused for a debit card before it is sent', async () => {
    const till = await take({ sales: [{ ...sold, card: { type: 'debit' } }] });
    expect(till.heard.result).toMatchObject({ outcome: 'refused', reason: 'debit-card' });
    expect(codes(till)).toEqual(['0250']);
  });

  it('finds nothing to void in an empty memory', async () => {
    const till = await take({ sales: [] });
    expect(till.heard.result).toMatchObject({ outcome: 'not-found', responseCode: '11' });
    expect(codes(till)).toEqual(['0250']);
  });

  it('is told when the day was closed between the question and the void', async () => {
    const till = await take({ faults: ['settled-before-void'] });
    expect(till.heard.result).toMatchObject({ outcome: 'not-found', responseCode: '05' });
    expect(voids(till)).toHaveLength(0);
  });

  it('is told when a clerk voided it between the question and the void', async () => {
    const till = await take({ faults: ['already-voided'] });
    expect(till.heard.result).toMatchObject({ outcome: 'already-voided' });
    expect(voids(till)).toHaveLength(1);
  });

  it.each([
    ['already voided', '04'],
    ['not found', '05'],
    ['declined', '02'],
  ])('is in doubt when the terminal says %s of another operation', async (_what, code) => {
    const { terminal, clock, mock } = await createTill({ sales: [sold] });
    mock.use({
      transmit: (piece, next) =>
        piece.kind === 'answer' && piece.request?.command === 'void'
          ? [{ bytes: stxFrame(toLatin1(`1210|${code}|597029414300|75001637||000777`)) }]
          : next(),
    });
    const { heard } = listen(terminal.voidTransaction(target, ana));
    await untilDone(clock, heard);
    expect(heard.error).toMatchObject({ code: 'wrong-transaction', effect: 'unknown' });
  });

  it.each(['constructor', 'toString', '__proto__', '4111111111111111'])(
    'survives an answer whose code is %s',
    async (code) => {
      const { terminal, clock, mock } = await createTill({ sales: [sold] });
      const said: unknown[] = [];
      terminal.unsolicited$.subscribe((stray) => said.push(stray));
      mock.use({
        transmit: (piece, next) =>
          piece.kind === 'answer'
            ? [
                { bytes: stxFrame(toLatin1(code)) },
                { bytes: stxFrame(toLatin1(`0260|${code}|a|b|c`)) },
              ]
            : next(),
      });
      const { heard } = listen(terminal.voidTransaction(target, ana));
      await untilDone(clock, heard);
      expect(heard.error).toMatchObject({ code: 'unreadable-answer', effect: 'none' });
      expect(JSON.stringify([said, heard])).not.toContain('4111111111111111');
    },
  );

  it('reads a refusal that carries nothing but its code', async () => {
    const till = await take({ faults: ['already-voided', 'few-fields'] });
    expect(till.heard.result).toMatchObject({ outcome: 'already-voided' });
  });

  it('by its number voids the right sale although a clerk sold in between', async () => {
    const till = await take({ faults: ['clerk-sells-before-void'] });
    expect(till.heard.result).toMatchObject({ outcome: 'voided' });
    expect(voids(till)).toMatchObject([{ sale: { operationNumber: '000001', amount: 1500 } }]);
  });

  it('is a loud error when the terminal says that it voided another one', async () => {
    const till = await take({ faults: ['foreign-answer@void'] });
    expect(till.heard.error).toMatchObject({
      code: 'wrong-transaction',
      effect: 'unknown',
      evidence: { asked: { operationNumber: '000001' } },
    });
  });

  it('is a loud error when another terminal answers', async () => {
    const till = await take({ faults: ['foreign-terminal@void'] });
    expect(till.heard.error).toMatchObject({ code: 'wrong-transaction', effect: 'unknown' });
  });

  it.each([
    ['silent@void', 'no-acknowledgement'],
    ['no-answer@void', 'no-answer'],
    ['bad-lrc@void', 'garbled-answer'],
    ['unplug-after-booking@void', 'connection-lost'],
    ['power-loss-after-booking@void', 'no-answer'],
    ['unknown-code@void', 'unknown-response-code'],
  ])('under %s is sent once, and in doubt: %s', async (fault, code) => {
    const till = await take({ faults: [fault] });
    expect(till.heard.error).toMatchObject({ code, effect: 'unknown' });
    expect(codes(till).filter((sent) => sent === '1200')).toHaveLength(1);
    expect(voids(till).length).toBeLessThanOrEqual(1);
  });

  it.each([
    'lost-ack@void',
    'ack-with-answer',
    'byte-by-byte',
    'split-answer',
    'bad-lrc-once@void',
    'nak-once@void',
    'noise-before',
    'duplicate-answer',
    'previous-answer@void',
    'lost-till-ack-once@void',
    'stale-answer@void',
    'late-answer@void=30000',
  ])('under %s is carried out once', async (fault) => {
    const till = await take({ faults: [fault] });
    expect(till.heard.result).toMatchObject({ outcome: 'voided' });
    expect(voids(till)).toHaveLength(1);
  });

  it('is not sent on a line that an earlier question has left disturbed', async () => {
    const till = await take({
      faults: ['late-ack-once@last-transaction=300'],
      terminal: { timing: { acknowledgementMs: 200 } },
    });
    expect(codes(till)).toEqual(['0250', '0250', '0100', '1200']);
    expect(till.heard.result).toMatchObject({ outcome: 'voided' });
  });

  it('refused three times by NAK was certainly not carried out', async () => {
    const till = await take({ faults: ['nak@void'] });
    expect(till.heard.error).toMatchObject({ code: 'not-acknowledged', effect: 'none' });
    expect(voids(till)).toHaveLength(0);
  });

  it('that was carried out although the till heard NAK is not called undone', async () => {
    const till = await take({ faults: ['ack-turned-nak-once@void'] });
    expect(voids(till)).toHaveLength(1);
    expect(till.heard.result ?? till.heard.error).toSatisfy(
      (said: { outcome?: string; effect?: string }) =>
        said.outcome === 'voided' || said.effect === 'unknown',
    );
  });
});

describe('who may stop a void', () => {
  it('the confirm hook, which sees what was found', async () => {
    const seen: unknown[] = [];
    const till = await take({
      order: {
        confirm: (found) => {
          seen.push(found);
          return false;
        },
      },
    });
    expect(seen).toMatchObject([{ amount: clp(1500), operationNumber: '000001', last4: '0461' }]);
    expect(till.heard.result).toMatchObject({ outcome: 'refused', reason: 'not-confirmed' });
    expect(codes(till)).toEqual(['0250']);
  });

  it('a signal, while nothing was sent', async () => {
    const abort = new AbortController();
    const till = await take({
      order: {
        signal: abort.signal,
        confirm: () => {
          abort.abort();
          return true;
        },
      },
    });
    expect(till.heard.error).toMatchObject({ code: 'cancelled', effect: 'none' });
    expect(codes(till)).toEqual(['0250']);
  });

  const misspelt = { amount: clp(1500), operation: '9' };
  const wrong: [string, Bench][] = [
    ['operator', { order: { operator: ' ' } }],
    ['reason', { order: { reason: 'x\nAmount: CLP 1' } }],
    ['key', { order: { key: '' } }],
    ['receiptNumber', { target: { amount: clp(1500), receiptNumber: '9' } }],
    ['target', { target: misspelt }],
  ];

  it.each(wrong)('nobody with a wrong %s', async (field, bench) => {
    const till = await take(bench);
    expect(till.heard.result).toMatchObject({ outcome: 'refused', field });
    expect(till.mock.transcript).toEqual([]);
  });

  it('nobody but with a plain yes', async () => {
    // A till in plain JavaScript may answer anything.
    const confirm: () => boolean = () => JSON.parse('"no"');
    const till = await take({ order: { confirm } });
    expect(till.heard.result).toMatchObject({ outcome: 'refused', reason: 'not-confirmed' });
  });

  it('closing the terminal, while a person makes up their mind', async () => {
    const { terminal, clock } = await createTill({ sales: [sold] });
    const confirm = () => new Promise<boolean>(() => {});
    const { heard } = listen(terminal.voidTransaction(target, { ...ana, confirm }));
    await clock.advance(10_000);
    const closing = terminal.close();
    await untilDone(clock, heard);
    await closing;
    expect(heard.error).toMatchObject({ code: 'cancelled', effect: 'none' });
  });
});

describe('a terminal that voids its last transaction unseen', () => {
  const protocol = 'transbank-autoservicio';

  it('is not asked to unless the till has opted in', async () => {
    const till = await take({ protocol });
    expect(till.heard.result).toMatchObject({ outcome: 'refused', reason: 'blind-void' });
    expect(till.mock.transcript).toEqual([]);
  });

  it('voids, and its answer has to name the sale', async () => {
    const till = await take({ protocol, terminal: { allowBlindVoid: true } });
    expect(till.heard.result).toMatchObject({ outcome: 'voided' });
    expect(till.mock.received.map(({ text }) => text)).toEqual(['0100', '0250|1', '1200']);
  });

  it('that took back a sale made in between is a loud error', async () => {
    const faults = ['clerk-sells-before-void=9990'];
    const till = await take({ protocol, terminal: { allowBlindVoid: true }, faults });
    expect(voids(till)).toMatchObject([{ sale: { amount: 9990 } }]);
    expect(till.heard.error).toMatchObject({ code: 'wrong-transaction', effect: 'unknown' });
  });

  it('is asked once more after a person has confirmed', async () => {
    const till = await take({
      protocol,
      terminal: { allowBlindVoid: true },
      order: { confirm: async () => true },
    });
    expect(codes(till)).toEqual(['0100', '0250', '0250', '1200']);
  });
});
