import { delimiterDeframer } from '../../framing/delimiter.ts';
import type { Refused, TotalsResult } from '../../model/results.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { Capabilities, Protocol, Timing } from '../protocol.ts';
import { currency } from './amount.ts';
import { answer, conversation, idle } from './conversation.ts';
import { describe } from './describe.ts';
import { plainQuestion } from './kinds.ts';
import { history, lastTransaction, receipt } from './queries.ts';
import {
  checkInvoiceNumber,
  checkPurchase,
  checkRefund,
  checkTarget,
  requests,
} from './requests.ts';
import { purchase, refund } from './sale.ts';
import { settle } from './settlement.ts';
import { plainSetup, type Setup } from './setup.ts';
import { greeting, status, synchronise } from './status.ts';
import { withdrawal } from './withdrawal.ts';

const name = 'privatbank';

/**
 * The vendor gives no time-outs. 120 s are what its peers wait for a sale; each sign of life of the terminal
 * starts them afresh. Recovery waits as long again for a terminal that is still at work.
 */
const timing: Timing = {
  acknowledgementMs: 5_000,
  answerMs: 120_000,
  interByteMs: 2_000,
  quietMs: 1_000,
  recoveryMs: 120_000,
};

const capabilities: Capabilities = {
  voidBy: 'reference',
  queryBy: 'reference',
  queryPrints: false,
  abort: true,
  // That a receipt says "approved" is no proof: nobody has seen that a void marks it.
  tellsVoids: false,
  retransmits: false,
  echoesIdentity: ['amount'],
  historyDepth: 2,
  commands: ['status', 'lastTransaction', 'purchase', 'refund', 'voidTransaction', 'settle'],
};

/** A PrivatBank terminal, and how it is set up. */
export interface PrivatbankProtocol extends Protocol {
  readonly setup: Setup;
}

export const isPrivatbank = (protocol: Protocol): protocol is PrivatbankProtocol =>
  protocol.name === name;

/** PrivatBank's JSON protocol, version 1.0.3.1, on serial and TCP alike. */
export function privatbankProtocol(options: Partial<Setup> = {}): PrivatbankProtocol {
  const setup: Setup = { ...plainSetup, ...options };
  const protocol: PrivatbankProtocol = {
    name,
    setup,
    line: { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 },
    timing,
    capabilities,
    connection: 'kept',
    tcpPort: 2_000,
    currency,

    deframer: () => delimiterDeframer(),
    describe,
    idle,
    greeting: () => greeting(protocol),
    synchronise,

    history,

    status,
    lastTransaction,
    find: ({ receiptNumber }) =>
      receiptNumber === undefined ? undefined : receipt(receiptNumber, 'receipt'),
    totals,
    settle: () => settle(setup),

    checkPurchase,
    // Kept in the journal only: the terminal has no place for a reference of the till.
    ticket: (random) => random(6),
    purchase: (request) => purchase(setup, request),

    checkRefund,
    refund: (request) => refund(setup, request),

    checkTarget,
    checkVoidable,
    void: withdrawal,
  };
  return protocol;
}

/** The X report is a text without a count, so that there are no totals; see `privatbank.audit`. */
const totals = (): Exchange<TotalsResult> =>
  conversation<TotalsResult>(
    'ping',
    plainQuestion<TotalsResult>('PingDevice', requests.ping(), () =>
      answer<TotalsResult>({
        outcome: 'refused',
        reason: 'not-supported',
        message: 'This terminal tells its sums as a text only.',
      }),
    ),
  );

/** Without its number a sale cannot be named in a void. */
function checkVoidable(found: Transaction): Refused | undefined {
  const { receiptNumber } = found;
  if (receiptNumber !== undefined && checkInvoiceNumber(receiptNumber) === undefined)
    return undefined;
  return {
    outcome: 'refused',
    reason: 'not-approved',
    message: 'The terminal told no receipt number for this sale, so it cannot be named in a void.',
    found,
  };
}
