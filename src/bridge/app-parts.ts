import type { SqliteJournal } from '../journal/sqlite.ts';
import type { Language } from '../messages/messages.ts';
import type { Clock } from '../model/clock.ts';
import type { Commands } from './commands.ts';
import type { Feed } from './feed.ts';
import type { GuardParts } from './guard.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { PageFiles } from './page-files.ts';
import type { BridgeTerminal } from './terminals.ts';

/** What the service is made of. Tests bring their own terminals, journal, clock and clients. */
export interface AppParts {
  readonly guard: GuardParts;
  readonly commands: Commands;
  readonly terminals: ReadonlyMap<string, BridgeTerminal>;
  readonly journal: SqliteJournal;
  readonly feed: Feed;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  /** Of messages, when a request asks for none. */
  readonly language: Language;
  readonly version: string;
  readonly page: PageFiles;
  /** How many event streams are open. */
  readonly openStreams: { count: number };
  /** Fires when event streams have to end. */
  readonly ending: AbortSignal;
}
