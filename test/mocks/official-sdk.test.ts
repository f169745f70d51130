import { createRequire } from 'node:module';
import { afterEach, describe, expect, it } from 'vitest';
import { createMockTerminal, type FaceName, openPty } from '../../mocks/index.ts';
import { type Clock, systemClock } from '../../src/model/clock.ts';

/** The vendor's own Node SDK, which has no types, as the client of the mock. */
interface Sdk {
  connect(path: string, baudRate?: number): Promise<unknown>;
  disconnect(): Promise<unknown>;
  poll(): Promise<unknown>;
  loadKeys(): Promise<unknown>;
  sale(...args: readonly unknown[]): Promise<unknown>;
  multicodeSale(...args: readonly unknown[]): Promise<unknown>;
  getLastSale(withVoucher?: boolean): Promise<unknown>;
  refund(operationNumber?: string): Promise<unknown>;
  getTotals(): Promise<unknown>;
  closeDay(withVoucher?: boolean): Promise<unknown>;
  salesDetail(print: boolean): Promise<unknown>;
  changeToNormalMode(): Promise<unknown>;
  initialization(): Promise<unknown>;
  initializationResponse(): Promise<unknown>;
  raw_parser(): { on(event: 'data', listener: (frame: Uint8Array) => void): unknown };
}

const sdk: { POSIntegrado: new () => Sdk; POSAutoservicio: new () => Sdk } = createRequire(
  import.meta.url,
)('transbank-pos-sdk');

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/**
 * The SDK knows the end of a frame by a gap of 100 ms behind it. However slow this machine is, the
 * terminal says its next word only when the SDK has taken the one before.
 */
async function connected(protocol: FaceName, pos: Sdk, baudRate: number) {
  let taken = 0;
  const said = (): number =>
    mock.transcript.reduce((sum, { from, bytes }) => sum + (from === 'till' ? 0 : bytes.length), 0);
  const patientClock: Clock = {
    now: systemClock.now,
    after(ms, then) {
      const look = () => {
        if (taken >= said()) then();
        else cancel = systemClock.after(10, look);
      };
      let cancel = systemClock.after(ms, look);
      return () => cancel();
    },
  };
  const mock = createMockTerminal({ protocol, clock: patientClock });
  const pty = await openPty(mock);
  endings.push(async () => {
    mock.close();
    await pty.close();
  });
  const connecting = pos.connect(pty.path, baudRate);
  pos.raw_parser().on('data', ({ length }) => {
    taken += length;
  });
  await connecting;
  endings.push(() => pos.disconnect());
  return mock;
}

const identified = { commerceCode: 597029414300, terminalId: '75001637', successful: true };

describe.skipIf(process.platform === 'win32')('the official Node SDK 4.0.0', () => {
  it('goes its whole way with a POS Integrado', async () => {
    const pos = new sdk.POSIntegrado();
    const { terminal } = await connected('transbank', pos, 115_200);

    expect(await pos.poll()).toBe(true);
    expect(await pos.loadKeys()).toMatchObject({ functionCode: 810, ...identified });

    const statuses: number[] = [];
    const onStatus = ({ responseCode }: { responseCode: number }) => statuses.push(responseCode);
    const sold = {
      ...identified,
      ticket: '000123',
      amount: 1500,
      authorizationCode: '252985',
      operationNumber: '000001',
      cardType: 'CR',
      cardBrand: 'VI',
      last4Digits: 461,
      tip: 0,
    };
    expect(await pos.sale(1500, '123', true, onStatus)).toMatchObject({
      functionCode: 210,
      ...sold,
    });
    expect(statuses).toEqual([78, 84, 81, 82]);
    expect(await pos.getLastSale()).toMatchObject({ functionCode: 260, ...sold });

    const refunded = { functionCode: 1210, authorizationCode: '252985', operationId: '1' };
    expect(await pos.refund('1')).toMatchObject({ ...refunded, ...identified });
    expect(await pos.refund('1')).toMatchObject({ responseCode: 4, successful: false });

    expect(await pos.sale(2500, '124')).toMatchObject({ amount: 2500, successful: true });
    expect(await pos.multicodeSale(300, '125', '597029414301')).toMatchObject({
      functionCode: 271,
      amount: 300,
      change: '0',
      commerceCode: '597029414301',
    });
    expect(await pos.getTotals()).toMatchObject({ functionCode: 710, txCount: 2, txTotal: 2800 });
    expect(await pos.closeDay()).toMatchObject({ functionCode: 510, ...identified });
    expect(await pos.getLastSale()).toMatchObject({ responseCode: 11, successful: false });

    expect(terminal.ledger.map(({ kind }) => kind)).toEqual([
      'sale',
      'void',
      'sale',
      'sale',
      'settlement',
    ]);

    // Last: after a sales detail this SDK takes itself to be busy until it connects again.
    terminal.remember({ amount: 1500, voided: true });
    expect(await pos.salesDetail(false)).toMatchObject([
      { amount: '1500', operationNumber: '000004' },
      { amount: '-1500', operationNumber: '000004' },
    ]);
  });

  it('goes its whole way with a POS Autoservicio', async () => {
    const pos = new sdk.POSAutoservicio();
    const { terminal } = await connected('transbank-autoservicio', pos, 19_200);

    expect(await pos.loadKeys()).toMatchObject({ functionCode: 810, ...identified });

    const statuses: number[] = [];
    const onStatus = ({ responseCode }: { responseCode: number }) => statuses.push(responseCode);
    const sold = {
      ...identified,
      ticket: '000123',
      amount: 1500,
      operationNumber: '000001',
      cardType: 'CR',
      last4Digits: 461,
    };
    expect(await pos.sale(1500, '123', true, true, onStatus)).toMatchObject({
      functionCode: 210,
      ...sold,
      voucher: expect.arrayContaining(['TERMINAL                        75001637']),
    });
    expect(statuses).toEqual([78, 80, 81, 82]);
    expect(await pos.getLastSale(true)).toMatchObject({
      functionCode: 260,
      ...sold,
      voucher: expect.arrayContaining(['TOTAL                             $1.500']),
    });
    expect(await pos.refund()).toMatchObject({
      functionCode: 1210,
      authorizationCode: '252985',
      operationId: '1',
      ...identified,
    });
    expect(await pos.refund()).toMatchObject({ responseCode: 4, successful: false });
    expect(await pos.closeDay(true)).toMatchObject({
      functionCode: 510,
      ...identified,
      voucher: expect.arrayContaining(['VENTAS                                 0']),
    });
    expect(await pos.getLastSale()).toMatchObject({ responseCode: 11, successful: false });
    expect(terminal.ledger.map(({ kind }) => kind)).toEqual(['sale', 'void', 'settlement']);

    expect(await pos.initializationResponse()).toMatchObject({
      functionCode: 1080,
      successful: true,
    });
    expect(await pos.initialization()).toBe(true);
    expect(terminal.listening()).toBe(false);
  });

  it('turns a POS Integrado to normal mode, after which it is deaf', async () => {
    const pos = new sdk.POSIntegrado();
    const { terminal } = await connected('transbank', pos, 115_200);
    expect(await pos.changeToNormalMode()).toBe(true);
    expect(terminal.listening()).toBe(false);
  });
});
