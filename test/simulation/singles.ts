import type { FaceName } from '../../mocks/faces.ts';
import { faults } from '../../mocks/faults.ts';
import { byteDamages } from './damage.ts';
import type { Direction, LineFault, Strike } from './line.ts';
import { type Mark, simulate } from './simulate.ts';
import { faultNames, type Plan, type ScriptStep } from './swarm.ts';

/** The path that everything is struck on, once. */
const script: readonly ScriptStep[] = ['last', 'sell', 'void'];

const families: readonly FaceName[] = ['transbank', 'transbank-autoservicio'];

export const quietPlan = (family: FaceName, seed: number): Plan => ({
  seed,
  family,
  allowBlindVoid: family === 'transbank-autoservicio',
  line: { rates: {}, latencyMs: 1, soundToTill: false },
  process: { killRate: 0, journalMs: 1, journalErrors: 0 },
  terminalFaults: [],
  clerk: { rate: 0, acts: [] },
  secondTill: false,
  thinkMs: 20,
  hostMs: 0,
  steps: script,
});

const directions: readonly Direction[] = ['to-till', 'to-terminal'];

/** Strike anywhere in a piece. */
const anywhere: readonly Strike['fault'][] = ['unplug', 'power-loss', 'half-open', 'split'];

/** Strike a piece as a whole. */
const wholePieces: readonly LineFault[] = ['lose', 'repeat', 'delay', 'noise', 'nak-storm'];

/** Inside a long text such as a voucher, one byte is like the next. */
const longText = 160;
const textStride = 16;

function isSampled(byte: number, starts: readonly number[], bytes: number): boolean {
  const start = starts.findLast((at) => at <= byte) ?? 0;
  const end = starts.find((at) => at > byte) ?? bytes;
  return byte < start + longText || byte > end - textStride || byte % textStride === 0;
}

function* strikesBetween(from: Mark, until: Mark): Generator<Strike> {
  for (const direction of directions) {
    const [first, last] = [from[direction].bytes, until[direction].bytes];
    for (let byte = first; byte < last; byte++) {
      if (!isSampled(byte, until[direction].starts, last)) continue;
      for (let bit = 0; bit < 8; bit++) yield { fault: 'flip', direction, byte, bit };
      for (const fault of [...byteDamages, ...anywhere])
        if (fault !== 'flip') yield { fault, direction, byte };
    }
    for (const byte of until[direction].starts.filter((start) => start >= first))
      for (const fault of wholePieces) yield { fault, direction, byte };
  }
}

/** Every single fault of the line, at every byte of the path. */
export async function* lineSingles(family: FaceName): AsyncGenerator<Plan> {
  const plan = quietPlan(family, 1);
  const { work } = await simulate(plan);
  let seed = 0;
  for (const strike of strikesBetween(work.from, work.until))
    yield { ...plan, seed: ++seed, line: { ...plan.line, strike } };
}

/** The process killed at every place where it touches the world; torn writes both ways. */
export async function* killSingles(family: FaceName): AsyncGenerator<Plan> {
  const plan = quietPlan(family, 1);
  const { work } = await simulate(plan);
  for (let killAt = work.from.touches + 1; killAt <= work.until.touches; killAt++)
    for (let seed = 1; seed <= 4; seed++)
      yield { ...plan, seed, process: { ...plan.process, killAt } };
}

const commandsOnPath = ['last-transaction', 'purchase', 'void', 'poll', 'sales-detail'];

/** Every fault that the mock terminal has a name for, on every command of the path, once and for long. */
export function* terminalSingles(family: FaceName): Generator<Plan> {
  const plan = quietPlan(family, 1);
  for (const name of faultNames) {
    // A sale at the terminal right before a blind void is what `allowBlindVoid` rules out.
    if (plan.allowBlindVoid && name === 'clerk-sells-before-void') continue;
    const argument = faults[name].argument?.startsWith('bytes') === true ? '=40' : '';
    for (const command of commandsOnPath)
      for (const once of ['-once', ''])
        yield {
          ...plan,
          terminalFaults: [{ text: `${name}${once}@${command}${argument}`, from: 0, until: 99 }],
        };
  }
}

export { families };
