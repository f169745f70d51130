import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MockTerminalOptions } from '../../mocks/index.ts';
import type { Asked, Booked } from './mock-process.ts';

/** A mock terminal on a pseudo-terminal, in a process of its own. */
export interface Terminal {
  /** The device that the service opens. */
  readonly path: string;
  unplug(): Promise<void>;
  replug(): Promise<void>;
  /** A clerk sells at the terminal's own keys. */
  sells(amount: number): Promise<void>;
  /** From now on it misbehaves so, and more so with each call. */
  fault(fault: string): Promise<void>;
  /** It misbehaves no more. */
  well(): Promise<void>;
  /** What really happened, oldest first. */
  ledger(): Promise<readonly Booked[]>;
  close(): Promise<void>;
}

const program = join(import.meta.dirname, 'mock-process.ts');

export async function startTerminal(path: string, options: MockTerminalOptions): Promise<Terminal> {
  const child = fork(program, { execArgv: ['--import', 'tsx'] });
  const ask = asking(child);
  await ask({ do: 'open', path, options });
  const just = (asked: Asked) => ask(asked).then(() => {});
  return {
    path,
    unplug: () => just({ do: 'unplug' }),
    replug: () => just({ do: 'replug' }),
    sells: (amount) => just({ do: 'sells', amount }),
    fault: (fault) => just({ do: 'fault', fault }),
    well: () => just({ do: 'well' }),
    ledger: async () => (await ask({ do: 'ledger' })) as readonly Booked[],
    async close() {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      await ask({ do: 'close' });
      child.disconnect();
      await gone;
    },
  };
}

type Answer = { readonly answered?: unknown; readonly failed?: string };

/** One question at a time: an answer belongs to the question before it. */
function asking(child: ChildProcess): (asked: Asked) => Promise<unknown> {
  let turn: Promise<unknown> = Promise.resolve();
  const ask = async (asked: Asked): Promise<unknown> => {
    const answer = once(child, 'message') as Promise<[Answer]>;
    child.send(asked);
    const [{ answered, failed }] = await answer;
    if (failed !== undefined) throw new Error(`The mock terminal: ${failed}`);
    return answered;
  };
  return (asked) => {
    turn = turn.catch(() => {}).then(() => ask(asked));
    return turn;
  };
}
