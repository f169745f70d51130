import type { Decided, Decision, RecoveryResult, Refused } from '../model/results.ts';
import { checkRecorded, invalid } from '../protocols/refusal.ts';
import type { MoneyKind } from './conclude.ts';
import type { Context } from './context.ts';
import { decided, exclusively, inDoubtUntil } from './intent.ts';
import { durable, record } from './record.ts';
import { recoverIntent } from './recovery.ts';

/** Finds out about every command in doubt on this terminal, the oldest first. */
export const recover = (context: Context): Promise<RecoveryResult> =>
  exclusively(context, async () => {
    let last: RecoveryResult = {
      outcome: 'nothing-open',
      message: 'No command is in doubt on this terminal.',
    };
    for (const known of await openIntents(context)) {
      const result = await inDoubtUntil(recoverIntent(context, known), known.intent.key);
      if (result.outcome === 'voided')
        context.emit({ type: 'receipt', lines: result.voucher, from: 'tillwire' });
      last = result;
    }
    context.recovered();
    return last;
  });

/** Who has looked, and what they saw. */
export interface Decider {
  readonly operator: string;
  readonly reason: string;
  /** The key of the command that was looked at; the oldest one in doubt otherwise. */
  readonly key?: string;
}

const fitting = (kind: MoneyKind): readonly Decision[] =>
  kind === 'void' ? ['voided', 'not-voided'] : ['approved', 'not-approved'];

/** Records a person's decision about a command in doubt; the terminal is not asked. */
export const decide = (
  context: Context,
  decision: Decision,
  { operator, reason, key: meant }: Decider,
): Promise<Decided | Refused> =>
  exclusively(context, async () => {
    const refused = checkRecorded('operator', operator) ?? checkRecorded('reason', reason);
    if (refused !== undefined) return refused;
    const open = await openIntents(context);
    const known = open.find(({ intent }) => meant === undefined || intent.key === meant);
    if (known === undefined) return nothingOpen;
    const { key, kind } = known.intent;
    if (!fitting(kind).includes(decision))
      return invalid('decision', `${fitting(kind).join(' or ')} for a ${kind}`, decision);
    const entry = { type: 'decision', decision, operator, reason } as const;
    await record(context, key, entry);
    return decided(known.intent, entry);
  });

const nothingOpen: Refused = {
  outcome: 'refused',
  reason: 'nothing-open',
  message: 'No command is in doubt on this terminal, so there is nothing to decide.',
};

const openIntents = ({ journal, terminal }: Context) => durable('', () => journal.open(terminal));
