import { randomInt } from 'node:crypto';
import type { World } from '../driver/world.ts';
import type { Journal } from '../journal/journal.ts';
import { memoryJournal } from '../journal/memory.ts';
import { systemClock } from '../model/clock.ts';
import type { Timing } from '../protocols/protocol.ts';
import { type ProtocolEntry, protocols } from '../protocols/table.ts';
import { type TransportAddress, transports } from '../transports/table.ts';
import type { Transport } from '../transports/transport.ts';
import { type Address, badAddress, parseAddress, takeOptions, yesOrNo } from './address.ts';
import { Terminal } from './terminal.ts';

export interface TerminalOptions {
  /** Time-outs in milliseconds, where the protocol's own do not fit this terminal. */
  readonly timing?: Partial<Timing>;
  /** Where intents and outcomes are kept. In memory when not given. */
  readonly journal?: Journal;
  /**
   * Accept that this terminal voids its last transaction unseen (`capabilities.voidBy: 'blind-last'`).
   * Only where nobody can sell at the terminal itself. In an address: `blind-void=allow`.
   */
  readonly allowBlindVoid?: boolean;
  /** Takes the place of the address's transport, for tests; the address is then `transbank`, say. */
  readonly transport?: Transport;
  /** Takes the place of the system's clock and random numbers, for tests. */
  readonly world?: World;
  /** Told what does not work and does not matter enough to fail for, such as a DTR that cannot be set. */
  readonly onWarning?: (message: string) => void;
}

const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The system's own clock and random numbers. */
export const systemWorld: World = {
  clock: systemClock,
  random: (length) =>
    Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join(''),
};

/**
 * A terminal by its address: `transbank+serial:/dev/ttyACM0?baud=115200`, `transbank+mock:`.
 * Loads its protocol and transport; the device itself is opened by the first command.
 * @throws {TerminalError} `bad-address`, `bad-settings`
 */
export async function openTerminal(
  address: string,
  options: TerminalOptions = {},
): Promise<Terminal> {
  const parsed = parseAddress(address, options.transport !== undefined);
  const entry = protocolEntry(parsed.protocol);
  const own = takeOptions(parsed.options, entry.options);
  const common = takeOptions(own.rest, ['blind-void']);
  const protocol = await entry.load(flags(own.taken));
  const transport =
    options.transport ??
    (await loadTransport(parsed, {
      ...parsed,
      line: protocol.line,
      options: common.rest,
      ...(options.onWarning && { onWarning: options.onWarning }),
    }));
  return new Terminal({
    name: address,
    protocol,
    transport,
    journal: options.journal ?? memoryJournal(),
    world: options.world ?? systemWorld,
    allowBlindVoid: options.allowBlindVoid ?? isAllowed(common.taken.get('blind-void')),
    ...(options.timing && { timing: options.timing }),
  });
}

function protocolEntry(name: string): ProtocolEntry {
  const entry = protocols.get(name);
  if (entry !== undefined) return entry;
  throw badAddress(
    `Unknown protocol ${JSON.stringify(name)}; known: ${[...protocols.keys()].join(', ')}.`,
  );
}

async function loadTransport(
  { transport }: Address,
  address: TransportAddress,
): Promise<Transport> {
  const load = transports.get(transport);
  if (load !== undefined) return load(address);
  throw badAddress(
    `Unknown transport ${JSON.stringify(transport)}; known: ${[...transports.keys()].join(', ')}.`,
  );
}

const flags = (given: ReadonlyMap<string, string>): ReadonlyMap<string, boolean> =>
  new Map([...given].map(([name, value]) => [name, yesOrNo(name, value)]));

function isAllowed(value: string | undefined): boolean {
  if (value === undefined || value === 'allow') return value === 'allow';
  throw badAddress(`The option blind-void must be allow; got ${JSON.stringify(value)}.`);
}
