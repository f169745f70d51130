import { inspect } from 'node:util';
import type { KnownIntent } from '../../src/journal/journal.ts';
import type { Money } from '../../src/model/money.ts';
import type { Decision } from '../../src/model/results.ts';
import type { Identity, Target, Transaction } from '../../src/model/transaction.ts';
import { type Call, recorded } from './call.ts';
import type { Bench } from './simulate.ts';
import type { ClerkAct, ScriptStep } from './swarm.ts';
import { createTill, type Order, pause, type Till, type Watching } from './till.ts';

const eva = { operator: 'eva', reason: 'voucher seen' };
const ana = { operator: 'ana', reason: 'out of stock' };
const terminalName = 'simulated';

/** What the tills of a shop know together: their orders, and the sales that they were told of. */
interface Shop {
  readonly bench: Bench;
  readonly orders: Order[];
  readonly sold: Transaction[];
  readonly calls: Call[];
  number: number;
}

const lastQuestion: Order = { kind: 'last', make: (terminal) => terminal.lastTransaction() };
const recovery: Order = { kind: 'recover', make: (terminal) => terminal.recover() };
const settlement: Order = { kind: 'settle', make: (terminal) => terminal.settle() };
const statusQuestion: Order = { kind: 'status', make: (terminal) => terminal.status() };
const totalsQuestion: Order = { kind: 'totals', make: (terminal) => terminal.totals() };

const money = ({ family }: Bench, amount: number): Money => ({
  amount,
  currency: family.amounts.currency,
});

function saleOrder(key: string, amount: Money, ticket?: string, timeoutMs?: number): Order {
  const asked = { amount, ...(ticket !== undefined && { ticket }) };
  const options = { key, ...(timeoutMs !== undefined && { timeoutMs }) };
  return { kind: 'purchase', key, asked, make: (terminal) => terminal.purchase(asked, options) };
}

const voidOrder = (key: string, asked: Target): Order => ({
  kind: 'void',
  key,
  asked,
  make: (terminal) => terminal.voidTransaction(asked, { ...ana, key }),
});

/** The till's own numbers, or none; now and then the same sale twice. */
function newSale({ bench, orders }: Shop, number: number): Order {
  const { random } = bench;
  const key = `S${number}`;
  const earlier = orders.filter(({ kind }) => kind === 'purchase').at(-1);
  if (earlier?.asked !== undefined && random.chance(0.2))
    return saleOrder(key, earlier.asked.amount, earlier.asked.ticket);
  const ticket = random.chance(0.5) ? String(100 + number) : undefined;
  const timeoutMs = random.chance(0.1) ? 1_000 + random.int(30_000) : undefined;
  return saleOrder(key, money(bench, 1_000 + number), ticket, timeoutMs);
}

function targetOf(random: Bench['random'], sale: Transaction): Target {
  const { amount, ticket, operationNumber, receiptNumber, trace, authorisationCode } = sale;
  return {
    amount,
    ...(ticket !== undefined && random.chance(0.5) && { ticket }),
    ...(operationNumber !== undefined && random.chance(0.6) && { operationNumber }),
    ...(receiptNumber !== undefined && random.chance(0.6) && { receiptNumber }),
    ...(trace !== undefined && random.chance(0.6) && { trace }),
    ...(authorisationCode !== undefined && random.chance(0.3) && { authorisationCode }),
  };
}

function newVoid(shop: Shop, number: number): Order {
  const { bench, sold } = shop;
  const { random, mock } = bench;
  const sale = random.chance(0.85) ? sold.at(-1) : sold.at(random.int(sold.length + 1));
  if (sale !== undefined) return voidOrder(`V${number}`, targetOf(random, sale));
  const last = mock.terminal.memory.last;
  return voidOrder(`V${number}`, { amount: money(bench, last?.amount ?? 1_234) });
}

const isSellable = ({ family }: Bench, { asked }: Order): boolean => {
  const { least, most } = family.amounts;
  const amount = asked?.amount.amount ?? Number.NaN;
  return Number.isSafeInteger(amount) && amount >= least && amount <= most;
};

/** I14: what cannot be carried exactly is refused, and nothing is sent. */
function checkRefused({ bench: { checker } }: Shop, { ending, frames, key }: Call): void {
  const refused = ending?.type === 'result' && ending.outcome === 'refused';
  if (frames > 0 || (ending?.type === 'result' && !refused))
    checker.violated('I14', `${key} cannot be carried and was not refused`);
}

function invalidSale(bench: Bench, number: number): Order {
  const { least, most } = bench.family.amounts;
  const amounts = [0, least - 1, -1, 1_500.5, Number.NaN, most + 1, 2 ** 53];
  return saleOrder(`B${number}`, money(bench, bench.random.pick(amounts)));
}

/** The same key for something else. */
function reusedKey({ bench, orders }: Shop, number: number): Order | undefined {
  const earlier = orders.findLast(({ key }) => key !== undefined);
  if (earlier?.key === undefined) return undefined;
  return saleOrder(earlier.key, money(bench, 5_000 + number));
}

/**
 * Somebody who looks at the terminal decides while the till is at work. Not where voids are blind: there
 * a sale that is booked after all would be the one that is taken back.
 */
function hastyDecision({ bench }: Shop): Order | undefined {
  const [open] = bench.disk.open(terminalName);
  if (open === undefined || bench.plan.allowBlindVoid) return undefined;
  const decision = truthOf(bench, open);
  // What is not there may still come; only what is there can be decided in haste.
  if (decision.startsWith('not-')) return undefined;
  return { kind: 'decide', make: (terminal) => terminal.decide(decision, eva) };
}

/** Some terminals tell of a sale only to who names it. */
const ticketOf = ({ bench }: Shop, sale: Identity | undefined): Pick<Identity, 'ticket'> =>
  bench.family.wantsTicket === true && sale?.ticket !== undefined ? { ticket: sale.ticket } : {};

/** What the cashier does next. */
function draw(shop: Shop): Order {
  const { bench, orders } = shop;
  const { random } = bench;
  const number = ++shop.number;
  const dice = random.next();
  if (dice < 0.34) return newSale(shop, number);
  if (dice < 0.62) return newVoid(shop, number);
  if (dice < 0.74) return orders.length > 0 ? random.pick(orders) : newSale(shop, number);
  if (dice < 0.82) return lastQuestion;
  if (dice < 0.88) return recovery;
  if (dice < 0.91) return settlement;
  if (dice < 0.93) return statusQuestion;
  if (dice < 0.95) return totalsQuestion;
  if (dice < 0.97) return invalidSale(bench, number);
  if (dice < 0.985) return hastyDecision(shop) ?? recovery;
  return reusedKey(shop, number) ?? lastQuestion;
}

function scripted(shop: Shop, step: ScriptStep): Order {
  const number = ++shop.number;
  const amount = money(shop.bench, 1_500);
  switch (step) {
    case 'last':
      return lastQuestion;
    case 'sell':
      return saleOrder(`S${number}`, amount, String(100 + number));
    case 'void': {
      const sale = shop.orders.findLast(({ kind }) => kind === 'purchase')?.asked;
      return voidOrder(`V${number}`, { amount, ...ticketOf(shop, sale) });
    }
    case 'recover':
      return recovery;
  }
}

const numberOf = ({ operationNumber, receiptNumber, trace }: Transaction): string | undefined =>
  operationNumber ?? receiptNumber ?? trace;

function note(shop: Shop, order: Order, call: Call): void {
  shop.calls.push(call);
  if (order.key !== undefined && !shop.orders.some(({ key }) => key === order.key))
    shop.orders.push(order);
  if (call.ending?.type !== 'result' || call.ending.outcome !== 'approved') return;
  const { transaction } = call.ending.result as { readonly transaction: Transaction };
  if (!shop.sold.some((earlier) => numberOf(earlier) === numberOf(transaction)))
    shop.sold.push(transaction);
}

async function run(
  shop: Shop,
  till: Till,
  order: Order,
  watching: Watching = 'steady',
): Promise<Call> {
  const call = await till.run(order, watching);
  note(shop, order, call);
  if (order.kind === 'purchase' && !isSellable(shop.bench, order)) checkRefused(shop, call);
  return call;
}

function clerkActs({ mock, sometimes, trace, random }: Bench, act: ClerkAct): void {
  const { terminal } = mock;
  trace.note('terminal', `the clerk ${act}`);
  switch (act) {
    case 'sells':
      if (terminal.clerkSells(600 + random.int(300)).outcome === 'done')
        sometimes.reached('clerk sold in between');
      break;
    case 'voids':
      if (terminal.clerkVoids().outcome === 'done') sometimes.reached('clerk voided in between');
      break;
    case 'settles':
      terminal.settle('clerk');
      sometimes.reached('settled in between');
      break;
  }
}

function losePower({ mock, trace, sometimes }: Bench): void {
  trace.note('terminal', 'loses power');
  mock.terminal.powerLoss();
  sometimes.reached('terminal lost power');
}

/** Faults of the terminal, put on and taken off as the plan says. */
function terminalFaults({ mock, plan, trace }: Bench) {
  const removals = new Map<number, () => void>();
  return {
    atStep(step: number): void {
      for (const [i, { text, from, until }] of plan.terminalFaults.entries()) {
        if (step === from) {
          trace.note('terminal', `fault ${text}`);
          removals.set(i, mock.fault(text));
        }
        if (step === until) removals.get(i)?.();
      }
    },
    end(): void {
      for (const remove of removals.values()) remove();
    },
  };
}

/** Safety: the till does its work while everything that may go wrong does. */
async function work(shop: Shop, tills: readonly Till[]): Promise<void> {
  const { bench } = shop;
  const { random, plan, clock, mock } = bench;
  const faults = terminalFaults(bench);
  const [first] = tills;
  if (first === undefined) return;
  const script = typeof plan.steps === 'number' ? undefined : plan.steps;
  const steps = typeof plan.steps === 'number' ? plan.steps : plan.steps.length;
  if (script !== undefined) {
    // One sale that the journal knows, so that what follows can be told from what was before.
    await run(shop, first, saleOrder('S0', money(bench, 900), '99'));
  }
  bench.workBegins();
  const background: Promise<unknown>[] = [];
  for (let step = 0; step < steps; step++) {
    faults.atStep(step);
    if (random.chance(plan.clerk.rate)) {
      const act = random.pick(plan.clerk.acts);
      clock.after(random.int(random.chance(0.5) ? 200 : 20_000), () => clerkActs(bench, act));
    }
    if (script === undefined && random.chance(0.05)) mock.terminal.nextCard({ type: 'debit' });
    if (script === undefined && random.chance(0.04))
      clock.after(random.int(random.chance(0.5) ? 300 : 10_000), () => losePower(bench));
    const scriptStep = script?.[step];
    const order = scriptStep === undefined ? draw(shop) : scripted(shop, scriptStep);
    const till = tills.length > 1 && random.chance(0.4) ? tills[1] : first;
    if (till === undefined) break;
    if (script === undefined && random.chance(0.15)) background.push(run(shop, till, order));
    else await run(shop, till, order, background.length === 0 ? 'restless' : 'steady');
    if (script === undefined && random.chance(tills.length > 1 ? 0.5 : 0.1)) await till.reopen();
    if (script === undefined) await pause(bench, random.int(random.chance(0.5) ? 50 : 15_000));
  }
  await Promise.all(background);
  bench.workEnds();
  faults.end();
}

/** What somebody who looks at the terminal's ledger says. */
function truthOf({ checker }: Bench, { intent }: KnownIntent): Decision {
  const moved = checker.effectsOf(intent.key).length > 0;
  if (intent.kind === 'purchase') return moved ? 'approved' : 'not-approved';
  return moved ? 'voided' : 'not-voided';
}

/** Nothing stays in doubt for ever: what the till cannot find out, a person decides. */
async function resolveAll(shop: Shop, till: Till): Promise<void> {
  const { bench } = shop;
  const { checker, disk, sometimes } = bench;
  for (let round = 0; round < 20; round++) {
    const { ending } = await run(shop, till, recovery);
    const [open] = disk.open(terminalName);
    if (ending?.type === 'result') {
      if (open !== undefined) checker.violated('I9', `${open.intent.key} is open after recovery`);
      return;
    }
    if (ending?.type !== 'error' || ending.error.code !== 'unresolved-transaction') {
      const why = ending?.type === 'error' ? `${ending.error.code}: ${ending.error.message}` : '';
      checker.violated('I9', `recovery does not work on a sound line (${why})`);
      return;
    }
    if (open === undefined) {
      checker.violated('I9', 'recovery speaks of a command in doubt, and none is');
      return;
    }
    if (ending.error.evidence === undefined)
      checker.violated('I4', `${open.intent.key} stays in doubt without evidence`);
    sometimes.reached('left to a person');
    const decision = truthOf(bench, open);
    const decided = await run(shop, till, {
      kind: 'decide',
      make: (terminal) => terminal.decide(decision, eva),
    });
    if (decided.ending?.type !== 'result' || decided.ending.outcome !== 'decided')
      checker.violated('I9', `a person cannot decide about ${open.intent.key}`);
  }
}

/** I10: asked again under its key, each command tells what is on record, and nothing is sent. */
async function replayAll(shop: Shop, till: Till): Promise<void> {
  const { disk, checker, random } = shop.bench;
  const ended = shop.orders.filter(({ key, kind, asked }) => {
    const record = disk.records.get(key ?? '');
    return (
      record?.intent.kind === kind &&
      record.intent.amount.amount === asked?.amount.amount &&
      record.entries.some(({ type }) => type === 'outcome' || type === 'decision')
    );
  });
  for (const order of ended.slice(-3)) {
    const told = shop.calls.flatMap(({ key, ending, frames }) =>
      key === order.key && frames > 0 && ending?.type === 'result' && recorded.has(ending.outcome)
        ? [ending.outcome]
        : [],
    );
    const again = await run(shop, till, order);
    if (again.frames > 0) checker.violated('I10', `${order.key} was sent again after its end`);
    const outcome = again.ending?.type === 'result' ? again.ending.outcome : 'an error';
    if (told.some((earlier) => earlier !== outcome))
      checker.violated('I10', `${order.key} was ${told.join(', ')} and is now ${outcome}`);
    if (random.chance(0.5)) break;
  }
}

/** Liveness: once the faults have stopped, everything ends, and the till works as on the first day. */
async function calm(shop: Shop, tills: readonly Till[]): Promise<void> {
  const { bench } = shop;
  const { random, cable, processes, mock, checker, plan, family } = bench;
  cable.heal();
  processes.heal();
  mock.terminal.card = { ...mock.terminal.card, type: 'credit' };
  mock.terminal.host.latencyMs = 0;
  const [till, ...others] = tills;
  if (till === undefined) return;
  for (const other of others) other.kill();
  if (random.chance(0.5)) till.kill();
  await pause(bench, 900_000);
  // The cards and red keys of customers who have long left.
  mock.terminal.powerLoss();
  await pause(bench, 10_000);
  await resolveAll(shop, till);
  await replayAll(shop, till);
  const number = ++shop.number;
  const amount = money(bench, 20_000 + number);
  const sale = await run(shop, till, saleOrder(`S${number}`, amount));
  if (sale.ending?.type !== 'result' || sale.ending.outcome !== 'approved')
    checker.violated('I9', `a sale on a sound line ends with ${endWord(sale)}`);
  const target = { amount, ...ticketOf(shop, shop.sold.at(-1)) };
  const taken = await run(shop, till, voidOrder(`V${number}`, target));
  const expected = !family.blindVoid || plan.allowBlindVoid ? 'voided' : 'refused';
  if (taken.ending?.type !== 'result' || taken.ending.outcome !== expected)
    checker.violated('I9', `a void on a sound line ends with ${endWord(taken)}`);
  await till.reopen();
}

const endWord = ({ ending }: Call): string => {
  if (ending?.type === 'error') return `${ending.error.code}: ${ending.error.message}`;
  return ending?.type === 'result' ? ending.outcome : 'nothing';
};

/** Whether a text is anywhere in it, be it the name of a field or a number. What was seen before has been looked at. */
function holds(content: unknown, text: string, seen: Set<object>): boolean {
  switch (typeof content) {
    case 'string':
      return content.includes(text);
    case 'number':
    case 'bigint':
      return String(content).includes(text);
    case 'object':
      break;
    default:
      return false;
  }
  if (content === null || seen.has(content)) return false;
  seen.add(content);
  for (const key of Object.keys(content))
    if (key.includes(text) || holds(Reflect.get(content, key), text, seen)) return true;
  return false;
}

/** I13: the card's number is on the wire and nowhere else. */
function searchCardNumber(shop: Shop, tills: readonly Till[]): void {
  const { bench, calls } = shop;
  const { cardNumber, disk, checker, plan } = bench;
  const endings = calls.map(({ ending }) =>
    ending?.type === 'error' ? { ...ending.error, message: ending.error.message } : ending,
  );
  const seen = new Set<object>();
  const places = {
    journal: [...disk.records.values()],
    events: calls.map(({ events }) => events),
    endings,
    unsolicited: tills.map(({ unsolicited }) => unsolicited),
  };
  for (const [place, content] of Object.entries(places))
    if (holds(content, cardNumber, seen))
      checker.violated('I13', `a card number is in the ${place}`);
  if (plan.seed % 64 === 0 && inspect(endings, { depth: 12 }).includes(cardNumber))
    checker.violated('I13', 'a card number shows in an error');
}

/** One run: work under faults, then peace, then the books. */
export async function play(bench: Bench): Promise<void> {
  const shop: Shop = { bench, orders: [], sold: [], calls: [], number: 0 };
  const tills = [createTill(bench, 'A')];
  if (bench.plan.secondTill) tills.push(createTill(bench, 'B'));
  await work(shop, tills);
  await calm(shop, tills);
  bench.checker.atEnd();
  searchCardNumber(shop, tills);
}
