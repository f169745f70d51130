import { createMockHid, type MockHid } from '../../mocks/hid.ts';
import { createMockTerminal } from '../../mocks/mock-terminal.ts';
import type { PackingName } from '../../src/framing/hid-packing.ts';
import { packings } from '../../src/framing/hid-packings.ts';
import { requestFrame, requests } from '../../src/protocols/transbank/requests.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { hidTransport } from '../../src/transports/hid.ts';
import { ms, say, spread, table } from './figures.ts';

const rounds = 2_000;
const warmUp = 200;

const newHid = (packing: PackingName): MockHid =>
  createMockHid(
    createMockTerminal({ protocol: 'transbank', thinkMs: 0, sales: [{ amount: 1500 }] }),
    { packing },
  );

async function measure(ask: () => Promise<void>): Promise<number[]> {
  const figures: number[] = [];
  for (let i = 0; i < rounds + warmUp; i++) {
    const start = performance.now();
    await ask();
    if (i >= warmUp) figures.push(performance.now() - start);
  }
  return figures;
}

/** Bare reports: the request packed beforehand, as many reports read as the answer has, the ACK. */
async function bare(packing: PackingName): Promise<number[]> {
  const hid = newHid(packing);
  const pack = (bytes: Uint8Array) =>
    packings[packing]
      .pack(bytes, hid.shape.toTerminal)
      .map(({ id, data }) => Uint8Array.from([id, ...data]));
  const request = pack(requestFrame(requests.lastSale('integrado')));
  const ack = pack(Uint8Array.of(0x06));
  let reports = 0;
  let due = Number.POSITIVE_INFINITY;
  let whole = () => {};
  const port = await hid.open(hid.device.path, {
    report() {
      if (++reports === due) whole();
    },
    failed() {},
  });
  const write = async (all: readonly Uint8Array[]) => {
    for (const report of all) await port.write(report);
  };
  // The first answer tells how many reports there are: the terminal's ACK, and the answer's own.
  await write(request);
  await new Promise((resolve) => setTimeout(resolve, 50));
  due = reports;
  await write(ack);
  const figures = await measure(async () => {
    reports = 0;
    const answered = new Promise<void>((resolve) => {
      whole = resolve;
    });
    await write(request);
    await answered;
    await write(ack);
  });
  await port.close();
  return figures;
}

async function tillwire(packing: PackingName): Promise<number[]> {
  const hid = newHid(packing);
  const { vendorId, productId } = hid.device;
  const terminal = await openTerminal('transbank', {
    transport: hidTransport({ vendorId, productId, packing, system: hid }),
  });
  const figures = await measure(async () => {
    const last = await resultOf(terminal.lastTransaction());
    if (last.outcome !== 'found') throw new Error(last.message);
  });
  await terminal.close();
  return figures;
}

/** What driver and transport add to the last-transaction query above bare reports on the same port. */
export async function benchHid(): Promise<void> {
  say('Last transaction over HID, in-process port; the mock terminal does not think');
  const rows = [];
  for (const packing of ['rba', 'mms'] as const) {
    const alone = spread(await bare(packing));
    const driven = spread(await tillwire(packing));
    rows.push([`${packing}, bare reports`, ms(alone.p50), ms(alone.p99), '']);
    rows.push([`${packing}, Tillwire`, ms(driven.p50), ms(driven.p99), ms(driven.p50 - alone.p50)]);
  }
  table([['', 'p50', 'p99', 'added (p50)'], ...rows]);
}
