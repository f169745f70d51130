import type { Transaction } from '../../model/transaction.ts';
import type { Exchange } from '../exchange.ts';
import type { Purchase, PurchaseAnswer, VoidAnswer } from '../protocol.ts';
import { answerReader, declined, readStatus, transactionOf, unknownCode } from './answers.ts';
import { answer, booking } from './kinds.ts';
import { requests } from './requests.ts';
import type { Setup } from './setup.ts';

/** Terminals pad with zeros on the left: `123` and `000123` are one number. */
const sameNumber = (a: string | undefined, b: string): boolean =>
  a?.replace(/^0+/, '') === b.replace(/^0+/, '');

export function sale(setup: Setup, request: Purchase): Exchange<PurchaseAnswer> {
  const { family } = setup;
  const amount = request.amount.amount;
  const multicode = request.commerceCode !== undefined;
  const read = answerReader<PurchaseAnswer>(
    family,
    multicode ? ['0271', '0210'] : ['0210'],
    (said) => {
      const transaction = transactionOf(said.fields);
      const names =
        transaction?.amount.amount === amount && sameNumber(transaction.ticket, request.ticket);
      switch (said.response.meaning) {
        case 'unknown':
          return answer(unknownCode(said), names);
        case 'approved':
          if (transaction === undefined) return { type: 'unreadable' };
          return answer({ outcome: 'approved', transaction }, names);
        default:
          return answer(declined(said), names);
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
    // The request asks for 0900 messages, the first of which comes at once.
    true,
  );
}

export function voidSale({ family }: Setup, found: Transaction): Exchange<VoidAnswer> {
  const operationNumber = found.operationNumber ?? '';
  return booking<VoidAnswer>(
    'void',
    requests.void(family, operationNumber),
    answerReader<VoidAnswer>(family, ['1210'], (said) => {
      const { commerceCode, terminalId, operationNumber: named } = said.fields;
      const names = named !== undefined && sameNumber(named, operationNumber);
      const { meaning, text } = said.response;
      const refusal = {
        responseCode: said.code,
        message: `The terminal refused: ${text} (code ${said.code}).`,
      };
      switch (meaning) {
        case 'approved':
          return answer(
            {
              outcome: 'voided',
              named: {
                ...(named && { operationNumber: named }),
                ...(commerceCode && { commerceCode }),
                ...(terminalId && { terminalId }),
              },
            },
            names,
          );
        case 'unknown':
          return answer(unknownCode(said), names);
        case 'already-voided':
          return answer({ outcome: 'already-voided', ...refusal }, names);
        case 'not-found':
        case 'empty':
          return answer({ outcome: 'not-found', ...refusal }, names);
        case 'declined':
        case 'debit-card':
          return answer({ outcome: 'declined', ...refusal }, names);
      }
    }),
  );
}
