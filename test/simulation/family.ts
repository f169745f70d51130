import type { FaceName } from '../../mocks/faces.ts';
import type { FaultName } from '../../mocks/faults.ts';
import type { Sale } from '../../mocks/ledger.ts';
import type { Identity } from '../../src/model/transaction.ts';
import type { Protocol } from '../../src/protocols/protocol.ts';
import type { LineFault } from './line.ts';
import type { Wire } from './wires.ts';

/** Requests that book something. */
export type MoneyRequest = 'purchase' | 'void' | 'settle';

/** One kind of terminal on one kind of line: all that the simulation has to know about it. */
export interface Family {
  readonly face: FaceName;
  readonly transport: 'serial' | 'tcp';
  readonly wire: Wire;
  /** As a process that begins to speak it now has it. */
  protocol(now: () => number): Protocol;
  /** Its share of the random runs. */
  readonly weight: number;
  /** A void takes back whatever was last. */
  readonly blindVoid: boolean;
  /** In minor units. */
  readonly amounts: { readonly currency: string; readonly least: number; readonly most: number };
  /** What a frame of the till asks for, if it books something. Told by its bytes alone. */
  moneyRequest(bytes: Uint8Array): MoneyRequest | undefined;
  /** A money request as the journal's digest of it is made, where that is not of its very bytes. */
  asMarked?(bytes: Uint8Array): Uint8Array;
  /** How often a money request may leave under one mark. */
  readonly mostFrames: number;
  /** What names a sale of the ledger on this terminal. */
  identityOf(sale: Sale): Identity;
  /** A void takes the place of what it tells as its last transaction. */
  readonly tellsVoidLast: boolean;
  /** What it tells then is like the sale that was taken back, without its running number. */
  readonly tellsVoidsAsSales?: boolean;
  /** After a settlement it does not tell its last transaction any more. */
  readonly forgetsSettled: boolean;
  /** It tells of a sale only to who names its ticket. */
  readonly wantsTicket?: boolean;
  /** Response codes in the terminal's own form that no table of it lists. */
  readonly unlistedCodes: readonly string[];
  /** Named faults that are rather another kind of terminal: a run has one of them from its beginning, or none. */
  readonly setUps: readonly FaultName[];
  /** Named faults of the mock terminal that such a terminal cannot have, or no till could see through. */
  readonly withoutFaults: readonly FaultName[];
  readonly lineFaults: readonly LineFault[];
}

export const serialFaults: readonly LineFault[] = [
  'flip',
  'remove',
  'insert',
  'double',
  'nul',
  'lose',
  'repeat',
  'delay',
  'split',
  'merge',
  'noise',
  'echo',
  'half-open',
  'unplug',
  'stale',
  'cannot-open',
];

/** Without words for yes and no there are none to lose, and none to rain down. */
export const acknowledgedFaults: readonly LineFault[] = [...serialFaults, 'lose-ack', 'nak-storm'];

/** TCP brings everything in order and once, or ends. */
export const tcpFaults: readonly LineFault[] = [
  'delay',
  'split',
  'merge',
  'half-open',
  'unplug',
  'cannot-open',
];
