import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../src/model/clock.ts';
import type { Findings } from './findings.ts';
import type { Place } from './order.ts';
import { drawFrom } from './random.ts';
import { Shop } from './shop.ts';
import { mockOf, plug, type TerminalKind } from './terminals.ts';
import type { StartTill } from './tills.ts';

/** The terminal repeats what was not acknowledged after 10 s: a fiftieth of that here. */
const hastyClock: Clock = {
  now: systemClock.now,
  after: (ms, then) => systemClock.after(ms >= 1_000 ? ms / 50 : ms, then),
};

/** One shop: a terminal, a journal, and a till that is killed again and again. */
export async function runShop(
  kind: TerminalKind,
  seed: number,
  kills: number,
  startTill: StartTill,
): Promise<Findings> {
  const folder = mkdtempSync(join(tmpdir(), 'tillwire-kill-'));
  const draw = drawFrom(seed);
  const mock = mockOf(kind, {
    clock: hastyClock,
    thinkMs: draw.int(0, 3),
    faults: draw.chance(0.4) ? [kind.manners] : [],
  });
  mock.terminal.host.latencyMs = draw.int(0, 8);
  const plugged = await plug(kind, mock);
  const place: Place = {
    folder,
    address: plugged.address,
    secrets: kind.secrets ?? {},
    journal: join(folder, 'state/tillwire/journal.db'),
    key: join(folder, 'config/tillwire/journal.key'),
  };
  const shop = new Shop({ kind, seed, draw, mock, place, startTill });
  try {
    while (shop.findings.kills < kills && shop.findings.flaws.length === 0) {
      await shop.oneLife();
    }
    await shop.lastLife();
  } catch (error) {
    shop.flaw(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await plugged.close();
    mock.close();
    rmSync(folder, { recursive: true });
  }
  return shop.findings;
}
