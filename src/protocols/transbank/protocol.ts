import { stxEtxLrcDeframer } from '../../framing/stx-etx-lrc.ts';
import type { LineSettings } from '../../model/line-settings.ts';
import type { Refused } from '../../model/results.ts';
import type { Transaction } from '../../model/transaction.ts';
import { idleAckNak } from '../ack-nak.ts';
import { mapAnswer } from '../exchange.ts';
import type { Capabilities, Protocol, Timing } from '../protocol.ts';
import { invalid } from '../refusal.ts';
import { describe } from './describe.ts';
import type { Family } from './layouts.ts';
import { close, poll } from './maintenance.ts';
import { history, lastSale, totals } from './queries.ts';
import { checkOperationNumber, checkSale, checkVoidAmount } from './requests.ts';
import { sale, voidSale } from './sale-and-void.ts';
import type { Setup } from './setup.ts';

/** Integrado runs at 115200 baud; Autoservicio at 19200 on RS-232 and 115200 on USB. */
const lines: Readonly<Record<Family, LineSettings>> = {
  integrado: { baudRate: 115200, dataBits: 8, parity: 'none', stopBits: 1 },
  autoservicio: { baudRate: 19200, dataBits: 8, parity: 'none', stopBits: 1 },
};

/**
 * The vendor gives no figures for its time-outs. The answer's 150 s are what every official SDK waits; 5 s
 * for the ACK leave room for a terminal that is busy in a menu, where the Node SDK gives up after 2 s.
 */
const timing: Timing = {
  acknowledgementMs: 5_000,
  answerMs: 150_000,
  interByteMs: 1_000,
  quietMs: 1_000,
  recoveryMs: 30_000,
};

const capabilities: Readonly<Record<Family, Capabilities>> = {
  integrado: {
    voidBy: 'reference',
    queryBy: 'last',
    queryPrints: true,
    abort: false,
    tellsVoids: true,
    retransmits: true,
    echoesIdentity: ['amount', 'ticket'],
    historyDepth: 1,
    commands: ['status', 'lastTransaction', 'purchase', 'voidTransaction', 'totals', 'settle'],
  },
  autoservicio: {
    voidBy: 'blind-last',
    queryBy: 'last',
    queryPrints: false,
    abort: false,
    tellsVoids: false,
    retransmits: true,
    echoesIdentity: ['amount', 'ticket'],
    historyDepth: 1,
    commands: ['status', 'lastTransaction', 'purchase', 'voidTransaction', 'settle'],
  },
};

/** What an address or `openTerminal` may say about a Transbank terminal. */
export type TransbankOptions = Partial<Omit<Setup, 'family'>>;

/** A Transbank terminal, and how it is set up: the commands of this protocol only need to know. */
export interface TransbankProtocol extends Protocol {
  readonly setup: Setup;
}

export const isTransbank = (protocol: Protocol): protocol is TransbankProtocol =>
  protocol.name === names.integrado || protocol.name === names.autoservicio;

const names: Readonly<Record<Family, string>> = {
  integrado: 'transbank',
  autoservicio: 'transbank-autoservicio',
};

export function transbankProtocol(
  family: Family,
  options: TransbankOptions = {},
): TransbankProtocol {
  const setup: Setup = {
    family,
    multicode: false,
    trailingSeparator: false,
    plainDetail: false,
    ...options,
  };
  return {
    name: names[family],
    setup,
    line: lines[family],
    timing,
    capabilities: capabilities[family],
    connection: 'kept',
    currency: 'CLP',

    deframer: () => stxEtxLrcDeframer(),
    describe: (data, from) => describe(family, data, from),
    idle: idleAckNak,
    synchronise: () => mapAnswer(poll(), ({ message }) => ({ idle: true, message })),

    history: () => history(setup),

    status: poll,
    lastTransaction: () => lastSale(setup),
    totals: () => totals(setup),
    settle: () => close(setup),

    checkPurchase: (request) => checkSale(family, request),
    ticket: (random) => random(6),
    purchase: (request) => sale(setup, request),

    checkTarget: (target) =>
      checkVoidAmount(target.amount) ??
      unknownHere('receiptNumber', target.receiptNumber) ??
      unknownHere('trace', target.trace) ??
      (target.operationNumber === undefined
        ? undefined
        : checkOperationNumber(target.operationNumber)),
    checkVoidable,
    void: (found) => voidSale(setup, found),
  };
}

/** What this terminal cannot tell, nobody could compare. */
const unknownHere = (field: string, value: string | undefined): Refused | undefined =>
  value === undefined ? undefined : invalid(field, 'left out: this terminal knows none', value);

/** The reference: credit cards only. Asking anyway would be answered with code 08. */
function checkVoidable(found: Transaction): Refused | undefined {
  if (found.cardType === 'debit')
    return {
      outcome: 'refused',
      reason: 'debit-card',
      message:
        'The last sale was paid with a debit card, which this terminal cannot void. Refund it instead.',
      found,
    };
  if (
    found.operationNumber === undefined ||
    checkOperationNumber(found.operationNumber) !== undefined
  )
    return {
      outcome: 'refused',
      reason: 'not-approved',
      message:
        'The terminal told no operation number for its last sale, so it cannot be named in a void.',
      found,
    };
  return undefined;
}
