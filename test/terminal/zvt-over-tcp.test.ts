import { afterEach, describe, expect, it } from 'vitest';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { openTcp } from '../../mocks/tcp.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';

/** Through real sockets. Time runs, so the time-outs are short. */
const timing = { acknowledgementMs: 400, answerMs: 1_500, quietMs: 50, recoveryMs: 20_000 };
const ana = { operator: 'ana', reason: 'out of stock' };
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const sale = { amount: eur(1_010) };

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function connect(faults: readonly string[] = [], options: Partial<MockTerminalOptions> = {}) {
  const mock = createMockTerminal({
    protocol: 'zvt',
    transport: 'tcp',
    thinkMs: 5,
    faults,
    sales: [{ amount: 500 }],
    ...options,
  });
  const server = await openTcp(mock);
  const terminal = await openTerminal(`zvt+tcp:${server.where}`, {
    timing,
    journal: memoryJournal(),
    secrets: { password: '123456' },
  });
  cleanUps.push(
    () => server.close(),
    () => terminal.close(),
  );
  const ledger = () =>
    mock.terminal.ledger.map((entry) =>
      entry.kind === 'settlement' ? entry.kind : `${entry.kind} ${entry.sale.amount}`,
    );
  return { mock, terminal, ledger };
}

describe('a ZVT terminal on a real TCP connection', () => {
  it('sells, tells it, voids it', async () => {
    const { terminal, ledger } = await connect();
    expect(await resultOf(terminal.purchase(sale))).toMatchObject({ outcome: 'approved' });
    expect(await resultOf(terminal.lastTransaction())).toMatchObject({
      transaction: { receiptNumber: '0002', amount: eur(1_010) },
    });
    expect(await resultOf(terminal.voidTransaction(sale, ana))).toMatchObject({
      outcome: 'voided',
    });
    expect(ledger()).toEqual(['sale 500', 'sale 1010', 'void 1010']);
  });

  it.each(['ack-with-answer', 'byte-by-byte', 'split-answer=100', 'twice-positive'])(
    'under %s sells once',
    async (fault) => {
      const { terminal, ledger } = await connect([fault]);
      expect(await resultOf(terminal.purchase(sale))).toMatchObject({ outcome: 'approved' });
      expect(ledger()).toEqual(['sale 500', 'sale 1010']);
    },
  );

  it.each([
    ['close-before-result-once@purchase', 'not-approved', ['sale 500']],
    ['close-after-result-once@purchase', 'not-approved', ['sale 500']],
    ['close-before-completion-once@purchase', 'approved', ['sale 500', 'sale 1010']],
  ])('under %s is asked on a new connection: %s', async (fault, outcome, booked) => {
    const { terminal, ledger } = await connect([fault]);
    await expect(resultOf(terminal.purchase(sale, { key: 'K1' }))).rejects.toMatchObject({
      effect: 'unknown',
    });
    expect(await resultOf(terminal.recover())).toMatchObject({ outcome, key: 'K1' });
    expect(ledger()).toEqual(booked);
  });

  it('keeps what was not acknowledged where the terminal reads the standard like that', async () => {
    const { terminal, ledger } = await connect([
      'keeps-unacknowledged',
      'close-after-result-once@purchase',
    ]);
    await expect(resultOf(terminal.purchase(sale, { key: 'K1' }))).rejects.toMatchObject({
      effect: 'unknown',
    });
    expect(await resultOf(terminal.recover())).toMatchObject({ outcome: 'approved' });
    expect(ledger()).toEqual(['sale 500', 'sale 1010']);
  });
});
