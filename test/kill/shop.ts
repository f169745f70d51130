import type { MockTerminal } from '../../mocks/index.ts';
import {
  type Asked,
  canTell,
  claimFlaws,
  effectsOf,
  ledgerFlaws,
  orderFlaws,
  ticketsOf,
} from './books.ts';
import { statedReason } from './doubts.ts';
import { countIn, noFindings } from './findings.ts';
import { readCopy } from './journal-copy.ts';
import { type Armed, arm, drawMoment } from './moment.ts';
import type { Ended, MoneyOrder, Order, Place } from './order.ts';
import type { Draw } from './random.ts';
import { stateOf } from './states.ts';
import type { StartTill, Till } from './tills.ts';

/** After so many orders in one life the till is killed where it is. */
const longestLife = 10;
/** So often a till may fail for a passing reason before that counts as being stuck. */
const patience = 12;

/** A till that is killed again and again, the terminal beside it, and everything that was ever asked and said. */
export class Shop {
  readonly findings = noFindings();
  readonly #seed: number;
  readonly #draw: Draw;
  readonly #mock: MockTerminal;
  readonly #place: Place;
  readonly #startTill: StartTill;
  readonly #asked: Asked[] = [];
  readonly #trace: string[] = [];
  /** Sales that were told to be approved, the oldest first. */
  readonly #sales: { readonly operationNumber: string; readonly amount: number }[] = [];
  /** Commands that have no certain ending yet; one of them at most can be in doubt. */
  #pending: Asked[] = [];
  /** The one that the till is asked for now. */
  #current: Asked | undefined;
  #recovering = false;
  #armed: Armed | undefined;

  constructor(seed: number, draw: Draw, mock: MockTerminal, place: Place, startTill: StartTill) {
    this.#seed = seed;
    this.#draw = draw;
    this.#mock = mock;
    this.#place = place;
    this.#startTill = startTill;
  }

  /** Starts a till, lets it find out how the last one ended, sells and voids, and kills it somewhere on the way. */
  async oneLife(): Promise<void> {
    const till = this.#start();
    let killed = false;
    const kill = () => {
      killed = till.kill() || killed;
    };
    const armNow = () => {
      const moment = drawMoment(this.#draw);
      this.#note(`armed: ${moment.n} ${moment.after} and ${moment.plusMs} ms`);
      this.#armed = arm(moment, this.#mock, kill);
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
      [`seed ${this.#seed}: ${what}`, ...this.#trace.slice(-40)].join('\n    '),
    );
  }

  #note(what: string): void {
    this.#trace.push(what);
  }

  #start(): Till {
    this.#note('--- a till starts');
    this.#current = undefined;
    return this.#startTill(this.#place, (line) => {
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
    const { ledger } = this.#mock.terminal;
    await readCopy(this.#place, (journal) => {
      const inDoubt = this.#pending.find(
        ({ order }) => journal?.show(order.key)?.standing === 'open',
      );
      const order = (inDoubt ?? this.#current ?? this.#pending[0])?.order;
      const inflight = order && {
        order,
        recovering: this.#recovering,
        carriedOut: effectsOf(order, ticketsOf(order, journal), ledger).length > 0,
      };
      const state = stateOf(inflight, journal);
      this.#note(`--- killed ${state}`);
      countIn(this.findings.reached, state);
      const verified = journal?.verify();
      if (verified?.ok === false) this.flaw(`The journal is broken: ${verified.message}`);
    });
    for (const what of ledgerFlaws(ledger, this.#asked)) this.flaw(what);
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
      terminal.clerkSells(this.#draw.one([1_500, 2_000]));
    }
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
    const order = this.#pending.find((asked) => asked.order.key === key)?.order;
    if (order === undefined) throw new Error('Something is in doubt that was never asked for.');
    const { terminal } = this.#mock;
    const [knowable, done] = await readCopy(this.#place, (reader) => [
      canTell(order, terminal, reader),
      effectsOf(order, ticketsOf(order, reader), terminal.ledger).length > 0,
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
    if (ended.type === 'error') return true;
    this.#pending = this.#pending.filter((one) => one !== asked);
    const { outcome, transaction } = ended;
    if (outcome === 'approved' && transaction?.operationNumber !== undefined)
      this.#sales.push({
        operationNumber: transaction.operationNumber,
        amount: asked.order.amount,
      });
    return true;
  }

  /** Something a shop does. False: killed on the way. */
  async #nextCommand(till: Till): Promise<boolean> {
    const draw = this.#draw;
    if (draw.chance(0.08)) this.#mock.terminal.clerkSells(draw.one([1_500, 2_000]));
    if (draw.chance(0.03) && (await this.#ask(till, { do: 'settle' })) === undefined) return false;
    if (!(await this.#carryOut(till, this.#newCommand()))) return false;
    return this.#pending.length === 0 || this.#comeToRest(till);
  }

  #newCommand(): Asked {
    const asked: Asked = { order: this.#draft(), said: [] };
    this.#asked.push(asked);
    this.findings.commands++;
    return asked;
  }

  #draft(): MoneyOrder {
    const draw = this.#draw;
    const key = `K-${this.#seed}-${this.#asked.length}`;
    // Now and then one that is not the last, or is voided already.
    const sale = draw.chance(0.9) ? this.#sales.at(-1) : this.#sales.at(-2);
    if (sale !== undefined && draw.chance(0.45)) return { do: 'void', key, ...sale };
    // The same amounts again and again: a void of the wrong sale must not look right.
    const amount = draw.one([1_500, 2_000]);
    if (draw.chance(0.5)) return { do: 'purchase', key, amount };
    return { do: 'purchase', key, amount, ticket: `T${this.#asked.length}` };
  }

  /** Everything has ended: what was said, what is written and what was booked are one. */
  async #compare(): Promise<boolean> {
    const { address } = this.#place;
    const { ledger } = this.#mock.terminal;
    await readCopy(this.#place, (reader) => {
      if (reader === undefined) return;
      const verified = reader.verify();
      if (!verified.ok) this.flaw(`The journal is broken: ${verified.message}`);
      for (const { intent } of reader.list({ terminal: address, openOnly: true }))
        this.flaw(`${intent.key} is still open.`);
      for (const what of claimFlaws(ledger, this.#asked, reader)) this.flaw(what);
      for (const what of orderFlaws(reader.records())) this.flaw(what);
    });
    for (const what of ledgerFlaws(ledger, this.#asked)) this.flaw(what);
    return true;
  }
}
