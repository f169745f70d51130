import { ecr17Deframer, isProgress, variantOfFrame } from '../../framing/ecr17-frame.ts';
import { TerminalError } from '../../model/error.ts';
import type { LineSettings } from '../../model/line-settings.ts';
import type { Declined } from '../../model/results.ts';
import { idleAckNak } from '../ack-nak.ts';
import { mapAnswer } from '../exchange.ts';
import type { Capabilities, Protocol, Timing } from '../protocol.ts';
import type { ProtocolSetup } from '../table.ts';
import { describe } from './describe.ts';
import { type Greeted, greeting } from './greeting.ts';
import { wordsIn } from './kinds.ts';
import { history, lastTransaction } from './last-result.ts';
import { close, totals } from './maintenance.ts';
import { sale } from './payment.ts';
import { checkSale, checkTarget } from './requests.ts';
import { checkVoidable, reversal } from './reversal.ts';
import { anyTerminal, type Link, type Setup, type Spoken, unspoken } from './setup.ts';
import { idle, spokenOf, status } from './status.ts';

/** The vendor publishes no line settings; `parity` and the others of the address say what a terminal wants. */
const line: LineSettings = { baudRate: 9600, dataBits: 8, parity: 'none', stopBits: 1 };

/**
 * The vendor gives no figures. Other tills wait 2 s for the ACK and 60 s for the result, which is less than a
 * customer with a PIN and a terminal on a telephone line may take.
 */
const timing: Timing = {
  acknowledgementMs: 5_000,
  answerMs: 150_000,
  interByteMs: 1_000,
  quietMs: 1_000,
  recoveryMs: 60_000,
};

const capabilities = (setup: Setup): Capabilities => ({
  voidBy: 'checked-last',
  queryBy: 'last',
  queryPrints: false,
  abort: false,
  // Nobody has seen that reversals replace their payment as the last result.
  tellsVoids: false,
  retransmits: true,
  echoesIdentity: setup.payment === 'X' ? ['amount'] : [],
  historyDepth: 1,
  commands: ['status', 'lastTransaction', 'purchase', 'voidTransaction', 'totals', 'settle'],
});

/** An ECR17 terminal, and what is known of it: the commands of this protocol only need to know. */
export interface Ecr17Protocol extends Protocol {
  readonly link: Link;
}

const name = 'ecr17';

export const isEcr17 = (protocol: Protocol): protocol is Ecr17Protocol => protocol.name === name;

const usual: Setup = {
  terminalId: anyTerminal,
  tillId: '00000001',
  payment: 'X',
  receipts: true,
  connection: 'kept',
};

export function ecr17Protocol(options: Partial<Setup> = {}, spoken?: Spoken): Ecr17Protocol {
  const setup: Setup = { ...usual, ...options };
  const link: Link = { ...setup, spoken: spoken ?? unspoken };
  return {
    name,
    link,
    line,
    timing,
    capabilities: capabilities(setup),
    connection: setup.connection,
    currency: 'EUR',

    deframer: () => ecr17Deframer(spoken === undefined ? {} : { variants: [spoken.lrc] }),
    describe,
    idle: (frame, previousAnswer) =>
      frame.kind === 'frame' && isProgress(frame.data)
        ? [{ type: 'stray', frame, reason: 'stale' }]
        : idleAckNak(frame, previousAnswer, wordsIn(variantOfFrame(frame) ?? link.spoken.lrc)),
    greeting: () => mapAnswer(greeting(link), (greeted) => greetedBy(setup, greeted)),
    synchronise: () => idle(link),

    history: (about) => history(link, about),

    status: () => status(link),
    lastTransaction: () => lastTransaction(link),
    totals: () => totals(link),
    settle: () => close(link),

    checkPurchase: checkSale,
    // No field of a payment comes back: a reference would be the till's own affair.
    ticket: (random) => random(6),
    purchase: (request, last) => sale(link, request, last),

    checkTarget,
    checkVoidable,
    void: (found) => reversal(link, found),
  };
}

function greetedBy(setup: Setup, { lrc, said }: Greeted): Ecr17Protocol | Declined {
  const spoken = spokenOf(lrc, said);
  const told = spoken.terminalId;
  if (setup.terminalId === anyTerminal || told === undefined || told === setup.terminalId)
    return ecr17Protocol(setup, spoken);
  return {
    outcome: 'declined',
    responseCode: '',
    message: `it is terminal ${told}, not ${setup.terminalId} (terminal-id).`,
  };
}

const number = /^[0-9]{8}$/;

/**
 * The options of an address.
 * @throws {TerminalError} `bad-address` for a value that makes no sense
 */
export function ecr17Options({
  options,
  texts,
  transport,
}: Pick<ProtocolSetup, 'options' | 'texts' | 'transport'>): Partial<Setup> {
  const eightDigits = (option: string): string | undefined => {
    const value = texts.get(option);
    if (value === undefined || number.test(value)) return value;
    throw new TerminalError('bad-address', 'none', `${option} must be 8 digits; got ${value}.`);
  };
  const terminalId = eightDigits('terminal-id');
  const tillId = eightDigits('till-id');
  const payment = texts.get('payment') ?? 'X';
  if (payment !== 'X' && payment !== 'P')
    throw new TerminalError('bad-address', 'none', `payment must be X or P; got ${payment}.`);
  // On TCP terminals close the connection after a transaction; the mock does it like them.
  const usualConnection = transport === 'tcp' || transport === 'mock' ? 'per-command' : 'kept';
  const connection = texts.get('connection') ?? usualConnection;
  if (connection !== 'kept' && connection !== 'per-command')
    throw new TerminalError(
      'bad-address',
      'none',
      `connection must be kept or per-command; got ${connection}.`,
    );
  return {
    payment,
    receipts: options.get('receipts') ?? true,
    connection,
    ...(terminalId !== undefined && { terminalId }),
    ...(tillId !== undefined && { tillId }),
  };
}
