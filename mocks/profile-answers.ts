import { readExpression } from '../src/profiles/expression.ts';
import { alwaysThere, isFramePart, type Wire, writeMessage } from '../src/profiles/message.ts';
import type { Meaning, ProfileAnswer, ResultClass } from '../src/profiles/schema.ts';
import { encodeValue, isUnfit } from '../src/profiles/value.ts';
import type { Booking, Sale } from './ledger.ts';
import type { Answer } from './messages.ts';
import { rrnOf } from './profile-carry-out.ts';
import type { ProfileRequest } from './profile-requests.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

/** What each outcome is in the classes of a profile, the best first. */
const classesOf: Readonly<Record<Answer['outcome'], readonly ResultClass[]>> = {
  done: ['approved'],
  declined: ['declined'],
  cancelled: ['cancelled', 'declined'],
  'already-voided': ['already-voided', 'declined'],
  'nothing-to-void': ['not-found', 'declined'],
  'debit-card': ['declined'],
  'void-not-allowed': ['declined'],
  empty: ['empty', 'not-found', 'declined'],
  'batch-full': ['declined'],
  'amount-below-minimum': ['declined'],
  'amount-zero': ['declined'],
  'amount-malformed': ['declined'],
  'ticket-malformed': ['declined'],
};

/** The code of an outcome: the first one of its class in the profile. */
function codeFor({ profile }: Wire, outcome: Answer['outcome']): string {
  const list = Object.entries(profile.codes.list);
  // A profile that has no code for it believes none: then it is one of those that say nothing.
  for (const wanted of [...classesOf[outcome], 'unknown']) {
    const found = list.find(
      ([, code]) => (typeof code === 'string' ? code : code.class) === wanted,
    );
    if (found !== undefined) return found[0];
  }
  return '';
}

/** Marks that the till gave to voids and refunds, by the terminal's running number. */
export type Marks = Map<string, string>;

interface Telling {
  readonly wire: Wire;
  readonly terminal: SimulatedTerminal;
  readonly answer: Answer;
  readonly request: ProfileRequest;
  readonly marks: Marks;
  readonly now: string;
}

/** What the answer is about: the sale, or the void or refund with its own number. */
function toldOf({ answer, request }: Telling): {
  readonly sale?: Sale;
  readonly kind: 'purchase' | 'void' | 'refund';
  readonly trace?: string;
  readonly time?: string;
  readonly state: 'approved' | 'voided' | 'none';
} {
  const { sale, booking, trace } = answer;
  const tellsBooking = request.name === 'last' && booking !== undefined && sale !== undefined;
  // What a fault has put in the place of the sale is told as it is.
  const about: Booking | undefined =
    tellsBooking && booking.kind !== 'sale' && sale.trace === booking.sale.trace
      ? booking
      : undefined;
  if (about !== undefined)
    return {
      sale: about.sale,
      kind: about.kind === 'void' ? 'void' : 'refund',
      trace: about.trace,
      time: about.time,
      state: about.kind === 'void' ? 'voided' : 'approved',
    };
  const kind = answer.to === 'void' ? 'void' : answer.to === 'refund' ? 'refund' : 'purchase';
  const number = trace ?? sale?.trace;
  return {
    kind,
    ...(sale !== undefined && { sale, time: sale.time }),
    ...(number !== undefined && { trace: number }),
    state: sale === undefined ? 'none' : 'approved',
  };
}

/** The frame of an answer; empty where the profile has no way to say it. */
export function writeProfileAnswer(telling: Telling): Uint8Array {
  const { wire, request } = telling;
  const spec = request.sent.answer;
  const names = [...new Set([...alwaysThere(wire), ...Object.keys(spec.when), ...spec.fields])];
  const values = names.flatMap((name): (readonly [string, string])[] => {
    const value = valueFor(name, spec, telling);
    if (value !== undefined) return [[name, fitted(wire, name, value)]];
    const fixed = wire.profile.body.codec === 'fixed' || wire.profile.body.codec === 'delimited';
    return fixed || alwaysThere(wire).includes(name) ? [[name, '']] : [];
  });
  const ordered = wire.profile.body.codec === 'fixed' ? inLayout(wire, spec, values) : values;
  const bytes = writeMessage(wire, 'terminal', ordered);
  if ('limit' in bytes)
    throw new Error(
      `The mock terminal cannot write ${bytes.field}: ${bytes.value} is not ${bytes.limit}.`,
    );
  return bytes;
}

/** Counters wrap, and what a fault puts into an answer may be too long for it: the last characters stay. */
function fitted(wire: Wire, name: string, value: string): string {
  const field = wire.field(name, 'terminal');
  if (field === undefined || !isUnfit(encodeValue(field, value, wire.habits))) return value;
  const room = (field.size ?? field.max ?? value.length) * (field.type === 'bcd' ? 2 : 1);
  return value.slice(-room);
}

/** A code that has no room in this profile is no refusal in it: then its own stands for it. */
function codeOf(wire: Wire, { code, outcome }: Answer): string {
  const own = codeFor(wire, outcome);
  if (code === undefined) return own;
  return outcome === 'done' || fitted(wire, wire.profile.codes.field, code) === code ? code : own;
}

const inLayout = (
  wire: Wire,
  { fields }: ProfileAnswer,
  values: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] => [
  ...values.filter(([name]) => isFramePart(wire, name)),
  ...fields
    .filter((name) => !isFramePart(wire, name))
    .flatMap((name) => values.filter(([own]) => own === name)),
];

function valueFor(name: string, spec: ProfileAnswer, telling: Telling): string | undefined {
  const { wire, request, answer } = telling;
  const { profile } = wire;
  const told = toldOf(telling);
  const wanted = Object.hasOwn(spec.when, name) ? spec.when[name] : undefined;
  if (spec.kind?.field === name) {
    const value = Object.entries(spec.kind.values).find(([, kind]) => kind === told.kind)?.[0];
    if (value !== undefined && told.sale !== undefined) return value;
  }
  if (spec.state?.field === name)
    return Object.entries(spec.state.values).find(([, state]) => state === told.state)?.[0];
  if (wanted !== undefined) return typeof wanted === 'string' ? wanted : wanted[0];
  if (profile.codes.field === name) return codeOf(wire, answer);
  const field = wire.field(name, 'terminal');
  const echoed = request.message.values.get(name);
  const money = ['purchase', 'void', 'refund'].includes(answer.to);
  if (
    profile.correlation?.field === name &&
    echoed !== undefined &&
    (money || isOwnMark(telling, name))
  )
    return echoed;
  // A refusal with its code alone.
  if (answer.codeOnly === true && field?.means !== 'message')
    return alwaysThere(wire).includes(name) ? echoed : undefined;
  const meant = field?.means === undefined ? undefined : valueOfMeaning(field.means, telling);
  return (
    meant ??
    field?.sample ??
    (alwaysThere(wire).includes(name) || isConstant(request, name) ? echoed : undefined)
  );
}

const isOwnMark = ({ request }: Telling, name: string): boolean =>
  /^\$(?:sequence|unique)/.test(String(request.sent.send[name]));

/** What the till always sends, the terminal repeats. */
const isConstant = ({ sent }: ProfileRequest, name: string): boolean => {
  const written = sent.send[name];
  const expression = written === undefined ? undefined : readExpression(written);
  return expression !== undefined && expression.type !== 'source';
};

const messages: Readonly<Partial<Record<Answer['outcome'], string>>> = {
  done: 'APPROVED',
  declined: 'DECLINED',
  cancelled: 'CANCELLED',
  empty: 'NO TRANSACTION',
  'nothing-to-void': 'NOT FOUND',
  'already-voided': 'ALREADY VOIDED',
};

function valueOfMeaning(meaning: Meaning, telling: Telling): string | undefined {
  const { terminal, answer, marks, now, request } = telling;
  const { sale, trace, time, kind } = toldOf(telling);
  const asked = request.amount;
  const ofVoid = kind === 'void';
  switch (meaning) {
    case 'amount':
      if (sale === undefined) return asked === undefined ? undefined : String(asked);
      return ofVoid && isFormatted(telling) ? String(-sale.amount) : String(sale.amount);
    case 'ticket':
      return (ofVoid || kind === 'refund') && trace !== undefined
        ? marks.get(trace)
        : sale?.ticket || undefined;
    case 'operationNumber':
    case 'receiptNumber':
      // The simulated terminal gives its voids a number of the other counter only.
      return ofVoid ? undefined : sale?.operationNumber;
    case 'trace':
      return trace;
    case 'authorisationCode':
      return sale?.authorisationCode;
    case 'terminalId':
      return answer.terminalId ?? terminal.terminalId;
    case 'commerceCode':
      return terminal.commerceCode;
    case 'rrn':
      return trace === undefined ? undefined : rrnOf(trace);
    case 'batch':
      return '000001';
    case 'card': {
      const card = answer.card ?? sale?.card;
      return card === undefined ? undefined : `************${card.last4}`;
    }
    case 'cardBrand':
      return sale?.card.brand;
    case 'instalments':
      return '0';
    case 'date':
    case 'time':
    case 'datetime':
      return time ?? now;
    case 'code':
      return codeOf(telling.wire, answer);
    case 'message':
      return messages[answer.outcome] ?? 'REFUSED';
    case 'receipt':
      return sale === undefined ? undefined : `TILLWIRE MOCK\nTRACE ${trace ?? ''}`;
    case 'original.ticket':
      return ofVoid ? sale?.ticket || undefined : undefined;
    case 'original.operationNumber':
    case 'original.receiptNumber':
      return ofVoid ? sale?.operationNumber : undefined;
    case 'original.trace':
      return ofVoid ? sale?.trace : undefined;
    case 'original.authorisationCode':
      return ofVoid ? sale?.authorisationCode : undefined;
    case 'original.rrn':
      return ofVoid && sale !== undefined ? rrnOf(sale.trace) : undefined;
    case 'original.datetime':
    case 'original.date':
    case 'original.time':
      return ofVoid ? sale?.time : undefined;
  }
}

const isFormatted = ({ wire }: Telling): boolean =>
  wire.fields('terminal').some(({ means, amount }) => means === 'amount' && amount === 'formatted');
