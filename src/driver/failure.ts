import { type ErrorCode, type ErrorDetails, TerminalError } from '../model/error.ts';
import type { Exchange } from '../protocols/exchange.ts';
import type { ExchangeOutcome } from './exchange-run.ts';

type Failed = Extract<ExchangeOutcome<unknown>, { type: 'failed' }>;

/** What happened on the line, for a person. */
const happened: Readonly<Record<Failed['failure'], string>> = {
  'not-acknowledged': 'The terminal refused the request each time it was sent.',
  'no-acknowledgement': 'The terminal did not react to the request.',
  'no-answer': 'The terminal took the request and then fell silent.',
  'garbled-answer': 'The answer arrived damaged each time.',
  'unreadable-answer': 'The terminal sent an answer that makes no sense.',
  'connection-lost': 'The connection to the terminal was lost.',
};

/**
 * The error for an exchange that ended without an answer. `provenUndone`: the terminal's memory proves that
 * it was not carried out.
 */
export function exchangeError(
  exchange: Exchange<unknown>,
  failed: Failed,
  details: ErrorDetails = {},
  provenUndone = false,
): TerminalError {
  const unknown = exchange.money && failed.left && !provenUndone;
  const code: ErrorCode = failed.failure;
  const money = unknown
    ? `It is not known whether the ${exchange.name} was carried out: look at the terminal before doing anything else.`
    : `The ${exchange.name} was not carried out.`;
  const detail = failed.detail === undefined ? '' : ` (${failed.detail})`;
  const query = !exchange.money && failed.left ? '' : ` ${money}`;
  return new TerminalError(
    code,
    unknown ? 'unknown' : 'none',
    `${happened[failed.failure]}${query}${detail}`,
    details,
  );
}
