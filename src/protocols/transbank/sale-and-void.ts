import { sameNumber } from '../../model/identity.ts';
import type { Transaction } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { Purchase, PurchaseAnswer, VoidAnswer } from '../protocol.ts';
import {
  answerReader,
  declined,
  identityOf,
  readStatus,
  transactionOf,
  unknownCode,
} from './answers.ts';
import { answer, booking } from './kinds.ts';
import { requests } from './requests.ts';
import type { Setup } from './setup.ts';

export function sale(setup: Setup, request: Purchase): Exchange<PurchaseAnswer> {
  const { family } = setup;
  const amount = request.amount.amount;
  const multicode = request.commerceCode !== undefined;
  const read = answerReader<PurchaseAnswer>(
    family,
    multicode ? ['0271', '0210'] : ['0210'],
    (said) => {
      const transaction = transactionOf(said.fields);
      switch (said.response.meaning) {
        case 'unknown':
          return answer(unknownCode(said));
        case 'approved': {
          if (transaction === undefined) return { type: 'unreadable' };
          const { ticket, amount: told } = transaction;
          const names = told.amount === amount && sameNumber(ticket, request.ticket);
          return answer({ outcome: 'approved', transaction }, names);
        }
        default:
          return answer({ ...declined(said), named: identityOf(said.fields) });
      }
    },
  );
  return booking<PurchaseAnswer>(
    multicode ? 'multicode sale' : 'sale',
    requests.sale(family, {
      amount,
      ticket: request.ticket,
      trailingSeparator: setup.trailingSeparator,
      ...(request.commerceCode && { commerceCode: request.commerceCode }),
    }),
    (data) => {
      const progress = readStatus(family, data);
      return progress === undefined ? read(data) : { type: 'progress', progress };
    },
  );
}

export function voidSale({ family }: Setup, found: Transaction): Exchange<VoidAnswer> {
  const operationNumber = found.operationNumber ?? '';
  return booking<VoidAnswer>(
    'void',
    requests.void(family, operationNumber),
    answerReader<VoidAnswer>(family, ['1210'], (said) => {
      // The authorisation code of a void need not be that of its sale.
      const { authorisationCode: _, ...named } = identityOf(said.fields);
      const { meaning, text } = said.response;
      const message = `The terminal refused: ${text} (code ${said.code}).`;
      const refusal = { named, responseCode: said.code, message };
      switch (meaning) {
        case 'approved':
          return answer(
            { outcome: 'voided', named },
            sameNumber(named.operationNumber, operationNumber),
          );
        case 'unknown':
          return answer(unknownCode(said));
        case 'already-voided':
          return answer({ outcome: 'already-voided', ...refusal });
        case 'not-found':
        case 'empty':
          return answer({ outcome: 'not-found', ...refusal });
        case 'declined':
        case 'debit-card':
          return answer({ outcome: 'declined', ...refusal });
      }
    }),
  );
}
