import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockTerminal, mockTransport } from '../../mocks/index.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import { openJournal } from '../../src/journal/sqlite.ts';
import { systemClock } from '../../src/model/clock.ts';
import { clp } from '../../src/model/money.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { openTerminal } from '../../src/terminal/open.ts';
import { ms, say, spread, table } from './figures.ts';

const rounds = 300;

async function seller(journal: Journal) {
  const mock = createMockTerminal({ protocol: 'transbank-autoservicio', thinkMs: 0 });
  const terminal = await openTerminal(mock.protocol, { transport: mockTransport(mock), journal });
  return {
    async sell() {
      const start = performance.now();
      const { outcome } = await resultOf(terminal.purchase({ amount: clp(1500) }));
      if (outcome !== 'approved') throw new Error(outcome);
      // The mock forgets, so that its memory does not grow into the figures.
      mock.terminal.forget();
      return performance.now() - start;
    },
    close: () => terminal.close(),
  };
}

/** What the durable journal adds to a sale: the same sale with it and with one in memory, taking turns. */
export async function benchJournal(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-bench-'));
  const durable = await openJournal({
    path: join(folder, 'state', 'journal.db'),
    key: join(folder, 'config', 'journal.key'),
    clock: systemClock,
  });
  const [on, off] = [await seller(durable), await seller(memoryJournal())];
  const figures = { on: [] as number[], off: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    figures.off.push(await off.sell());
    figures.on.push(await on.sell());
  }
  await on.close();
  await off.close();
  durable.close();
  rmSync(folder, { recursive: true });
  const [with_, without] = [spread(figures.on), spread(figures.off)];
  say(`A sale on a mock that does not think, ${rounds} rounds`);
  table([
    ['', 'p50', 'p99'],
    ['journal in memory', ms(without.p50), ms(without.p99)],
    ['durable journal', ms(with_.p50), ms(with_.p99)],
    ['the journal adds', ms(with_.p50 - without.p50), ms(with_.p99 - without.p99)],
  ]);
}
