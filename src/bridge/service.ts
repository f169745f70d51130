import type { SqliteJournal } from '../journal/sqlite.ts';
import type { Clock } from '../model/clock.ts';
import { Commands } from './commands.ts';
import { Feed } from './feed.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { BridgeTerminal, type NamedTerminal } from './terminals.ts';

export interface ServiceParts {
  readonly terminals: readonly NamedTerminal[];
  readonly journal: SqliteJournal;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly clock: Clock;
  /** So many characters 0-9 and A-Z, hard to guess. */
  random(length: number): string;
}

/** What the service is without HTTP: terminals that are followed, commands, and who is told of them. */
export interface Service {
  readonly terminals: ReadonlyMap<string, BridgeTerminal>;
  readonly commands: Commands;
  readonly feed: Feed;
  readonly openStreams: { count: number };
  readonly ending: AbortSignal;
  /** Takes no more commands, lets running ones end, then ends the event streams. */
  stop(): Promise<void>;
}

export async function createService(parts: ServiceParts): Promise<Service> {
  // What makes words of frames is loaded by who listens; it has to be there before the first command.
  await import('../trace/read-frame.ts');
  const { journal } = parts;
  const feed = new Feed(parts.random(8), parts.clock);
  const terminals = new Map(
    parts.terminals.map((named) => [named.name, new BridgeTerminal(named, journal)]),
  );
  const commands = new Commands({ ...parts, terminals, feed });
  for (const terminal of terminals.values()) follow(terminal, feed, parts);
  const ending = new AbortController();
  return {
    ...{ terminals, commands, feed },
    openStreams: { count: 0 },
    ending: ending.signal,
    async stop() {
      commands.stop();
      await Promise.all([...terminals.values()].map(({ terminal }) => terminal.close()));
      ending.abort();
    },
  };
}

/** Counts what happens on a terminal's line, tells of its state, and keeps the frames of what runs. */
function follow(bridged: BridgeTerminal, feed: Feed, { metrics, log }: ServiceParts): void {
  const { name, terminal } = bridged;
  let before = 'disconnected';
  try {
    bridged.readDoubts();
  } catch (error) {
    // Whoever asks is told so; money commands find it out by themselves.
    log.error({ terminal: name, error }, 'journal cannot be read');
  }
  bridged.follow(({ type }) => {
    if (before === 'connecting' && type === 'idle')
      metrics.count('tillwire_connections_total', { terminal: name });
    if (before !== 'disconnected' && type === 'disconnected')
      metrics.count('tillwire_connections_lost_total', { terminal: name });
    before = type;
    feed.tell({ type: 'terminal', status: bridged.status });
  });
  terminal.unsolicited$.subscribe(({ reason, bytes }) => {
    if (reason === 'noise' || reason === 'bad-check')
      metrics.count('tillwire_noise_bytes_total', { terminal: name }, bytes);
  });
  terminal.wire$.subscribe((frame) => {
    bridged.pending[0]?.crossed(frame);
    if (frame.name === 'NAK')
      metrics.count('tillwire_naks_total', { terminal: name, from: frame.from });
  });
}
