import type { Refused } from '../model/results.ts';
import type { Exchange } from './exchange.ts';
import type { Protocol, ProtocolCommand } from './protocol.ts';

/** A command of one protocol, for `terminal.run`. On any other terminal it is refused. */
export const onlyOn = <R>(
  protocolName: string,
  name: string,
  make: () => Exchange<R>,
): ProtocolCommand<R> => ({
  name,
  exchange: (protocol) =>
    protocol.name === protocolName ? make() : otherProtocol(protocol, protocolName, name),
});

const otherProtocol = (protocol: Protocol, needed: string, command: string): Refused => ({
  outcome: 'refused',
  reason: 'not-supported',
  field: 'command',
  limit: `a terminal with the protocol ${needed}`,
  value: command,
  message: `A terminal with the protocol ${protocol.name} has no ${command}. Nothing was sent.`,
});
