import { identities } from '../model/identity.ts';
import type { Identity } from '../model/transaction.ts';
import type { JournalRecord } from './chain.ts';
import { csvLine } from './csv.ts';
import type { Entry, Intent } from './journal.ts';
import { intentType, readEntry, readIntent } from './payload.ts';

/**
 * A record with what PCI DSS 10.2.2 asks of each event in an audit log: who, what, when, whether it
 * succeeded, from where, and what it was done to.
 */
export interface AuditEvent {
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly when: string;
  /** The type of the record: `intent`, `sent`, `outcome` ... */
  readonly event: string;
  readonly key: string;
  readonly who?: string;
  readonly what?: Intent['kind'];
  readonly amount?: number;
  readonly currency?: string;
  /** The transaction it was aimed at, as the till named it. */
  readonly asked?: Identity;
  /** The terminal's address. */
  readonly where?: string;
  readonly why?: string;
  /** Whether what was asked was done. Only of events that say so. */
  readonly success?: boolean;
  /** How it ended: an outcome or the code of an error. */
  readonly outcome?: string;
  readonly origin?: string;
  readonly payload: unknown;
  readonly hash: string;
}

/** The records as audit events, each with what its intent says. */
export function* auditEvents(records: Iterable<JournalRecord>): Generator<AuditEvent> {
  const intents = new Map<string, Intent>();
  for (const record of records) {
    const { seq, at, key, type, payload, hash } = record;
    const opened = type === intentType ? readIntent(key, payload)?.intent : undefined;
    if (opened !== undefined) intents.set(key, opened);
    yield {
      seq,
      when: new Date(at).toISOString(),
      event: type,
      key,
      ...askedBy(intents.get(key)),
      ...ended(readEntry(type, payload)),
      payload: parsed(payload),
      hash,
    };
  }
}

function askedBy(intent: Intent | undefined): Partial<AuditEvent> {
  if (intent === undefined) return {};
  const { kind, amount, asked, terminal, operator, reason, origin } = intent;
  return {
    ...(operator !== undefined && { who: operator }),
    what: kind,
    ...amount,
    asked,
    where: terminal,
    ...(reason !== undefined && { why: reason }),
    ...(origin !== undefined && { origin }),
  };
}

function ended(entry: Entry | undefined): Pick<AuditEvent, 'success' | 'outcome' | 'who' | 'why'> {
  switch (entry?.type) {
    case 'outcome': {
      const { outcome } = entry.result;
      return { success: outcome === 'voided' || outcome === 'approved', outcome };
    }
    case 'not-sent':
      return { success: false, outcome: entry.why };
    case 'in-doubt':
      return { success: false, outcome: entry.code };
    case 'decision': {
      const { decision, operator, reason } = entry;
      const success = decision === 'voided' || decision === 'approved';
      return { success, outcome: `decided ${decision}`, who: operator, why: reason };
    }
    default:
      return {};
  }
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return payload;
  }
}

/** One line of JSON Lines. Control characters that JSON lets through are escaped as well. */
export const auditJson = (event: AuditEvent): string =>
  JSON.stringify(event).replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const before = ['seq', 'when', 'event', 'key', 'who', 'what', 'amount', 'currency'] as const;
const after = ['where', 'why', 'success', 'outcome', 'origin'] as const;

export const auditCsvHeader = csvLine([...before, ...identities, ...after, 'payload', 'hash']);

/** One line of CSV, with the columns of `auditCsvHeader`. */
export const auditCsv = (event: AuditEvent): string =>
  csvLine([
    ...before.map((column) => event[column]),
    ...identities.map((column) => event.asked?.[column]),
    ...after.map((column) => event[column]),
    JSON.stringify(event.payload),
    event.hash,
  ]);
