import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { openPty } from '../../mocks/pty.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';

/** Through the real serial stack and a real pseudo-terminal. Time runs, so the time-outs are short. */
const timing = {
  acknowledgementMs: 400,
  answerMs: 1_500,
  interByteMs: 200,
  quietMs: 50,
  recoveryMs: 20_000,
};
const ana = { operator: 'ana', reason: 'out of stock' };
const eur = (amount: number) => ({ amount, currency: 'EUR' });
/** DLE is doubled in this amount. */
const sale = { amount: eur(101_010) };

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function connect(faults: readonly string[] = [], options: Partial<MockTerminalOptions> = {}) {
  const mock = createMockTerminal({
    protocol: 'zvt',
    transport: 'serial',
    thinkMs: 5,
    faults,
    sales: [{ amount: 101_010 }],
    ...options,
  });
  const folder = await mkdtemp(join(tmpdir(), 'tillwire-'));
  const pty = await openPty(mock, { link: join(folder, 'terminal') });
  const terminal = await openTerminal(`zvt+serial:${pty.path}`, {
    timing,
    journal: memoryJournal(),
    secrets: { password: '123456' },
  });
  cleanUps.push(
    () => rm(folder, { recursive: true }),
    () => pty.close(),
    () => terminal.close(),
  );
  const ledger = () =>
    mock.terminal.ledger.map((entry) =>
      entry.kind === 'settlement' ? entry.kind : `${entry.kind} ${entry.sale.amount}`,
    );
  const takeBack = (key: string) => resultOf(terminal.voidTransaction(sale, { ...ana, key }));
  return { mock, pty, terminal, ledger, takeBack };
}

describe('a ZVT terminal on a real serial port', () => {
  it('registers, tells its last payment, sells, voids, refunds, ends its day', async () => {
    const { terminal, ledger, takeBack } = await connect();
    expect(await resultOf(terminal.lastTransaction())).toMatchObject({
      outcome: 'found',
      transaction: { amount: eur(101_010), receiptNumber: '0001' },
    });
    expect(await resultOf(terminal.purchase({ amount: eur(500) }))).toMatchObject({
      outcome: 'approved',
      transaction: { receiptNumber: '0002' },
    });
    expect(await takeBack('V0')).toMatchObject({ outcome: 'refused', reason: 'not-the-last' });
    expect(
      await resultOf(terminal.voidTransaction({ amount: eur(500) }, { ...ana, key: 'V1' })),
    ).toMatchObject({ outcome: 'voided', transaction: { receiptNumber: '0002' } });
    expect(await resultOf(terminal.refund({ amount: eur(300) }))).toMatchObject({
      outcome: 'approved',
    });
    expect(await resultOf(terminal.totals())).toMatchObject({ total: eur(101_010) });
    expect(await resultOf(terminal.settle())).toMatchObject({ outcome: 'settled' });
    expect(ledger()).toEqual(['sale 101010', 'sale 500', 'void 500', 'refund 300', 'settlement']);
  });

  it.each([
    'ack-with-answer',
    'byte-by-byte',
    'split-answer=100',
    'bad-lrc-once@void',
    'noise-before',
    'duplicate-answer',
    'twice-positive',
    'stale-answer@void',
    'late-answer@void=1000',
  ])('under %s voids once', async (fault) => {
    const { ledger, takeBack } = await connect([fault]);
    expect(await takeBack('V1')).toMatchObject({ outcome: 'voided' });
    expect(ledger()).toEqual(['sale 101010', 'void 101010']);
  });

  it('that took back another payment is a loud error', async () => {
    const { ledger, takeBack } = await connect(['clerk-sells-before-void=222', 'voids-the-newest']);
    await expect(takeBack('V1')).rejects.toMatchObject({
      code: 'wrong-transaction',
      effect: 'unknown',
    });
    expect(ledger()).toEqual(['sale 101010', 'sale 222', 'void 222']);
  });

  it('that falls silent after the void leaves it in doubt, until it is asked', async () => {
    const { terminal, ledger, takeBack } = await connect(['no-answer-once@void']);
    await expect(takeBack('V1')).rejects.toMatchObject({ code: 'no-answer', effect: 'unknown' });
    expect(await resultOf(terminal.recover())).toMatchObject({ outcome: 'voided', key: 'V1' });
    expect(ledger()).toEqual(['sale 101010', 'void 101010']);
  });

  it('whose cable is pulled in the middle of a void is asked when it is back', async () => {
    const { terminal, pty, ledger, takeBack } = await connect(
      ['power-loss-after-booking-once@void'],
      { bootMs: 500 },
    );
    await expect(takeBack('V1')).rejects.toMatchObject({ effect: 'unknown' });
    const out = firstValueFrom(terminal.state$.pipe(filter(({ type }) => type === 'disconnected')));
    pty.unplug();
    await out;
    await pty.replug();
    expect(await resultOf(terminal.recover())).toMatchObject({ outcome: 'voided', key: 'V1' });
    expect(ledger()).toEqual(['sale 101010', 'void 101010']);
  });

  it('whose ACK of a question is lost is asked once more', async () => {
    const { ledger, takeBack } = await connect(['lost-ack-once@last-transaction']);
    expect(await takeBack('V1')).toMatchObject({ outcome: 'voided' });
    expect(ledger()).toEqual(['sale 101010', 'void 101010']);
  });
});
