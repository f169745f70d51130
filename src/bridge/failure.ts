import { type Language, operatorMessage } from '../messages/messages.ts';
import { TerminalError } from '../model/error.ts';
import type { FailureView } from './schemas.ts';

/** Why a command ended without a certain statement, in no language yet. */
export type Failure = Omit<FailureView, 'operatorMessage'>;

/** Nothing of it left the till, and that is all that is on record. */
export const notSent = 'not-sent';

/** `moneySent`: something had left that can move money, which a defect of ours says nothing about. */
export function failureOf(error: unknown, moneySent: boolean): Failure {
  if (!(error instanceof TerminalError))
    return {
      code: 'internal',
      effect: moneySent ? 'unknown' : 'none',
      message: 'Something went wrong in the service; its log says what.',
    };
  const { code, effect, message, intent, evidence } = error;
  return {
    code,
    effect,
    message,
    ...(intent !== undefined && { intent }),
    ...(evidence !== undefined && { evidence }),
  };
}

/** The texts are those of the errors of a terminal; a code that they do not list is told by its effect alone. */
function asError({ code, effect, message, ...details }: Failure): TerminalError {
  const error = new TerminalError('cancelled', effect, message, details);
  return code === notSent ? error : Object.assign(error, { code });
}

export const failureMessage = (failure: Failure, language: Language): string =>
  operatorMessage(asError(failure), language);

export const failureView = (failure: Failure, language: Language): FailureView => ({
  ...failure,
  operatorMessage: failureMessage(failure, language),
});
