import type { Subscription } from 'rxjs';
import type { Unsolicited } from '../../src/driver/unsolicited.ts';
import { TerminalError } from '../../src/model/error.ts';
import type { CommandEvent } from '../../src/model/events.ts';
import type { Target } from '../../src/model/transaction.ts';
import type { Command } from '../../src/terminal/command.ts';
import { Terminal } from '../../src/terminal/terminal.ts';
import type { Call, CallKind, Ending } from './call.ts';
import type { Process } from './process.ts';
import type { Bench } from './simulate.ts';
import { witness } from './witness.ts';

export interface Order {
  readonly kind: CallKind;
  readonly key?: string;
  readonly asked?: Target;
  make(terminal: Terminal): Command<object>;
}

/**
 * `restless` looks away for a while: only where no other command is under way, since nobody hears of a
 * command's end while nobody watches it.
 */
export type Watching = 'steady' | 'restless';

/** A till: one process after the other, each with its own terminal object. */
export interface Till {
  /** Runs a command in the process at hand, or in a new one; resolves when it has ended or died. */
  run(order: Order, watching?: Watching): Promise<Call>;
  /** The same process opens its terminal anew. */
  reopen(): Promise<void>;
  kill(): void;
  readonly unsolicited: readonly Unsolicited[];
  /** The process at hand, if it lives. */
  process(): Process | undefined;
}

/** The longest that any command may take: the queue, 150 s for an answer, and a recovery of 30 s. */
const longestMs = 7_200_000;

export const pause = (bench: Bench, ms: number): Promise<void> =>
  new Promise((resolve) => {
    bench.clock.after(ms, resolve);
  });

let calls = 0;

export function createTill(bench: Bench, name: string): Till {
  const { clock, trace, random, processes, checker, plan, family } = bench;
  const unsolicited: Unsolicited[] = [];
  let generation = 0;
  let process: Process | undefined;
  let terminal: Terminal | undefined;
  let booting: Promise<void> | undefined;

  function open(owner: Process): Terminal {
    const made = new Terminal({
      name: 'simulated',
      protocol: family.protocol(owner.clock.now),
      transport: owner.transport,
      journal: owner.journal,
      lock: owner.lock,
      world: {
        clock: owner.clock,
        random: (length) =>
          Array.from({ length }, () => random.int(36).toString(36).toUpperCase()).join(''),
      },
      program: owner.name,
      origin: owner.name,
      pid: generation,
      allowBlindVoid: plan.allowBlindVoid,
    });
    made.unsolicited$.subscribe((stray) => {
      if (!owner.alive()) return;
      unsolicited.push(stray);
      witness.stray(bench, stray);
    });
    return made;
  }

  async function boot(): Promise<void> {
    if (process !== undefined) await pause(bench, 500 + random.int(10_000));
    process = processes.start(`${name}${++generation}`);
    trace.note('till', `${process.name} starts`);
    terminal = undefined;
  }

  async function ready(): Promise<{ readonly owner: Process; readonly terminal: Terminal }> {
    while (process?.alive() !== true) {
      booting ??= boot().finally(() => {
        booting = undefined;
      });
      await booting;
    }
    terminal ??= open(process);
    return { owner: process, terminal };
  }

  function watch(
    command: Command<object>,
    owner: Process,
    order: Order,
    watching: Watching,
  ): Promise<Call> {
    const call: Call = {
      id: ++calls,
      kind: order.kind,
      process: owner,
      key: order.key,
      asked: order.asked,
      startedAt: clock.now(),
      events: [],
      ending: undefined,
      endedAt: undefined,
      watched: true,
      frames: 0,
    };
    checker.started(call);
    trace.note('till', `${owner.name} ${order.kind} ${order.key ?? ''}`);
    return new Promise((resolve) => {
      let subscription: Subscription | undefined;

      function end(ending: Ending): void {
        if (call.ending !== undefined) return;
        guard();
        subscription?.unsubscribe();
        call.ending = ending;
        call.endedAt = clock.now();
        trace.note('till', `${owner.name} ${order.kind} ${order.key ?? ''}: ${word(ending)}`);
        checker.ended(call);
        witness.ended(bench, call);
        resolve(call);
      }

      const guard = clock.after(longestMs, () => {
        checker.violated('I9', `${owner.name}'s ${order.kind} has not ended`);
        owner.kill('it hangs');
      });
      owner.whenDead(() => end({ type: 'killed' }));

      function subscribe(): void {
        call.events.length = 0;
        call.watched = true;
        let result: object | undefined;
        subscription = command.subscribe({
          next(event: CommandEvent<object>) {
            if (!owner.touch('event')) return;
            if (event.type === 'result') result = event.result;
            call.events.push(event);
            witness.event(bench, event);
          },
          error(error: unknown) {
            if (!owner.touch('error')) return;
            if (!(error instanceof TerminalError)) {
              checker.violated('I9', `${order.kind} broke down: ${String(error)}`);
              owner.kill('it broke down');
              return;
            }
            end({ type: 'error', error });
          },
          complete() {
            if (!owner.touch('complete')) return;
            if (result === undefined) {
              checker.violated('I9', `${order.kind} ended without a word`);
              owner.kill('nothing was said');
              return;
            }
            end({ type: 'result', outcome: String(Reflect.get(result, 'outcome')), result });
          },
        });
      }

      subscribe();
      // Looking away and back again is no new command (I15).
      if (watching === 'restless' && random.chance(0.2)) {
        owner.clock.after(random.int(3_000), () => {
          if (call.ending !== undefined) return;
          subscription?.unsubscribe();
          call.watched = false;
          bench.sometimes.reached('unsubscribed while it ran');
          owner.clock.after(random.int(20_000), () => {
            if (call.ending === undefined) subscribe();
          });
        });
      }
    });
  }

  return {
    unsolicited,
    process: () => (process?.alive() === true ? process : undefined),
    async run(order, watching = 'steady') {
      for (;;) {
        const { owner, terminal: mine } = await ready();
        // Another command may have been its death in the meantime.
        if (owner.alive()) return watch(order.make(mine), owner, order, watching);
      }
    },
    async reopen() {
      const closing = terminal;
      const owner = process;
      if (closing === undefined || owner?.alive() !== true) return;
      await new Promise<void>((resolve) => {
        owner.whenDead(resolve);
        void closing.close().then(resolve);
      });
      if (terminal === closing) terminal = undefined;
    },
    kill: () => process?.kill('by hand'),
  };
}

function word(ending: Ending): string {
  switch (ending.type) {
    case 'result':
      return `result ${ending.outcome}`;
    case 'error':
      return `error ${ending.error.code}, effect ${ending.error.effect}`;
    case 'killed':
      return 'killed';
  }
}
