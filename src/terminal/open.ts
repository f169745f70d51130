import { randomInt } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { VoidPolicy } from '../driver/policy.ts';
import type { World } from '../driver/world.ts';
import type { Journal } from '../journal/journal.ts';
import { lazyJournal } from '../journal/lazy.ts';
import { systemLocation } from '../journal/location.ts';
import { memoryLock, type TerminalLock, terminalLock } from '../journal/lock.ts';
import { memoryJournal } from '../journal/memory.ts';
import type { JournalPlace } from '../journal/sqlite.ts';
import { systemClock } from '../model/clock.ts';
import { TerminalError } from '../model/error.ts';
import type { Timing } from '../protocols/protocol.ts';
import { type ProtocolEntry, protocols } from '../protocols/table.ts';
import { tcpRelay } from '../transports/relay.ts';
import { deviceOptions, type TransportAddress, transports } from '../transports/table.ts';
import type { Transport } from '../transports/transport.ts';
import { type Address, badAddress, parseAddress, takeOptions, yesOrNo } from './address.ts';
import { Terminal, type TerminalParts } from './terminal.ts';

export interface TerminalOptions {
  /** Time-outs in milliseconds, where the protocol's own do not fit this terminal. */
  readonly timing?: Partial<Timing>;
  /**
   * Where intents and outcomes are kept: a journal, or the place of one. When not given, the file in the
   * user's state folder; for a mock terminal, or with a transport of your own, memory.
   */
  readonly journal?: Journal | JournalPlace;
  /** Keeps other programs off the terminal while money moves. Beside the user's journal when not given. */
  readonly lock?: TerminalLock;
  /** What the merchant allows. */
  readonly policy?: VoidPolicy;
  /** Which program this is, for the journal and for whoever finds the terminal held. Default `tillwire`. */
  readonly program?: string;
  /**
   * Accept that this terminal voids its last transaction unseen (`capabilities.voidBy: 'blind-last'`).
   * Only where nobody can sell at the terminal itself. In an address: `blind-void=allow`.
   */
  readonly allowBlindVoid?: boolean;
  /**
   * Where a terminal without a network of its own may be connected to over the till's, each `HOST:PORT` as
   * the terminal writes it; nowhere else, and nowhere at all when not given. In an address:
   * `relay=198.51.100.7:5000`, several with commas. Only for protocols whose terminals ask for it.
   */
  readonly relay?: readonly string[];
  /** What the protocol keeps secret, by name (ZVT: `password`). Never in an address, a log or the journal. */
  readonly secrets?: Readonly<Record<string, string>>;
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
  const flagged = takeOptions(parsed.options, entry.options);
  const valued = takeOptions(flagged.rest, entry.texts ?? []);
  const common = takeOptions(valued.rest, ['blind-void', 'relay']);
  refuseSecrets(common.rest, entry);
  const protocol = await entry.load({
    options: flags(flagged.taken),
    texts: valued.taken,
    secrets: secretsOf(options.secrets ?? {}, entry, parsed.protocol),
    transport: parsed.transport,
  });
  const transport =
    options.transport ??
    (await loadTransport(parsed, {
      ...parsed,
      line: protocol.line,
      ...(protocol.tcpPort !== undefined && { defaultPort: protocol.tcpPort }),
      options: common.rest,
      ...(options.onWarning && { onWarning: options.onWarning }),
    }));
  const relayTo = options.relay ?? common.taken.get('relay')?.split(',') ?? [];
  if (relayTo.length > 0 && protocol.relays !== true) throw asksForNoRelay(protocol.name);
  const world = options.world ?? systemWorld;
  return new Terminal({
    name: nameOf(parsed, protocol.tcpPort),
    protocol,
    transport,
    ...recordKeeping(options, parsed.transport === '' || parsed.transport === 'mock'),
    pid: process.pid,
    program: options.program ?? 'tillwire',
    origin: `${options.program ?? 'tillwire'}, ${userInfo().username}@${hostname()}, pid ${process.pid}`,
    ...(options.policy && { policy: options.policy }),
    world,
    relay: tcpRelay({
      allowed: relayTo,
      clock: world.clock,
      ...(options.onWarning && { onWarning: options.onWarning }),
    }),
    allowBlindVoid: options.allowBlindVoid ?? isAllowed(common.taken.get('blind-void')),
    ...(options.timing && { timing: options.timing }),
  });
}

const asksForNoRelay = (protocol: string): TerminalError =>
  new TerminalError(
    'bad-settings',
    'none',
    `Terminals with the protocol ${protocol} do not ask the till to connect them to their host; leave relay out.`,
  );

/** What stands in an address is seen by everybody who lists processes, logs or journals. */
function refuseSecrets(rest: ReadonlyMap<string, string>, { secrets = [] }: ProtocolEntry): void {
  const found = secrets.find((name) => rest.has(name));
  if (found !== undefined)
    throw badAddress(
      `The option ${found} is a secret and may not stand in an address; put it into the configuration file or an environment variable named there.`,
    );
}

function secretsOf(
  given: Readonly<Record<string, string>>,
  { secrets = [] }: ProtocolEntry,
  protocol: string,
): ReadonlyMap<string, string> {
  const strange = Object.keys(given).find((name) => !secrets.includes(name));
  if (strange === undefined) return new Map(Object.entries(given));
  throw new TerminalError(
    'bad-settings',
    'none',
    `The protocol ${protocol} has no secret ${JSON.stringify(strange)}; it has ${secrets.join(', ') || 'none'}.`,
  );
}

/** A journal that the till shares between terminal objects keeps them apart as well. */
const sharedLock = memoryLock();

/** What keeps the record of the terminal's money. A terminal that does not outlive its process needs no file. */
function recordKeeping(
  { journal, lock, world = systemWorld }: TerminalOptions,
  passing: boolean,
): Pick<TerminalParts, 'journal' | 'lock' | 'closeJournal'> {
  if (journal !== undefined && 'begin' in journal) return { journal, lock: lock ?? sharedLock };
  if (passing && journal === undefined)
    return { journal: memoryJournal(), lock: lock ?? memoryLock() };
  const location = systemLocation();
  const place = journal ?? { path: location.journal, key: location.key };
  const opened = lazyJournal(place, world.clock);
  return {
    journal: opened,
    lock: lock ?? terminalLock(location.locks),
    closeJournal: () => opened.close(),
  };
}

/** The terminal itself, however the line to it is set up: by this name the journal and the lock know it. */
function nameOf({ protocol, transport, where, options }: Address, tcpPort?: number): string {
  if (transport === '') return protocol;
  const names = deviceOptions.get(transport) ?? [];
  const which = new URLSearchParams(
    names.flatMap((name): [string, string][] => {
      const value = options.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  // With the protocol's own port or without it, it is one place.
  const usual = transport === 'tcp' && tcpPort !== undefined && !/:\d+$/.test(where);
  const place = usual ? `${where}:${tcpPort}` : where.replace(/:0+(?=\d+$)/, ':');
  return `${protocol}+${transport}:${place}${which.size === 0 ? '' : `?${which}`}`;
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
