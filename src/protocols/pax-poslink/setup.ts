import { TerminalError } from '../../model/error.ts';
import type { Protocol } from '../protocol.ts';
import type { ProtocolSetup } from '../table.ts';

/** How a terminal is set up, as far as the wire tells nothing about it. */
export interface Setup {
  /** The version of the protocol that each request names. */
  readonly version: string;
  /** Amounts have none on the wire. */
  readonly currency: 'USD' | 'CAD';
  readonly connection: Protocol['connection'];
}

/** 1.35 is what Global Payments' SDKs say. */
export const usual: Setup = { version: '1.35', currency: 'USD', connection: 'kept' };

/**
 * The options of an address.
 * @throws {TerminalError} `bad-address` for a value that makes no sense
 */
export function setupOf({ texts, transport }: Pick<ProtocolSetup, 'texts' | 'transport'>): Setup {
  const { version, currency, connection } = usual;
  return {
    version: oneOf(texts, 'version', version, /^\d\.\d\d$/, 'like 1.35'),
    currency: choice(texts, 'currency', ['USD', 'CAD'], currency),
    // All public clients open a connection for each command on TCP.
    connection: choice(
      texts,
      'connection',
      ['kept', 'per-command'],
      transport === 'tcp' ? 'per-command' : connection,
    ),
  };
}

const wrong = (name: string, limit: string, value: string): TerminalError =>
  new TerminalError('bad-address', 'none', `${name} must be ${limit}; got ${value}.`);

function oneOf(
  texts: ReadonlyMap<string, string>,
  name: string,
  otherwise: string,
  pattern: RegExp,
  limit: string,
): string {
  const value = texts.get(name) ?? otherwise;
  if (!pattern.test(value)) throw wrong(name, limit, value);
  return value;
}

function choice<T extends string>(
  texts: ReadonlyMap<string, string>,
  name: string,
  values: readonly T[],
  otherwise: T,
): T {
  const given = texts.get(name) ?? otherwise;
  const value = values.find((one) => one === given);
  if (value === undefined) throw wrong(name, values.join(' or '), given);
  return value;
}
