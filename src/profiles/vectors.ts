import { parse } from 'yaml';
import { z } from 'zod';
import { toHex } from '../framing/bytes.ts';
import { shapedDeframer } from '../framing/shaped-deframer.ts';
import { fromHex } from './body.ts';
import { commandsOf } from './check-commands.ts';
import { describe } from './describe.ts';
import { type Given, isSource } from './expression.ts';
import { wireOf } from './message.ts';
import { isMade, makeRequest } from './requests.ts';
import type { Profile } from './schema.ts';
import { withVariant } from './variant.ts';

const hex = z
  .string()
  .transform((text) => text.replace(/\s/g, '').toLowerCase())
  .pipe(z.string().regex(/^(?:[0-9a-f]{2})+$/, 'bytes in hexadecimal'));

const vector = z.union([
  z.strictObject({
    name: z.string().min(1),
    /** The command whose request this is. */
    request: z.string(),
    variant: z.string().optional(),
    /** What the request is made of: amount, trace, now, sequence. */
    given: z.record(z.string(), z.string()).default({}),
    settings: z.record(z.string(), z.string()).default({}),
    hex,
  }),
  z.strictObject({
    name: z.string().min(1),
    from: z.enum(['till', 'terminal']),
    /** What the message is called, as `explain` and `decode` call it. */
    is: z.string().optional(),
    /** Some or all of its fields; no others are compared. */
    fields: z.record(z.string(), z.unknown()).default({}),
    hex,
  }),
]);

export type Vector = z.infer<typeof vector>;

/** How a vector turned out. */
export interface Tried {
  readonly name: string;
  readonly ok: boolean;
  /** What differs, a line each. */
  readonly differences: readonly string[];
}

/** @throws {Error} for what is no list of vectors, naming the place */
export function readVectors(text: string): readonly Vector[] {
  let value: unknown;
  try {
    value = parse(text, { schema: 'failsafe' });
  } catch (cause) {
    throw new Error(`The vectors are no YAML: ${cause instanceof Error ? cause.message : cause}`);
  }
  const read = z.array(vector).min(1).safeParse(value);
  if (read.success) return read.data;
  throw new Error(`The vectors are malformed:\n${z.prettifyError(read.error)}`);
}

/** Writes or reads each vector by the profile and compares. */
export const tryVectors = (profile: Profile, vectors: readonly Vector[]): readonly Tried[] =>
  vectors.map((one) => {
    const differences = 'request' in one ? tryRequest(profile, one) : tryMessage(profile, one);
    return { name: one.name, ok: differences.length === 0, differences };
  });

function tryRequest(written: Profile, one: Extract<Vector, { request: string }>): string[] {
  const profile = one.variant === undefined ? written : withVariant(written, one.variant);
  const command = commandsOf(profile).find(([name]) => name === one.request)?.[1];
  const names = commandsOf(profile).map(([name]) => name);
  if (command === undefined)
    return [`there is no command ${one.request}; there are ${names.join(', ')}`];
  const strange = Object.keys(one.given).find((name) => !isSource(name));
  if (strange !== undefined) return [`given: there is no ${strange}`];
  const defaults = Object.entries(profile.settings).flatMap(([name, own]): [string, string][] =>
    own.default === undefined ? [] : [[name, own.default]],
  );
  const surroundings = {
    settings: new Map([...defaults, ...Object.entries(one.settings)]),
    now: () => '2026-07-01T09:30:00',
    next: () => 0,
  };
  const given: Given = one.given;
  const wire = wireOf(profile);
  const made = makeRequest(wire, command.send, given, surroundings);
  if (!isMade(made))
    return [
      made.type === 'missing'
        ? `${made.field} is ${made.source}, which is not given`
        : `${made.field}: ${made.value} is not ${made.limit}`,
    ];
  const bytes = toHex(made.bytes);
  return bytes === one.hex ? [] : firstDifference(bytes, one.hex);
}

function firstDifference(made: string, wanted: string): string[] {
  let at = 0;
  while (made.slice(at, at + 2) === wanted.slice(at, at + 2)) at += 2;
  return [
    `byte ${at / 2}: made ${made.slice(at, at + 2) || 'nothing'}, wanted ${wanted.slice(at, at + 2) || 'nothing'}`,
    `made   ${made}`,
    `wanted ${wanted}`,
  ];
}

function tryMessage(profile: Profile, one: Extract<Vector, { from: string }>): string[] {
  const wire = wireOf(profile);
  const deframer = shapedDeframer(wire.shape);
  const frames = [...deframer.push(fromHex(one.hex)), ...deframer.flush()];
  const [frame, ...more] = frames;
  if (frame?.kind !== 'frame' || more.length > 0)
    return [`this is no frame by the profile: ${frames.map(({ kind }) => kind).join(', ')}`];
  if (frame.check === 'bad')
    return [`the check does not agree; by the profile it would be ${toHex(frame.expected)}`];
  const described = describe(wire, frame.data, one.from);
  const named =
    one.is === undefined || described.name === one.is
      ? []
      : [`it is "${described.name}", wanted "${one.is}"`];
  const fields = Object.entries(one.fields).flatMap(([name, wanted]) => {
    const told = described.fields[name];
    return String(told) === String(wanted)
      ? []
      : [`${name}: read ${String(told)}, wanted ${String(wanted)}`];
  });
  return [...named, ...fields];
}
