import { describe, expect, it, onTestFinished } from 'vitest';
import { unreached } from './findings.ts';
import { killTills } from './kill.ts';
import { tillProgram } from './program.ts';
import { terminalNames } from './terminals.ts';
import { commandLineTill, lastingTill } from './tills.ts';

describe.skipIf(process.platform === 'win32')('a till that is killed anywhere', () => {
  it('books nothing twice, loses nothing and knows how it ended, 300 times', async () => {
    const program = await tillProgram();
    onTestFinished(program.remove);
    const startTill = lastingTill(program.path);
    const findings = await killTills({ kills: 300, seed: 1, atOnce: 6, startTill, reachAll: true });
    expect(findings.flaws).toEqual([]);
    expect(findings.kills).toBeGreaterThanOrEqual(300);
    expect([...findings.terminals.keys()].sort()).toEqual(terminalNames.toSorted());
    expect(unreached(findings)).toEqual([]);
    expect(findings.doubts.size).toBeGreaterThan(0);
  }, 400_000);

  it('does so as the built command line', async () => {
    const findings = await killTills({
      kills: 4,
      seed: 7_001,
      atOnce: 2,
      killsPerShop: 2,
      startTill: commandLineTill,
    });
    expect(findings.flaws).toEqual([]);
    expect(findings.kills).toBe(4);
  }, 120_000);
});
