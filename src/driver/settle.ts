import { TerminalError } from '../model/error.ts';
import type { SettleResult } from '../model/results.ts';
import { ask, type Context, unsupported } from './context.ts';
import { exclusively, nothingOpen } from './intent.ts';

/** Ends the day once. A code that no table lists proves nothing about it. */
export async function settle(context: Context): Promise<SettleResult> {
  const refused = unsupported(context.protocol, 'settle');
  if (refused !== undefined) return refused;
  // A settlement empties the memory that tells how a command in doubt has ended.
  const answer = await exclusively(context, async () => {
    await nothingOpen(context);
    return ask(context, context.protocol.settle());
  });
  if (answer.outcome !== 'unknown-response-code') return answer;
  throw new TerminalError(
    'unknown-response-code',
    'unknown',
    `${answer.message} It is not known whether the day was closed: ask the terminal for its totals.`,
  );
}
