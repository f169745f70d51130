import type { Command } from '../../mocks/messages.ts';
import { createMockTerminal, type MockTerminal } from '../../mocks/mock-terminal.ts';
import { memoryLock } from '../../src/journal/lock.ts';
import { createDisk, type Disk } from './durable-journal.ts';
import { families } from './families.ts';
import type { Family } from './family.ts';
import { type Checker, createChecker } from './invariants.ts';
import { type Cable, createCable, type Passed } from './line.ts';
import { createProcesses, type Processes } from './process.ts';
import { createRandom, type Random } from './random.ts';
import { play } from './scenario.ts';
import { createSometimes, type Sometimes, type State } from './sometimes.ts';
import { isLie, type Plan } from './swarm.ts';
import { createTrace, type Trace } from './trace.ts';
import type { Violation } from './violation.ts';
import { createVirtualClock, settle, type VirtualClock } from './world.ts';

/** Everything that one run is made of. */
export interface Bench {
  readonly plan: Plan;
  readonly family: Family;
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly random: Random;
  readonly sometimes: Sometimes;
  readonly mock: MockTerminal;
  readonly disk: Disk;
  readonly cable: Cable;
  readonly processes: Processes;
  readonly checker: Checker;
  /** The number of the customers' cards: it must never be seen outside the wire. */
  readonly cardNumber: string;
  workBegins(): void;
  workEnds(): void;
}

/** How far the run was: what could still be struck from here on. */
export interface Mark {
  readonly 'to-till': Passed;
  readonly 'to-terminal': Passed;
  readonly touches: number;
  readonly requests: number;
}

export interface Run {
  readonly plan: Plan;
  readonly violations: readonly Violation[];
  /** Two runs of one plan have the same. */
  readonly hash: number;
  readonly counts: Readonly<Record<State, number>>;
  readonly events: number;
  /** Before the first command of the till's work, and after the last. */
  readonly work: { readonly from: Mark; readonly until: Mark };
  /** What each touch was, of the processes in which nobody is killed by chance. */
  readonly touched: readonly string[];
  /** What the terminal was asked, in order. */
  readonly asked: readonly Command[];
  draw(): string;
}

/** A run that takes longer goes round in circles. */
const mostEvents = 200_000;

/** Visa's test range, with a check digit that agrees. */
function drawCardNumber(random: Random): string {
  const digits = `411111${String(random.int(1_000_000_000)).padStart(9, '0')}`;
  const sum = [...digits].reduce((total, digit, i) => {
    const weighted = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

function createBench(plan: Plan, keepTrace: boolean): Bench & { work(): Run['work'] } {
  const random = createRandom(plan.seed ^ 0x5bd1e995);
  const family = families[plan.family];
  const clock = createVirtualClock();
  const trace = createTrace(clock.now, keepTrace, family.wire);
  const sometimes = createSometimes();
  const cardNumber = drawCardNumber(random.fork());
  const mock = createMockTerminal({
    protocol: family.face,
    transport: family.transport,
    clock: clock.machines,
    thinkMs: plan.thinkMs,
  });
  mock.terminal.host.latencyMs = plan.hostMs;
  mock.terminal.card = { type: 'credit', last4: cardNumber, brand: 'VI' };
  const disk = createDisk((record, entry) => {
    trace.note('journal', `${record.intent.key} ${entry.type}`);
    checker.journalled(record, entry);
  });
  for (const text of plan.setUp) mock.fault(text);
  const lies = [...plan.setUp, ...plan.terminalFaults.map(({ text }) => text)].some(isLie);
  const checker = createChecker({ mock, disk, clock, lies, family });
  const cable = createCable({
    clock: clock.machines,
    trace,
    random: random.fork(),
    sometimes,
    mock,
    plan: plan.line,
    wire: family.wire,
    transport: family.transport,
  });
  const processes = createProcesses({
    clock,
    trace,
    random: random.fork(),
    sometimes,
    plan: plan.process,
    disk,
    lock: memoryLock(),
    cable,
    writes: checker.writes,
    hears: checker.hears,
    loses: checker.loses,
  });
  const mark = (): Mark => ({
    'to-till': cable.passed('to-till'),
    'to-terminal': cable.passed('to-terminal'),
    touches: processes.touches(),
    requests: mock.received.length,
  });
  let from = mark();
  let until = from;
  return {
    plan,
    family,
    workBegins() {
      from = mark();
    },
    workEnds() {
      until = mark();
    },
    work: () => ({ from, until }),
    clock,
    trace,
    random: random.fork(),
    sometimes,
    mock,
    disk,
    cable,
    processes,
    checker,
    cardNumber,
  };
}

/** Plays one plan to its end, event by event. */
export async function simulate(plan: Plan, keepTrace = false): Promise<Run> {
  const bench = createBench(plan, keepTrace);
  const { clock, trace, checker, mock, sometimes, processes } = bench;
  let over = false;
  let events = 0;
  let booked = 0;
  play(bench)
    .catch((error: unknown) => {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      checker.violated('I9', `the run broke down: ${what}`);
    })
    .finally(() => {
      over = true;
    });
  await settle();
  while (!over && checker.violations.length === 0) {
    if (++events > mostEvents) {
      checker.violated('I9', `no end after ${mostEvents} events`);
      break;
    }
    const before = processes.touches();
    const mover = clock.step();
    if (mover === undefined) {
      checker.violated('I9', 'everybody waits and nothing will happen any more');
      break;
    }
    // A machine stirs a program by touching it, and not otherwise.
    if (mover === 'program' || processes.touches() !== before) await settle();
    for (; booked < mock.terminal.ledger.length; booked++) {
      const entry = mock.terminal.ledger[booked];
      if (entry === undefined) continue;
      const what = entry.kind === 'settlement' ? '' : ` ${entry.sale.operationNumber}`;
      trace.note('terminal', `${entry.by}: ${entry.kind}${what}`);
    }
    checker.look();
  }
  for (const { at, invariant, text } of checker.violations)
    trace.note('till', `!! ${invariant} at ${at}: ${text}`);
  return {
    plan,
    violations: checker.violations,
    hash: trace.hash(),
    counts: sometimes.counts,
    events,
    work: bench.work(),
    touched: processes.touched,
    asked: mock.received.map(({ command }) => command),
    draw: trace.draw,
  };
}
