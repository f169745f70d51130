import { stxEtxLrcDeframer } from '../../framing/stx-etx-lrc.ts';
import type { TotalsResult } from '../../model/results.ts';
import { idleAckNak } from '../ack-nak.ts';
import { type Exchange, mapAnswer } from '../exchange.ts';
import type { Capabilities, Protocol, Timing } from '../protocol.ts';
import { describe } from './describe.ts';
import { close, status } from './maintenance.ts';
import { find, history, lastTransaction } from './records.ts';
import { checkSale, checkTarget, checkVoidable } from './requests.ts';
import { sale, voidSale } from './sale.ts';
import { type Setup, usual } from './setup.ts';

/**
 * 7 s for the ACK are what a public serial client waits, 180 s for the answer what tills on TCP wait; the
 * vendor's own figures are not public.
 */
const timing: Timing = {
  acknowledgementMs: 7_000,
  answerMs: 180_000,
  interByteMs: 1_000,
  quietMs: 1_000,
  recoveryMs: 180_000,
};

const capabilities: Capabilities = {
  // The void names its sale by number, and the terminal compares; what its answer names may be the void.
  voidBy: 'checked-last',
  queryBy: 'reference',
  queryPrints: false,
  abort: true,
  // What a report tells of a sale that was taken back is not documented.
  tellsVoids: false,
  retransmits: true,
  echoesIdentity: ['amount', 'ticket'],
  historyDepth: 1,
  commands: ['status', 'lastTransaction', 'purchase', 'voidTransaction', 'settle'],
};

/** A receipt with EMV data may be long, and some terminals put a signature behind it. */
const maxFrame = 8_192;

/** PAX POSLINK, the protocol of BroadPOS terminals in the USA and Canada, on serial and TCP alike. */
export function paxPoslinkProtocol(options: Partial<Setup> = {}): Protocol {
  const setup: Setup = { ...usual, ...options };
  return {
    name: 'pax-poslink',
    line: { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 1 },
    timing,
    capabilities,
    connection: setup.connection,
    tcpPort: 10_009,
    currency: setup.currency,

    deframer: () => stxEtxLrcDeframer({ maxFrame, controls: ['ACK', 'NAK', 'EOT', 'ENQ'] }),
    describe,
    idle: (frame, previousAnswer) => idleAckNak(frame, previousAnswer),
    synchronise: () =>
      mapAnswer(status(setup), (told) => ({
        idle: told.outcome === 'ready',
        message: told.message,
      })),

    history: (about) => history(setup, about),

    status: () => status(setup),
    lastTransaction: () => lastTransaction(setup),
    find: (target) => find(setup, target),
    totals: () => totals(setup),
    settle: () => close(setup),

    checkPurchase: (request) => checkSale(setup, request),
    ticket: (random) => random(12),
    purchase: (request) => sale(setup, request),

    checkTarget: (target) => checkTarget(setup, target),
    checkVoidable,
    void: (found) => voidSale(setup, found),
  };
}

/** R00 tells counts and sums by kind of card and transaction; it is not read here, so there are no totals. */
const totals = (setup: Setup): Exchange<TotalsResult> =>
  mapAnswer(
    status(setup),
    (): TotalsResult => ({
      outcome: 'refused',
      reason: 'not-supported',
      message: 'The totals of this terminal are not read.',
    }),
  );
