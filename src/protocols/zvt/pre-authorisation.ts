import { bcdDigits } from '../../framing/bcd.ts';
import { sameNumber } from '../../model/identity.ts';
import type { Money } from '../../model/money.ts';
import type { Declined } from '../../model/results.ts';
import type { Exchange } from '../exchange.ts';
import type { PurchaseAnswer } from '../protocol.ts';
import { bmp, fieldValue } from './bitmaps.ts';
import { codeHex } from './codes.ts';
import { dialogue } from './dialogue.ts';
import type { Message } from './message.ts';
import { booking, takesBack } from './money.ts';
import { requests } from './requests.ts';
import type { Setup } from './setup.ts';
import { identityOf, originalTraceOf } from './status-information.ts';
import { tag } from './tlv-tags.ts';
import { inWords } from './verdict.ts';

/** 06 22: reserves an amount on the card. */
export const preAuthorisation = (setup: Setup, amount: Money): Exchange<PurchaseAnswer> =>
  booking(setup, 'pre-authorisation', 'pre-authorisation', requests.preAuthorisation(amount), {
    doubt: takesBack,
  });

/** 06 24: books the amount used of a pre-authorisation, by its receipt number. */
export const bookTotal = (
  setup: Setup,
  receiptNumber: string,
  used: Money,
): Exchange<PurchaseAnswer> =>
  booking(
    setup,
    'booking of a pre-authorisation',
    'booking',
    requests.bookTotal(receiptNumber, used),
  );

/** 06 23: releases the amount that was not used, and books the rest. */
export const partialReversal = (
  setup: Setup,
  receiptNumber: string,
  unused: Money,
): Exchange<PurchaseAnswer> =>
  booking(
    setup,
    'partial reversal of a pre-authorisation',
    'booking',
    requests.partialReversal(receiptNumber, unused),
  );

/**
 * 06 25: gives the whole reservation back. Its answer tells no amount that could be compared, so it has to name
 * the reservation: by bitmap 37, or by its receipt number.
 */
export const preAuthorisationReversal = (
  setup: Setup,
  receiptNumber: string,
): Exchange<PurchaseAnswer> =>
  booking(
    setup,
    'reversal of a pre-authorisation',
    'void',
    requests.preAuthorisationReversal(receiptNumber, setup.currency),
    {
      doubt: (result) =>
        originalTraceOf(result) !== undefined ||
        sameNumber(identityOf(result).receiptNumber, receiptNumber)
          ? undefined
          : 'it does not say which pre-authorisation was reversed',
    },
  );

export interface OpenPreAuthorisations {
  readonly outcome: 'found';
  readonly message: string;
  /** Receipt numbers, as the terminal writes them. */
  readonly receiptNumbers: readonly string[];
}

/** 06 1E with this code and a receipt number, or a list of them, answers the question. */
const preAuthorisationCode = 0xb8;
const noReceipt = 'FFFF';

/** 06 23 with receipt FFFF asks which pre-authorisations are open; the answer is an abort with code B8. */
export const openPreAuthorisations = (setup: Setup): Exchange<OpenPreAuthorisations | Declined> =>
  dialogue<OpenPreAuthorisations | Declined>(
    {
      name: 'open pre-authorisations',
      money: false,
      message: requests.openPreAuthorisations(),
      ends: 'completion',
      repeatOnSilence: true,
      withoutResult: true,
      read(ending) {
        if (ending.by !== 'abort' && ending.by !== 'refusal') return undefined;
        const { code = 0, message } = ending;
        const receiptNumbers = ending.by === 'abort' ? receiptsIn(message) : undefined;
        if (code === preAuthorisationCode && receiptNumbers !== undefined)
          return {
            outcome: 'found',
            receiptNumbers,
            message: `The terminal holds ${receiptNumbers.length} open pre-authorisations.`,
          };
        return {
          outcome: 'declined',
          responseCode: codeHex(code),
          message: `The terminal refused: ${inWords(code, message, setup)} (code ${codeHex(code)}).`,
        };
      },
    },
    setup,
  );

/** One in bitmap 87, or several in TLV 23, each with tag 08. */
function receiptsIn({ fields, tlv }: Message): readonly string[] | undefined {
  const single = fieldValue(fields, bmp.receipt);
  const listed = tlv
    .filter((element) => element.tag === tag.openPreAuthorisation)
    .flatMap(({ children = [] }) => children)
    .filter((element) => element.tag === tag.receiptNumber)
    .map(({ value }) => bcdDigits(value));
  if (single === undefined && listed.length === 0) return undefined;
  return [...(single === undefined ? [] : [bcdDigits(single)]), ...listed].filter(
    (digits) => digits !== noReceipt,
  );
}
