import type { Protocol } from '../protocols/protocol.ts';
import { protocols } from '../protocols/table.ts';
import { parseAddress, takeOptions, yesOrNo } from '../terminal/address.ts';
import { transports } from '../transports/table.ts';
import type { Transport } from '../transports/transport.ts';
import { UsageError } from './exit.ts';
import { readUserConfig } from './user-config.ts';

/** The line that is watched. */
export interface Target {
  /** As it stands in the address: `profile` for one of a file. */
  readonly named: string;
  readonly protocol: Protocol;
  readonly over: 'serial' | 'tcp';
  readonly transport: Transport;
}

export interface TargetRequest {
  readonly profile?: string;
  readonly config?: string;
}

/** `serial:/dev/ttyUSB0` and a profile's file are an address together. */
async function addressOf(given: string, { profile, config }: TargetRequest): Promise<string> {
  if (profile !== undefined) {
    if (given.includes('+'))
      throw new UsageError(
        `With --profile the address is serial:... or tcp:... without a protocol; got ${JSON.stringify(given)}.`,
      );
    const file = new URLSearchParams({ file: profile });
    return `profile+${given}${given.includes('?') ? '&' : '?'}${file}`;
  }
  if (given.includes('+')) return given;
  const { path, config: read } = await readUserConfig(config);
  const terminals = read.terminals ?? {};
  const found = Object.hasOwn(terminals, given) ? terminals[given] : undefined;
  if (found !== undefined) return found.address;
  throw new UsageError(
    `There is no terminal ${JSON.stringify(given)} in ${path}, and it is no address such as transbank+serial:/dev/ttyACM0.`,
  );
}

/**
 * The line to a terminal, by an address as for every other command. Nothing is opened yet.
 * @throws {UsageError | TerminalError}
 */
export async function targetOf(given: string, request: TargetRequest): Promise<Target> {
  const parsed = parseAddress(await addressOf(given, request));
  const entry = protocols.get(parsed.protocol);
  if (entry === undefined)
    throw new UsageError(
      `Unknown protocol ${JSON.stringify(parsed.protocol)}; known: ${[...protocols.keys()].join(', ')}.`,
    );
  const over = parsed.transport;
  const load = transports.get(over);
  if ((over !== 'serial' && over !== 'tcp') || load === undefined)
    throw new UsageError(`Only serial and tcp lines can be watched; got ${over}.`);
  const flagged = takeOptions(parsed.options, entry.options);
  const valued = takeOptions(flagged.rest, entry.texts ?? []);
  const { rest } = takeOptions(valued.rest, ['blind-void']);
  const protocol = await entry.load({
    options: new Map([...flagged.taken].map(([name, value]) => [name, yesOrNo(name, value)])),
    texts: valued.taken,
    secrets: new Map(),
    transport: over,
  });
  const transport = await load({
    ...parsed,
    line: protocol.line,
    ...(protocol.tcpPort !== undefined && { defaultPort: protocol.tcpPort }),
    options: rest,
  });
  return { named: parsed.protocol, protocol, over, transport };
}
