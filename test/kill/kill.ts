import { add, type Findings, noFindings, unreached } from './findings.ts';
import { runShop } from './run-shop.ts';
import { type TerminalName, terminalKinds, terminalNames } from './terminals.ts';
import type { StartTill } from './tills.ts';

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** How many shops run at the same time. */
  readonly atOnce: number;
  /** A shop begins with an empty journal and an empty terminal; so many kills later it is closed for good. */
  readonly killsPerShop?: number;
  readonly startTill: StartTill;
  /** The shops have one or the other in turn; all of them by default. */
  readonly terminals?: readonly TerminalName[];
  /** Go on, for half as many kills again at most, until every state has been reached. */
  readonly reachAll?: boolean;
  readonly progress?: (kills: number) => void;
}

/** Runs shops until so many tills have been killed, or one of them shows a flaw. */
export async function killTills(options: KillOptions): Promise<Findings> {
  const { kills, atOnce, killsPerShop = 25, startTill, reachAll = false, progress } = options;
  const { terminals = terminalNames, seed } = options;
  const all = noFindings();
  let shop = 0;
  let planned = 0;

  const limit = () =>
    (reachAll && unreached(all).length > 0 && all.kills >= kills ? 1.5 : 1) * kills;

  async function shops(): Promise<void> {
    while (planned < limit() && all.flaws.length === 0) {
      const share = Math.min(killsPerShop, limit() - planned);
      planned += share;
      const name = terminals[shop % terminals.length];
      if (name === undefined) throw new Error('There is no terminal.');
      add(all, await runShop(terminalKinds[name], seed + shop++, share, startTill));
      progress?.(all.kills);
    }
  }

  await Promise.all(Array.from({ length: atOnce }, shops));
  return all;
}
