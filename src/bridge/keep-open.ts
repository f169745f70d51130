import type { Subscription } from 'rxjs';
import type { Clock } from '../model/clock.ts';
import { TerminalError } from '../model/error.ts';
import { resultOf } from '../terminal/command.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { Log } from './log.ts';

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

export interface KeepOpenParts {
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Keeps the device of a terminal open between commands, so that a cable that is out shows before a customer
 * is there, and one that is back needs nobody. Opens it, and after a loss again: after a second, then after
 * twice as long each time up to a minute, give or take a fifth, so that many terminals behind one hub do
 * not come back at once. Not one byte leaves. Leaves terminals alone that have a connection for each
 * command or that want to be greeted.
 * @returns ends it
 */
export function keepOpen(
  name: string,
  terminal: Terminal,
  { clock, random, log }: KeepOpenParts,
): () => void {
  let pauseMs = 0;
  let told = false;
  let state = 'disconnected';
  let cancel = () => {};
  let over = false;
  let trying = false;
  let subscription: Subscription | undefined;

  const stop = () => {
    over = true;
    cancel();
    subscription?.unsubscribe();
  };

  const again = () => {
    const jitter = 0.8 + 0.4 * random();
    cancel();
    cancel = clock.after(Math.round(pauseMs * jitter), attempt);
    pauseMs = Math.min(Math.max(2 * pauseMs, firstPauseMs), longestPauseMs);
  };

  const attempt = () => {
    trying = true;
    resultOf(terminal.connect())
      .then(
        ({ outcome }) => {
          if (outcome === 'refused') stop();
        },
        (error: unknown) => {
          if (error instanceof TerminalError && error.code === 'closed') stop();
          if (!told && !over) log.warn({ terminal: name, error }, 'terminal out of reach');
          told = true;
        },
      )
      .finally(() => {
        trying = false;
        if (state === 'disconnected' && !over) again();
      });
  };

  const follow = (type: string) => {
    state = type;
    if (type === 'disconnected' && !trying) again();
    if (type !== 'idle') return;
    if (told) log.info({ terminal: name }, 'terminal back');
    told = false;
    pauseMs = firstPauseMs;
  };
  subscription = terminal.state$.subscribe({
    next: ({ type }) => follow(type),
    complete: stop,
  });
  if (over) subscription.unsubscribe();
  return stop;
}
