import { sameNumber } from '../../model/identity.ts';
import type { Refused } from '../../model/results.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { Named, VoidAnswer } from '../protocol.ts';
import { type Answer, answerReader, declined, identityOf, unknownCode } from './answers.ts';
import { answer, booking, printed } from './kinds.ts';
import { isStan, request } from './requests.ts';
import type { Link } from './setup.ts';
import { isNotBefore } from './stan.ts';

/** A void that named STAN 000000 would take back whatever was last. */
export function checkVoidable(found: Transaction): Refused | undefined {
  if (isStan(found.trace)) return undefined;
  return {
    outcome: 'refused',
    reason: 'not-approved',
    message:
      'The terminal told no number (STAN) for its last transaction, so a void could not be kept to it. Nothing was voided.',
    found,
  };
}

/**
 * What the answer says of the transaction taken back. Its own number is that of the reversal, unless it is
 * the very number of the original; the authorisation code is filled with zeros.
 */
function namedBy(said: Answer, stan: string): Named {
  const { trace, ...rest } = identityOf(said);
  return { ...rest, ...(sameNumber(trace, stan) && { trace: stan }) };
}

/** The customer's card has to be there again: a reversal with another one is not of this payment. */
const otherCard = (said: Answer, { last4 }: Transaction): boolean => {
  const told = said.fields['last4'] ?? '';
  return told !== '' && last4 !== undefined && last4.length === told.length && told !== last4;
};

/** The reversal of the last payment, which the terminal makes only if that has this STAN. */
export function reversal(link: Link, found: Transaction): Exchange<VoidAnswer> {
  const stan = found.trace ?? '';
  return printed(
    link,
    booking<VoidAnswer>(
      link,
      'reversal',
      request(link, 'S', { stan }),
      answerReader<VoidAnswer>(link, ['E84'], (said) => {
        const told = identityOf(said).trace;
        // The reversal of an earlier transaction: its answer comes late.
        if (told !== undefined && !isNotBefore(stan, told)) return { type: 'other' };
        const named = namedBy(said, stan);
        switch (said.meaning) {
          case 'unknown':
            return answer<VoidAnswer>(unknownCode(said));
          case 'declined':
            // Each refusal has a number: one without may be to an earlier reversal.
            if (told === undefined) return { type: 'unreadable' };
            return answer<VoidAnswer>({ ...declined(said), outcome: 'declined', named });
          case 'ok':
            if (told === undefined || otherCard(said, found)) return { type: 'unreadable' };
            return answer<VoidAnswer>({ outcome: 'voided', named });
        }
      }),
    ),
  );
}
