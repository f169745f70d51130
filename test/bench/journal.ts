import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockTerminal, mockTransport } from '../../mocks/index.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import { systemClock } from '../../src/model/clock.ts';
import { clp } from '../../src/model/money.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { ms, say, spread, table, times } from './figures.ts';

const rounds = 300;

/** The file of the write-ahead log is written from its beginning again after so many sales. */
const warmUp = 100;

/** Before the first byte leaves, and before the outcome is told. */
const syncs = 2;

async function seller(journal: Journal) {
  const mock = createMockTerminal({ protocol: 'transbank-autoservicio', thinkMs: 0 });
  const terminal = await openTerminal(mock.protocol, { transport: mockTransport(mock), journal });
  return {
    async run() {
      const { outcome } = await resultOf(terminal.purchase({ amount: clp(1500) }));
      if (outcome !== 'approved') throw new Error(outcome);
      // The mock forgets, so that its memory does not grow into the figures.
      mock.terminal.forget();
    },
    close: () => terminal.close(),
  };
}

/** Milliseconds that it takes. */
async function timed(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/**
 * What the disk itself takes: as many bytes and syncs as a sale needs, to a file that is there already. Each
 * comes after a sale, since a disk that has rested for a millisecond takes longer to wake.
 */
function bareDisk(path: string, bytesOfSale: number, rest: () => Promise<void>) {
  const bytes = Buffer.alloc(Math.ceil(bytesOfSale / syncs), 1);
  const file = openSync(path, 'w');
  writeSync(file, Buffer.alloc(bytes.length * syncs * warmUp));
  fsyncSync(file);
  let at = 0;
  return {
    async ms() {
      let sum = 0;
      for (let n = 0; n < syncs; n++) {
        await rest();
        sum += await timed(() => {
          writeSync(file, bytes, 0, bytes.length, (at++ % (syncs * warmUp)) * bytes.length);
          fsyncSync(file);
        });
      }
      return sum;
    },
    close: () => closeSync(file),
  };
}

/**
 * What the durable journal adds to a sale: the same sale with it and with one in memory, taking turns; and
 * what the disk takes for as many bytes and syncs, in the same rounds.
 */
export async function benchJournal(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  const path = join(folder, 'state', 'journal.db');
  const durable = await openJournal({
    path,
    key: join(folder, 'config', 'journal.key'),
    clock: systemClock,
  });
  const [on, off] = [await seller(durable), await seller(memoryJournal())];
  const logged = () => statSync(`${path}-wal`).size;
  await on.run();
  const before = logged();
  await on.run();
  const bytesOfSale = logged() - before;
  const disk = bareDisk(join(folder, 'disk'), bytesOfSale, off.run);
  for (let round = 0; round < warmUp; round++) {
    await off.run();
    await on.run();
  }
  const figures = { off: [] as number[], on: [] as number[], disk: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    figures.off.push(await timed(off.run));
    figures.on.push(await timed(on.run));
    figures.disk.push(await disk.ms());
  }
  await on.close();
  await off.close();
  disk.close();
  durable.close();
  rmSync(folder, { recursive: true });
  report(figures, bytesOfSale);
}

type Figures = Readonly<Record<'off' | 'on' | 'disk', readonly number[]>>;

function report({ off, on, disk }: Figures, bytesOfSale: number): void {
  const [without, with_, bare] = [spread(off), spread(on), spread(disk)];
  const row = (of: (p: 'p10' | 'p50' | 'p99') => string) => [of('p10'), of('p50'), of('p99')];
  say(
    `A sale on a mock that does not think, ${rounds} rounds; load ${loadavg()[0]?.toFixed(1)} in the last minute`,
  );
  table([
    ['', 'p10', 'p50', 'p99'],
    ['journal in memory', ...row((p) => ms(without[p]))],
    ['durable journal', ...row((p) => ms(with_[p]))],
    ['the journal adds', ...row((p) => ms(with_[p] - without[p]))],
    [`the disk alone: ${bytesOfSale} bytes, ${syncs} syncs`, ...row((p) => ms(bare[p]))],
    ['the journal against the disk', ...row((p) => times((with_[p] - without[p]) / bare[p]))],
  ]);
}
