import type { Clock } from '../src/model/clock.ts';
import { type Batch, type WhichSale, WritableBatch } from './batch.ts';
import { createBookings, type Held } from './held.ts';
import type { BookedBy, Card, LedgerEntry, Sale } from './ledger.ts';
import type { Refusal, Totals } from './messages.ts';
import { createPreAuthorisations, type PreAuthorisations } from './pre-authorisations.ts';

/** What the host says to a sale or a void: yes, or no with the acquirer's code. */
export type HostVerdict = 'approved' | { readonly declined: string };

export interface Host {
  /** How long it thinks, in milliseconds. */
  latencyMs: number;
  /** Amounts in minor units. */
  decide(asked: {
    readonly command: 'purchase' | 'void' | 'refund';
    readonly amount: number;
  }): HostVerdict;
}

/** A sale that the terminal has made before the till came. What is left out is as for any other sale. */
export type EarlierSale = Partial<Pick<Sale, 'ticket' | 'authorisationCode' | 'time'>> & {
  /** In minor units. */
  readonly amount: number;
  readonly card?: Partial<Card>;
  readonly voided?: boolean;
};

/** What is to be sold, as the terminal's keys or the till enter it. */
export interface Order {
  /** In minor units. */
  readonly amount: number;
  readonly ticket: string;
  readonly childCommerceCode?: string;
}

/** How a booking went: the sale it is about, or why there was none. */
export type Booked =
  /** `trace`: of the void itself. */
  | { readonly outcome: 'done'; readonly sale: Sale; readonly trace?: string }
  | { readonly outcome: Refusal; readonly code?: string; readonly card?: Card };

export interface SimulatedTerminalOptions {
  readonly clock: Clock;
  /** The operation number of the first sale. Default 1. */
  readonly firstOperationNumber?: number;
  /** How long the terminal is deaf and dumb after a power loss, in milliseconds. Default 3 000. */
  readonly bootMs?: number;
  /** Told at once, so that whatever was being said on the line stops in the middle. */
  onPowerLoss?(): void;
}

/**
 * The terminal behind the wire: its memory, its card reader, its keys, its host, and a ledger of truth.
 * It knows no protocol. What is durable (memory, ledger, counters) survives `powerLoss`.
 */
export interface SimulatedTerminal {
  readonly commerceCode: string;
  readonly terminalId: string;
  /** Every effect since the terminal was made, oldest first. */
  readonly ledger: readonly LedgerEntry[];
  /** What the terminal still remembers: everything since the last settlement. */
  readonly memory: Batch;
  /** The host's manners; replace its parts at any time. */
  readonly host: Host;
  /** The card that customers present when `nextCard` has named no other. */
  card: Card;
  /** Vouchers printed on the terminal's own paper. */
  readonly printed: number;
  /** When it was initialised, local time. */
  readonly initialisedAt: string;
  /** False while it boots, initialises or is in normal mode: then it hears nothing on the line. */
  listening(): boolean;

  /** The next customer presents this card; further calls queue. */
  nextCard(card: Partial<Card>): void;
  /** The next customer presses the red key. */
  customerCancels(): void;

  purchase(order: Order): Booked;
  /** Gives money back, as a booking of its own. */
  refund(order: Order): Booked;
  /** Without anything that names one: the last sale, whatever it is. */
  void(which?: WhichSale): Booked;
  /** A trace number for what came to nothing, where that takes one too. */
  takeTrace(): string;
  /** Closes the day: the memory is emptied, the ledger keeps everything. */
  settle(by?: BookedBy): Totals;
  print(): void;
  /** Amounts held back on cards. */
  readonly preAuthorisations: PreAuthorisations;
  /** Does the work, but nothing that it books stands until it is told to; a settlement always does. */
  hold<T>(work: () => T): Held<T>;

  /** A clerk sells at the terminal's own keys, past the till. */
  clerkSells(amount: number, ticket?: string): Booked;
  /** A clerk voids at the terminal's own keys. */
  clerkVoids(which?: WhichSale): Booked;
  /** A sale of earlier today, booked without asking the host or the card reader. */
  remember(sale: EarlierSale): Sale;
  /** The memory is lost without a settlement, as after a service visit. */
  forget(): void;
  /** Ends what it is doing; it is back after `bootMs`. */
  powerLoss(): void;
  /** Off the line for a while. */
  goOffline(ms: number): void;
  initialise(ms: number): void;
  leaveIntegratedMode(): void;
  returnToIntegrated(): void;
}

const creditCard: Card = { type: 'credit', last4: '0461', brand: 'VI' };

/** The mock's local time is UTC, so that a test reads the same on every machine. */
const localTime = (at: number): string => new Date(at).toISOString().slice(0, 19);

/** The first code is that of a recorded sale; the step is a prime, so that codes do not repeat soon. */
const authorisationCode = (n: number): string =>
  String((252_985 + n * 104_729) % 1_000_000).padStart(6, '0');

export function createSimulatedTerminal(options: SimulatedTerminalOptions): SimulatedTerminal {
  const { clock, bootMs = 3_000 } = options;
  const ledger: LedgerEntry[] = [];
  const memory = new WritableBatch(options.firstOperationNumber ?? 1);
  const { book, hold } = createBookings();
  const cards: Card[] = [];
  let authorised = 0;
  let cancels = 0;
  let integrated = true;
  let offlineUntil = Number.NEGATIVE_INFINITY;

  const numbered = (order: Order, card: Card, given: Partial<Sale>): Sale => ({
    ...order,
    operationNumber: memory.takeOperationNumber(),
    trace: memory.takeTrace(),
    authorisationCode: authorisationCode(authorised++),
    card,
    time: localTime(clock.now()),
    ...given,
  });

  function record(order: Order, card: Card, by: BookedBy, given: Partial<Sale> = {}): Sale {
    const sale = numbered(order, card, given);
    book((amount) => {
      const stood = amount === undefined ? sale : { ...sale, amount };
      memory.addSale(stood);
      ledger.push({ kind: 'sale', at: clock.now(), by, sale: stood });
    });
    return sale;
  }

  function sell(order: Order, by: BookedBy): Booked {
    const card = cards.shift() ?? terminal.card;
    if (memory.full) return { outcome: 'batch-full' };
    if (cancels > 0) {
      cancels--;
      return { outcome: 'cancelled', card };
    }
    const verdict = terminal.host.decide({ command: 'purchase', amount: order.amount });
    if (verdict !== 'approved') return { outcome: 'declined', code: verdict.declined, card };
    terminal.printed++;
    return { outcome: 'done', sale: record(order, card, by) };
  }

  function authorise(command: 'purchase' | 'refund', order: Order): Booked {
    const card = cards.shift() ?? terminal.card;
    if (cancels > 0) {
      cancels--;
      return { outcome: 'cancelled', card };
    }
    const verdict = terminal.host.decide({ command, amount: order.amount });
    if (verdict !== 'approved') return { outcome: 'declined', code: verdict.declined, card };
    terminal.printed++;
    return { outcome: 'done', sale: numbered(order, card, {}) };
  }

  function giveBack(order: Order): Booked {
    const made = authorise('refund', order);
    if (made.outcome !== 'done') return made;
    const { sale } = made;
    book(() => {
      memory.addRefund(sale);
      ledger.push({ kind: 'refund', at: clock.now(), by: 'till', sale });
    });
    return made;
  }

  function takeBack(which: WhichSale | undefined, by: BookedBy): Booked {
    const found = memory.find(which);
    if (found === undefined) return { outcome: 'nothing-to-void' };
    if (found.voided) return { outcome: 'already-voided' };
    if (found.sale.card.type === 'debit') return { outcome: 'debit-card' };
    if (found.sale.card.type !== 'credit') return { outcome: 'void-not-allowed' };
    const verdict = terminal.host.decide({ command: 'void', amount: found.sale.amount });
    if (verdict !== 'approved') return { outcome: 'declined', code: verdict.declined };
    terminal.printed++;
    const trace = memory.takeTrace();
    const time = localTime(clock.now());
    book(() => {
      // While it waited to stand, a clerk may have been faster, and may have settled as well.
      if (
        ledger.some(({ kind, ...of }) => kind === 'void' && 'sale' in of && of.sale === found.sale)
      )
        return;
      memory.addVoid(found.sale, trace, time);
      ledger.push({ kind: 'void', at: clock.now(), by, sale: found.sale });
    });
    return { outcome: 'done', sale: found.sale, trace };
  }

  const preAuthorisations = createPreAuthorisations({
    authorise: (order) => authorise('purchase', order),
    book,
    record: (kind, sale, by) => ledger.push({ kind, at: clock.now(), by, sale }),
    addSale: (sale) => memory.addSale(sale),
    numbered: (sale, amount) => numbered({ ticket: sale.ticket, amount }, sale.card, {}),
    takeTrace: () => memory.takeTrace(),
    time: () => localTime(clock.now()),
  });

  const goOffline = (ms: number) => {
    offlineUntil = Math.max(offlineUntil, clock.now() + ms);
  };

  const terminal: SimulatedTerminal & { printed: number; initialisedAt: string } = {
    commerceCode: '597029414300',
    terminalId: '75001637',
    ledger,
    memory,
    host: { latencyMs: 0, decide: () => 'approved' },
    card: creditCard,
    printed: 0,
    initialisedAt: localTime(clock.now()),
    listening: () => integrated && clock.now() >= offlineUntil,
    nextCard: (card) => cards.push({ ...terminal.card, ...card }),
    customerCancels: () => {
      cancels++;
    },
    purchase: (order) => sell(order, 'till'),
    refund: giveBack,
    void: (which) => takeBack(which, 'till'),
    takeTrace: () => memory.takeTrace(),
    settle(by = 'till') {
      const totals = memory.totals();
      memory.clear();
      preAuthorisations.closeDay();
      terminal.printed++;
      ledger.push({ kind: 'settlement', at: clock.now(), by, ...totals });
      return totals;
    },
    print: () => {
      terminal.printed++;
    },
    preAuthorisations,
    hold,
    clerkSells: (amount, ticket = '') => sell({ amount, ticket }, 'clerk'),
    clerkVoids: (which) => takeBack(which, 'clerk'),
    remember({ amount, card, voided, ...given }) {
      const presented = { ...terminal.card, ...card };
      const sale = record({ amount, ticket: '' }, presented, 'clerk', given);
      if (voided === true) {
        memory.addVoid(sale, memory.takeTrace(), sale.time);
        ledger.push({ kind: 'void', at: clock.now(), by: 'clerk', sale });
      }
      return sale;
    },
    forget: () => memory.clear(),
    powerLoss() {
      cards.length = 0;
      cancels = 0;
      integrated = true;
      goOffline(bootMs);
      options.onPowerLoss?.();
    },
    goOffline,
    initialise(ms) {
      terminal.initialisedAt = localTime(clock.now());
      goOffline(ms);
    },
    leaveIntegratedMode: () => {
      integrated = false;
    },
    returnToIntegrated: () => {
      integrated = true;
    },
  };
  return terminal;
}
