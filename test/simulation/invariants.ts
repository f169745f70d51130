import type { LedgerEntry, Sale } from '../../mocks/ledger.ts';
import type { MockTerminal } from '../../mocks/mock-terminal.ts';
import type { Entry, MoneyResult } from '../../src/journal/journal.ts';
import type { Clock } from '../../src/model/clock.ts';
import type { Transaction } from '../../src/model/transaction.ts';
import { type Call, claimOf, claimOfOutcome, inWords, recorded } from './call.ts';
import type { Disk, DiskRecord } from './durable-journal.ts';
import type { Family } from './family.ts';
import { createLeaving, type Left } from './leaving.ts';
import type { Process } from './process.ts';
import { sameSale } from './same-sale.ts';
import type { Invariant, Violation } from './violation.ts';

interface Effect {
  readonly at: number;
  readonly entry: LedgerEntry;
  readonly cause: Left | undefined;
}

/** A journal's writes, and no more. */
const lossMs = 3_000;

export interface CheckerParts {
  readonly mock: MockTerminal;
  readonly disk: Disk;
  readonly clock: Clock;
  /** The terminal tells lies about its last transaction: only the ledger is true. */
  readonly lies: boolean;
  readonly family: Family;
}

/** Watches a run and compares what is claimed with what is true. */
export interface Checker {
  readonly violations: readonly Violation[];
  violated(invariant: Invariant, text: string): void;
  started(call: Call): void;
  /** Bytes are about to leave. */
  writes(process: Process, epoch: number, bytes: Uint8Array): void;
  /** Bytes have reached the till. */
  hears(process: Process, bytes: Uint8Array): void;
  /** Its connection is lost. */
  loses(process: Process): void;
  journalled(record: DiskRecord, entry: Entry): void;
  /** Looks at what has been booked since the last time. */
  look(): void;
  ended(call: Call): void;
  /** The money of this key that was moved, by any of its calls. */
  effectsOf(key: string): readonly LedgerEntry[];
  /** After everything: what was claimed must still be true. */
  atEnd(): void;
}

export function createChecker({ mock, disk, clock, lies, family }: CheckerParts): Checker {
  const { now } = clock;
  const { ledger } = mock.terminal;
  const violations: Violation[] = [];
  const calls: Call[] = [];
  const effects: Effect[] = [];
  let looked = 0;

  function violated(invariant: Invariant, text: string): void {
    violations.push({ invariant, at: now(), text });
  }

  const { left, writes, hears } = createLeaving({ family, disk, calls, now, violated });
  const { names, isSale, isTold, supersedes } = sameSale(family);

  /** Which frame a booking of the till comes from: the last that fits. */
  function causeOf(entry: LedgerEntry): Left | undefined {
    switch (entry.kind) {
      case 'settlement':
        return left.findLast(({ kind }) => kind === 'settle');
      case 'sale':
      case 'void': {
        const kind = entry.kind === 'sale' ? 'purchase' : 'void';
        return left.findLast((one) => one.kind === kind && names(one.asked, entry.sale));
      }
      default:
        return undefined;
    }
  }

  function booked(entry: LedgerEntry): void {
    if (entry.by === 'clerk') return;
    const cause = causeOf(entry);
    const what =
      entry.kind === 'settlement' ? 'settlement' : `${entry.kind} ${saleWord(entry.sale)}`;
    effects.push({ at: entry.at, entry, cause });
    if (cause === undefined) {
      violated(entry.kind === 'void' ? 'I2' : 'I3', `a ${what} that nobody asked for`);
      return;
    }
    if (entry.kind === 'void') {
      if (!names(cause.call.asked ?? cause.asked, entry.sale))
        violated('I2', `${what} was taken back, which ${inWords(cause.call)} did not ask for`);
      const before = ledger.slice(0, ledger.indexOf(entry));
      if (before.some((one) => one.kind === 'void' && one.sale === entry.sale))
        violated('I1', `${what} was taken back twice`);
    }
    if (entry.kind === 'sale' && cause.key !== undefined) {
      const sales = effectsOf(cause.key).filter(({ kind }) => kind === 'sale');
      if (sales.length > 1) violated('I1', `${cause.key} was sold ${sales.length} times`);
    }
    const claim = claimOf(cause.call);
    if (claim === 'none')
      violated('I3', `${what} was booked after ${inWords(cause.call)} claimed none`);
    else if (cause.key !== undefined) unclaimed(cause.key);
  }

  /** I3: what is on record for this key says that nothing was moved, and it was. */
  function unclaimed(key: string): void {
    const outcome = outcomeOf(disk.records.get(key));
    if (outcome === undefined || claimOfOutcome(outcome.outcome) !== 'none') return;
    if (effectsOf(key).length > 0)
      violated('I3', `${key} is on record as ${outcome.outcome}, but it was booked`);
  }

  /** I9: a lost connection ends the exchange on it at once, not at its time-out. */
  function loses(process: Process): void {
    const hit = calls.find((call) => call.process === process && call.ending === undefined);
    if (hit === undefined || !hit.watched || !hit.events.some(({ type }) => type === 'sent'))
      return;
    if (hit.events.some(({ type }) => type === 'recovering')) return;
    const heard = hit.events.length;
    clock.after(lossMs, () => {
      const goesOn = process.alive() && hit.watched && hit.ending === undefined;
      if (goesOn && hit.events.length === heard)
        violated('I9', `${inWords(hit)} waits although its connection was lost`);
    });
  }

  const effectsOf = (key: string): LedgerEntry[] =>
    effects.filter(({ cause }) => cause?.key === key).map(({ entry }) => entry);

  const effectsOfCall = (call: Call): LedgerEntry[] =>
    effects.filter(({ cause }) => cause?.call === call).map(({ entry }) => entry);

  /** I3: a certain outcome is true. */
  function checkOutcome(record: DiskRecord, result: MoneyResult): void {
    const { key } = record.intent;
    switch (result.outcome) {
      case 'approved':
        if (!isSold(key, result.transaction))
          violated('I3', `${key} is approved, but the ledger has no such sale of it`);
        break;
      case 'voided':
      case 'already-voided':
        if (!isTakenBack(result.transaction))
          violated('I3', `${key} is ${result.outcome}, but the ledger has no such void`);
        unclaimed(key);
        break;
      default:
        unclaimed(key);
    }
  }

  const isSold = (key: string, told: Transaction): boolean =>
    effectsOf(key).some((entry) => entry.kind === 'sale' && isSale(entry.sale, told));

  const isTakenBack = (told: Transaction): boolean =>
    ledger.some((entry) => entry.kind === 'void' && isSale(entry.sale, told));

  /** I7: what the terminal is said to have done last, it had done last at some time of the question. */
  function checkLast(call: Call, told: Transaction): void {
    // What came to nothing is in no ledger, and of an unlisted code nobody says what it came to.
    if (lies || told.state === 'declined' || told.state === 'in-doubt') return;
    const until = call.endedAt ?? now();
    const at = ledger.findLastIndex((entry) => entry.at <= until && isTold(entry, told));
    // A sale that is told as voided tells its void as well.
    const isItsVoid = (entry: LedgerEntry): boolean =>
      told.state === 'voided' && entry.kind === 'void' && isSale(entry.sale, told);
    const next = ledger
      .slice(at + 1)
      .find((entry) => supersedes(entry) && !isItsVoid(entry) && entry.at < call.startedAt);
    if (at < 0 || next !== undefined) {
      const number = told.operationNumber ?? told.receiptNumber ?? told.trace;
      violated('I7', `${inWords(call)} told of ${told.kind} ${number}, which was not the last`);
    }
  }

  function checkSettled(call: Call): void {
    const mine = effectsOfCall(call).length;
    const claim = claimOf(call);
    const settled = call.ending?.type === 'result' && call.ending.outcome === 'settled';
    if (settled && mine === 0)
      violated('I3', `${inWords(call)} claimed settled, but the day is open`);
    if (claim === 'none' && mine > 0)
      violated('I3', `${inWords(call)} claimed none, but it settled`);
  }

  /** I9: progress, then one result and the end; or an error of our own. */
  function checkEvents(call: Call): void {
    const results = call.events.filter(({ type }) => type === 'result');
    if (results.length > 1) violated('I9', `${inWords(call)} had ${results.length} results`);
    if (call.ending?.type === 'result' && call.events.at(-1)?.type !== 'result')
      violated('I9', `${inWords(call)} said something after its result`);
  }

  function ended(call: Call): void {
    look();
    const { ending } = call;
    if (ending === undefined || ending.type === 'killed') return;
    checkEvents(call);
    if (call.kind === 'settle') checkSettled(call);
    else if (claimOf(call) === 'none' && effectsOfCall(call).length > 0)
      violated('I3', `${inWords(call)} claimed none, but ${effectsOfCall(call).length} was booked`);
    if (ending.type !== 'result') return;
    const { result, outcome } = ending;
    if (call.kind === 'last' && outcome === 'found' && 'transaction' in result)
      checkLast(call, result.transaction as Transaction);
    const key = 'key' in result ? String(result.key) : call.key;
    if (key === undefined || !recorded.has(outcome)) return;
    // What was refused before anything left ends the call and not the intent.
    const unsent = ['declined', 'not-found', 'already-voided'].includes(outcome);
    if (unsent && call.frames === 0 && !disk.records.get(key)?.entries.some(isFinal)) return;
    const onDisk = outcomeOf(disk.records.get(key));
    if (onDisk?.outcome !== outcome)
      violated(
        'I4',
        `${inWords(call)} told ${outcome}, on record is ${onDisk?.outcome ?? 'nothing'}`,
      );
  }

  function journalled(record: DiskRecord, entry: Entry): void {
    if (!isFinal(entry)) return;
    look();
    const finals = record.entries.filter(isFinal);
    if (finals.length > 1)
      violated('I4', `${record.intent.key} has ${finals.length} final records`);
    if (entry.type === 'outcome') checkOutcome(record, entry.result);
  }

  function look(): void {
    for (; looked < ledger.length; looked++) {
      const entry = ledger[looked];
      if (entry !== undefined) booked(entry);
    }
  }

  return {
    violations,
    violated,
    started: (call) => calls.push(call),
    writes,
    loses,
    hears,
    journalled,
    look,
    ended,
    effectsOf,
    atEnd() {
      look();
      for (const record of disk.records.values()) {
        const result = outcomeOf(record);
        if (result !== undefined) checkOutcome(record, result);
      }
      for (const call of calls)
        if (claimOf(call) === 'none' && effectsOfCall(call).length > 0)
          violated('I3', `${inWords(call)} claimed none, but something was booked later`);
    },
  };
}

const isFinal = ({ type }: Entry): boolean => type === 'outcome' || type === 'decision';

const outcomeOf = (record: DiskRecord | undefined): MoneyResult | undefined =>
  record?.entries.findLast((entry) => entry.type === 'outcome')?.result;

const saleWord = ({ operationNumber, amount }: Sale): string => `${operationNumber} of ${amount}`;
