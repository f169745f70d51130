import type {
  Declined,
  LastTransactionResult,
  Refused,
  StatusResult,
} from '../../model/results.ts';
import type { Exchange } from '../exchange.ts';
import type { Protocol, ProtocolCommand } from '../protocol.ts';
import type { Family } from './layouts.ts';
import * as maintenance from './maintenance.ts';
import { isTransbank } from './protocol.ts';
import * as queries from './queries.ts';
import type { Setup } from './setup.ts';

export type { IdentifiedResult, InitialisationResult } from './maintenance.ts';
export type { SalesDetailResult } from './queries.ts';

/** A command of these families, for `terminal.run`. On any other terminal it is refused. */
function only<R>(
  families: readonly Family[],
  name: string,
  make: (setup: Setup) => Exchange<R>,
): ProtocolCommand<R> {
  return {
    name,
    exchange: (protocol) =>
      isTransbank(protocol) && families.includes(protocol.setup.family)
        ? make(protocol.setup)
        : notHere(protocol, name),
  };
}

const notHere = (protocol: Protocol, command: string): Refused => ({
  outcome: 'refused',
  reason: 'not-supported',
  field: 'command',
  value: command,
  message: `A terminal with the protocol ${protocol.name} has no ${command}. Nothing was sent.`,
});

const both = ['integrado', 'autoservicio'] as const;

/** Loads the terminal's working keys (0800). Result `done`, or declined. */
export const loadKeys = (): ProtocolCommand<maintenance.IdentifiedResult | Declined> =>
  only(both, 'load keys', maintenance.loadKeys);

/** Leaves integrated mode (0300): the terminal then takes no command until a person brings it back. */
export const normalMode = (): ProtocolCommand<StatusResult> =>
  only(['integrado'], 'normal mode', maintenance.normalMode);

/** Starts the initialisation (0070); the terminal is off-line for a while. Autoservicio only. */
export const initialisation = (): ProtocolCommand<StatusResult> =>
  only(['autoservicio'], 'initialisation', maintenance.initialisation);

/** How the initialisation ended (0080). Autoservicio only. */
export const initialisationResult = (): ProtocolCommand<
  maintenance.InitialisationResult | Declined
> => only(['autoservicio'], 'initialisation result', maintenance.initialisationResult);

/** Every record since the last settlement (0260, on a multicode terminal 0290). Integrado only. */
export const salesDetail = (): ProtocolCommand<queries.SalesDetailResult> =>
  only(['integrado'], 'sales detail', queries.salesDetail);

/** Prints the sales detail on the terminal. Integrado only. */
export const printSalesDetail = (): ProtocolCommand<StatusResult> =>
  only(['integrado'], 'printed sales detail', maintenance.printSalesDetail);

/** The last sale of a multicode terminal (0280), with its child commerce. Integrado only. */
export const multicodeLastSale = (): ProtocolCommand<LastTransactionResult> =>
  only(['integrado'], 'multicode last sale', (setup) =>
    queries.lastSale({ ...setup, multicode: true }),
  );
