import { setTimeout } from 'node:timers/promises';
import type { MockTerminal } from '../../mocks/index.ts';
import { fromLatin1 } from '../../src/framing/bytes.ts';
import type { Money } from '../../src/model/money.ts';
import {
  type Asked,
  type Books,
  canTell,
  claimFlaws,
  effectsOf,
  ledgerFlaws,
  orderFlaws,
  takesClerkSale,
} from './books.ts';
import { statedReason } from './doubts.ts';
import { countIn, noFindings } from './findings.ts';
import { readCopy } from './journal-copy.ts';
import { type Armed, arm, drawMoment } from './moment.ts';
import type { Ended, MoneyOrder, Order, Place } from './order.ts';
import type { Draw } from './random.ts';
import { stateOf } from './states.ts';
import { type TerminalKind, toldNumber } from './terminals.ts';
import type { StartTill, Till } from './tills.ts';

/** After so many orders in one life the till is killed where it is. */
const longestLife = 10;
/** Between two attempts, in milliseconds. */
const breathMs = 100;
/** In minor units. */
const amounts = [1_500, 2_000] as const;
/** So often a till may fail for a passing reason before that counts as being stuck. */
const patience = 12;

const inWords = ({ at, from, bytes }: MockTerminal['transcript'][number]): string =>
  `${new Date(at).toISOString().slice(17, 23)} ${from}: ${JSON.stringify(fromLatin1(bytes))}`;

type VoidOrder = Extract<MoneyOrder, { do: 'void' }>;

export interface ShopParts {
  readonly kind: TerminalKind;
  readonly seed: number;
  readonly draw: Draw;
  readonly mock: MockTerminal;
  readonly place: Place;
  readonly startTill: StartTill;
}

/** A till that is killed again and again, the terminal beside it, and everything that was ever asked and said. */
export class Shop {
  readonly findings = noFindings();
  readonly #parts: ShopParts;
  readonly #draw: Draw;
  readonly #mock: MockTerminal;
  readonly #place: Place;
  readonly #asked: Asked[] = [];
  readonly #books: Books;
  readonly #trace: string[] = [];
  /** Sales that were told to be approved, the oldest first. */
  readonly #sales: Pick<VoidOrder, 'amount' | 'sale'>[] = [];
  /** Commands that have no certain ending yet; one of them at most can be in doubt. */
  #pending: Asked[] = [];
  /** The one that the till is asked for now. */
  #current: Asked | undefined;
  #recovering = false;
  #armed: Armed | undefined;

  constructor(parts: ShopParts) {
    const { kind, draw, mock, place } = parts;
    this.#parts = parts;
    this.#draw = draw;
    this.#mock = mock;
    this.#place = place;
    this.#books = { kind, ledger: mock.terminal.ledger, asked: this.#asked };
  }

  /** Starts a till, lets it find out how the last one ended, sells and voids, and kills it somewhere on the way. */
  async oneLife(): Promise<void> {
    const till = this.#start();
    let killed = false;
    const kill = () => {
      killed = till.kill() || killed;
    };
    const armNow = () => {
      const { kind } = this.#parts;
      const moment = drawMoment(this.#draw, kind);
      this.#note(`armed: ${moment.n} ${moment.after} and ${moment.plusMs} ms`);
      this.#armed = arm(moment, this.#mock, kind, kill);
    };
    try {
      if (this.#draw.chance(this.#pending.length > 0 ? 0.6 : 0.2)) armNow();
      if (await this.#comeToRest(till)) {
        if (this.#armed === undefined) armNow();
        for (let i = 0; i < longestLife && (await this.#nextCommand(till)); i++);
      }
    } finally {
      this.#armed?.disarm();
      this.#armed = undefined;
      kill();
      await till.gone();
    }
    if (!killed) return;
    this.findings.kills++;
    await this.#atTheScene();
  }

  /** Nobody kills this one: everything has to end. */
  async lastLife(): Promise<void> {
    const till = this.#start();
    try {
      await this.#comeToRest(till);
    } finally {
      till.kill();
      await till.gone();
    }
  }

  flaw(what: string): void {
    this.findings.flaws.push(
      [
        `seed ${this.#parts.seed} on ${this.#parts.kind.face}: ${what}`,
        ...this.#trace.slice(-40),
        ...this.#mock.transcript.slice(-16).map(inWords),
      ].join('\n    '),
    );
  }

  #note(what: string): void {
    this.#trace.push(what);
  }

  #start(): Till {
    this.#note('--- a till starts');
    this.#current = undefined;
    return this.#parts.startTill(this.#place, (line) => {
      if (line.type === 'recovering') this.#recovering = true;
      this.#armed?.heard(line);
    });
  }

  async #ask(till: Till, order: Order): Promise<Ended> {
    this.#recovering = false;
    const ended = await till.ask(order);
    const told =
      ended === undefined ? 'killed' : (ended.outcome ?? `${ended.code} ${ended.effect}`);
    this.#note(`${JSON.stringify(order)} -> ${told}: ${ended?.message ?? ''}`);
    return ended;
  }

  /** The files are as the kill left them. */
  async #atTheScene(): Promise<void> {
    await readCopy(this.#place, (journal) => {
      const inDoubt = this.#pending.find(
        ({ order }) => journal?.show(order.key)?.standing === 'open',
      );
      const one = inDoubt ?? this.#current ?? this.#pending[0];
      const inflight = one && {
        order: one.order,
        recovering: this.#recovering,
        carriedOut: effectsOf(this.#books, one, journal).length > 0,
      };
      const state = stateOf(inflight, journal);
      this.#note(`--- killed ${state}`);
      countIn(this.findings.reached, state);
      countIn(this.findings.terminals, this.#parts.kind.face);
      const verified = journal?.verify();
      if (verified?.ok === false) this.flaw(`The journal is broken: ${verified.message}`);
    });
    for (const what of ledgerFlaws(this.#books)) this.flaw(what);
    this.#clerkPassesBy();
  }

  /** While the till is down, somebody may use the terminal's own keys. */
  #clerkPassesBy(): void {
    const { terminal } = this.#mock;
    const closes = this.#draw.chance(0.08);
    if (closes) {
      this.#note('a clerk closes the day');
      terminal.settle('clerk');
    }
    if (this.#draw.chance(closes ? 0.6 : 0.06)) {
      this.#note('a clerk sells');
      this.#clerkSells();
    }
  }

  /** As much as the till asked for last: a sale that must not be taken for the till's own. */
  #clerkSells(): void {
    const amount = this.#asked.at(-1)?.order.amount.amount ?? amounts[0];
    this.#mock.terminal.clerkSells(amount);
  }

  /** Finds out what is open, asks again for what has no ending, and compares. False: killed before that. */
  async #comeToRest(till: Till): Promise<boolean> {
    if (!(await this.#startRashly(till))) return false;
    for (let i = 0; i < patience; i++) {
      if (!(await this.#nothingOpen(till))) return false;
      const [next] = this.#pending;
      if (next === undefined) return this.#compare();
      if (!(await this.#carryOut(till, next))) return false;
    }
    throw new Error(`The till does not come to rest.`);
  }

  /** A till need not recover first: it may ask again for what was lost, or for something new. */
  async #startRashly(till: Till): Promise<boolean> {
    const [lost] = this.#pending;
    if (lost === undefined) return true;
    if (this.#draw.chance(0.35)) return this.#carryOut(till, lost);
    return this.#draw.chance(0.25) ? this.#carryOut(till, this.#newCommand()) : true;
  }

  async #nothingOpen(till: Till): Promise<boolean> {
    for (let i = 0; i < patience; i++) {
      const found = await this.#ask(till, { do: 'recover' });
      if (found === undefined) return false;
      if (found.type === 'result') {
        this.#pending.find(({ order }) => order.key === found.key)?.said.push(found);
        return true;
      }
      const reason = statedReason(found.message ?? '');
      if (reason === undefined) continue;
      const decided = await this.#decide(till, reason, found.intent);
      if (decided === undefined) return false;
    }
    throw new Error('The till cannot find out what is open, and does not say why.');
  }

  /** A person looks at the terminal's own ledger, when nobody else can tell. */
  async #decide(till: Till, reason: string, key: string | undefined): Promise<Ended> {
    const one = this.#pending.find((asked) => asked.order.key === key);
    if (one === undefined) throw new Error('Something is in doubt that was never asked for.');
    const { order } = one;
    const [knowable, done] = await readCopy(this.#place, (reader) => [
      canTell(this.#books, one, this.#mock.terminal, reader),
      effectsOf(this.#books, one, reader).length > 0,
    ]);
    if (knowable) this.flaw(`${order.key} is in doubt although the terminal can tell (${reason}).`);
    const decision =
      order.do === 'purchase'
        ? done
          ? 'approved'
          : 'not-approved'
        : done
          ? 'voided'
          : 'not-voided';
    const ended = await this.#ask(till, { do: 'decide', decision });
    if (ended?.outcome === 'decided') countIn(this.findings.doubts, reason);
    return ended;
  }

  /** Asks for it, for the first time or again. False: killed before it said how it ended. */
  async #carryOut(till: Till, asked: Asked): Promise<boolean> {
    this.#current = asked;
    if (!this.#pending.includes(asked)) this.#pending.push(asked);
    const ended = await this.#ask(till, asked.order);
    if (ended === undefined) return false;
    this.#current = undefined;
    asked.said.push(ended);
    // An error with effect `none` says that nothing happened; it may be asked for again.
    if (ended.type === 'error') {
      // A terminal that still speaks to the till before says NAK to everything, and at once.
      await setTimeout(breathMs);
      return true;
    }
    this.#pending = this.#pending.filter((one) => one !== asked);
    const { outcome, transaction } = ended;
    const { kind } = this.#parts;
    const number = toldNumber(kind, transaction);
    if (outcome === 'approved' && number !== undefined)
      this.#sales.push({ sale: { [kind.number]: number }, amount: asked.order.amount });
    return true;
  }

  /** Something a shop does. False: killed on the way. */
  async #nextCommand(till: Till): Promise<boolean> {
    const draw = this.#draw;
    if (draw.chance(0.08)) this.#clerkSells();
    if (draw.chance(0.03) && (await this.#ask(till, { do: 'settle' })) === undefined) return false;
    if (!(await this.#carryOut(till, this.#newCommand()))) return false;
    return this.#pending.length === 0 || this.#comeToRest(till);
  }

  #newCommand(): Asked {
    const from = this.#mock.terminal.ledger.length;
    const asked: Asked = { order: this.#draft(), from, said: [] };
    this.#asked.push(asked);
    this.findings.commands++;
    return asked;
  }

  #draft(): MoneyOrder {
    const draw = this.#draw;
    const key = `K-${this.#parts.seed}-${this.#asked.length}`;
    // Now and then one that is not the last, or is voided already.
    const sale = draw.chance(0.9) ? this.#sales.at(-1) : this.#sales.at(-2);
    if (sale !== undefined && draw.chance(0.45)) return { do: 'void', key, ...sale };
    const amount = this.#drawAmount();
    if (draw.chance(0.5)) return { do: 'purchase', key, amount };
    return { do: 'purchase', key, amount, ticket: `T${this.#asked.length}` };
  }

  /** The same amounts again and again, where it can be: a void of the wrong sale must not look right. */
  #drawAmount(): Money {
    const { keepsTicket, currency } = this.#parts.kind;
    const open = this.#pending.map(({ order }) => order.amount.amount);
    const free = amounts.filter((amount) => !open.includes(amount));
    const again = free[this.#draw.int(0, free.length - 1)];
    const amount = keepsTicket || this.#draw.chance(0.4) ? again : undefined;
    return { amount: amount ?? 3_000 + this.#asked.length, currency };
  }

  /** Everything has ended: what was said, what is written and what was booked are one. */
  async #compare(): Promise<boolean> {
    const { address } = this.#place;
    await readCopy(this.#place, (reader) => {
      if (reader === undefined) return;
      const verified = reader.verify();
      if (!verified.ok) this.flaw(`The journal is broken: ${verified.message}`);
      for (const { intent } of reader.list({ terminal: address, openOnly: true }))
        this.flaw(`${intent.key} is still open.`);
      for (const what of claimFlaws(this.#books, reader)) this.flaw(what);
      const clerks = this.#asked.filter((one) => takesClerkSale(this.#books, one, reader));
      this.findings.clerkSales = clerks.length;
      for (const what of orderFlaws(reader.records())) this.flaw(what);
    });
    for (const what of ledgerFlaws(this.#books)) this.flaw(what);
    return true;
  }
}
