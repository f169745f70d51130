import { systemClock } from '../../src/model/clock.ts';
import { type Case, cases } from './cases.ts';
import { type Claim, inWords, type Made, type Verdict, verdictOf } from './claim.ts';
import { boundMs, type Connected, type Driver, earlier } from './driver.ts';
import { officialSdk } from './sdk.ts';
import { tillwire } from './tillwire.ts';

export interface Judged {
  readonly verdict: Verdict;
  /** What the driver said, step by step, in few words. */
  readonly said: string;
}

export interface Row {
  readonly name: string;
  readonly sdk: Judged;
  readonly tillwire: Judged;
}

/** Runs one case against one driver on a pseudo-terminal of its own. */
async function judge(driver: Driver, { faults, steps }: Case): Promise<Judged> {
  const connected = await driver();
  const { mock } = connected;
  const { ledger } = mock.terminal;
  const made: Made[] = [];
  const said: string[] = [];
  try {
    await connected.carryOut(earlier);
    for (const fault of faults) mock.fault(fault);
    for (const step of steps) {
      const claim = await inTime(connected.carryOut(step));
      made.push({ step, claim, entries: ledger.length });
      said.push(inWords(claim));
      if (claim.says === 'nothing') break;
      // Only a driver with a memory of its own can find out about what it did not know.
      const found = step === steps.at(-1) ? await afterwards(connected, made) : undefined;
      if (found === undefined) continue;
      made.push({ step: found.step, claim: found.claim, entries: ledger.length });
      said.push(`finds out: ${inWords(found.claim)}`);
    }
    return { verdict: verdictOf(made, ledger), said: said.join('; ') };
  } finally {
    await connected.close();
  }
}

async function afterwards(connected: Connected, made: readonly Made[]) {
  const doubtful = made.find(({ step, claim }) => step.do !== 'last' && claim.says === 'unknown');
  if (doubtful === undefined) return undefined;
  if (!connected.mock.plugged) await connected.replug();
  const claim = await connected.findOut();
  return claim && { step: doubtful.step, claim };
}

const inTime = (claim: Promise<Claim>): Promise<Claim> =>
  new Promise((resolve, reject) => {
    const cancel = systemClock.after(boundMs, () => resolve({ says: 'nothing' }));
    claim.then(resolve, reject).finally(cancel);
  });

/** Every case against both drivers, so many at a time. */
export async function compare(atOnce = 10): Promise<readonly Row[]> {
  const judged = new Map<string, Judged>();
  const jobs = cases.flatMap((one) => [
    { id: `sdk ${one.name}`, run: () => judge(officialSdk, one) },
    { id: `tillwire ${one.name}`, run: () => judge(tillwire, one) },
  ]);
  const worker = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift())
      judged.set(job.id, await job.run());
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const of = (id: string): Judged => judged.get(id) ?? { verdict: 'hang', said: 'was not run' };
  return cases.map(({ name }) => ({
    name,
    sdk: of(`sdk ${name}`),
    tillwire: of(`tillwire ${name}`),
  }));
}
