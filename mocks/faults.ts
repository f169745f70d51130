import { ackFaults } from './ack-faults.ts';
import { answerFaults } from './answer-faults.ts';
import { type Behaviour, during } from './behaviours.ts';
import { ecr17Faults } from './ecr17-faults.ts';
import { always, type Fault, once } from './fault.ts';
import { garblingFaults } from './garbling-faults.ts';
import { lineFaults } from './line-faults.ts';
import { type Command, commands } from './messages.ts';
import { paxPoslinkFaults } from './pax-poslink-faults.ts';
import { privatbankFaults } from './privatbank-faults.ts';
import { terminalFaults } from './terminal-faults.ts';
import { zvtFaults } from './zvt-faults.ts';

const table = {
  ...ackFaults,
  ...garblingFaults,
  ...lineFaults,
  ...terminalFaults,
  ...answerFaults,
  ...ecr17Faults,
  ...zvtFaults,
  ...privatbankFaults,
  ...paxPoslinkFaults,
};

export type FaultName = keyof typeof table;

/** Every fault by its name. */
export const faults: Readonly<Record<FaultName, Fault>> = table;

const isFault = (name: string): name is FaultName => Object.hasOwn(table, name);
const isCommand = (name: string): name is Command => commands.some((command) => command === name);

/**
 * A fault from its text: `NAME[-once][@COMMAND][=ARGUMENT]`. `-once` disarms it after it has struck,
 * `@COMMAND` keeps it to the exchanges of one command: `bad-lrc-once@void`, `late-answer=12000`.
 *
 * @throws {Error} for a name, command or argument that makes no sense; the message lists what there is.
 */
export function parseFault(text: string): Behaviour {
  const equals = text.indexOf('=');
  const left = equals < 0 ? text : text.slice(0, equals);
  const argument = equals < 0 ? undefined : text.slice(equals + 1);
  const [whole = '', command, ...more] = left.split('@');
  const disarms = whole.endsWith('-once');
  const name = disarms ? whole.slice(0, -'-once'.length) : whole;

  if (!isFault(name))
    throw new Error(
      `There is no fault "${name}". Faults, each also as NAME-once: ${Object.keys(table).join(', ')}.`,
    );
  if (more.length > 0 || (command !== undefined && !isCommand(command)))
    throw new Error(
      `Fault "${text}": there is no command "${[command, ...more].join('@')}". Commands: ${commands.join(', ')}.`,
    );

  const fault = faults[name];
  const behaviour = created(text, () => fault.create(argument, disarms ? once() : always));
  const on = command === undefined ? fault.on : [command];
  return on === undefined ? behaviour : during(on, behaviour);
}

function created(text: string, create: () => Behaviour): Behaviour {
  try {
    return create();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Fault "${text}" ${why}.`, { cause });
  }
}
