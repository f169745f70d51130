import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Money } from '../../src/model/money.ts';
import { bin } from '../support/cli.ts';
import { type Ended, type Line, type Order, type Place, timing } from './order.ts';
import { type SpeakingProcess, startProcess } from './process.ts';

/** A till that can be killed: it takes one order after the other. */
export interface Till {
  /** Resolves with its last line; with nothing when the till is killed first. */
  ask(order: Order): Promise<Ended>;
  /** SIGKILL. False when there was no process to kill. */
  kill(): boolean;
  /** Resolves when nothing of it runs any more. */
  gone(): Promise<unknown>;
}

export type StartTill = (place: Place, heard: (line: Line) => void) => Till;

const surroundings = ({ folder }: Place): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  XDG_STATE_HOME: join(folder, 'state'),
  XDG_CONFIG_HOME: join(folder, 'config'),
});

const isLast = ({ type }: Line): boolean => type === 'result' || type === 'error';

async function lastLine(from: SpeakingProcess): Promise<Ended> {
  for (let line = await from.next(); line !== undefined; line = await from.next())
    if (isLast(line)) return line;
  return undefined;
}

/** What a process complains of is a defect of the test or of the driver; a killed one says nothing. */
function checkQuiet({ complaints }: SpeakingProcess): void {
  if (complaints !== '') throw new Error(`The till complained: ${complaints}`);
}

/** A till that lives until it is killed, as a shop's register does. */
export const lastingTill =
  (program: string): StartTill =>
  (place, heard) => {
    const { address, journal, key, secrets } = place;
    const args = [program, address, journal, key, JSON.stringify(secrets)];
    const own = startProcess(args, surroundings(place), heard);
    let killed = false;
    return {
      async ask(order) {
        own.write(`${JSON.stringify(order)}\n`);
        const ended = await lastLine(own);
        checkQuiet(own);
        if (ended === undefined && !killed) throw new Error('The till ended by itself.');
        return ended;
      },
      kill() {
        killed = true;
        own.kill();
        return true;
      },
      gone: () => own.ended,
    };
  };

/** A till that calls the built command line, one process for each order. */
export const commandLineTill: StartTill = (place, heard) => {
  const config = join(place.folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({
      terminals: { till: { address: place.address, timing, secrets: place.secrets } },
      journal: { path: place.journal, key: place.key },
    }),
  );
  let own: SpeakingProcess | undefined;
  let killed = false;
  return {
    async ask(order) {
      if (killed) return undefined;
      const args = [bin, ...argumentsOf(order), '--config', config, '--json'];
      const mine = startProcess(args, surroundings(place), heard);
      own = mine;
      const ended = await lastLine(mine);
      await mine.ended;
      own = undefined;
      checkQuiet(mine);
      if (ended === undefined && !killed) throw new Error('The command ended without a result.');
      return ended;
    },
    kill() {
      killed = true;
      own?.kill();
      return own !== undefined;
    },
    gone: () => own?.ended ?? Promise.resolve(),
  };
};

const amountArguments = ({ amount, currency }: Money): string[] => [
  '--amount',
  String(amount),
  '--currency',
  currency,
];

function argumentsOf(order: Order): string[] {
  const ana = ['--operator', 'ana', '--reason', 'out of stock'];
  switch (order.do) {
    case 'purchase': {
      const { key, amount, ticket } = order;
      const reference = ticket === undefined ? [] : ['--ref', ticket];
      return ['purchase', 'till', '--key', key, ...amountArguments(amount), ...reference];
    }
    case 'void': {
      const { key, amount, sale } = order;
      const { operationNumber, receiptNumber, trace } = sale;
      const target = [
        ...(operationNumber === undefined ? [] : ['--operation', operationNumber]),
        ...(receiptNumber === undefined ? [] : ['--receipt', receiptNumber]),
        ...(trace === undefined ? [] : ['--trace', trace]),
      ];
      return ['void', 'till', '--key', key, ...amountArguments(amount), ...target, ...ana, '--yes'];
    }
    case 'recover':
      return ['recover', 'till'];
    case 'settle':
      return ['settle', 'till'];
    case 'decide':
      return ['recover', 'till', '--decide', order.decision, ...ana];
  }
}
