import { type ErrorCode, TerminalError } from '../model/error.ts';

/** What the system's reasons mean, by Node's names for them. */
const reasons: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ENOTFOUND: [
    'no-such-device',
    'There is no host of this name. Check the name, or use the address.',
  ],
  EAI_AGAIN: [
    'connection-failed',
    'The name could not be looked up just now. Check the network, or use the address.',
  ],
  ECONNREFUSED: [
    'connection-failed',
    'Nothing accepts connections there. Check the port, whether the terminal is switched to its till interface, and whether another program is connected: many terminals take one client only.',
  ],
  ECONNRESET: [
    'connection-failed',
    'The other side ended the connection at once. Another program may be connected: many terminals take one client only.',
  ],
  EHOSTUNREACH: [
    'connection-failed',
    'The terminal cannot be reached. Check its power and its network.',
  ],
  ENETUNREACH: [
    'connection-failed',
    'There is no way to that network. Check the network of this machine.',
  ],
  EHOSTDOWN: [
    'connection-failed',
    'The terminal cannot be reached. Check its power and its network.',
  ],
  ETIMEDOUT: ['connection-failed', 'The terminal did not answer. Check its power and its network.'],
  EACCES: ['no-permission', 'The system forbids this connection; a firewall may.'],
  EPERM: ['no-permission', 'The system forbids this connection; a firewall may.'],
};

const codeOf = (cause: unknown): string => {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, 'code') : undefined;
  return typeof code === 'string' ? code : '';
};

/** What a failed connection attempt means, in words that say what to do. No byte has left: the effect is `none`. */
export function connectError(place: string, cause: unknown): TerminalError {
  if (cause instanceof TerminalError) return cause;
  const code = codeOf(cause);
  const [errorCode, advice] = (Object.hasOwn(reasons, code) ? reasons[code] : undefined) ?? [
    'connection-failed' as const,
    cause instanceof Error ? `${cause.message}.` : String(cause),
  ];
  return new TerminalError(errorCode, 'none', `Cannot connect to ${place}. ${advice}`, { cause });
}

/** Nobody said yes or no in time. */
export const connectTimedOut = (place: string, ms: number): TerminalError =>
  new TerminalError(
    'connection-failed',
    'none',
    `${place} did not accept a connection within ${ms} ms. Check the terminal's power, its network and its address.`,
  );

/** Why a connection ended that was open. */
export const lostBecause = (place: string, cause: unknown): string => {
  switch (codeOf(cause)) {
    case 'ETIMEDOUT':
      return `The connection to ${place} was lost: the terminal does not answer any more`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `The connection to ${place} was lost: the other side reset it`;
    default:
      return `The connection to ${place} was lost${cause instanceof Error ? `: ${cause.message}` : ''}`;
  }
};
