import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { said } from '../journal/failure.ts';
import { TerminalError } from '../model/error.ts';

/** Where the service listens and who can reach it there. */
export interface Bind {
  /** The address itself: a name could mean another one the next time. */
  readonly address: string;
  readonly isLoopback: boolean;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** RFC 1122, section 3.2.1.3, and RFC 4291, section 2.5.3; 127.0.0.1 written as IPv6 too. */
export const isLoopback = (address: string): boolean =>
  loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

export const badListen = (why: string, cause?: unknown): TerminalError =>
  new TerminalError(
    'bad-settings',
    'none',
    `bridge.listen: ${why}`,
    cause === undefined ? {} : { cause },
  );

export interface BindPolicy {
  readonly host: string;
  readonly hasTls: boolean;
  readonly clients: number;
  /** The addresses of a name; of the system's resolver if none is given. */
  resolve?(host: string): Promise<readonly string[]>;
}

/**
 * Where to listen, when that is allowed: on this machine alone always, wider only with TLS and with
 * somebody who may call.
 * @throws {TerminalError} `bad-settings`
 */
export async function chooseBind(policy: BindPolicy): Promise<Bind> {
  const { host, hasTls, clients, resolve = systemResolve } = policy;
  // Node takes an empty host for every address of the machine.
  if (host === '') throw badListen('there is no host; 127.0.0.1 is the usual one.');
  let addresses: readonly string[];
  try {
    addresses = await resolve(host);
  } catch (cause) {
    throw badListen(`${host} has no address (${said(cause)}).`, cause);
  }
  const [address] = addresses;
  if (address === undefined) throw badListen(`${host} has no address.`);
  if (addresses.every(isLoopback)) return { address, isLoopback: true };
  const where = address === host ? host : `${host} (${addresses.join(', ')})`;
  if (!hasTls)
    throw badListen(
      `${where} can be reached from other machines, where tokens would travel in clear. Set bridge.tls, or listen on 127.0.0.1.`,
    );
  if (clients === 0)
    throw badListen(
      `${where} can be reached from other machines, and there is no client yet. Add one first: tillwire clients add NAME --roles query`,
    );
  return { address, isLoopback: false };
}

const systemResolve = async (host: string): Promise<readonly string[]> => {
  const all = await lookup(host, { all: true });
  return all.map(({ address }) => address);
};

/** An address as it is in a URL and in the header Host. */
const bracketed = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

/** Every Host under which the service can be reached: where it listens, and the names of this machine for itself. */
export function ownHosts(host: string, port: number, scheme: 'http' | 'https'): readonly string[] {
  const wildcards = ['0.0.0.0', '::'];
  const names = ['127.0.0.1', 'localhost', '[::1]'];
  const own = bracketed(host).toLowerCase();
  const all = wildcards.includes(host) || names.includes(own) ? names : [own, ...names];
  const usual = scheme === 'http' ? 80 : 443;
  return all.flatMap((name) => (port === usual ? [name, `${name}:${port}`] : [`${name}:${port}`]));
}

/** The Origins that its page has under these Hosts. */
export const ownOrigins = (
  hosts: readonly string[],
  scheme: 'http' | 'https',
): readonly string[] => [...new Set(hosts.map((host) => new URL(`${scheme}://${host}`).origin))];

/** Where a person on this machine finds it. */
export const ownUrl = (host: string, port: number, scheme: 'http' | 'https'): string => {
  const wildcard = host === '0.0.0.0' || host === '::';
  return `${scheme}://${wildcard ? 'localhost' : bracketed(host)}:${port}`;
};
