import { maskCardNumbers } from '../model/mask.ts';
import type {
  Identity,
  Transaction,
  TransactionKind,
  TransactionState,
} from '../model/transaction.ts';
import type { Described } from '../protocols/protocol.ts';
import type { Message, Side, Wire } from './message.ts';
import type { Meaning, Profile, ProfileAnswer, ProfileCommand, ResultClass } from './schema.ts';
import { localTime, readTime, type TimeParts } from './time.ts';

/** What a response code says. `unknown`: nothing about the money. */
export interface Verdict {
  readonly class: ResultClass;
  readonly code: string;
  /** In the profile's words, or the terminal's. */
  readonly text: string;
}

/** The first field with this meaning that the message carries. */
export function told({ profile }: Wire, { values }: Message, meaning: Meaning): string | undefined {
  for (const name of fieldsMeaning(profile, meaning)) {
    const value = values.get(name);
    if (value !== undefined && value.trim() !== '') return value;
  }
  return undefined;
}

const byMeaning = new WeakMap<Profile, ReadonlyMap<string, readonly string[]>>();

/** Asked for with every message, and always the same. */
function fieldsMeaning(profile: Profile, meaning: string): readonly string[] {
  const known = byMeaning.get(profile) ?? groupByMeaning(profile);
  byMeaning.set(profile, known);
  return known.get(meaning) ?? [];
}

function groupByMeaning({ fields }: Profile): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [name, { means }] of Object.entries(fields))
    if (means !== undefined) found.set(means, [...(found.get(means) ?? []), name]);
  return found;
}

/** The class of an answer by its response code; where it carries none, by the state it tells. */
export function verdictOf(
  wire: Wire,
  command: Pick<ProfileCommand, 'codes' | 'answer'>,
  message: Message,
): Verdict {
  const { codes } = wire.profile;
  const code = message.values.get(codes.field)?.trim();
  const said = maskCardNumbers(told(wire, message, 'message')?.trim() ?? '');
  if (code === undefined) {
    const state = stateOf(command.answer, message);
    if (state === 'none') return { class: 'empty', code: '', text: said };
    const known = state !== undefined || command.answer.state === undefined;
    const carriesNone = !command.answer.fields.includes(codes.field);
    return { class: known && carriesNone ? 'approved' : 'unknown', code: '', text: said };
  }
  const listed = entry(command.codes, code) ?? entry(codes.list, code) ?? entry(command.codes, '*');
  if (listed === undefined) {
    const shown = maskCardNumbers(code);
    const text = `response code ${shown} is not in the profile${said === '' ? '' : ` (${said})`}`;
    return { class: 'unknown', code: shown, text };
  }
  const plain = typeof listed === 'string';
  const text = said !== '' ? said : plain ? listed : listed.text;
  return { class: plain ? listed : listed.class, code, text };
}

const entry = <V>(table: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

const stateOf = ({ state }: ProfileAnswer, { values }: Message) =>
  state === undefined ? undefined : entry(state.values, values.get(state.field)?.trim() ?? '');

const identities = [
  'ticket',
  'operationNumber',
  'receiptNumber',
  'trace',
  'authorisationCode',
  'terminalId',
  'commerceCode',
] as const satisfies readonly (Meaning & keyof Identity)[];

/** A number of nothing but zeros is none. */
const isNumber = (text: string): boolean => !/^0*$/.test(text.trim());

function identityOf(wire: Wire, message: Message, prefix: '' | 'original.'): Identity {
  return Object.fromEntries(
    identities.flatMap((name) => {
      const meaning = `${prefix}${name}`;
      const value = isMeaning(wire, meaning) ? told(wire, message, meaning) : undefined;
      return value === undefined || !isNumber(value) ? [] : [[name, maskCardNumbers(value.trim())]];
    }),
  );
}

const isMeaning = ({ profile }: Wire, text: string): text is Meaning =>
  fieldsMeaning(profile, text).length > 0;

/** What an answer names: the transaction itself. */
export const ownIdentity = (wire: Wire, message: Message): Identity =>
  identityOf(wire, message, '');

/** The earlier transaction that it is about, as far as the terminal repeats it. */
export const originalIdentity = (wire: Wire, message: Message): Identity =>
  identityOf(wire, message, 'original.');

function kindOf(
  { kind }: ProfileAnswer,
  { values }: Message,
  otherwise: TransactionKind,
): TransactionKind | undefined {
  if (kind === undefined) return otherwise;
  if (kind.voidIf !== undefined && isNumber(values.get(kind.voidIf) ?? '')) return 'void';
  return entry(kind.values, values.get(kind.field)?.trim() ?? '') ?? kind.otherwise;
}

/** The transaction that an answer tells of; nothing when it names no amount, or no kind that is known. */
export function transactionOf(
  wire: Wire,
  answer: ProfileAnswer,
  message: Message,
  otherwise: TransactionKind,
  approved: boolean,
  now: string,
  asked: string | undefined,
): Transaction | undefined {
  const own = answer.amount === 'asked' ? asked : undefined;
  const amount = Number(told(wire, message, 'amount') ?? own ?? Number.NaN);
  const kind = kindOf(answer, message, otherwise);
  if (!Number.isSafeInteger(amount) || kind === undefined) return undefined;
  const state = stateOf(answer, message);
  const original = originalIdentity(wire, message);
  const rrn = told(wire, message, 'rrn')?.trim();
  const batch = told(wire, message, 'batch')?.trim();
  const instalments = Number(told(wire, message, 'instalments') ?? 0);
  const last4 = /(\d{4})\D*$/.exec(told(wire, message, 'card') ?? '')?.[1];
  const cardBrand = told(wire, message, 'cardBrand')?.trim();
  const time = timeOf(wire, message, now);
  const receipt = told(wire, message, 'receipt');
  return {
    kind,
    state: toldState(answer, state, approved),
    amount: { amount, currency: wire.profile.currency },
    ...ownIdentity(wire, message),
    ...(Object.keys(original).length > 0 && kind !== 'purchase' && { original }),
    ...(rrn && { rrn: maskCardNumbers(rrn) }),
    ...(batch && isNumber(batch) && { batch: maskCardNumbers(batch) }),
    ...(Number.isSafeInteger(instalments) && instalments > 1 && { instalments }),
    ...(last4 && { last4 }),
    ...(cardBrand && { cardBrand: maskCardNumbers(cardBrand) }),
    ...(time && { time }),
    ...(receipt && { voucher: receiptLines(receipt) }),
  };
}

/** A state that the profile does not list says nothing about the money. */
function toldState(
  answer: ProfileAnswer,
  state: ReturnType<typeof stateOf>,
  approved: boolean,
): TransactionState {
  if (answer.state !== undefined && state === undefined) return 'in-doubt';
  if (state === undefined || state === 'none') return approved ? 'approved' : 'declined';
  return state;
}

export const receiptLines = (text: string): readonly string[] =>
  maskCardNumbers(text)
    .replace(/\r?\n$/, '')
    .split(/\r\n|\n|\r/);

/** The terminal's local time, of its date and its time of day. */
function timeOf(wire: Wire, message: Message, now: string): string | undefined {
  const parts: TimeParts = Object.assign(
    {},
    ...Object.entries(wire.profile.fields).map(([name, { means }]): TimeParts => {
      if (means !== 'date' && means !== 'time' && means !== 'datetime') return {};
      const format = wire.field(name, 'terminal')?.format;
      const value = message.values.get(name)?.trim();
      return format === undefined || value === undefined ? {} : (readTime(value, format) ?? {});
    }),
  );
  return localTime(parts, wire.profile.year === 'till' ? now : undefined);
}

/** For people, and for logs: no card number, nothing secret, what stands in no field only by its length. */
export function describedFields(wire: Wire, message: Message, from: Side): Described['fields'] {
  const fields = [...message.values].map(([name, value]): [string, unknown] => {
    const field = wire.field(name, from);
    if (field?.secret === true) return [name, '***'];
    if (field?.means === 'card') return [name, value.replace(/\d(?=(?:\D*\d){4})/g, '*')];
    if (field?.type === 'hex' && value.length > 12) return [name, `${value.length / 2} bytes`];
    return [name, maskCardNumbers(value)];
  });
  const unknown = [...message.unknown].map(([tag, value]): [string, unknown] => [
    tag,
    `${value.length} bytes`,
  ]);
  const malformed = message.malformed.length === 0 ? [] : [['malformed', message.malformed]];
  return Object.fromEntries([...fields, ...unknown, ...malformed]);
}
