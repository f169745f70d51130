import { maskCardNumbers } from '../../model/mask.ts';
import type { SettleResult } from '../../model/results.ts';
import type { Exchange } from '../exchange.ts';
import type { UnknownCode } from '../protocol.ts';
import { identityOf } from './answers.ts';
import { booking, type Reading } from './booking.ts';
import { responseCode, responseCodeOf } from './codes.ts';
import type { Message } from './envelope.ts';
import { notTaken } from './kinds.ts';
import { requests } from './requests.ts';
import type { Setup } from './setup.ts';

type Answer = SettleResult | UnknownCode;

/** What a refusal says; the codes of a settlement are few, and 0001 is an empty batch. */
function read(message: Message): Reading<Answer, Answer> {
  const code = responseCodeOf(message.param('responseCode'));
  if (code === undefined) return { type: 'unreadable' };
  const words = maskCardNumbers(message.errorDescription);
  if (code === '0000' && message.error !== true) {
    const { terminalId, commerceCode } = identityOf(message);
    return {
      type: 'answer',
      answer: {
        outcome: 'settled',
        message: 'The terminal has closed the day.',
        ...(terminalId && { terminalId }),
        ...(commerceCode && { commerceCode }),
      },
    };
  }
  const { meaning, text } = responseCode(code);
  const refused = message.error === true && (code === '0001' || code.startsWith('1'));
  if (!refused || meaning !== 'declined')
    return {
      type: 'answer',
      answer: {
        outcome: 'unknown-response-code',
        responseCode: code,
        message: `The terminal answered with code ${code}${words === '' ? '' : `: ${words}`}.`,
      },
    };
  const answer: Answer = {
    outcome: 'declined',
    responseCode: code,
    message: `The day was not closed: ${words || text} (code ${code}).`,
  };
  return { type: 'claim', claim: answer };
}

/** Z report and reconciliation: empties the batch. Without a merchant of its own, all merchants. */
export const settle = (setup: Setup): Exchange<Answer> =>
  booking<Answer, Answer>({
    name: 'settlement',
    method: 'Verify',
    request: requests.verify(setup),
    printsApart: () => true,
    read,
    notTaken,
    check: { method: 'PingDevice', request: requests.ping() },
    conclude: (claim) => claim,
  });
