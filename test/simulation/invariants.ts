import { createHash } from 'node:crypto';
import type { LedgerEntry, Sale } from '../../mocks/ledger.ts';
import type { MockTerminal } from '../../mocks/mock-terminal.ts';
import { fromLatin1 } from '../../src/framing/bytes.ts';
import type { Entry, MoneyResult } from '../../src/journal/journal.ts';
import { standingOf } from '../../src/journal/standing.ts';
import type { Clock } from '../../src/model/clock.ts';
import { identities } from '../../src/model/identity.ts';
import type { Identity, Target, Transaction } from '../../src/model/transaction.ts';
import { type Call, claimOf, claimOfOutcome, recorded } from './call.ts';
import type { Disk, DiskRecord } from './durable-journal.ts';
import type { Family, MoneyRequest } from './families.ts';
import { countWord } from './line.ts';
import type { Process } from './process.ts';

export type Invariant =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'I13'
  | 'I14'
  | 'I15';

export interface Violation {
  readonly invariant: Invariant;
  readonly at: number;
  readonly text: string;
}

/** A money frame that left the till. */
interface Left {
  readonly at: number;
  readonly call: Call;
  readonly key: string | undefined;
  readonly kind: MoneyRequest;
  readonly asked: Target | undefined;
}

interface Effect {
  readonly at: number;
  readonly entry: LedgerEntry;
  readonly cause: Left | undefined;
}

/** A journal's writes, and no more. */
const lossMs = 3_000;

const bare = (text: string | undefined): string | undefined => text?.replace(/^0+(?=.)/, '');

/** Some terminals write more digits than the ledger has. */
const numberIn = (identity: Identity, field: keyof Identity): string | undefined =>
  bare(field === 'trace' ? identity.trace?.slice(-6) : identity[field]);

const same = (a: Identity, b: Identity, field: keyof Identity): boolean =>
  numberIn(a, field) === numberIn(b, field);

/** Nothing that both name speaks against their being the same. */
const agree = (a: Identity, b: Identity): boolean =>
  identities.every(
    (field) => a[field] === undefined || b[field] === undefined || same(a, b, field),
  );

const numbers = ['operationNumber', 'receiptNumber', 'trace'] as const;

/** They have a running number in common. */
const shareNumber = (a: Identity, b: Identity): boolean =>
  numbers.some((field) => a[field] !== undefined && same(a, b, field));

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
  const left: Left[] = [];
  const effects: Effect[] = [];
  const framesOfMark = new Map<Entry, number>();
  /** The NAKs that a process has heard and not yet followed with a money frame. */
  const refusals = new Map<Process, number>();
  let looked = 0;

  /** Everything that `asked` names and the sale has, agrees. */
  const names = (asked: Target | undefined, sale: Sale): boolean =>
    asked?.amount.amount === sale.amount && agree(asked, family.identityOf(sale));

  function violated(invariant: Invariant, text: string): void {
    violations.push({ invariant, at: now(), text });
  }

  const running = (process: Process): Call[] =>
    calls.filter((call) => call.process === process && call.ending === undefined);

  function callOf(process: Process, key: string): Call | undefined {
    return running(process).find((call) => call.key === key);
  }

  /** I5, I6, I4: the mark under which a money frame leaves. */
  function markOf(process: Process, epoch: number, bytes: Uint8Array): DiskRecord | undefined {
    const digest = createHash('sha256')
      .update(family.asMarked?.(bytes) ?? bytes)
      .digest('hex');
    const open = [...disk.records.values()].filter(({ entries }) => standingOf(entries) === 'open');
    const marked = open.find(({ entries }) => {
      const mark = entries.findLast(({ type }) => type === 'sent' || type === 'not-sent');
      return mark?.type === 'sent' && mark.digest === digest;
    });
    if (marked === undefined) {
      violated(
        'I5',
        `a money frame left without a durable mark: ${fromLatin1(bytes.slice(1, -2))}`,
      );
      return undefined;
    }
    const at = marked.entries.findLastIndex(({ type }) => type === 'sent');
    const mark = marked.entries[at];
    if (mark?.type === 'sent') {
      if (mark.epoch !== epoch || marked.writers[at] !== process.name)
        violated('I6', `${marked.intent.key} was marked for another connection than it left on`);
      const frames = (framesOfMark.get(mark) ?? 0) + 1;
      framesOfMark.set(mark, frames);
      const naks = frames === 1 ? 0 : (refusals.get(process) ?? 0) - 1;
      if (naks < 0)
        violated('I6', `${marked.intent.key} was sent again, and the terminal had not said NAK`);
      refusals.set(process, naks);
      if (frames > family.mostFrames) violated('I6', `${marked.intent.key} left ${frames} times`);
    }
    const others = open.filter((record) => record !== marked);
    if (others.length > 0)
      violated(
        'I4',
        `${marked.intent.key} left while ${others.map(({ intent }) => intent.key).join(', ')} was in doubt`,
      );
    return marked;
  }

  function alone(call: Call): void {
    const other = calls.find(
      (one) =>
        one !== call &&
        one.frames > 0 &&
        one.ending === undefined &&
        one.watched &&
        one.process.alive,
    );
    if (other !== undefined)
      violated('I8', `${word(call)} sent while ${word(other)} was in flight`);
  }

  function writes(process: Process, epoch: number, bytes: Uint8Array): void {
    const kind = family.moneyRequest(bytes);
    if (kind === undefined) return;
    if (kind === 'settle') {
      const call = running(process).find((one) => one.kind === 'settle');
      if (call === undefined) {
        violated('I15', 'a settlement left that no command asked for');
        return;
      }
      alone(call);
      call.frames++;
      left.push({ at: now(), call, key: undefined, kind, asked: undefined });
      return;
    }
    const record = markOf(process, epoch, bytes);
    const key = record?.intent.key;
    const call = key === undefined ? undefined : callOf(process, key);
    if (record === undefined || key === undefined) return;
    if (call === undefined) {
      violated('I15', `a frame of ${key} left that no command asked for`);
      return;
    }
    alone(call);
    call.frames++;
    const mark = record.entries.findLast((entry) => entry.type === 'sent');
    left.push({ at: now(), call, key, kind, asked: mark?.asked });
  }

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
        violated('I2', `${what} was taken back, which ${word(cause.call)} did not ask for`);
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
      violated('I3', `${what} was booked after ${word(cause.call)} claimed none`);
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
    const hit = running(process)[0];
    if (hit === undefined || !hit.watched || !hit.events.some(({ type }) => type === 'sent'))
      return;
    if (hit.events.some(({ type }) => type === 'recovering')) return;
    const heard = hit.events.length;
    clock.after(lossMs, () => {
      const goesOn = process.alive && hit.watched && hit.ending === undefined;
      if (goesOn && hit.events.length === heard)
        violated('I9', `${word(hit)} waits although its connection was lost`);
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

  const isSale = (sale: Sale, told: Transaction): boolean => {
    const identity = family.identityOf(sale);
    return (
      told.amount.amount === sale.amount &&
      agree(told, identity) &&
      shareNumber(told, identity) &&
      (identity.ticket === undefined || bare(told.ticket ?? '') === bare(identity.ticket))
    );
  };

  /** Whether an entry of the ledger is what the terminal is said to have done last. */
  const isTold = (entry: LedgerEntry, told: Transaction): boolean => {
    if (told.kind === 'purchase') return entry.kind === 'sale' && isSale(entry.sale, told);
    // A void has a number of its own, and may be told without its amount.
    if (told.kind !== 'void' || entry.kind !== 'void') return false;
    const { amount } = told.amount;
    return (
      (amount === 0 || Math.abs(amount) === entry.sale.amount) &&
      agree(told.original ?? {}, family.identityOf(entry.sale))
    );
  };

  /** What takes the place of what was told last. */
  const supersedes = ({ kind }: LedgerEntry): boolean => {
    if (kind === 'void') return family.tellsVoidLast;
    return kind !== 'settlement' || family.forgetsSettled;
  };

  const isSold = (key: string, told: Transaction): boolean =>
    effectsOf(key).some((entry) => entry.kind === 'sale' && isSale(entry.sale, told));

  const isTakenBack = (told: Transaction): boolean =>
    ledger.some((entry) => entry.kind === 'void' && isSale(entry.sale, told));

  /** I7: what the terminal is said to have done last, it had done last at some time of the question. */
  function checkLast(call: Call, told: Transaction): void {
    // What came to nothing is in no ledger.
    if (lies || told.state === 'declined') return;
    const until = call.endedAt ?? now();
    const at = ledger.findLastIndex((entry) => entry.at <= until && isTold(entry, told));
    const next = ledger
      .slice(at + 1)
      .find((entry) => supersedes(entry) && entry.at < call.startedAt);
    if (at < 0 || next !== undefined) {
      const number = told.operationNumber ?? told.receiptNumber ?? told.trace;
      violated('I7', `${word(call)} told of ${told.kind} ${number}, which was not the last`);
    }
  }

  function checkSettled(call: Call): void {
    const mine = effectsOfCall(call).length;
    const claim = claimOf(call);
    const settled = call.ending?.type === 'result' && call.ending.outcome === 'settled';
    if (settled && mine === 0) violated('I3', `${word(call)} claimed settled, but the day is open`);
    if (claim === 'none' && mine > 0) violated('I3', `${word(call)} claimed none, but it settled`);
  }

  /** I9: progress, then one result and the end; or an error of our own. */
  function checkEvents(call: Call): void {
    const results = call.events.filter(({ type }) => type === 'result');
    if (results.length > 1) violated('I9', `${word(call)} had ${results.length} results`);
    if (call.ending?.type === 'result' && call.events.at(-1)?.type !== 'result')
      violated('I9', `${word(call)} said something after its result`);
  }

  function ended(call: Call): void {
    look();
    const { ending } = call;
    if (ending === undefined || ending.type === 'killed') return;
    checkEvents(call);
    if (call.kind === 'settle') checkSettled(call);
    else if (claimOf(call) === 'none' && effectsOfCall(call).length > 0)
      violated('I3', `${word(call)} claimed none, but ${effectsOfCall(call).length} was booked`);
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
      violated('I4', `${word(call)} told ${outcome}, on record is ${onDisk?.outcome ?? 'nothing'}`);
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
    hears(process, bytes) {
      const naks = family.wire.nak === undefined ? 0 : countWord(bytes, family.wire.nak);
      if (naks > 0) refusals.set(process, (refusals.get(process) ?? 0) + naks);
    },
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
          violated('I3', `${word(call)} claimed none, but something was booked later`);
    },
  };
}

const isFinal = ({ type }: Entry): boolean => type === 'outcome' || type === 'decision';

const outcomeOf = (record: DiskRecord | undefined): MoneyResult | undefined =>
  record?.entries.findLast((entry) => entry.type === 'outcome')?.result;

const word = ({ process, kind, key }: Call): string =>
  `${process.name}'s ${kind} ${key ?? ''}`.trim();

const saleWord = ({ operationNumber, amount }: Sale): string => `${operationNumber} of ${amount}`;
