import { sameNumber } from '../../model/identity.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { Named, VoidAnswer } from '../protocol.ts';
import { currency } from './amount.ts';
import {
  amountOf,
  declinedBy,
  identityOf,
  transactionOf,
  unknownCode,
  verdictOf,
} from './answers.ts';
import { booking, type Reading } from './booking.ts';
import type { Message } from './envelope.ts';
import { notTaken } from './kinds.ts';
import { readReceipt } from './queries.ts';
import { requests } from './requests.ts';

/** What an answer says that has to be checked against the sale's own receipt. */
type Claim =
  | { readonly said: 'approved'; readonly named: Named; readonly last4: string | undefined }
  | { readonly said: 'declined'; readonly responseCode: string; readonly message: string };

/** What names the transaction; an authorisation code of a void need not be that of its sale. */
function namedBy(message: Message): Named {
  const { receiptNumber, terminalId } = identityOf(message);
  const amount = amountOf(message);
  return {
    ...(receiptNumber && { receiptNumber }),
    ...(terminalId && { terminalId }),
    ...(typeof amount === 'number' && { amount: { amount, currency } }),
  };
}

const namedOf = ({ receiptNumber, terminalId, amount }: Transaction): Named => ({
  amount,
  ...(receiptNumber && { receiptNumber }),
  ...(terminalId && { terminalId }),
});

/**
 * Voids the receipt of this number. The vendor's text does not say whether the answer's invoiceNumber is that
 * of the sale or one of the void's own; where it is not the sale's, the sale's receipt is asked for, and says
 * what has become of it.
 */
export function withdrawal(found: Transaction): Exchange<VoidAnswer> {
  const asked = found.receiptNumber ?? '';
  return booking<Claim, VoidAnswer>({
    name: 'void',
    method: 'Withdrawal',
    request: requests.withdrawal(asked),
    printsApart: () => true,
    read: (message) => read(found, message),
    notTaken: (msgType) => {
      const { responseCode, message } = notTaken(msgType);
      return { outcome: 'declined', named: {}, responseCode, message };
    },
    check: { method: 'GetReceiptInfo', request: requests.receiptInfo(asked) },
    conclude: (claim, told) => conclude(found, claim, told),
  });
}

function read(found: Transaction, message: Message): Reading<Claim, VoidAnswer> {
  const verdict = verdictOf(message, ['approved', 'voided']);
  if (verdict === undefined || amountOf(message) === 'malformed') return { type: 'unreadable' };
  const named = namedBy(message);
  switch (verdict.meaning) {
    case 'unknown':
      return { type: 'answer', answer: unknownCode(message, verdict) };
    case 'declined': {
      const { responseCode, message: words } = declinedBy(message, verdict);
      return { type: 'claim', claim: { said: 'declined', responseCode, message: words } };
    }
    case 'approved': {
      const otherAmount = named.amount !== undefined && named.amount.amount !== found.amount.amount;
      if (otherAmount || sameNumber(named.receiptNumber, found.receiptNumber))
        return { type: 'answer', answer: { outcome: 'voided', named } };
      const last4 = transactionOf(message, 'approved')?.last4;
      return { type: 'claim', claim: { said: 'approved', named, last4 } };
    }
  }
}

function conclude(found: Transaction, claim: Claim, told: Message | undefined): VoidAnswer {
  const sale = told && readReceipt(told, found.receiptNumber ?? '');
  const receipt = typeof sale === 'object' && sale.type === 'receipt' ? sale.receipt : undefined;
  const takenBack =
    receipt !== undefined &&
    (receipt.transaction.state === 'voided' || receipt.transaction.kind === 'void');
  const named = receipt === undefined ? {} : namedOf(receipt.transaction);
  if (claim.said === 'declined') {
    const { responseCode, message } = claim;
    if (takenBack) return { outcome: 'already-voided', named, responseCode, message };
    const gone = typeof sale === 'object' && sale.type === 'none';
    return { outcome: gone ? 'not-found' : 'declined', named: {}, responseCode, message };
  }
  // A terminal that does not tell what has become of a sale has at least to tell the same sale both times.
  const untold =
    receipt !== undefined &&
    !receipt.standing &&
    claim.named.amount !== undefined &&
    (claim.last4 ?? receipt.transaction.last4) === receipt.transaction.last4;
  return { outcome: 'voided', named: takenBack || untold ? named : claim.named };
}
