import { createHmac } from 'node:crypto';
import type { Money } from '../model/money.ts';
import { canonicalJson, isPlainObject } from './canonical-json.ts';
import { maskedJson } from './card-data.ts';
import type { Entry, Intent } from './journal.ts';
import { isEntryType } from './standing.ts';

/** The type of the record that opens an intent; the others are the types of its entries. */
export const intentType = 'intent';

/** What is written of an intent. Its key is the record's own. */
export function intentPayload(intent: Intent, key: Uint8Array): string {
  const { key: _, terminal, ...rest } = intent;
  const fingerprint = fingerprintOf(intent, key);
  return maskedJson(rest, { terminal, fingerprint });
}

/** What is written of an entry. The digest of a frame is no card number, whatever its digits. */
export function entryPayload({ type, ...rest }: Entry): string {
  return 'digest' in rest ? maskedJson(rest, { digest: rest.digest }) : maskedJson(rest);
}

/** An intent as it was written, and what proves later that the same thing is asked again. */
export interface WrittenIntent {
  readonly intent: Intent;
  readonly fingerprint: string;
}

/** Undefined when the text is no intent. */
export function readIntent(key: string, payload: string): WrittenIntent | undefined {
  const value = parse(payload);
  if (!isPlainObject(value)) return undefined;
  const { fingerprint, ...rest } = value;
  const intent = { ...rest, key };
  return isIntent(intent) && isText(fingerprint) ? { intent, fingerprint } : undefined;
}

/** The intent as written, but with what `again` asks where that is proved to be the same. */
export const recalled = (again: Intent, { intent, fingerprint }: WrittenIntent, key: Uint8Array) =>
  fingerprint === fingerprintOf(again, key) ? { ...intent, asked: again.asked } : intent;

/**
 * Proves later that the same thing was asked, even where card numbers were masked in what was written: a
 * keyed hash, as PCI DSS 3.5.1.1 allows.
 */
const fingerprintOf = ({ kind, terminal, amount, asked }: Intent, key: Uint8Array): string =>
  createHmac('sha256', key)
    .update(`tillwire intent\n${canonicalJson({ kind, terminal, amount, asked })}`)
    .digest('hex');

/** The entry as it was written, or undefined when the text is none. */
export function readEntry(type: string, payload: string): Entry | undefined {
  const value = parse(payload);
  if (!isPlainObject(value)) return undefined;
  const entry = { ...value, type };
  return isEntry(entry) ? entry : undefined;
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return undefined;
  }
}

const isMoney = (value: unknown): value is Money =>
  isPlainObject(value) && Number.isSafeInteger(value['amount']) && isText(value['currency']);

const isText = (value: unknown): value is string => typeof value === 'string';

// Records are read only after their hash has been checked: what is looked at here is whether this
// version understands them, not whether somebody meant harm.

const kinds: Readonly<Record<Intent['kind'], true>> = {
  purchase: true,
  void: true,
  refund: true,
  'pre-authorisation': true,
  booking: true,
  'pre-authorisation-reversal': true,
};

function isIntent(value: Readonly<Record<string, unknown>>): value is typeof value & Intent {
  const { key, kind, terminal, variant, amount, asked } = value;
  return (
    isText(key) &&
    (variant === undefined || isText(variant)) &&
    isText(kind) &&
    Object.hasOwn(kinds, kind) &&
    isText(terminal) &&
    isMoney(amount) &&
    isPlainObject(asked)
  );
}

function isEntry(
  value: Readonly<Record<string, unknown>> & { readonly type: string },
): value is typeof value & Entry {
  if (!isEntryType(value.type)) return false;
  switch (value.type) {
    case 'evidence':
      return isPlainObject(value['found']);
    case 'sent':
      return (
        Number.isInteger(value['at']) &&
        Number.isInteger(value['epoch']) &&
        isText(value['digest']) &&
        isPlainObject(value['asked'])
      );
    case 'taken':
      return true;
    case 'not-sent':
      return isText(value['why']);
    case 'answer':
      return 'answer' in value;
    case 'outcome':
      return isPlainObject(value['result']) && isText(value['result']['outcome']);
    case 'in-doubt':
      return isText(value['code']) && isText(value['message']);
    case 'recovery':
      return isText(value['asked']);
    case 'decision':
      return isText(value['decision']) && isText(value['operator']) && isText(value['reason']);
    case 'unsolicited':
      return isText(value['code']);
  }
}
