import type { Declined, SettleResult } from '../../model/results.ts';
import { ackNakExchange } from '../ack-nak.ts';
import type { Exchange } from '../exchange.ts';
import type { UnknownCode } from '../protocol.ts';
import { type Answer, answerReader, declined, unknownCode } from './answers.ts';
import { acknowledgedOnly, answer, booking, query } from './kinds.ts';
import { requestFrame, requests } from './requests.ts';
import type { Setup } from './setup.ts';

/** The vendor's reference: poll and normal mode are sent again on silence as well. */
export const poll = () => acknowledgedOnly('poll', requests.poll(), 'The terminal is ready.', true);

export const normalMode = ({ trailingSeparator }: Setup) =>
  acknowledgedOnly(
    'normal mode',
    requests.normalMode(trailingSeparator),
    'The terminal left integrated mode.',
    true,
  );

export const initialisation = () =>
  acknowledgedOnly(
    'initialisation',
    requests.initialisation(),
    'The terminal is initialising and goes off-line for a while; ask for the result later.',
    false,
  );

export const printSalesDetail = ({ multicode, plainDetail }: Setup) =>
  acknowledgedOnly(
    'sales detail',
    multicode && !plainDetail
      ? requests.multicodeSalesDetail('terminal')
      : requests.salesDetail('terminal'),
    'The terminal prints its sales detail.',
    false,
  );

export interface IdentifiedResult {
  readonly outcome: 'done';
  readonly message: string;
  readonly commerceCode?: string;
  readonly terminalId?: string;
}

export const loadKeys = ({ family }: Setup): Exchange<IdentifiedResult | Declined> =>
  ackNakExchange<IdentifiedResult | Declined>({
    name: 'load keys',
    money: false,
    request: requestFrame(requests.loadKeys()),
    repeatOnSilence: false,
    answer: {
      by: 'frame',
      read: answerReader<IdentifiedResult | Declined>(family, ['0810'], (read) =>
        answer(
          read.response.meaning === 'approved'
            ? { outcome: 'done', message: 'The terminal has loaded its keys.', ...identified(read) }
            : declined(read),
        ),
      ),
    },
  });

const identified = ({ fields }: Answer) => ({
  ...(fields.commerceCode && { commerceCode: fields.commerceCode }),
  ...(fields.terminalId && { terminalId: fields.terminalId }),
});

export interface InitialisationResult {
  readonly outcome: 'done';
  readonly message: string;
  /** When it was initialised, as the terminal writes it: DDMMYYYY and HHMMSS. */
  readonly date?: string;
  readonly time?: string;
}

export const initialisationResult = ({ family }: Setup) =>
  query<InitialisationResult | Declined>(
    'initialisation result',
    requests.initialisationResult(),
    answerReader<InitialisationResult | Declined>(family, ['1080'], (read) => {
      if (read.response.meaning !== 'approved') return answer(declined(read));
      const { date, time } = read.fields;
      const message = 'The terminal is initialised.';
      return answer({ outcome: 'done', message, ...(date && { date }), ...(time && { time }) });
    }),
  );

/** Not a query: it empties the terminal's memory, after which nothing can be voided. */
export const close = ({ family }: Setup): Exchange<SettleResult | UnknownCode> =>
  booking<SettleResult | UnknownCode>(
    'close',
    requests.close(family),
    answerReader<SettleResult | UnknownCode>(family, ['0510'], (read) => {
      if (read.response.meaning === 'unknown') return answer(unknownCode(read));
      if (read.response.meaning !== 'approved') return answer(declined(read));
      const message = 'The terminal is closed for the day.';
      return answer({ outcome: 'settled', message, ...identified(read) });
    }),
    true,
  );
