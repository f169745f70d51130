import { fromLatin1 } from '../../framing/bytes.ts';
import { maskCardNumbers } from '../../model/mask.ts';
import { formatMoney } from '../../model/money.ts';
import type {
  Declined,
  Refused,
  SettleResult,
  StatusResult,
  TotalsResult,
} from '../../model/results.ts';
import type { CardType } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { UnknownCode } from '../protocol.ts';
import { checkText, invalid } from '../refusal.ts';
import {
  answerReader,
  cents,
  declined,
  eur,
  frameReader,
  identityOf,
  unknownCode,
} from './answers.ts';
import { cardType } from './codes.ts';
import { read, widthOf } from './fixed-width.ts';
import { acknowledgedOnly, answer, booking, once, printed, query } from './kinds.ts';
import { vasTable } from './layouts.ts';
import { nothingYet, receiptPart } from './receipt.ts';
import { request } from './requests.ts';
import type { Link } from './setup.ts';

/** The terminal tells the sum of its transactions, and not how many they are. */
export const totals = (link: Link): Exchange<TotalsResult> =>
  query<TotalsResult>(
    link,
    'totals',
    request(link, 'T'),
    answerReader<TotalsResult>(link, ['T34'], (said) => {
      if (said.meaning !== 'ok') return answer<TotalsResult>(declined(said));
      const total = cents(said.fields['total']);
      if (total === undefined) return { type: 'unreadable' };
      const message = 'The terminal told its total.';
      return answer<TotalsResult>({ outcome: 'found', message, total: eur(total) });
    }),
  );

/** The end of the day. The last result stays in the terminal's memory. */
export const close = (link: Link): Exchange<SettleResult | UnknownCode> =>
  printed(
    link,
    booking<SettleResult | UnknownCode>(
      link,
      'close session',
      request(link, 'C'),
      answerReader<SettleResult | UnknownCode>(link, ['C44'], (said) => {
        if (said.meaning === 'unknown') return answer(unknownCode(said));
        if (said.meaning === 'declined') return answer(declined(said));
        const own = cents(said.fields['terminalTotal']);
        const host = cents(said.fields['hostTotal']);
        if (own === undefined || host === undefined) return { type: 'unreadable' };
        const { terminalId } = identityOf(said);
        return answer({
          outcome: 'settled',
          message: `The terminal has closed its session: its total ${formatMoney(eur(own))}, the host's ${formatMoney(eur(host))}.`,
          ...(terminalId !== undefined && { terminalId }),
        });
      }),
    ),
  );

export type VerificationResult =
  | {
      readonly outcome: 'done';
      readonly message: string;
      readonly last4?: string;
      readonly cardType?: CardType;
      readonly authorisationCode?: string;
    }
  | Declined
  | UnknownCode;

/** Has the host look at the customer's card. Takes no money. */
export const verification = (link: Link): Exchange<VerificationResult> =>
  once<VerificationResult>(
    link,
    'card verification',
    request(link, 'H'),
    answerReader<VerificationResult>(link, ['E71'], (said) => {
      if (said.meaning === 'unknown') return answer<VerificationResult>(unknownCode(said));
      if (said.meaning === 'declined') return answer<VerificationResult>(declined(said));
      const { last4 = '' } = said.fields;
      const { authorisationCode } = identityOf(said);
      const type = cardType(said.fields['cardType']);
      return answer<VerificationResult>({
        outcome: 'done',
        message: 'The card was verified.',
        ...(last4 !== '' && { last4 }),
        ...(type && { cardType: type }),
        ...(authorisationCode !== undefined && { authorisationCode }),
      });
    }),
  );

export interface ReprintResult {
  readonly outcome: 'done';
  readonly message: string;
  /** Lines to print, of at most 24 characters. */
  readonly lines: readonly string[];
}

/** The last receipt once more, printed at the terminal. The ACK is its whole answer. */
export const reprintThere = (link: Link): Exchange<StatusResult> =>
  acknowledgedOnly<StatusResult>(link, 'reprint', request(link, 'R', { atTill: '0' }), {
    outcome: 'ready',
    message: 'The terminal prints its last receipt again.',
  });

/** The last receipt once more, for the till to print. */
export const reprintHere = (link: Link): Exchange<ReprintResult> =>
  once<ReprintResult>(
    link,
    'reprint',
    request(link, 'R', { atTill: '1' }),
    frameReader(link, ['S'], (payload, parts) => {
      if (parts.length >= mostParts) return { type: 'unreadable' };
      let rest = nothingYet;
      let last = false;
      const lines: string[] = [];
      for (const part of [...parts, payload]) {
        const told = receiptPart(part, rest);
        lines.push(...told.lines);
        ({ rest, last } = told);
      }
      if (!last) return { type: 'part' };
      return answer({ outcome: 'done', message: 'The terminal told its last receipt.', lines });
    }),
  );

const mostParts = 200;

export interface VasResult {
  readonly outcome: 'done';
  readonly message: string;
  /** The answer of the service. */
  readonly xml: string;
}

/** Text in the columns after the head of a `K` frame. */
const xmlOf = (payload: Uint8Array): string => fromLatin1(payload.subarray(widthOf(vasTable)));

/**
 * Why this cannot be asked of the terminal's additional services. Payments, refunds and closures are
 * services too, and nobody could find out about them afterwards with `G`: only questions go out.
 */
export function checkVas(xml: string): Refused | undefined {
  const refused = checkText('xml', '1 to 1024 characters, ASCII', /^[\t\n\r -~]{1,1024}$/, xml);
  if (refused !== undefined) return refused;
  const [service = '', ...more] = [...xml.matchAll(serviceId)].map(([, id = '']) => id.trim());
  if (more.length === 0 && /^[A-Z]+_(INQUIRY|TOTAL)$/.test(service)) return undefined;
  return invalid('xml', 'a request to one service, ..._INQUIRY or ..._TOTAL', xml);
}

/** `<p k="ECRVASID">BPAY_INQUIRY</p>` */
const serviceId = /ECRVASID"?\s*>([^<]*)/g;

/** An inquiry to an additional service (VAS), whose answer may come in several messages. */
export const vas = (link: Link, xml: string): Exchange<VasResult> =>
  once<VasResult>(
    link,
    'VAS inquiry',
    request(link, 'K', { length: String(xml.length) }, xml),
    frameReader(link, ['K'], (payload, parts) => {
      const { more, number = '' } = read(vasTable, payload);
      const expected = String(parts.length + 1).padStart(3, '0');
      if (more === undefined || number !== expected || parts.length >= mostParts)
        return { type: 'unreadable' };
      if (more === '1') return { type: 'part' };
      const whole = maskCardNumbers([...parts, payload].map(xmlOf).join(''));
      return answer({ outcome: 'done', message: 'The service has answered.', xml: whole });
    }),
  );
