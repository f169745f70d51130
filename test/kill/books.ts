import type { LedgerEntry, SimulatedTerminal } from '../../mocks/index.ts';
import type { JournalRecord } from '../../src/journal/chain.ts';
import type { JournalReader } from '../../src/journal/reader.ts';
import { standingAfter } from '../../src/journal/standing.ts';
import type { Line, MoneyOrder } from './order.ts';

/** A money command and every last line that was ever said of its key. */
export interface Asked {
  readonly order: MoneyOrder;
  readonly said: Line[];
}

type Booking = Extract<LedgerEntry, { kind: 'sale' | 'void' }>;

/** Terminals pad with zeros on the left. */
const bare = (text: string): string => text.replace(/^0+/, '');

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

/** The references under which a sale went out: the till's own, or what the driver drew. */
export function ticketsOf(order: MoneyOrder, journal: JournalReader | undefined): Set<string> {
  if (order.do === 'void') return new Set();
  const drawn = (journal?.show(order.key)?.entries ?? []).flatMap((entry) =>
    entry.type === 'sent' && entry.asked.ticket !== undefined ? [entry.asked.ticket] : [],
  );
  return new Set([...(order.ticket === undefined ? [] : [order.ticket]), ...drawn].map(bare));
}

/** What the terminal has booked for a command: its sales, or the voids of its target. */
export function effectsOf(
  order: MoneyOrder,
  tickets: ReadonlySet<string>,
  ledger: readonly LedgerEntry[],
): Booking[] {
  const booked = ledger.filter((entry): entry is Booking => entry.kind !== 'settlement');
  return order.do === 'purchase'
    ? booked.filter(({ kind, sale }) => kind === 'sale' && tickets.has(bare(sale.ticket)))
    : booked.filter(
        ({ kind, sale }) => kind === 'void' && sale.operationNumber === order.operationNumber,
      );
}

/** What holds at every moment, whatever is under way. */
export function* ledgerFlaws(
  ledger: readonly LedgerEntry[],
  asked: readonly Asked[],
): Iterable<string> {
  const voided = new Set<string>();
  const targets = new Set(
    asked.flatMap(({ order }) => (order.do === 'void' ? [order.operationNumber] : [])),
  );
  for (const entry of ledger) {
    if (entry.kind !== 'void') continue;
    const { operationNumber } = entry.sale;
    if (voided.has(operationNumber)) yield `The sale ${operationNumber} was voided twice.`;
    if (!targets.has(operationNumber))
      yield `Nobody had asked to void the sale ${operationNumber}.`;
    voided.add(operationNumber);
  }
}

/** What holds when every command has ended: claims and ledger are one. */
export function* claimFlaws(
  ledger: readonly LedgerEntry[],
  asked: readonly Asked[],
  journal: JournalReader,
): Iterable<string> {
  let sales = 0;
  const takers = new Set(
    asked
      .filter(({ order, said }) => order.do === 'void' && said.some(claimOf))
      .map(({ order }) => order.do === 'void' && order.operationNumber),
  );
  for (const { order, said } of asked) {
    const effects = effectsOf(order, ticketsOf(order, journal), ledger);
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
    if (claims && effects.length === 0) yield `${what} is said to be done and was not booked.`;
    const another = order.do === 'void' && takers.has(order.operationNumber);
    if (!claims && effects.length > 0 && !another)
      yield `${what} is said not to be done and was booked.`;
    const told = last?.outcome === 'approved' ? last.transaction?.operationNumber : undefined;
    if (told !== undefined && effects[0]?.sale.operationNumber !== told)
      yield `${what} is said to be the sale ${told}, but is ${effects[0]?.sale.operationNumber}.`;
  }
  const booked = ledger.filter(({ kind, by }) => kind === 'sale' && by === 'till').length;
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
  order: MoneyOrder,
  { memory }: SimulatedTerminal,
  journal: JournalReader | undefined,
): boolean {
  const remembered = memory.records;
  if (order.do === 'void')
    return remembered.some(({ operationNumber }) => operationNumber === order.operationNumber);
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
