import type { Declined, SettleResult } from '../../model/results.ts';
import type { Exchange } from '../exchange.ts';
import type { UnknownCode } from '../protocol.ts';
import { codeHex } from './codes.ts';
import { dialogue } from './dialogue.ts';
import type { Message, NewMessage } from './message.ts';
import { refusedMessage, unknownCode } from './money.ts';
import { notTold } from './queries.ts';
import { requests } from './requests.ts';
import type { Setup } from './setup.ts';
import { identityOf, resultOf } from './status-information.ts';
import { verdictOf } from './verdict.ts';

/** Codes with which a good end of day may complete: an update begins, or the terminal starts afresh. */
const afterwards: Readonly<Record<number, string>> = {
  224: 'A software update of the terminal begins.',
  252: 'The terminal starts afresh.',
};

function settled(completion: Message, told: Message | undefined): SettleResult {
  const code = resultOf(completion);
  const next = code === undefined || code === 0 ? '' : afterwards[code];
  // 06 0F itself says that it was done; the code says what the terminal does now.
  const message = ['The terminal has closed the day.', next ?? inWords(code)].join(' ').trim();
  const terminalId = told && identityOf(told).terminalId;
  return { outcome: 'settled', message, ...(terminalId !== undefined && { terminalId }) };
}

const inWords = (code = 0): string => `It goes on with code ${codeHex(code)}.`;

/** 06 50: settles and empties the memory; nothing before it can be reversed any more. */
export const endOfDay = (setup: Setup): Exchange<SettleResult | UnknownCode> =>
  dialogue<SettleResult | UnknownCode>(
    {
      name: 'end of day',
      money: true,
      message: requests.endOfDay(setup),
      ends: 'completion',
      repeatOnSilence: false,
      read(ending, heard) {
        // A day without turnover may be closed without a 04 0F.
        if (ending.by === 'completion' && heard.results.every((told) => resultOf(told) === 0))
          return settled(ending.message, heard.results.at(-1));
        const verdict = verdictOf(ending, heard, setup);
        switch (verdict?.type) {
          case 'unknown':
            return unknownCode(verdict);
          case 'refused':
            return {
              outcome: 'declined',
              responseCode: verdict.code,
              message: refusedMessage(verdict),
            };
          default:
            return undefined;
        }
      },
    },
    setup,
  );

/** A command that moves no money and only has to end well. */
export interface DoneResult {
  readonly outcome: 'done';
  readonly message: string;
}

const administration = (
  setup: Setup,
  name: string,
  message: NewMessage,
  done: string,
  ends: 'reply' | 'completion' = 'completion',
): Exchange<DoneResult | Declined> =>
  dialogue<DoneResult | Declined>(
    {
      name,
      money: false,
      message,
      ends,
      repeatOnSilence: false,
      read(ending, heard) {
        const failed = heard.results.map(resultOf).some((code) => code !== undefined && code !== 0);
        const well = ending.by === 'reply' || (ending.by === 'completion' && !failed);
        return well
          ? { outcome: 'done', message: done }
          : notTold(ending, heard, setup, `The ${name} failed.`);
      },
    },
    setup,
  );

export const reprint = (setup: Setup, from: string, to: string | undefined) =>
  administration(
    setup,
    'reprint',
    requests.reprint(setup, from, to),
    'The terminal has printed the receipts again.',
  );

/** Tag 1F01: which receipt. */
export const receiptIds = {
  last: 1,
  merchant: 2,
  customer: 3,
  'end-of-day': 4,
} as const;

export const repeatReceipt = (setup: Setup, which: keyof typeof receiptIds) =>
  administration(
    setup,
    'repeated receipt',
    requests.repeatReceipt(setup, receiptIds[which]),
    'The terminal has printed the receipt again.',
  );

/** Tag 1B: how far the diagnosis goes. */
export const diagnosisKinds = {
  line: 1,
  extended: 2,
  configuration: 3,
  emv: 4,
  ep2: 5,
} as const;

export const diagnosis = (setup: Setup, kind: keyof typeof diagnosisKinds) =>
  administration(
    setup,
    'diagnosis',
    requests.diagnosis(diagnosisKinds[kind]),
    'The terminal has reached its host.',
  );

export const initialisation = (setup: Setup) =>
  administration(
    setup,
    'initialisation',
    requests.initialisation(setup),
    'The terminal is initialised.',
  );

export const setClock = (setup: Setup, date: string, time: string) =>
  administration(
    setup,
    'setting of the clock',
    requests.setClock(setup, date, time),
    'The clock of the terminal is set.',
  );

export const logOff = (setup: Setup) =>
  administration(
    setup,
    'log-off',
    requests.logOff(),
    'The till is logged off; the terminal is back in its own settings.',
    'reply',
  );
