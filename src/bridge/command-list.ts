import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JournalReader } from '../journal/reader.ts';
import { type CommandStatus, clientOf } from './command-status.ts';
import type { CommandHead, Commands } from './commands.ts';
import type { CommandState } from './schemas.ts';

export interface ListWish {
  readonly maySee: (client: string) => boolean;
  readonly state?: CommandState;
  readonly limit: number;
}

/** Keys that are looked through before the others have their turn, and before the list ends where it is. */
const atOnce = 200;
const mostKeys = 10_000;

/** Ended commands at the beginning of a stream of everything. */
export const mostLatest = 50;

/** What the journal can say of a command without this service: a running one is in memory. */
const standings: Readonly<Record<CommandState, readonly string[]>> = {
  queued: [],
  running: [],
  done: ['ended'],
  failed: ['unsent'],
  'in-doubt': ['open'],
};

/** Whether a command in memory can be in this state, by what this service has heard itself. */
function mayBe({ state, ending }: CommandHead, wanted: CommandState): boolean {
  if (ending === undefined) return state === wanted;
  const unknown = ending.type === 'failed' && ending.failure.effect === 'unknown';
  switch (wanted) {
    case 'queued':
    case 'running':
      return false;
    case 'done':
      return ending.type === 'result' || unknown;
    case 'failed':
      return ending.type === 'failed';
    case 'in-doubt':
      return unknown;
  }
}

/** The latest commands that may be seen, the newest first: those in memory and those in the journal. */
export async function listCommands(
  commands: Commands,
  journal: JournalReader,
  { maySee, state, limit }: ListWish,
): Promise<CommandStatus[]> {
  const found: CommandStatus[] = [];
  const add = (id: string): boolean => {
    const status = commands.status(id);
    if (status === undefined || (state !== undefined && status.state !== state)) return false;
    found.push(status);
    return true;
  };
  const heads = commands.heads();
  for (const head of heads) {
    if (found.length >= limit) break;
    if (maySee(head.client) && (state === undefined || mayBe(head, state))) add(head.id);
  }
  const inMemory = new Set(heads.map(({ id }) => id));
  let written = 0;
  let before: number | undefined;
  for (let looked = 0; looked < mostKeys && written < limit; looked += atOnce) {
    const keys = journal.keys({ ...(before !== undefined && { before }), limit: atOnce });
    for (const { key, first, standing } of keys) {
      before = first;
      const wanted = state === undefined || standings[state].includes(standing);
      if (!wanted || inMemory.has(key) || !maySee(clientOf(key)) || written >= limit) continue;
      if (add(key)) written += 1;
    }
    if (keys.length < atOnce) break;
    await nextTurn();
  }
  return found.sort((a, b) => b.createdAt - a.createdAt).slice(0, limit);
}

/** What begins a stream of everything: what is under way, and the latest that have ended. */
export function latestOf(
  commands: Commands,
  listed: readonly CommandStatus[],
  maySee: (client: string) => boolean,
): CommandStatus[] {
  const heads = commands.heads().filter(({ client }) => maySee(client));
  const underWay = heads.filter(({ state }) => state !== 'ended');
  const ids = new Set([...underWay, ...heads.slice(0, mostLatest), ...listed].map(({ id }) => id));
  return [...ids]
    .map((id) => commands.status(id))
    .filter((status) => status !== undefined)
    .sort((a, b) => b.createdAt - a.createdAt);
}
