import { TerminalError } from '../model/error.ts';

/** `<protocol>+<transport>:<where>?<options>`, taken apart. */
export interface Address {
  readonly protocol: string;
  readonly transport: string;
  /** What the transport opens: a path, a host and port. */
  readonly where: string;
  readonly options: ReadonlyMap<string, string>;
}

const form = /^([a-z][a-z0-9-]*)(?:\+([a-z]+):([^?]*))?(?:\?(.*))?$/s;

/**
 * By this name the journal and the lock know the terminal, so that one place has one name:
 * `zvt+tcp:Terminal.local:20007` is `zvt+tcp://terminal.local:20007`.
 */
const nameOfPlace = (transport: string | undefined, where: string): string =>
  transport === 'tcp' ? `//${where.replace(/^\/\//, '').toLowerCase()}` : where;

/**
 * Takes a terminal's address apart: `transbank+serial:/dev/ttyACM0?baud=115200`, `transbank+mock:`,
 * `zvt+tcp://192.0.2.7:20007`, `zvt+tcp://[2001:db8::7]:20007`.
 * `withoutTransport`: the transport comes from elsewhere, and the address is `transbank?multicode=yes`.
 * @throws {TerminalError} `bad-address`
 */
export function parseAddress(address: string, withoutTransport = false): Address {
  const [, protocol, transport, where = '', query = ''] = form.exec(address) ?? [];
  if (protocol === undefined || (transport === undefined) !== withoutTransport)
    throw badAddress(
      withoutTransport
        ? `With a transport of its own a terminal's address is a protocol, for example transbank; got ${JSON.stringify(address)}.`
        : `A terminal's address has the form <protocol>+<transport>:<where>, for example transbank+serial:/dev/ttyACM0; got ${JSON.stringify(address)}.`,
    );
  const options = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (options.has(name)) throw badAddress(`The address gives the option ${name} twice.`);
    options.set(name, value);
  }
  return { protocol, transport: transport ?? '', where: nameOfPlace(transport, where), options };
}

export const badAddress = (message: string): TerminalError =>
  new TerminalError('bad-address', 'none', message);

/** Takes the options of these names out of the address; the rest is for somebody else. */
export function takeOptions(
  options: ReadonlyMap<string, string>,
  names: readonly string[],
): { taken: ReadonlyMap<string, string>; rest: ReadonlyMap<string, string> } {
  const entries = [...options];
  return {
    taken: new Map(entries.filter(([name]) => names.includes(name))),
    rest: new Map(entries.filter(([name]) => !names.includes(name))),
  };
}

/** Reads an option that is yes or no. */
export function yesOrNo(name: string, value: string): boolean {
  if (value === 'yes' || value === 'no') return value === 'yes';
  throw badAddress(`The option ${name} must be yes or no; got ${JSON.stringify(value)}.`);
}
