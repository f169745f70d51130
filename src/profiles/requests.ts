import type { Refused } from '../model/results.ts';
import type { Identity, Transaction } from '../model/transaction.ts';
import { invalid } from '../protocols/refusal.ts';
import type { UnfitField } from './body.ts';
import { type Given, type ReplyTo, readExpression, type Source, valueFrom } from './expression.ts';
import { isFramePart, type Wire, writeMessage } from './message.ts';
import type { Profile, ProfileCommand } from './schema.ts';

/** What a request is made of besides what the till asks: the till's settings, its clock, a running number. */
export interface Surroundings {
  readonly settings: ReadonlyMap<string, string>;
  /** The till's local time: `2026-07-01T09:30:00`. */
  now(): string;
  /** A number that counts on with each call. */
  next(): number;
}

/** A request as it goes on the wire, and what it was made of. */
export interface MadeRequest {
  readonly bytes: Uint8Array;
  readonly values: ReadonlyMap<string, string>;
  /** The amount that it was made for, in minor units. */
  readonly amount: string | undefined;
}

/** Why a request cannot be made. */
export type NotMade =
  | { readonly type: 'missing'; readonly field: string; readonly source: string }
  | ({ readonly type: 'unfit' } & UnfitField);

export const isMade = (made: MadeRequest | NotMade): made is MadeRequest => 'bytes' in made;

/** Makes the request of a command. `without`: sources that are left out although they are known. */
export function makeRequest(
  wire: Wire,
  send: ProfileCommand['send'],
  given: Given,
  surroundings: Surroundings,
  without: readonly Source[] = [],
  to: ReplyTo = {},
): MadeRequest | NotMade {
  const now = given.now ?? surroundings.now();
  const all: Given = {
    ...given,
    now,
    ...(uses(send, 'unique') && { unique: given.unique ?? uniqueOf(now, surroundings) }),
    ...(uses(send, 'sequence') && {
      sequence: given.sequence ?? sequenceOf(wire.profile, surroundings),
    }),
  };
  const values: [string, string][] = [];
  for (const [name, written] of Object.entries(send)) {
    const expression = readExpression(written);
    if (expression === undefined) continue;
    const optional = expression.type !== 'constant' && expression.optional;
    const leftOut = optional && expression.type === 'source' && without.includes(expression.source);
    const value = leftOut ? undefined : valueFrom(expression, all, surroundings.settings, to);
    if (value !== undefined) values.push([name, value]);
    else if (!optional) return { type: 'missing', field: name, source: String(written) };
    // Columns and separated fields keep their places.
    else if (
      wire.profile.body.codec === 'fixed' ||
      wire.profile.body.codec === 'delimited' ||
      isFramePart(wire, name)
    )
      values.push([name, '']);
  }
  const bytes = writeMessage(wire, 'till', values);
  return 'limit' in bytes
    ? { type: 'unfit', ...bytes }
    : { bytes, values: new Map(values), amount: given.amount };
}

export const uses = (send: ProfileCommand['send'], source: Source): boolean =>
  Object.values(send).some((written) => [`$${source}`, `$${source}?`].includes(String(written)));

/** The till's time and a running number: no other request has it. */
const uniqueOf = (now: string, surroundings: Surroundings): string =>
  `${now.replace(/\D/g, '')}${String(surroundings.next() % 1_000_000).padStart(6, '0')}`;

function sequenceOf({ sequence }: Profile, surroundings: Surroundings): string {
  const { from, to } = sequence ?? { from: 0, to: 9_999 };
  return String(from + (surroundings.next() % (to - from + 1)));
}

/** What names a transaction, as a request can say it. */
export const givenBy = (
  about: Identity & Partial<Pick<Transaction, 'rrn' | 'batch' | 'time' | 'amount'>>,
): Given => ({
  ...pick(about, 'ticket'),
  ...pick(about, 'operationNumber'),
  ...pick(about, 'receiptNumber'),
  ...pick(about, 'trace'),
  ...pick(about, 'authorisationCode'),
  ...pick(about, 'terminalId'),
  ...pick(about, 'commerceCode'),
  ...(about.amount !== undefined && { amount: String(about.amount.amount) }),
  ...(about.rrn !== undefined && { rrn: about.rrn }),
  ...(about.batch !== undefined && { batch: about.batch }),
  ...(about.time !== undefined && { datetime: about.time }),
});

const pick = <K extends keyof Identity>(from: Identity, name: K): { readonly [N in K]?: string } =>
  from[name] === undefined ? {} : ({ [name]: from[name] } as { readonly [N in K]: string });

/** The refusal of a request that cannot be made, in the till's words. */
export function refusedRequest(wire: Wire, send: ProfileCommand['send'], not: NotMade): Refused {
  const written = String(send[not.field] ?? '');
  const name = /^\$(?:setting\.)?([A-Za-z0-9-]+)/.exec(written)?.[1] ?? not.field;
  if (not.type === 'unfit') {
    const isSecret = wire.profile.fields[not.field]?.secret === true;
    const value = isSecret ? `${not.value.length} characters` : not.value;
    return invalid(name, `${not.limit} (field ${not.field})`, value);
  }
  const what = written.startsWith('$setting.')
    ? `given in the address (${name}=…): ${wire.profile.settings[name]?.title ?? name}`
    : `known: the terminal wants it in the field ${not.field}`;
  return invalid(name, what, undefined);
}
