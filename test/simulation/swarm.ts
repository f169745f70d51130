import { type FaultName, faults } from '../../mocks/faults.ts';
import { type FamilyName, families, faultsOf, weightedFamilies } from './families.ts';
import type { LineFault, LinePlan } from './line.ts';
import type { ProcessPlan } from './process.ts';
import { createRandom, type Random } from './random.ts';

/** What a clerk does at the terminal's own keys. */
export type ClerkAct = 'sells' | 'voids' | 'settles';

/** Everything about a run that is decided beforehand. With the seed it is the whole run. */
export interface Plan {
  readonly seed: number;
  readonly family: FamilyName;
  readonly allowBlindVoid: boolean;
  readonly line: LinePlan;
  readonly process: ProcessPlan;
  /** What kind of terminal it is, beside its family: named faults that it has all along. */
  readonly setUp: readonly FaultName[];
  /** Faults of the terminal by name; each strikes from a step on and is taken off at another. */
  readonly terminalFaults: readonly {
    readonly text: string;
    readonly from: number;
    readonly until: number;
  }[];
  /** How likely the clerk does something in each step. */
  readonly clerk: { readonly rate: number; readonly acts: readonly ClerkAct[] };
  readonly secondTill: boolean;
  /** How long the terminal thinks, and its host, in milliseconds. */
  readonly thinkMs: number;
  readonly hostMs: number;
  /** The commands of the till: so many at random, or exactly these. */
  readonly steps: number | readonly ScriptStep[];
}

export type ScriptStep = 'last' | 'sell' | 'void' | 'recover';

/** Tells something else than what was booked: then only the ledger is true. */
const lies: readonly FaultName[] = [
  'wrong-amount',
  'foreign-answer',
  'foreign-terminal',
  'repeats-settled',
  'till-results-only',
];

/** Garbles single bytes by itself; two damaged bytes in one frame may cancel out in its check. */
const garbles: readonly FaultName[] = [
  'bad-lrc',
  'flipped-bit',
  'lost-byte',
  'noise-inside',
  'byte-by-byte',
  'split-answer',
];

/** A sale at the terminal between query and void: the assumption of `blind-last` excludes it. */
const clerkSells: readonly FaultName[] = ['clerk-sells-before-void'];

const nameOf = (text: string): string => text.replace(/(?:-once)?(?:@.*)?(?:=.*)?$/, '');

export const isLie = (text: string): boolean => lies.some((name) => name === nameOf(text));

const isGarbling = (text: string): boolean => garbles.some((name) => name === nameOf(text));

/** Faults whose argument matters, and what to draw for it. */
const argumentOf: { readonly [N in FaultName]?: (random: Random) => number | string } = {
  'late-ack': (random) => 100 + random.int(9_000),
  'flipped-bit': (random) => random.int(1_200),
  'lost-byte': (random) => random.int(120),
  'byte-by-byte': (random) => 1 + random.int(20),
  'split-answer': (random) => 50 + random.int(2_500),
  'late-answer': (random) => 1_000 + random.int(random.chance(0.5) ? 20_000 : 400_000),
  'nak-storm': (random) => 1 + random.int(30),
  busy: (random) => 500 + random.int(60_000),
  'busy-silent': (random) => 500 + random.int(60_000),
  unplug: (random) => random.int(300),
  'power-loss': (random) => random.int(300),
};

const commandsAt = ['purchase', 'void', 'last-transaction', 'settle', 'sales-detail', 'poll'];

function faultText(name: FaultName, random: Random, unlistedCodes: readonly string[]): string {
  const argument =
    name === 'unknown-code' ? random.pick(unlistedCodes) : argumentOf[name]?.(random);
  const once = random.chance(0.6) ? '-once' : '';
  const at =
    random.chance(0.3) && faults[name].on === undefined ? `@${random.pick(commandsAt)}` : '';
  return `${name}${once}${at}${argument === undefined ? '' : `=${argument}`}`;
}

/** Swarm testing: each run has a few kinds of fault, so that each gets its chance to do harm. */
export function drawPlan(seed: number, mostFaults = 4, only?: FamilyName): Plan {
  const random = createRandom(seed);
  const drawn = random.pick(weightedFamilies);
  const family = only ?? drawn;
  const { blindVoid, lineFaults, setUps, unlistedCodes } = families[family];
  const faultNames = faultsOf(family);
  const allowBlindVoid = blindVoid && random.chance(0.8);
  const steps = 3 + random.int(8);

  const rates: { [F in LineFault]?: number } = {};
  const some = () => random.int(mostFaults + 1);
  for (let count = random.chance(0.7) ? some() : 0; count > 0; count--)
    rates[random.pick(lineFaults)] = 0.003 * 2 ** (6 * random.next());

  if (rates.stale !== undefined) rates.stale = 0.5;

  const texts: string[] = [];
  for (let count = random.chance(0.7) ? some() : 0; count > 0; count--) {
    const name = random.pick(faultNames);
    if (allowBlindVoid && clerkSells.includes(name)) continue;
    texts.push(faultText(name, random, unlistedCodes));
  }

  const acts: ClerkAct[] = allowBlindVoid ? ['settles'] : ['sells', 'voids', 'settles'];
  return {
    seed,
    family,
    allowBlindVoid,
    line: {
      rates,
      latencyMs: random.pick([0, 1, 5, 30]),
      soundToTill: texts.some(isGarbling),
    },
    process: {
      killRate: random.chance(0.5) ? 0.002 * 2 ** (4 * random.next()) : 0,
      journalMs: random.pick([0, 0, 1, 10]),
      journalErrors: random.chance(0.15) ? 0.01 + 0.1 * random.next() : 0,
    },
    setUp: setUps.length > 0 && random.chance(0.3) ? [random.pick(setUps)] : [],
    terminalFaults: texts.map((text) => {
      const from = random.int(steps);
      return { text, from, until: from + 1 + random.int(3) };
    }),
    clerk: { rate: random.chance(0.4) ? 0.1 + 0.4 * random.next() : 0, acts },
    secondTill: random.chance(0.2),
    thinkMs: random.pick([1, 20, 200, 3_000]),
    hostMs: random.pick([0, 0, 500, 20_000, 100_000]),
    steps,
  };
}
