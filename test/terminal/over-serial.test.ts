import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { openPty } from '../../mocks/pty.ts';
import type { Unsolicited } from '../../src/driver/unsolicited.ts';
import { toLatin1 } from '../../src/framing/bytes.ts';
import { stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { clp } from '../../src/model/money.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';

/**
 * The conformance cases of the first wire, each of which a known driver gets wrong, through the real serial
 * stack and a real pseudo-terminal. Time runs, so the time-outs are short.
 */
const timing = { acknowledgementMs: 300, answerMs: 1_500, interByteMs: 600, quietMs: 50 };
const ana = { operator: 'ana', reason: 'out of stock' };
const sale = { amount: clp(1500), ticket: '42' };

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function connect(faults: readonly string[] = [], options: Partial<MockTerminalOptions> = {}) {
  const mock = createMockTerminal({
    protocol: 'transbank',
    thinkMs: 5,
    faults,
    sales: [{ amount: 1500, ticket: '42' }],
    ...options,
  });
  const folder = await mkdtemp(join(tmpdir(), 'tillwire-'));
  const pty = await openPty(mock, { link: join(folder, 'terminal') });
  const terminal = await openTerminal(`${mock.protocol}+serial:${pty.path}`, { timing });
  cleanUps.push(
    () => rm(folder, { recursive: true }),
    () => pty.close(),
    () => terminal.close(),
  );
  const codes = () => mock.received.map(({ code }) => code);
  const voids = () => mock.terminal.ledger.filter(({ kind }) => kind === 'void').length;
  const takeBack = () => resultOf(terminal.voidTransaction({ amount: clp(1500) }, ana));
  return { mock, pty, terminal, codes, voids, takeBack };
}

describe('over a real serial port', () => {
  it('sells, asks, voids, and is told that it is done already', async () => {
    const { terminal, takeBack, voids } = await connect();
    const sold = await resultOf(terminal.purchase(sale));
    const last = await resultOf(terminal.lastTransaction());
    expect([sold, last]).toMatchObject([
      { outcome: 'approved', transaction: { operationNumber: '000002' } },
      { outcome: 'found', transaction: { operationNumber: '000002', last4: '0461' } },
    ]);
    expect((await takeBack()).outcome).toBe('voided');
    expect((await takeBack()).outcome).toBe('already-voided');
    expect(voids()).toBe(1);
  });

  it.each([
    'ack-with-answer',
    'byte-by-byte',
    'split-answer=250',
    'bad-lrc-once',
    'noise-before',
    'noise-inside-once',
    'nul-break',
    'duplicate-answer',
    'stale-answer',
    'nak-once',
    'lost-ack-once',
    'late-ack=200',
    'late-answer=1000',
  ])('under %s asks and voids once', async (fault) => {
    const { takeBack, voids } = await connect([fault]);
    expect((await takeBack()).outcome).toBe('voided');
    expect(voids()).toBe(1);
  });

  it('asks a terminal that garbles each answer for it twice more, and then says so', async () => {
    const { terminal, mock } = await connect(['bad-lrc@last-transaction']);
    await expect(resultOf(terminal.lastTransaction())).rejects.toMatchObject({
      code: 'garbled-answer',
      effect: 'none',
    });
    const replies = mock.transcript.filter(
      ({ from, bytes }) => from === 'till' && bytes.length === 1,
    );
    expect(replies.map(({ bytes }) => bytes[0])).toEqual([0x15, 0x15]);
  });

  it('takes NAK for an answer three times, and then says so', async () => {
    const { terminal, codes } = await connect(['nak@last-transaction']);
    await expect(resultOf(terminal.lastTransaction())).rejects.toMatchObject({
      code: 'not-acknowledged',
      effect: 'none',
    });
    expect(codes()).toEqual(['0250', '0250', '0250']);
  });

  it('repeats a question on silence, and never a void', async () => {
    const { terminal, codes } = await connect(['silent@last-transaction', 'silent@purchase']);
    await expect(resultOf(terminal.lastTransaction())).rejects.toMatchObject({
      code: 'no-acknowledgement',
      effect: 'none',
    });
    await expect(resultOf(terminal.purchase(sale))).rejects.toMatchObject({
      code: 'no-acknowledgement',
      effect: 'unknown',
    });
    expect(codes()).toEqual(['0250', '0250', '0250', '0100', '0200']);
  });

  it('acknowledges and surfaces an answer that comes after it gave up', async () => {
    const { terminal, takeBack } = await connect(['late-answer@void=2000']);
    const late = new Promise<Unsolicited>((resolve) => {
      terminal.unsolicited$.subscribe((stray) => stray.code === '1210' && resolve(stray));
    });
    await expect(takeBack()).rejects.toMatchObject({ code: 'no-answer', effect: 'unknown' });
    expect(await late).toMatchObject({ reason: 'stale', fields: { operationNumber: '1' } });
  });

  it('waits afresh after each status, and ends when the terminal falls silent', async () => {
    const slow = await connect([], { thinkMs: 600 });
    const sold = await resultOf(slow.terminal.purchase(sale));
    expect(sold.outcome).toBe('approved');
    const silent = await connect(['silent-after-status']);
    await expect(resultOf(silent.terminal.purchase(sale))).rejects.toMatchObject({
      code: 'no-answer',
      effect: 'unknown',
    });
  });

  it('ends the void at once when the plug is pulled, in doubt', async () => {
    const { takeBack, voids } = await connect(['unplug-after-booking@void']);
    await expect(takeBack()).rejects.toMatchObject({ code: 'connection-lost', effect: 'unknown' });
    expect(voids()).toBe(1);
  });

  it.each([1, 2, 5, 40, 95])(
    'ends the question at once when the plug is pulled at byte %i',
    async (n) => {
      const { terminal } = await connect([`unplug=${n}`]);
      await expect(resultOf(terminal.lastTransaction())).rejects.toMatchObject({
        code: 'connection-lost',
        effect: 'none',
      });
    },
  );

  it('sends nothing late: what was asked while the plug was out is never sent', async () => {
    const { terminal, mock, pty, codes } = await connect();
    await resultOf(terminal.status());
    const out = firstValueFrom(terminal.state$.pipe(filter(({ type }) => type === 'disconnected')));
    pty.unplug();
    await out;
    await expect(resultOf(terminal.purchase(sale))).rejects.toMatchObject({
      code: 'no-such-device',
      effect: 'none',
    });
    await pty.replug();
    expect((await resultOf(terminal.status())).outcome).toBe('ready');
    expect(codes()).toEqual(['0100', '0100']);
    expect(mock.terminal.ledger).toHaveLength(1);
  });

  it.each([0x00, 0x02, 0x03, 0x04, 0x06, 0x15])('reads an answer whose LRC is %i', async (lrc) => {
    const { terminal, mock } = await connect();
    const answer = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(6, '0'))
      .map(
        (code) =>
          `0260|00|597029414300|75001637|000042|${code}|1500|0||0461|000001|CR|||VI|26072023|113748|0|0||`,
      )
      .map((data) => stxFrame(toLatin1(data)))
      .find((frame) => frame.at(-1) === lrc);
    mock.use({
      transmit: (piece, next) =>
        piece.kind === 'answer' && answer !== undefined ? [{ bytes: answer }] : next(),
    });
    const last = await resultOf(terminal.lastTransaction());
    expect(last).toMatchObject({ outcome: 'found', transaction: { operationNumber: '000001' } });
  });

  it('keeps every letter of a Latin-1 voucher', async () => {
    const { terminal, mock } = await connect([], { protocol: 'transbank-autoservicio' });
    const voucher = 'Año nuevo, ¡gracias!'.padEnd(40);
    const data = `0260|00|597029414300|75001637|000042|252985|1500|0461|000001|CR|||VI|26072023|113748|${voucher}`;
    mock.use({
      transmit: (piece, next) =>
        piece.kind === 'answer' ? [{ bytes: stxFrame(toLatin1(data)) }] : next(),
    });
    const last = await resultOf(terminal.lastTransaction());
    expect(last).toMatchObject({ transaction: { voucher: ['Año nuevo, ¡gracias!'] } });
  });

  it('reads refusals that carry nothing but their code', async () => {
    const { takeBack, voids } = await connect(['already-voided', 'few-fields']);
    expect((await takeBack()).outcome).toBe('already-voided');
    expect(voids()).toBe(1);
  });

  it('sends nothing that cannot be carried as it is', async () => {
    const { terminal, mock } = await connect();
    for (const amount of [49, 1_000_000_000, 1500.5, -1500])
      expect((await resultOf(terminal.purchase({ amount: clp(amount) }))).outcome).toBe('refused');
    for (const ticket of ['TKT1699', 'ñandú'])
      expect((await resultOf(terminal.purchase({ ...sale, ticket }))).outcome).toBe('refused');
    expect(mock.transcript).toEqual([]);
  });

  it('gives the line on when nobody watches any more', async () => {
    const { terminal, voids } = await connect();
    const command = terminal.voidTransaction({ amount: clp(1500) }, ana);
    command.subscribe().unsubscribe();
    expect((await resultOf(terminal.totals())).outcome).toBe('found');
    expect((await resultOf(command)).outcome).toBe('voided');
    expect(voids()).toBe(1);
  });

  it('speaks with a self-service terminal, whose fields stand in another order', async () => {
    const { terminal } = await connect([], { protocol: 'transbank-autoservicio' });
    const events: string[] = [];
    terminal.purchase(sale).subscribe(({ type }) => events.push(type));
    const sold = await resultOf(terminal.purchase({ ...sale, amount: clp(2500) }));
    expect(sold).toMatchObject({
      outcome: 'approved',
      transaction: { amount: clp(2500), last4: '0461', operationNumber: '000003' },
    });
    expect(events).toContain('receipt');
  });
});
