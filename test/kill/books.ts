import type { LedgerEntry, SimulatedTerminal } from '../../mocks/index.ts';
import type { JournalRecord } from '../../src/journal/chain.ts';
import type { Entry } from '../../src/journal/journal.ts';
import type { JournalReader } from '../../src/journal/reader.ts';
import { standingAfter } from '../../src/journal/standing.ts';
import type { Line, MoneyOrder } from './order.ts';
import { bare, type TerminalKind, toldNumber } from './terminals.ts';

/** A money command and every last line that was ever said of its key. */
export interface Asked {
  readonly order: MoneyOrder;
  /** How much the terminal had booked before it was asked for. */
  readonly from: number;
  readonly said: Line[];
}

type Booking = Extract<LedgerEntry, { kind: 'sale' | 'void' }>;

/** What a shop has asked for, and what its terminal has booked. */
export interface Books {
  readonly kind: TerminalKind;
  readonly ledger: readonly LedgerEntry[];
  readonly asked: readonly Asked[];
}

/** What a line claims about the effect of its command; undefined: it claims nothing. */
export function claimOf({ type, outcome, decision, effect }: Line): boolean | undefined {
  if (type === 'error') return effect === 'none' ? false : undefined;
  switch (outcome === 'decided' ? decision : outcome) {
    case 'approved':
    case 'voided':
    case 'already-voided':
      return true;
    case 'not-approved':
    case 'not-voided':
    case 'declined':
    case 'refused':
    case 'not-found':
      return false;
    default:
      return undefined;
  }
}

/** The number of the sale that a void names, bare. */
const targetOf = (kind: TerminalKind, order: MoneyOrder): string | undefined =>
  order.do === 'void' ? toldNumber(kind, order.sale) : undefined;

const numberIn = (kind: TerminalKind, { sale }: Booking): string => bare(kind.numberOf(sale));

const isBooking = (entry: LedgerEntry): entry is Booking =>
  entry.kind === 'sale' || entry.kind === 'void';

/** The references under which a sale went out: the till's own, or what the driver drew. */
function ticketsOf(order: MoneyOrder, journal: JournalReader | undefined): Set<string> {
  if (order.do === 'void') return new Set();
  const drawn = (journal?.show(order.key)?.entries ?? []).flatMap((entry) =>
    entry.type === 'sent' && entry.asked.ticket !== undefined ? [entry.asked.ticket] : [],
  );
  return new Set([...(order.ticket === undefined ? [] : [order.ticket]), ...drawn].map(bare));
}

/**
 * The sales of its amount that the till's terminal has booked since it was asked for, and before another one
 * of this amount was. A till asks for none while the fate of one of the same amount is open.
 */
function salesSince({ ledger, asked }: Books, { order, from }: Asked): Booking[] {
  const { amount } = order.amount;
  const place = asked.findIndex((other) => other.order.key === order.key);
  const next = asked
    .slice(place + 1)
    .find((other) => other.order.do === 'purchase' && other.order.amount.amount === amount);
  return ledger
    .slice(from, next?.from)
    .filter(isBooking)
    .filter(({ kind, by, sale }) => kind === 'sale' && by === 'till' && sale.amount === amount);
}

/** What the terminal has booked for a command: its sales, or the voids of its target. */
export function effectsOf(
  books: Books,
  one: Asked,
  journal: JournalReader | undefined,
): readonly Booking[] {
  const { kind, ledger } = books;
  const { order } = one;
  const booked = ledger.filter(isBooking);
  if (order.do === 'void')
    return booked.filter(
      (entry) => entry.kind === 'void' && numberIn(kind, entry) === targetOf(kind, order),
    );
  if (!kind.keepsTicket) return salesSince(books, one);
  const tickets = ticketsOf(order, journal);
  return booked.filter((entry) => entry.kind === 'sale' && tickets.has(bare(entry.sale.ticket)));
}

/** What holds at every moment, whatever is under way. */
export function* ledgerFlaws({ kind, ledger, asked }: Books): Iterable<string> {
  const voided = new Set<string>();
  const targets = new Set(asked.map(({ order }) => targetOf(kind, order)));
  for (const entry of ledger) {
    if (entry.kind !== 'void') continue;
    const number = numberIn(kind, entry);
    if (voided.has(number)) yield `The sale ${number} was voided twice.`;
    if (!targets.has(number)) yield `Nobody had asked to void the sale ${number}.`;
    voided.add(number);
  }
}

/** What holds when every command has ended: claims and ledger are one. */
export function* claimFlaws(books: Books, journal: JournalReader): Iterable<string> {
  const { kind, ledger, asked } = books;
  let sales = 0;
  const takers = new Set(
    asked
      .filter(({ order, said }) => order.do === 'void' && said.some(claimOf))
      .map(({ order }) => targetOf(kind, order)),
  );
  for (const one of asked) {
    const { order, said } = one;
    const effects = effectsOf(books, one, journal);
    const last = said.at(-1);
    const claims = last === undefined ? undefined : claimOf(last);
    const what = `${order.key} (${order.do})`;
    if (claims === undefined) {
      yield `${what} has no ending.`;
      continue;
    }
    if (said.some((line) => claimOf(line) === true) && !claims)
      yield `${what} was said to be done and then not to be.`;
    if (effects.length > 1) yield `${what} was booked ${effects.length} times.`;
    if (order.do === 'purchase') sales += effects.length;
    if (claims && effects.length === 0) {
      if (!takesClerkSale(books, one, journal))
        yield `${what} is said to be done and was not booked.`;
      continue;
    }
    const another = order.do === 'void' && takers.has(targetOf(kind, order));
    if (!claims && effects.length > 0 && !another)
      yield `${what} is said not to be done and was booked.`;
    const told = last?.outcome === 'approved' ? toldNumber(kind, last.transaction) : undefined;
    const [effect] = effects;
    const truth = effect && numberIn(kind, effect);
    if (told !== undefined && truth !== told)
      yield `${what} is said to be the sale ${told}, but is ${truth}.`;
  }
  const booked = ledger.filter(({ kind: what, by }) => what === 'sale' && by === 'till').length;
  if (booked !== sales) yield `The till has ${booked} sales booked, but ${sales} belong to a key.`;
}

/** No money command leaves while another is in doubt. */
export function* orderFlaws(records: Iterable<JournalRecord>): Iterable<string> {
  const open = new Set<string>();
  for (const { key, type, seq } of records) {
    const others = [...open].filter((other) => other !== key);
    if (type === 'sent' && others.length > 0)
      yield `${key} was sent (record ${seq}) while ${others.join(', ')} was in doubt.`;
    const standing = standingAfter(type);
    if (standing === 'open') open.add(key);
    else if (standing !== undefined) open.delete(key);
  }
}

/** The terminal still remembers enough to tell how the command ended. */
export function canTell(
  books: Books,
  one: Asked,
  { memory }: SimulatedTerminal,
  journal: JournalReader | undefined,
): boolean {
  const { kind } = books;
  const { order } = one;
  if (!kind.keepsTicket) return lastTells(books, one, memory.lastBooking, journal);
  const remembered = memory.records;
  if (order.do === 'void')
    return remembered.some((sale) => bare(kind.numberOf(sale)) === targetOf(kind, order));
  const known = new Set(
    (journal?.list() ?? []).flatMap(({ entries }) =>
      entries.flatMap((entry) => {
        if (entry.type === 'evidence') return [entry.found.operationNumber];
        if (entry.type !== 'outcome' || entry.result.outcome !== 'approved') return [];
        return [entry.result.transaction.operationNumber];
      }),
    ),
  );
  const tickets = ticketsOf(order, journal);
  return remembered.some(
    ({ operationNumber, ticket }) => known.has(operationNumber) || tickets.has(bare(ticket)),
  );
}

type LastBooking = SimulatedTerminal['memory']['lastBooking'];

/** The same where the terminal only tells what it did last, and keeps no reference of the till. */
function lastTells(
  books: Books,
  one: Asked,
  last: LastBooking,
  journal: JournalReader | undefined,
): boolean {
  const { kind } = books;
  const { order } = one;
  if (last === undefined) return false;
  const entries = journal?.show(order.key)?.entries ?? [];
  if (order.do === 'void') {
    const isIt = bare(kind.numberOf(last.sale)) === targetOf(kind, order);
    if (last.kind === 'sale') return isIt && kind.tellsNotVoided;
    return isIt && last.kind === 'void' && follows(last.sale.trace, last.trace);
  }
  const before = toldNumber(kind, entries.findLast(isEvidence)?.found);
  if (before === undefined || last.kind !== 'sale') return false;
  const [effect] = effectsOf(books, one, journal);
  const number = kind.numberOf(last.sale);
  if (effect === undefined) return before === bare(number);
  const taken = entries.some(({ type }) => type === 'taken');
  return taken && effect.sale === last.sale && follows(before, number) && !decidedLike(books, one);
}

/**
 * The gap that docs/guarantees.md states, where a terminal keeps no reference of the till: it had begun the
 * sale, which came to nothing, and a clerk sold as much at its own keys as the very next one.
 */
export function takesClerkSale(
  books: Books,
  one: Asked,
  journal: JournalReader | undefined,
): boolean {
  const { kind, ledger } = books;
  const { order, said } = one;
  const last = said.at(-1);
  if (kind.keepsTicket || order.do !== 'purchase' || last?.outcome !== 'approved') return false;
  if (effectsOf(books, one, journal).length > 0) return false;
  const told = toldNumber(kind, last.transaction);
  const entries = journal?.show(order.key)?.entries ?? [];
  const before = toldNumber(kind, entries.findLast(isEvidence)?.found);
  const taken = entries.some(({ type }) => type === 'taken');
  return (
    taken &&
    before !== undefined &&
    ledger.filter(isBooking).some((entry) => {
      const isClerks = entry.kind === 'sale' && entry.by === 'clerk';
      const number = numberIn(kind, entry);
      const { amount } = entry.sale;
      return isClerks && number === told && amount === order.amount.amount && follows(before, told);
    })
  );
}

const isEvidence = (entry: Entry) => entry.type === 'evidence';

const follows = (before: string, after: string): boolean => Number(after) === Number(before) + 1;

/** A person has decided about one of this amount: nobody has told its number. */
const decidedLike = ({ asked }: Books, { order }: Asked): boolean =>
  asked.some(
    (other) =>
      other.order.amount.amount === order.amount.amount &&
      other.said.some(({ outcome }) => outcome === 'decided'),
  );
