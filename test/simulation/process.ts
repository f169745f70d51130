import type { Entry, Journal } from '../../src/journal/journal.ts';
import type { Release, TerminalLock } from '../../src/journal/lock.ts';
import type { Clock } from '../../src/model/clock.ts';
import { TerminalError } from '../../src/model/error.ts';
import type { Transport } from '../../src/transports/transport.ts';
import type { Disk } from './durable-journal.ts';
import type { Cable, PortOwner } from './line.ts';
import type { Random } from './random.ts';
import type { Sometimes } from './sometimes.ts';
import type { Trace } from './trace.ts';
import type { VirtualClock } from './world.ts';

export interface ProcessPlan {
  /** Each touch of the world kills the process with this probability. */
  readonly killRate: number;
  /** The touch, counted over all processes from 1, that kills the one that makes it. */
  readonly killAt?: number;
  /** The longest that a journal write takes, in milliseconds. */
  readonly journalMs: number;
  /** The probability that the disk is full or broken, for each write. */
  readonly journalErrors: number;
}

/** What all processes of a run share. */
export interface ProcessParts {
  readonly clock: VirtualClock;
  readonly trace: Trace;
  readonly random: Random;
  readonly sometimes: Sometimes;
  readonly plan: ProcessPlan;
  readonly disk: Disk;
  readonly lock: TerminalLock;
  readonly cable: Cable;
  /** Bytes are about to leave the till. */
  writes(process: Process, epoch: number, bytes: Uint8Array): void;
  /** Bytes have reached it. */
  hears(process: Process, bytes: Uint8Array): void;
  /** Its connection is lost. */
  loses(process: Process): void;
}

/**
 * A process of the till. Everything it does to the world outside it is a touch, and each touch is a place
 * where it may be killed: from then on nothing it still does has an effect, no promise it waits for
 * settles, its timers are gone, its port is closed and its lock is free.
 */
export interface Process extends PortOwner {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly lock: TerminalLock;
  readonly transport: Transport;
  /** What it wrote to the journal last. */
  wrote(): Entry['type'] | undefined;
  kill(why: string): void;
  /** Calls back when it is dead. */
  whenDead(then: () => void): void;
}

export interface Processes {
  start(name: string): Process;
  /** The touches so far, of all processes. */
  touches(): number;
  /** What each touch was, where nobody is killed by chance. */
  readonly touched: readonly string[];
  /** From now on nobody is killed and the disk is sound. */
  heal(): void;
}

const never = <T>(): Promise<T> => new Promise<T>(() => {});

export function createProcesses(parts: ProcessParts): Processes {
  const { clock, trace, random, sometimes, plan, disk, cable } = parts;
  let touches = 0;
  const touched: string[] = [];
  let healed = false;

  function start(name: string): Process {
    let alive = true;
    let epoch = 0;
    let wrote: Entry['type'] | undefined;
    const timers = new Set<() => void>();
    const releases = new Set<Release>();
    const mourners: (() => void)[] = [];

    function kill(why: string): void {
      if (!alive) return;
      alive = false;
      trace.note('till', `${name} killed: ${why}`);
      sometimes.reached('killed');
      if (wrote === 'sent' && (why === 'write' || why === 'journal sent done'))
        sometimes.reached('killed between the sent mark and the first byte');
      if (why === 'journal outcome') sometimes.reached('killed between the answer and the outcome');
      for (const cancel of timers) cancel();
      cable.drop(process);
      for (const release of releases) void release();
      for (const mourn of mourners) mourn();
    }

    function touch(what: string): boolean {
      if (!alive) return false;
      touches++;
      if (plan.killRate === 0) touched.push(what);
      if (!healed && (touches === plan.killAt || random.chance(plan.killRate))) kill(what);
      return alive;
    }

    const pause = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        if (ms > 0) processClock.after(ms, resolve);
        else resolve();
      });

    const processClock: Clock = {
      now: clock.now,
      after(ms, then) {
        if (!alive) return () => {};
        const cancel = clock.after(ms, () => {
          timers.delete(forget);
          if (touch('timer')) then();
        });
        const forget = () => {
          timers.delete(forget);
          cancel();
        };
        timers.add(forget);
        return forget;
      },
    };

    /** A write that is torn by a kill or an error is on the disk or is not. */
    async function write<T>(what: string, effect: () => T): Promise<T> {
      if (!alive) return never();
      if (!touch(`journal ${what}`)) {
        sometimes.reached('killed while a journal write was torn');
        if (random.chance(0.5)) effect();
        return never();
      }
      if (!healed && random.chance(plan.journalErrors)) {
        trace.note('journal', `${what}: input/output error`);
        if (random.chance(0.3)) effect();
        throw random.chance(0.5)
          ? new Error('EIO: i/o error')
          : new TerminalError('journal-failed', 'none', 'ENOSPC: no space left on device');
      }
      const result = await reach(effect);
      return touch(`journal ${what} done`) ? result : never();
    }

    /** The write takes its time; killed in the meantime, it is on the disk or is not. */
    async function reach<T>(effect: () => T): Promise<T> {
      const ms = plan.journalMs > 0 ? random.int(plan.journalMs + 1) : 0;
      if (ms === 0) return effect();
      let under = true;
      mourners.push(() => {
        if (!under || !random.chance(0.5)) return;
        sometimes.reached('killed while a journal write was torn');
        effect();
      });
      await pause(ms);
      under = false;
      return effect();
    }

    const process: Process = {
      name,
      alive: () => alive,
      wrote: () => wrote,
      touch,
      kill,
      whenDead(then) {
        if (alive) mourners.push(then);
        else then();
      },
      hears: (bytes) => parts.hears(process, bytes),
      loses: () => parts.loses(process),
      writes: (at, bytes) => parts.writes(process, at, bytes),
      clock: processClock,
      journal: {
        begin: (intent) => write('intent', () => disk.begin(intent)),
        append: (key, ...entries) => {
          const last = entries.at(-1)?.type;
          if (last === undefined) return Promise.resolve();
          return write(last, () => {
            disk.append(key, entries, name);
            wrote = last;
          });
        },
        open: (terminal) => write('open?', () => disk.open(terminal)),
        known: (terminal) => write('known?', () => disk.known(terminal)),
      },
      lock: {
        async acquire(terminal, holder) {
          if (!touch('lock')) return never();
          const release = await parts.lock.acquire(terminal, holder);
          releases.add(release);
          if (!alive) {
            void release();
            return never();
          }
          return async () => {
            if (!touch('unlock')) return never();
            releases.delete(release);
            await release();
          };
        },
      },
      transport: {
        name: 'line',
        async open(listener) {
          if (!touch('open')) return never();
          await pause(random.int(20));
          if (!alive) return never();
          const connection = cable.open(process, ++epoch, listener);
          return touch('opened') ? connection : never();
        },
      },
    };
    return process;
  }

  return {
    start,
    touches: () => touches,
    touched,
    heal() {
      healed = true;
    },
  };
}
