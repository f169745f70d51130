import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Answered, Told } from '../runner/messages.ts';
import type { Report } from './report.ts';

export interface DeviceRun {
  /** Tillwire's address of the terminal. */
  readonly address: string;
  /** What to sell and void, in minor units; 0: nothing that moves money. */
  readonly amount: number;
  /** A person is there to pull the plug. */
  readonly byHand: boolean;
  /** Only the cases whose sentences have this in them. */
  readonly only: string;
}

/** Runs the cases for a real terminal on this machine, without a guest. */
export function runOnDevice(
  { address, amount, byHand, only }: DeviceRun,
  report: Report,
  print: (line: string) => void,
): Promise<void> {
  if (!byHand) print('# nobody pulls a plug; with --by-hand a person is asked to');
  if (amount === 0)
    print('# nothing that moves money; with --allow-money AMOUNT it sells and voids');
  const file = join(import.meta.dirname, '../device/device.bench.ts');
  const child = fork(file, [], {
    execArgv: ['--import', 'tsx'],
    env: {
      ...process.env,
      TILLWIRE_DEVICE: address,
      TILLWIRE_AMOUNT: String(amount),
      TILLWIRE_BY_HAND: byHand ? 'yes' : 'no',
      TILLWIRE_ONLY: only,
    },
  });
  report.heard({ type: 'start', file: address });
  child.on('message', (told: Told) => {
    if (told.type !== 'ask') {
      report.heard(told);
      return;
    }
    print(`>>      ${told.args.join(' ')}`);
    child.send({ type: 'answer', id: told.id } satisfies Answered);
  });
  return new Promise((resolve) => {
    child.on('exit', (status, signal) => {
      const how = `ended with ${signal ?? `status ${status}`}`;
      report.heard({ type: 'end', file: address, how, ok: status === 0 });
      report.heard({ type: 'done' });
      resolve();
    });
  });
}
