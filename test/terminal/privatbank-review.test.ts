import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/journal/journal.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { describe as inWords } from '../../src/protocols/privatbank/describe.ts';
import type { TerminalOptions } from '../../src/terminal/open.ts';
import { createTill, listen, untilDone } from '../support/till.ts';

const uah = (amount: number) => ({ amount, currency: 'UAH' });
const ana = { operator: 'ana', reason: 'out of stock' };
const sale = { amount: uah(1500) };

const createPrivat = (more: object = {}, options: TerminalOptions = {}) =>
  createTill({ protocol: 'privatbank', ...more }, options);

type Till = Awaited<ReturnType<typeof createPrivat>>;

async function run<R>({ clock }: Till, command: Parameters<typeof listen<R>>[0]) {
  const watched = listen(command);
  await untilDone(clock, watched.heard);
  return { result: watched.heard.result, error: watched.heard.error };
}

const kinds = ({ mock }: Till) => mock.terminal.ledger.map(({ kind }) => kind);

const message = (value: object): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(value)}\0`);

/** Changes the params of the answers to one method. */
function telling(
  { mock }: Till,
  method: string,
  change: (params: Record<string, unknown>, asked: string | undefined) => void,
): void {
  mock.use({
    transmit(piece, next) {
      if (piece.kind !== 'answer' || piece.request?.code !== method) return next();
      const told = JSON.parse(new TextDecoder().decode(piece.bytes).replaceAll('\0', ''));
      change(told.params, piece.request.receiptNumber);
      return next({ ...piece, bytes: message(told) });
    },
  });
}

describe('a PrivatBank terminal', () => {
  it('that says "busy" out of the blue has not declined the sale under way', async () => {
    const till = await createPrivat({ sales: [{ amount: 900 }], thinkMs: 2_000 });
    let put: (bytes: Uint8Array) => void = () => {};
    till.mock.use({
      install(bench) {
        put = bench.put;
        return () => {};
      },
    });
    const watched = listen(till.terminal.purchase(sale));
    while (!till.mock.received.some(({ code }) => code === 'Purchase'))
      await till.clock.advance(10);
    put(message({ method: 'ServiceMessage', step: 0, params: { msgType: 'deviceBusy' } }));
    await untilDone(till.clock, watched.heard);
    await till.clock.advance(60_000);
    expect(kinds(till)).toEqual(['sale', 'sale']);
    expect(watched.heard.result).not.toMatchObject({ outcome: 'declined' });
  });

  it('that never marks a voided receipt does not deny a void in doubt', async () => {
    const till = await createPrivat({ sales: [{ amount: 1500 }, { amount: 4200 }] });
    telling(till, 'GetReceiptInfo', (params) => {
      params['trnStatus'] = '1';
    });
    till.mock.fault('no-answer-once@void');
    const target = { amount: uah(1500), receiptNumber: '1' };
    await run(till, till.terminal.voidTransaction(target, ana));
    const { result } = await run(till, till.terminal.recover());
    expect(kinds(till)).toEqual(['sale', 'sale', 'void']);
    expect(result).not.toMatchObject({ outcome: 'not-voided' });
  });

  it('whose last receipt is now voided has worked since: that a sale is missing proves nothing', async () => {
    const till = await createPrivat({ sales: [{ amount: 900 }] });
    till.mock.fault('no-answer-once@purchase');
    await run(till, till.terminal.purchase(sale));
    till.mock.terminal.clerkVoids(({ trace }) => trace === '000001');
    // "0" is the receipt that was written last, and a void writes that of its sale.
    telling(till, 'GetReceiptInfo', (params, asked) => {
      if (asked === '0')
        Object.assign(params, {
          invoiceNumber: '000001',
          amount: '9.00',
          txnType: '1',
          trnStatus: '3',
          approvalCode: '252985',
        });
    });
    const { result } = await run(till, till.terminal.recover());
    expect(kinds(till)).toEqual(['sale', 'sale', 'void']);
    expect(result).not.toMatchObject({ outcome: 'not-approved' });
  });

  it('that answers a void with trnStatus 3, reversed, has voided', async () => {
    const till = await createPrivat({ sales: [{ amount: 1500 }] });
    telling(till, 'Withdrawal', (params) => {
      params['trnStatus'] = '3';
    });
    const target = { amount: uah(1500), receiptNumber: '1' };
    const { result } = await run(till, till.terminal.voidTransaction(target, ana));
    expect(result).toMatchObject({ outcome: 'voided' });
  });

  it('is asked to stop also when that was wanted while the sale was written down', async () => {
    const abort = new AbortController();
    const inner = memoryJournal();
    const journal = {
      ...inner,
      async append(key: string, ...entries: readonly Entry[]) {
        await inner.append(key, ...entries);
        if (entries.some(({ type }) => type === 'sent')) abort.abort();
      },
    };
    const till = await createPrivat({ sales: [{ amount: 900 }], thinkMs: 2_000 }, { journal });
    await run(till, till.terminal.purchase(sale, { signal: abort.signal }));
    expect(till.mock.received.map(({ code }) => code)).toContain('interrupt');
    expect(kinds(till)).toEqual(['sale']);
  });

  it('never has a card number shown in what is wrong with it', async () => {
    const till = await createPrivat();
    till.mock.use({
      transmit: (piece, next) =>
        piece.kind === 'answer' && piece.request?.code === 'PingDevice'
          ? next({
              ...piece,
              bytes: message({
                method: 'PingDevice',
                params: { responseCode: '1007' },
                error: true,
                errorDescription: 'card 4111111111111111 jammed',
              }),
            })
          : next(),
    });
    const { result } = await run(till, till.terminal.status());
    expect(JSON.stringify(result)).not.toContain('4111111111111111');
  });

  it('never has a card number shown as a status', () => {
    const status = message({
      method: 'ServiceMessage',
      params: { msgType: 'getLastStatMsgCode', LastStatMsgCode: '4111111111111111' },
    });
    expect(JSON.stringify(inWords(status.subarray(0, -1)))).not.toContain('4111111111111111');
  });
});
