import type { Entry, KnownTransaction } from '../journal/journal.ts';
import { TerminalError } from '../model/error.ts';
import type { KnownBefore } from './conclude.ts';
import type { Context } from './context.ts';

/** Whether something has left the till that can move money when an entry of this type is written. */
const afterwards: Readonly<Record<Entry['type'], boolean>> = {
  evidence: false,
  sent: false,
  // Written where it is certain that nothing was carried out.
  'not-sent': false,
  taken: true,
  unsolicited: true,
  answer: true,
  outcome: true,
  'in-doubt': true,
  recovery: true,
  decision: true,
};

/** Writes entries together; when it returns, they are durable. */
export const record = (
  context: Context,
  key: string,
  ...entries: readonly Entry[]
): Promise<void> =>
  durable(
    key,
    () => context.journal.append(key, ...entries),
    entries.some(({ type }) => afterwards[type]),
  );

/** Transactions that this terminal was known to have made before. `sent`: the command may have been carried out. */
export async function knownBefore(
  { journal, terminal, line: { protocol } }: Context,
  key: string,
  sent = true,
): Promise<KnownBefore> {
  const known = await durable(key, () => journal.known(terminal), sent);
  const isOwn = ({ variant }: KnownTransaction) => variant === protocol.variant;
  return { own: known.filter(isOwn), elsewhere: known.filter((one) => !isOwn(one)) };
}

/** Fails closed: what the journal cannot keep must not be sent. */
export async function durable<T>(
  key: string,
  write: () => Promise<T>,
  afterwards = false,
): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof TerminalError && cause.code !== 'journal-failed') throw cause;
    const why = cause instanceof Error ? ` ${cause.message}` : '';
    throw new TerminalError(
      'journal-failed',
      afterwards ? 'unknown' : 'none',
      afterwards
        ? `The command was sent, but how it ended could not be written down. Look at the terminal before doing anything else.${why}`
        : `The journal cannot be used, so nothing was sent.${why}`,
      { intent: key, cause },
    );
  }
}
