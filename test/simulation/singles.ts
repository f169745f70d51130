import { faults } from '../../mocks/faults.ts';
import { toHex } from '../../src/framing/bytes.ts';
import type { Frame } from '../../src/framing/frame.ts';
import { byteDamages, damaged } from './damage.ts';
import { type FamilyName, families, faultsOf } from './families.ts';
import type { Direction, Sent, Strike } from './line.ts';
import { createRandom } from './random.ts';
import { type Mark, type Run, simulate } from './simulate.ts';
import type { Plan, ScriptStep } from './swarm.ts';
import type { Wire } from './wires.ts';

/** The path that everything is struck on, once. */
const script: readonly ScriptStep[] = ['last', 'sell', 'void'];

export const quietPlan = (family: FamilyName, seed: number): Plan => ({
  seed,
  family,
  allowBlindVoid: families[family].blindVoid,
  line: { rates: {}, latencyMs: 1, soundToTill: false },
  process: { killRate: 0, journalMs: 1, journalErrors: 0 },
  setUp: [],
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
const wholePieces: readonly Strike['fault'][] = ['lose', 'repeat', 'delay', 'noise', 'nak-storm'];

/** One fault on the quiet path. */
export interface Single {
  readonly plan: Plan;
  /** A receiver makes the same of it as of an earlier one of its kind in this piece: for who has the time. */
  readonly spare: boolean;
}

/** A sample of those that a receiver makes the same of: the first and the last byte, and every so many. */
const stride = 64;

const isSampled = (at: number, length: number): boolean =>
  at === 0 || at === length - 1 || at % stride === 0;

const nameOf = (frame: Frame, wire: Wire): string => {
  switch (frame.kind) {
    case 'frame':
      if (frame.check === 'bad') return 'bad';
      return wire.alike?.(frame.data) ?? toHex(frame.bytes);
    case 'control':
      return frame.name;
    case 'noise':
      return frame.reason;
  }
};

/** What a receiver makes of these bytes. */
function effectOf(wire: Wire, bytes: Uint8Array): string {
  const deframer = wire.deframer();
  const whole = deframer.push(bytes).map((frame) => nameOf(frame, wire));
  const held = deframer.pending() ? 'pending' : 'done';
  return [...whole, held, ...deframer.flush().map((frame) => nameOf(frame, wire))].join();
}

/** What comes through of a piece that is struck; nothing: it comes through as it was. */
function struck(family: FamilyName, content: Uint8Array, { fault, byte: at, bit }: Strike) {
  const kind = byteDamages.find((damage) => damage === fault);
  if (kind === undefined) return content.subarray(0, at);
  const random = createRandom(at);
  const after = damaged(content, { wire: families[family].wire, kind, at, random, bit });
  return after === content ? undefined : after;
}

const bits = [0, 1, 2, 3, 4, 5, 6, 7];

interface Striking {
  readonly strike: Strike;
  readonly spare: boolean;
}

/**
 * The strikes in one piece, at every byte. A byte in the middle of a piece is spare where a receiver makes
 * the same of the rest as after an earlier strike of this kind, apart from samples: such bytes are cut off, or
 * fail the check, like the ones beside them. So is a bit; of these one for each byte is kept. What does no
 * damage that shows is left out.
 */
function* strikesIn(family: FamilyName, piece: Sent): Generator<Striking> {
  const { wire, lineFaults } = families[family];
  const { direction, start, content } = piece;
  const can = (fault: Strike['fault']): boolean =>
    fault === 'power-loss' || lineFaults.includes(fault);
  const seen = new Set<string>();

  /** Nothing: it does no damage. */
  function isNew(strike: Strike): boolean | undefined {
    const rest = struck(family, content, strike);
    if (rest === undefined) return undefined;
    const effect = `${strike.fault} ${effectOf(wire, rest)}`;
    if (seen.has(effect)) return false;
    seen.add(effect);
    return true;
  }

  for (let at = 0; at < content.length; at++) {
    const sampled = isSampled(at, content.length);
    for (const fault of [...byteDamages, ...anywhere].filter(can))
      for (const bit of fault === 'flip' ? bits : [undefined]) {
        const strike: Strike = { fault, direction, byte: at, ...(bit !== undefined && { bit }) };
        const fresh = isNew(strike);
        const kept = fresh === true || bit === undefined || bit === at % 8;
        if (fresh !== undefined && kept)
          yield { strike: { ...strike, byte: start + at }, spare: !fresh && !sampled };
      }
  }
  for (const fault of wholePieces)
    if (can(fault)) yield { strike: { fault, direction, byte: start }, spare: false };
}

/**
 * The pieces of the path, without those that stand between the same two kinds of message as an earlier one of
 * their kind in the same command: of three messages that tell of progress, the one in the middle.
 */
function* piecesOf(family: FamilyName, from: Mark, until: Mark): Generator<Sent> {
  const { wire, moneyRequest } = families[family];
  const pieces = directions
    .flatMap((direction) =>
      until[direction].pieces.filter(({ start }) => start >= from[direction].bytes),
    )
    .toSorted((a, b) => a.order - b.order);
  const kinds = pieces.map(({ direction, content }) => `${direction} ${wire.kindOf(content)}`);
  const seen = new Set<string>();
  for (const [index, piece] of pieces.entries()) {
    if (piece.direction === 'to-terminal' && moneyRequest(piece.content) !== undefined)
      seen.clear();
    const place = kinds.slice(Math.max(0, index - 2), index + 3).join();
    if (!seen.has(place)) yield piece;
    seen.add(place);
  }
}

function* strikesBetween(family: FamilyName, from: Mark, until: Mark): Generator<Striking> {
  for (const piece of piecesOf(family, from, until)) yield* strikesIn(family, piece);
}

/** Every single fault of the line, at every byte of the path. */
function* lineSingles(plan: Plan, { work }: Run): Generator<Single> {
  let seed = 0;
  for (const { strike, spare } of strikesBetween(plan.family, work.from, work.until))
    yield { plan: { ...plan, seed: ++seed, line: { ...plan.line, strike } }, spare };
}

/** A write to the line or to the journal; not its end, and not what is only read. */
const isWrite = (touch: string | undefined): boolean =>
  touch !== undefined && /^(?:write|journal [a-z-]+)$/.test(touch);

/**
 * The process killed at every place where it touches the world. What is left of a write that was torn is a
 * matter of chance, to the journal and to the line: these are torn several times.
 */
function* killSingles(plan: Plan, { work, touched }: Run): Generator<Single> {
  for (let killAt = work.from.touches + 1; killAt <= work.until.touches; killAt++) {
    const times = isWrite(touched[killAt - 1]) ? 4 : 1;
    for (let seed = 1; seed <= times; seed++)
      yield { plan: { ...plan, seed, process: { ...plan.process, killAt } }, spare: false };
  }
}

/** Each kind of terminal; and every fault that the mock terminal has a name for, on every command of the path, once and for long. */
function* terminalSingles(plan: Plan, { work, asked }: Run): Generator<Single> {
  for (const name of families[plan.family].setUps)
    yield { plan: { ...plan, setUp: [name] }, spare: false };
  const commands = new Set(asked.slice(work.from.requests, work.until.requests));
  for (const name of faultsOf(plan.family)) {
    // A sale at the terminal right before a blind void is what `allowBlindVoid` rules out.
    if (plan.allowBlindVoid && name === 'clerk-sells-before-void') continue;
    const { argument, on } = faults[name];
    const value = argument?.startsWith('bytes') === true ? '=40' : '';
    // A fault of certain commands alone is struck on those.
    for (const at of on === undefined ? [...commands].map((command) => `@${command}`) : [''])
      for (const once of ['-once', ''])
        yield {
          plan: {
            ...plan,
            terminalFaults: [{ text: `${name}${once}${at}${value}`, from: 0, until: 99 }],
          },
          spare: false,
        };
  }
}

const singles = { line: lineSingles, process: killSingles, terminal: terminalSingles } as const;

/** What is struck: the line at every byte, the process at every touch, the terminal by each named fault. */
export type SingleKind = keyof typeof singles;

export const singleKinds: readonly SingleKind[] = ['line', 'process', 'terminal'];

/** Every single fault of a kind, the spare ones too. */
export async function allSingles(family: FamilyName, kind: SingleKind): Promise<Single[]> {
  const plan = quietPlan(family, 1);
  return [...singles[kind](plan, await simulate(plan))];
}
