import type { BridgeConfig } from '../config/bridge-config.ts';
import type { Config } from '../config/config.ts';
import { systemLocation } from '../journal/location.ts';
import { terminalLock } from '../journal/lock.ts';
import { type JournalPlace, openJournal } from '../journal/sqlite.ts';
import { systemWorld } from '../terminal/open.ts';
import { createApp } from './app.ts';
import { openAudit, withoutSecrets } from './audit.ts';
import { openClients } from './clients.ts';
import type { Limits } from './guard.ts';
import { keepOpen } from './keep-open.ts';
import { type Listening, listen } from './listen.ts';
import { createLog, type Log } from './log.ts';
import { Metrics } from './metrics.ts';
import { type ConfiguredTerminal, openTerminals } from './open-terminals.ts';
import { type PageFiles, readPageFiles } from './page-files.ts';
import { openPairing } from './pairing.ts';
import { createService } from './service.ts';
import { stateFiles } from './state-files.ts';
import { timedJournal } from './timed-journal.ts';

export interface BridgeOptions {
  /** The whole configuration, which is noted in the audit without its secrets. */
  readonly config: Config;
  readonly terminals: readonly ConfiguredTerminal[];
  readonly journal: JournalPlace;
  readonly version: string;
  /** Where the log goes; standard error otherwise. */
  readonly log?: Log;
}

export interface RunningBridge {
  /** `http://127.0.0.1:7465` */
  readonly url: string;
  /** Something that can move money is under way: leaving now leaves it in doubt. */
  readonly moneyUnderWay: boolean;
  /**
   * Takes no new command, lets the ones that run end, tells it to those who watch, and lets everything go.
   * What waits behind a running command ends with `closed` and never leaves.
   */
  stop(): Promise<void>;
}

const usualPlace = '127.0.0.1:7465';

const usualLimits: Limits = {
  bodyBytes: 16_384,
  requestsPerSecond: 20,
  burst: 60,
  streams: 16,
  connections: 256,
  headersMs: 10_000,
  requestMs: 15_000,
};

export function limitsOf({ limits = {} }: BridgeConfig): Limits {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  return { ...usualLimits, ...Object.fromEntries(given) };
}

function placeOf(text: string): { readonly host: string; readonly port: number } {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}

/** A page that is not built is not served; the rest needs none. */
function pageOf(log: Log): PageFiles {
  try {
    return readPageFiles(new URL('../', import.meta.url));
  } catch (error) {
    log.warn({ error }, 'the page is not there');
    return new Map();
  }
}

/**
 * Starts the local service: checks everything first, then listens.
 * @throws {TerminalError} `bad-settings` naming each wrong path; `journal-failed`
 */
export async function startBridge(options: BridgeOptions): Promise<RunningBridge> {
  const { config, version, log = createLog() } = options;
  const { clock } = systemWorld;
  const bridge = config.bridge ?? {};
  const limits = limitsOf(bridge);
  const files = stateFiles(bridge.state);
  const failed = (error: unknown) => log.error({ error }, 'audit cannot be written');
  const audit = openAudit({ file: files.audit, clock, failed });
  const clients = openClients(files.clients, clock);
  const pairing = openPairing({ file: files.pairing, clients, audit, now: clock.now });
  const metrics = new Metrics();
  const journal = await openJournal({ ...options.journal, clock });
  let listening: Listening | undefined;
  try {
    const terminals = await openTerminals(options.terminals, {
      journal: timedJournal(journal, metrics),
      lock: terminalLock(systemLocation().locks),
      program: 'tillwire serve',
      warn: (terminal, message) => log.warn({ terminal, warning: message }, 'terminal'),
    });
    const service = await createService({
      ...{ terminals, journal, metrics, log, clock },
      random: systemWorld.random,
    });
    const app = createApp({
      ...service,
      ...{ journal, metrics, log, clock, version },
      guard: {
        ...{ clients, pairing, audit, limits },
        hosts: () => [...(listening?.hosts ?? []), ...(bridge.hosts ?? [])],
        origins: () => [...(listening?.origins ?? []), ...(bridge.origins ?? [])],
        now: clock.now,
      },
      language: config.language ?? 'en',
      page: pageOf(log),
    });
    const { host, port } = placeOf(bridge.listen ?? usualPlace);
    const heard = await listen(app.fetch, {
      ...{ host, port, audit, limits },
      ...(bridge.tls && { tls: bridge.tls }),
      clients: () => clients.list().length,
    });
    listening = heard;
    audit.record({ what: 'started', url: heard.url, configuration: withoutSecrets(config) });
    log.info(
      { url: heard.url, version, terminals: terminals.map(({ name }) => name) },
      'listening',
    );
    const open = terminals.map(({ name, terminal }) =>
      keepOpen(name, terminal, { clock, random: Math.random, log }),
    );
    return {
      url: heard.url,
      get moneyUnderWay() {
        return service.commands.moneyUnderWay;
      },
      async stop() {
        log.info('stopping');
        for (const leave of open) leave();
        await service.stop();
        await heard.close();
        audit.record({ what: 'stopped' });
        audit.close();
        journal.close();
        log.info('stopped');
      },
    };
  } catch (error) {
    audit.close();
    journal.close();
    throw error;
  }
}
