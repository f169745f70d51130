import { fromLatin1, toLatin1 } from '../../framing/bytes.ts';
import { stxFrame } from '../../framing/stx-etx-lrc.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import type { StatusResult } from '../../model/results.ts';
import { type AckNakRequest, ackNakExchange, type Reading } from '../ack-nak.ts';
import type { Exchange } from '../exchange.ts';

/** A message `NN.text`: two digits, a full stop, and the rest. */
export interface RbaMessage {
  readonly code: string;
  readonly text: string;
}

/** Undefined for what does not begin like one. */
export function readMessage(data: Uint8Array): RbaMessage | undefined {
  const [, code, text] = /^(\d{2})\.(.*)$/s.exec(fromLatin1(data)) ?? [];
  return code === undefined || text === undefined ? undefined : { code, text };
}

const request = (text: string): Uint8Array => stxFrame(toLatin1(text));

const answer = <A>(code: string, meaning: (text: string) => A): AckNakRequest<A>['answer'] => ({
  by: 'frame',
  read(data): Reading<A> {
    const found = readMessage(data);
    if (found?.code !== code) return { type: 'other' };
    return { type: 'answer', answer: meaning(found.text), names: false };
  },
});

/** A text that ends up on somebody's screen: no control characters, and no card number. */
const printable = (text: string): string => maskCardNumbers(text.replaceAll(/\p{C}/gu, ' ').trim());

/**
 * 11: what the pad is at. Public drivers know 10 (at work) and 6 and 11 (a signature is there); whatever
 * it says, it is there.
 */
export const status = (): Exchange<StatusResult> =>
  ackNakExchange<StatusResult>({
    name: 'status',
    money: false,
    request: request('11.'),
    repeatOnSilence: true,
    answer: answer('11', (text) => {
      const state = /^\d{2}/.exec(text)?.[0];
      return state === '10'
        ? { outcome: 'not-ready', message: 'The pad is at work.', terminalCode: state }
        : { outcome: 'ready', message: `The pad is there, in state ${state ?? 'unknown'}.` };
    }),
  });

export interface HealthResult {
  readonly outcome: 'found';
  /** What the pad says of itself, in its own layout; card numbers reduced to the last four digits. */
  readonly report: string;
  readonly message: string;
}

/** 08: the pad's report on itself. */
export const healthCheck = (): Exchange<HealthResult> =>
  ackNakExchange<HealthResult>({
    name: 'health check',
    money: false,
    request: request('08.0'),
    repeatOnSilence: true,
    answer: answer('08', (text) => {
      const report = printable(text);
      return { outcome: 'found', report, message: 'The pad told how it is.' };
    }),
  });

export interface ResetResult {
  readonly outcome: 'done';
  readonly message: string;
}

/** 10: drops whatever the pad is asking the customer. It has a reply only where it is set up to. */
export const reset = (): Exchange<ResetResult> =>
  ackNakExchange<ResetResult>({
    name: 'reset',
    money: false,
    request: request('10.'),
    repeatOnSilence: false,
    answer: {
      by: 'acknowledgement',
      means: { outcome: 'done', message: 'The pad dropped what it was doing.' },
    },
  });
