import { dirname } from 'node:path';
import type { Config } from '../config/config.ts';
import type { Clock } from '../model/clock.ts';
import type { Role } from './clients.ts';
import type { ProblemCode } from './problem.ts';
import { createRateLimit } from './rate-limit.ts';
import { appendPrivate, checkStateFolder } from './state-files.ts';

/** Why something was refused: as the answer says it, or below HTTP, where there may be no answer. */
export type Refusal =
  | ProblemCode
  /** No HTTP: bad framing, two lengths, a method or an upgrade that is not served. */
  | 'malformed'
  | 'too-slow'
  | 'too-many-connections'
  | 'no-tls';

export interface Denied {
  readonly what: 'denied';
  readonly why: Refusal;
  readonly address: string;
  readonly status?: number;
  readonly method?: string;
  /** Without the query. */
  readonly path?: string;
  readonly host?: string;
  readonly origin?: string;
  readonly client?: string;
  readonly detail?: string;
}

/** What is worth knowing afterwards about who used the bridge. Never a token, a code or a card number. */
export type AuditEntry =
  | {
      readonly what: 'started';
      readonly url: string;
      readonly configuration: Readonly<Record<string, unknown>>;
    }
  | { readonly what: 'stopped' }
  /** The first use of a token since the start. */
  | {
      readonly what: 'login';
      readonly client: string;
      readonly address: string;
      readonly origin?: string;
    }
  | Denied
  | { readonly what: 'pairing-code'; readonly roles: readonly Role[]; readonly by: string }
  /** Too many wrong tries. */
  | { readonly what: 'pairing-code-ended'; readonly address: string }
  | {
      readonly what: 'paired' | 'client-added';
      readonly client: string;
      readonly roles: readonly Role[];
      readonly origin?: string;
      /** The remote address, or who sat at the command line. */
      readonly by: string;
    }
  | { readonly what: 'client-removed'; readonly client: string; readonly by: string }
  /** The journal has the person and the reason of a decision; who sent it is here. */
  | {
      readonly what: 'decision';
      readonly client: string;
      readonly address: string;
      readonly terminal: string;
      readonly command: string;
      readonly decision: string;
    };

export interface Audit {
  /** Never throws: a full disk must not stop a void. */
  record(entry: AuditEntry): void;
  /** Writes the sums that are still due. */
  close(): void;
}

export interface AuditOptions {
  readonly file: string;
  readonly clock: Clock;
  /** An entry that could not be written. */
  failed?(error: unknown): void;
}

/** Denials of each kind: as many lines at once, and then one a minute; the rest is counted. */
const linesAtOnce = 20;
const minute = 60_000;

/**
 * One JSON object a line, at the end of a file that only its owner may read.
 * @throws {TerminalError} `bad-settings` when the file or its folder is open to others
 */
export function openAudit({ file, clock, failed = () => {} }: AuditOptions): Audit {
  checkStateFolder(dirname(file));
  const limit = createRateLimit({ perSecond: 1 / 60, burst: linesAtOnce, now: clock.now });
  const unwritten = new Map<Refusal, number>();
  let since = 0;
  let cancelSum: (() => void) | undefined;

  const append = (entry: Readonly<Record<string, unknown>>): void => {
    try {
      appendPrivate(file, auditLine(clock.now(), entry));
    } catch (error) {
      failed(error);
    }
  };

  const sum = (): void => {
    cancelSum?.();
    cancelSum = undefined;
    if (unwritten.size === 0) return;
    append({ what: 'denied-more', since: timeOf(since), counts: Object.fromEntries(unwritten) });
    unwritten.clear();
  };

  return {
    record(entry) {
      if (entry.what !== 'denied' || limit.take(entry.why) === 0) {
        append({ ...entry });
        return;
      }
      if (cancelSum === undefined) {
        since = clock.now();
        cancelSum = clock.after(minute, sum);
      }
      unwritten.set(entry.why, (unwritten.get(entry.why) ?? 0) + 1);
    },
    close: sum,
  };
}

const timeOf = (at: number): string => new Date(at).toISOString();

/** Characters of one value that are kept. What was longer says so. */
const longest = 300;

const shortened = (_name: string, value: unknown): unknown =>
  typeof value === 'string' && value.length > longest
    ? `${value.slice(0, longest)}... (${value.length} characters)`
    : value;

/**
 * One line, whatever is in it: JSON escapes line ends, and all that is not plain ASCII is escaped besides,
 * so that nothing in the file can move a cursor, turn text round or pass for another letter.
 */
export const auditLine = (at: number, entry: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ at: timeOf(at), ...entry }, shortened).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The configuration as it may be written down: of secrets, the names. */
export const withoutSecrets = (config: Config): Readonly<Record<string, unknown>> => ({
  ...config,
  terminals: Object.fromEntries(
    Object.entries(config.terminals ?? {}).map(([name, { secrets, ...rest }]) => [
      name,
      secrets === undefined ? rest : { ...rest, secrets: Object.keys(secrets) },
    ]),
  ),
});
