import { TerminalError } from '../model/error.ts';
import type { SettleResult } from '../model/results.ts';
import { ask, type Context, unsupported } from './context.ts';

/** Ends the day once. A code that no table lists proves nothing about it. */
export async function settle(context: Context): Promise<SettleResult> {
  const refused = unsupported(context.protocol, 'settle');
  if (refused !== undefined) return refused;
  const answer = await ask(context, context.protocol.settle());
  if (answer.outcome !== 'unknown-response-code') return answer;
  throw new TerminalError(
    'unknown-response-code',
    'unknown',
    `${answer.message} It is not known whether the day was closed: ask the terminal for its totals.`,
  );
}
