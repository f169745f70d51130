import { isIP } from 'node:net';
import { inspect } from 'node:util';
import { TerminalError } from '../model/error.ts';

/** How a TCP connection to a terminal is made and kept. Times in milliseconds. */
export interface TcpOptions {
  /** A name, or an IPv4 or IPv6 address without brackets. */
  readonly host: string;
  readonly port: number;
  /** How long a terminal may take to accept a connection. Default 5 000. */
  readonly connectTimeoutMs?: number;
  /**
   * How long a connection may be silent before the system asks whether the other side is still there;
   * false: never. Default 10 000. Without it a terminal that lost its power is noticed at the next write
   * at best.
   */
  readonly keepAliveMs?: number | false;
}

/** Within reach on a local network, and short enough for a person who waits. */
export const CONNECT_TIMEOUT_MS = 5_000;
export const KEEP_ALIVE_MS = 10_000;

/** Node's timers take no more. */
const longest = 2_147_483_647;

/**
 * Checks an address and its times before anything is opened.
 * @throws {TerminalError} `bad-address` or `bad-settings`, naming the field, what it may be and what it was
 */
export function checkTcpOptions(options: TcpOptions): void {
  const { host, port, connectTimeoutMs = 1, keepAliveMs = false } = options;
  if (!isHost(host))
    throw badAddress(`a host such as 192.0.2.7 or [2001:db8::7], not ${shown(host)}`);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw badAddress(`a port from 1 to 65535, not ${inspect(port)}`);
  checkMs('connect-timeout', connectTimeoutMs);
  if (keepAliveMs !== false) checkMs('keep-alive', keepAliveMs);
}

/** Names as DNS has them, and addresses; no user, no path, no blanks. */
const isHost = (host: string): boolean =>
  isIP(host) !== 0 ||
  (/^[0-9A-Za-z_]([0-9A-Za-z_.-]*[0-9A-Za-z_.])?$/.test(host) && host.length <= 253);

function checkMs(field: string, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= longest) return;
  throw badSettings(
    `${field} must be whole milliseconds from 1 to ${longest}; it was ${inspect(value)}`,
  );
}

/** `//host:port`, `host:port`, `[2001:db8::7]:port`; the port may be left out where the protocol has one. */
const place = /^(?:\/\/)?(?:\[([^\]]*)\]|([^:/[\]]*))(?::([^:]*))?$/;

/**
 * Reads the address of a terminal on TCP and its options: `zvt+tcp://192.0.2.7:20007?connect-timeout=3000`,
 * `keep-alive` in milliseconds or `no`.
 * @throws {TerminalError} `bad-address`, `bad-settings`
 */
export function parseTcpAddress(
  where: string,
  query: ReadonlyMap<string, string>,
  defaultPort?: number,
): TcpOptions {
  const [, bracketed, plain = '', portText] = place.exec(where) ?? [];
  if (bracketed !== undefined && isIP(bracketed) !== 6)
    throw badAddress(`an IPv6 address in brackets, not ${shown(where)}`);
  const host = bracketed ?? plain;
  if (host === '')
    throw badAddress(`a host and a port such as //192.0.2.7:20007, not ${shown(where)}`);
  const port = portText === undefined ? defaultPort : readWhole(portText);
  if (port === undefined)
    throw badAddress(`a port from 1 to 65535 behind the host, not ${shown(where)}`);
  const options: TcpOptions = { host, port, ...readOptions(query) };
  checkTcpOptions(options);
  return options;
}

function readOptions(query: ReadonlyMap<string, string>): Partial<TcpOptions> {
  let options: Partial<TcpOptions> = {};
  for (const [name, value] of query) {
    if (name === 'connect-timeout') options = { ...options, connectTimeoutMs: readMs(name, value) };
    else if (name === 'keep-alive')
      options = { ...options, keepAliveMs: value === 'no' ? false : readMs(name, value) };
    else
      throw new TerminalError(
        'bad-address',
        'none',
        `A TCP address has no option ${inspect(name)}. It knows connect-timeout, keep-alive.`,
      );
  }
  return options;
}

const readWhole = (text: string): number | undefined =>
  /^[0-9]{1,10}$/.test(text) ? Number(text) : undefined;

function readMs(name: string, text: string): number {
  const ms = readWhole(text);
  if (ms === undefined)
    throw badSettings(`${name} must be whole milliseconds; it was ${inspect(text)}`);
  return ms;
}

/** A user and a password have no place in an address; should they be there, they are not repeated. */
const shown = (where: string): string => (where.includes('@') ? 'one with a user' : inspect(where));

/** Where it leads, as a person would write it. */
export const placeOf = ({ host, port }: TcpOptions): string =>
  `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;

const badAddress = (needs: string): TerminalError =>
  new TerminalError('bad-address', 'none', `A TCP address needs ${needs}.`);

const badSettings = (problem: string): TerminalError =>
  new TerminalError('bad-settings', 'none', `Bad TCP settings: ${problem}.`);
