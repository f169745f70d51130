import { describe, expect, it } from 'vitest';
import { fromLatin1, toLatin1 } from '../../src/framing/bytes.ts';
import type { PackingName, Report } from '../../src/framing/hid-packing.ts';
import { packings } from '../../src/framing/hid-packings.ts';
import { stxEtxLrcDeframer, stxFrame } from '../../src/framing/stx-etx-lrc.ts';
import { clp } from '../../src/model/money.ts';
import * as idtechNeo2 from '../../src/protocols/idtech-neo2/commands.ts';
import { neo2Deframer } from '../../src/protocols/idtech-neo2/deframer.ts';
import { message, readContent } from '../../src/protocols/idtech-neo2/message.ts';
import * as ingenicoRba from '../../src/protocols/ingenico-rba/commands.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { hidTransport } from '../../src/transports/hid.ts';
import type { HidSystem } from '../../src/transports/hid-port.ts';
import { reportShape } from '../../src/transports/hid-shape.ts';

/** A reader with numbered reports, which does with each chunk of its byte stream what `answer` says. */
function reader(
  name: PackingName,
  answer: (chunk: Uint8Array) => readonly Uint8Array[],
): HidSystem {
  const packing = packings[name];
  const shape = reportShape(packing, undefined);
  const entry = { path: '/dev/hidraw0', vendorId: '0acd', productId: '4480' };
  return {
    list: async () => [entry],
    describe: async () => entry,
    descriptor: async () => undefined,
    holders: async () => [],
    async open(_, listener) {
      const unpacker = packing.unpacker(shape.toTerminal);
      const say = ({ id, data }: Report) => listener.report(Uint8Array.from([id, ...data]));
      return {
        async write([id = 0, ...data]) {
          const found = unpacker.push({ id, data: Uint8Array.from(data) });
          if (found.kind !== 'bytes') return;
          for (const said of answer(found.bytes))
            queueMicrotask(() => packing.pack(said, shape.toTill).forEach(say));
        },
        close: async () => {},
      };
    },
  };
}

async function open(protocol: string, packing: PackingName, system: HidSystem) {
  return openTerminal(protocol, {
    transport: hidTransport({ vendorId: '0acd', productId: '4480', packing, system }),
  });
}

/** Everything about money is refused, and certainly not sent. */
async function refusesMoney(terminal: Awaited<ReturnType<typeof open>>) {
  const ana = { operator: 'ana', reason: 'out of stock' };
  const target = { amount: clp(1500) };
  for (const command of [
    terminal.lastTransaction(),
    terminal.voidTransaction(target, ana),
    terminal.purchase({ amount: clp(1500) }),
    terminal.totals(),
    terminal.settle(),
  ])
    expect(await resultOf<object>(command)).toMatchObject({
      outcome: 'refused',
      reason: 'not-supported',
      message: expect.stringContaining('Nothing was sent'),
    });
  expect(await resultOf(terminal.recover())).toMatchObject({ outcome: 'nothing-open' });
}

describe('an ID TECH NEO 2 reader over HID', () => {
  const asked: number[] = [];
  const deframer = neo2Deframer('till');
  const system = reader('neo2', (chunk) =>
    deframer.push(chunk).flatMap((frame) => {
      if (frame.kind !== 'frame') return [];
      const { command } = readContent(frame.data);
      asked.push(command);
      // Longer than one report.
      const text = `VP5300 FW v1.00.S ${'x'.repeat(100)}`;
      return [message('terminal', command, 0, toLatin1(command === 0x29 ? text : ''))];
    }),
  );

  it('is pinged, tells its firmware, stops reading, and has no money', async () => {
    const terminal = await open('idtech-neo2', 'neo2', system);
    expect(await resultOf(terminal.status())).toMatchObject({ outcome: 'ready' });
    expect(await resultOf(terminal.run(idtechNeo2.firmwareVersion()))).toMatchObject({
      outcome: 'found',
      version: expect.stringMatching(/^VP5300 FW v1\.00\.S x{100}$/),
    });
    expect(await resultOf(terminal.run(idtechNeo2.cancel()))).toMatchObject({ outcome: 'done' });
    expect(await resultOf(terminal.run(ingenicoRba.reset()))).toMatchObject({ outcome: 'refused' });
    expect(asked).toEqual([0x18, 0x29, 0x05]);
    await refusesMoney(terminal);
    expect(asked).toHaveLength(3);
    await terminal.close();
  });
});

describe('an Ingenico RBA pad over HID', () => {
  const asked: string[] = [];
  const deframer = stxEtxLrcDeframer();
  const system = reader('rba', (chunk) =>
    deframer.push(chunk).flatMap((frame) => {
      if (frame.kind !== 'frame') return [];
      const text = fromLatin1(frame.data);
      asked.push(text);
      const ack = Uint8Array.of(0x06);
      if (text === '11.') return [ack, stxFrame(toLatin1('11.00'))];
      if (text === '08.0') return [ack, stxFrame(toLatin1(`08.${'INGENICO '.repeat(9)}`))];
      return [ack];
    }),
  );

  it('tells its state and its health, is reset, and has no money', async () => {
    const terminal = await open('ingenico-rba', 'rba', system);
    expect(await resultOf(terminal.status())).toMatchObject({ outcome: 'ready' });
    expect(await resultOf(terminal.run(ingenicoRba.healthCheck()))).toMatchObject({
      outcome: 'found',
      report: expect.stringContaining('INGENICO INGENICO'),
    });
    expect(await resultOf(terminal.run(ingenicoRba.reset()))).toMatchObject({ outcome: 'done' });
    expect(asked).toEqual(['11.', '08.0', '10.']);
    await refusesMoney(terminal);
    expect(asked).toHaveLength(3);
    await terminal.close();
  });
});
