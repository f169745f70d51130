import { apduDeframer } from '../../framing/apdu.ts';
import { dleCrcDeframer } from '../../framing/dle-crc.ts';
import type { LineSettings } from '../../model/line-settings.ts';
import { mapAnswer } from '../exchange.ts';
import type { Capabilities, Protocol, Timing } from '../protocol.ts';
import type { ProtocolSetup } from '../table.ts';
import { checkPurchase, checkRefund, checkTarget, checkVoidable } from './checks.ts';
import { describe } from './describe.ts';
import { endOfDay } from './maintenance.ts';
import { purchase, refund, reversal } from './money.ts';
import { setupFrom } from './options.ts';
import { history, lastTransaction, status, synchronise, totals } from './queries.ts';
import { endedAtOnce, noPassword, registration } from './registration.ts';
import { idleReply } from './replies.ts';
import type { Setup } from './setup.ts';

/** PA00P016 chapter 3; some terminals take one stop bit as well. */
const line: LineSettings = { baudRate: 9_600, dataBits: 8, parity: 'none', stopBits: 2 };

/** T1 is the gap in a frame; T2, for the ACK, and T3, for 80 00, are both five seconds; T4 is the answer. */
const timing: Readonly<Record<Setup['framing'], Timing>> = {
  serial: {
    acknowledgementMs: 5_000,
    answerMs: 180_000,
    interByteMs: 200,
    quietMs: 1_000,
    recoveryMs: 60_000,
  },
  // TCP says a lost segment again after ever longer pauses, and then half an APDU goes on where it stopped.
  apdu: {
    acknowledgementMs: 5_000,
    answerMs: 180_000,
    interByteMs: 30_000,
    quietMs: 1_000,
    recoveryMs: 60_000,
  },
};

const capabilities = (framing: Setup['framing']): Capabilities => ({
  voidBy: 'reference',
  queryBy: 'last',
  queryPrints: false,
  abort: true,
  tellsVoids: true,
  retransmits: framing === 'serial',
  echoesIdentity: ['amount'],
  historyDepth: 1,
  commands: [
    'status',
    'lastTransaction',
    'purchase',
    'refund',
    'voidTransaction',
    'totals',
    'settle',
  ],
});

/** A ZVT terminal, and how it is set up: the commands of this protocol only need to know. */
export interface ZvtProtocol extends Protocol {
  readonly setup: Setup;
}

export const isZvt = (protocol: Protocol): protocol is ZvtProtocol => protocol.name === name;

const name = 'zvt';

/** @throws {TerminalError} `bad-settings` for values that make no sense. */
export const zvtProtocol = (given: ProtocolSetup): ZvtProtocol => zvtWith(setupFrom(given));

/** The protocol as it is spoken with this setup. */
export function zvtWith(setup: Setup): ZvtProtocol {
  const spoken: ZvtProtocol = {
    name,
    setup,
    line,
    timing: timing[setup.framing],
    capabilities: capabilities(setup.framing),
    connection: 'kept',
    tcpPort: 20_007,
    currency: setup.currency,

    deframer: () => (setup.framing === 'serial' ? dleCrcDeframer() : apduDeframer()),
    describe: (data, from) => describe(data, from, setup),
    idle: (frame, previousAnswer) => idleReply(frame, previousAnswer, setup),
    synchronise: () => synchronise(setup),

    history: () => history(setup),

    status: () => status(setup),
    lastTransaction: () => lastTransaction(setup),
    totals: () => totals(setup),
    settle: () => endOfDay(setup),

    checkPurchase: (request) => checkPurchase(request, setup),
    ticket: (random) => random(6),
    purchase: ({ amount }, last) => purchase(setup, amount, last),

    checkRefund: (request) => checkRefund(request, setup),
    refund: ({ amount }, last) => refund(setup, amount, last),

    checkTarget: (target) => checkTarget(target, setup),
    checkVoidable,
    void: (found) => reversal(setup, found),
  };
  if (!setup.register) return spoken;
  return {
    ...spoken,
    greeting: () =>
      setup.password === undefined
        ? endedAtOnce('registration', noPassword)
        : mapAnswer(registration(setup), (agreed) =>
            'outcome' in agreed ? agreed : zvtWith(agreed),
          ),
  };
}
