import type { Target, Transaction } from '../model/transaction.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { same } from './conclude.ts';
import { ask, type Context } from './context.ts';
import { record } from './record.ts';

/** A reference that the terminal does not keep is none that its answer could be known by. */
export const keepsTicket = (protocol: Protocol): boolean =>
  protocol.capabilities.echoesIdentity.includes('ticket');

/** What the terminal has made last, right before a sale. */
export interface LastBefore {
  readonly last?: Transaction;
  /** `silent`: it was asked and has not said. */
  readonly asked: 'no' | 'told' | 'silent';
}

/**
 * A terminal that keeps no reference of the till can later tell only that there is a new transaction of
 * the same amount: so that "new" can be told, it is asked for its last one before. A baseline, not a proof:
 * recovery wants the very next number after it. `like`: a person has decided about an earlier one like this,
 * whose number nobody knows. Then every terminal is asked, even one that prints what it tells.
 */
export async function lastBefore(
  context: Context,
  key: string,
  repeated: Target,
  like: boolean,
): Promise<LastBefore> {
  const { queryBy, queryPrints } = context.line.protocol.capabilities;
  if (queryBy === 'none') return { asked: 'no' };
  if (!like && (keepsTicket(context.line.protocol) || queryPrints)) return { asked: 'no' };
  const before = await lastTold(context, repeated, like);
  if (before.last !== undefined)
    await record(context, key, { type: 'evidence', found: before.last });
  await context.line.inStep();
  return before;
}

async function lastTold(context: Context, repeated: Target, like: boolean): Promise<LastBefore> {
  const answer = await ask(context, (protocol) => protocol.lastTransaction());
  switch (answer.outcome) {
    case 'found':
      return { last: answer.transaction, asked: 'told' };
    case 'none':
      return { asked: 'told' };
    case 'refused':
      return like ? lastOfReference(context, repeated) : { asked: 'silent' };
    case 'declined':
      // It may have its refusal said once more, and the sale must not take it for its own.
      await context.line.provenIdle();
      return { asked: 'silent' };
  }
}

/** For a terminal that tells one by its reference only. It may tell the first of several under one. */
async function lastOfReference(context: Context, repeated: Target): Promise<LastBefore> {
  const told = await ask(context, (protocol) => protocol.history(repeated));
  if ('outcome' in told) return { asked: 'silent' };
  const last = told.transactions.at(-1);
  if (last === undefined) return { asked: 'told' };
  const isKnown = context.told.transactions.some((one) => same(one, last));
  return { last, asked: isKnown ? 'silent' : 'told' };
}
