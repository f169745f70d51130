import { TerminalError } from '../model/error.ts';
import type { SettleResult } from '../model/results.ts';
import { type Context, runOptions, unsupported } from './context.ts';
import { exchangeError } from './failure.ts';
import { exclusively, nothingOpen } from './intent.ts';
import { cancelledError } from './queue.ts';

/** Ends the day once. A code that no table lists proves nothing about it. */
export async function settle(context: Context): Promise<SettleResult> {
  const refused = unsupported(context.line.protocol, 'settle');
  if (refused !== undefined) return refused;
  // A settlement empties the memory that tells how a command in doubt has ended.
  const exchange = context.line.protocol.settle();
  const outcome = await exclusively(context, async () => {
    await nothingOpen(context);
    if (context.signal?.aborted === true) throw cancelledError();
    await context.line.connected();
    // Nothing on record says whether an earlier program has left a settlement under way.
    await context.line.provenIdle();
    return context.line.run(exchange, runOptions(context));
  });
  if (outcome.type === 'failed') throw exchangeError(exchange, outcome);
  const { answer, repeated } = outcome;
  if (answer.outcome === 'settled' || (answer.outcome !== 'unknown-response-code' && !repeated))
    return answer;
  throw new TerminalError(
    repeated ? 'no-answer' : 'unknown-response-code',
    'unknown',
    `${answer.message} ${repeated ? 'The request went out more than once. ' : ''}It is not known whether the day was closed: ask the terminal for its totals.`,
  );
}
