import { describe, expect, it } from 'vitest';
import { createMockHid, type MockHidOptions, type ReportFate } from '../../mocks/hid.ts';
import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { type PackingName, packingNames } from '../../src/framing/hid-packing.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { clp } from '../../src/model/money.ts';
import type { Command } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { hidTransport } from '../../src/transports/hid.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { listen, untilDone } from '../support/till.ts';

/**
 * A protocol with a void over HID reports: the driver, the transport and the mock terminal are the real
 * ones, and between them stands the port that node-hid would stand behind.
 */
const ana = { operator: 'ana', reason: 'out of stock' };

async function bench(hidOptions: MockHidOptions, options: Partial<MockTerminalOptions> = {}) {
  const clock = createFakeClock();
  const mock = createMockTerminal({
    protocol: 'transbank',
    clock,
    sales: [{ amount: 1500, ticket: '42' }],
    ...options,
  });
  const hid = createMockHid(mock, hidOptions);
  const { packing, reportId, reportSize } = hidOptions;
  const asked = hidOptions.showsDescriptor === false ? { reportId, reportSize } : {};
  let drawn = 0;
  const warnings: string[] = [];
  const terminal = await openTerminal('transbank', {
    transport: hidTransport({
      vendorId: '0b00',
      productId: '0074',
      packing,
      ...(asked.reportId && { reportId: asked.reportId }),
      ...(asked.reportSize && { reportSize: asked.reportSize }),
      system: hid,
      onWarning: (text) => warnings.push(text),
    }),
    journal: memoryJournal(),
    lock: memoryLock(),
    world: {
      clock,
      random: (length: number) => (++drawn).toString(36).toUpperCase().padStart(length, 'K'),
    },
  });
  const run = async <R>(command: Command<R>) => {
    const watched = listen(command);
    await untilDone(clock, watched.heard, 3_600_000);
    return watched.heard;
  };
  const takeBack = () => run(terminal.voidTransaction({ amount: clp(1500) }, ana));
  const voids = () => mock.terminal.ledger.filter(({ kind }) => kind === 'void').length;
  return { clock, hid, mock, run, takeBack, terminal, voids, warnings };
}

const ways: readonly [string, MockHidOptions][] = [
  ...packingNames.map((packing): [string, MockHidOptions] => [packing, { packing }]),
  ['rba without a descriptor', { packing: 'rba', showsDescriptor: false }],
  ['plain with report ids', { packing: 'plain', reportId: { toTerminal: 5, toTill: 6 } }],
  [
    'length with report ids and no descriptor',
    {
      packing: 'length',
      reportId: { toTerminal: 2, toTill: 1 },
      reportSize: { toTerminal: 31, toTill: 63 },
      showsDescriptor: false,
    },
  ],
  ['mms in small reports', { packing: 'mms', reportSize: { toTerminal: 9, toTill: 9 } }],
];

describe.each(ways)('over HID reports packed %s', (_, options) => {
  it('sells, asks and voids, and every report is as long as the device wants it', async () => {
    const { hid, run, takeBack, terminal, voids, warnings } = await bench(options);
    const sold = await run(terminal.purchase({ amount: clp(1500), ticket: '43' }));
    const last = await run(terminal.lastTransaction());
    expect([sold.result, last.result]).toMatchObject([
      { outcome: 'approved', transaction: { operationNumber: '000002' } },
      { outcome: 'found', transaction: { operationNumber: '000002', last4: '0461' } },
    ]);
    expect((await takeBack()).result).toMatchObject({ outcome: 'voided' });
    expect((await takeBack()).result).toMatchObject({ outcome: 'already-voided' });
    expect(voids()).toBe(1);
    const lengths = new Set(
      hid.reports.filter(({ from }) => from === 'till').map(({ bytes }) => bytes.length),
    );
    expect(lengths).toEqual(new Set([1 + hid.shape.toTerminal.size]));
    expect(warnings).toEqual([]);
    await terminal.close();
    expect(hid.handles).toBe(0);
  });
});

/** A terminal that missed our ACK says its answer three times, 10 s apart, and takes no request meanwhile. */
const calmMs = 60_000;

const fates: readonly ReportFate[] = ['unplug', 'last'];

/** Counts the reports that cross in an undisturbed run, both ways. */
async function reportsIn(packing: PackingName, what: 'query' | 'void'): Promise<number> {
  const { hid, run, takeBack, terminal } = await bench({ packing });
  await (what === 'query' ? run(terminal.lastTransaction()) : takeBack());
  await terminal.close();
  return hid.reports.length;
}

describe.each(packingNames)('with the plug pulled, packed %s,', (packing) => {
  it('at every report of a query, the next query has its answer', async () => {
    const count = await reportsIn(packing, 'query');
    for (let report = 1; report <= count; report++)
      for (const fate of fates) {
        const { clock, hid, run, terminal } = await bench({ packing });
        hid.decide((_, at) => (at === report ? fate : 'pass'));
        const asked = await run(terminal.lastTransaction());
        hid.replug();
        await clock.advance(calmMs);
        if (asked.error !== undefined)
          expect(asked.error, `report ${report}, ${fate}`).toMatchObject({ effect: 'none' });
        const again = await run(terminal.lastTransaction());
        expect(again.result, `report ${report}, ${fate}`).toMatchObject({ outcome: 'found' });
        await terminal.close();
        expect(hid.handles).toBe(0);
      }
  });

  it('at every report of a void, it ends voided exactly once', { timeout: 30_000 }, async () => {
    const count = await reportsIn(packing, 'void');
    expect(count).toBeGreaterThan(6);
    for (let report = 1; report <= count; report++)
      for (const fate of fates) {
        const where = `report ${report} of ${count}, ${fate}`;
        const { clock, hid, run, takeBack, terminal, voids } = await bench({ packing });
        hid.decide((_, at) => (at === report ? fate : 'pass'));
        const first = await takeBack();
        hid.replug();
        await clock.advance(calmMs);
        if (first.error !== undefined) {
          const { effect } = Object(first.error);
          if (effect === 'none') expect(voids(), where).toBe(0);
          else {
            const recovered = await run(terminal.recover());
            const outcome = String(Reflect.get(Object(recovered.result), 'outcome'));
            expect(outcome, where).toBe(voids() === 1 ? 'voided' : 'not-voided');
          }
        }
        const second = await takeBack();
        expect(['voided', 'already-voided'], where).toContain(
          Reflect.get(Object(second.result), 'outcome'),
        );
        expect(voids(), where).toBe(1);
        await terminal.close();
        expect(hid.handles, where).toBe(0);
      }
  });
});

describe('with a report lost on the way', () => {
  // MMS numbers its reports; in the other packings the check of the protocol inside has to notice.
  it.each(packingNames)('packed %s, a void ends voided once', async (packing) => {
    const count = await reportsIn(packing, 'void');
    for (let report = 1; report <= count; report++) {
      const where = `report ${report} of ${count}`;
      const { clock, hid, run, takeBack, terminal, voids } = await bench({ packing });
      hid.decide((_, at) => (at === report ? 'lose' : 'pass'));
      const first = await takeBack();
      await clock.advance(calmMs);
      if (first.error !== undefined) await run(terminal.recover());
      const second = await takeBack();
      expect(['voided', 'already-voided'], where).toContain(
        Reflect.get(Object(second.result), 'outcome'),
      );
      expect(voids(), where).toBe(1);
      await terminal.close();
    }
  });
});

describe('a terminal on HID', () => {
  it('is known to the journal and the lock by what says which device it is, and by nothing else', async () => {
    const names: string[] = [];
    const lock = memoryLock();
    const nameOf = async (address: string) => {
      const terminal = await openTerminal(address, {
        journal: memoryJournal(),
        lock: {
          acquire: (name, holder) => {
            names.push(name);
            return lock.acquire(name, holder);
          },
        },
      });
      listen(terminal.voidTransaction({ amount: clp(1500) }, ana));
      await terminal.close();
    };
    await nameOf('transbank+hid:ffff:ffff?packing=rba&serial=B%201&lock=no');
    await nameOf('transbank+hid:ffff:ffff?serial=B%201&packing=plain');
    await nameOf('transbank+hid:ffff:ffff?packing=rba');
    await nameOf('transbank+hid:?path=/dev/hidraw99&packing=rba');
    expect(names).toEqual([
      'transbank+hid:ffff:ffff?serial=B+1',
      'transbank+hid:ffff:ffff?serial=B+1',
      'transbank+hid:ffff:ffff',
      'transbank+hid:?path=%2Fdev%2Fhidraw99',
    ]);
  });
});
