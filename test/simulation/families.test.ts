import { describe, expect, it } from 'vitest';
import type { Sale } from '../../mocks/ledger.ts';
import { createMockTerminal } from '../../mocks/mock-terminal.ts';
import type { Transaction } from '../../src/model/transaction.ts';
import { builtinProfiles } from '../../src/profiles/builtin.ts';
import type { Exchange, Input } from '../../src/protocols/exchange.ts';
import { families, familyNames, faultsOf, weightedFamilies } from './families.ts';
import type { Family } from './family.ts';
import { createVirtualClock } from './world.ts';

const ledgerSale: Sale = {
  operationNumber: '000007',
  trace: '000007',
  ticket: '101',
  amount: 1_500,
  authorisationCode: '252985',
  card: { type: 'credit', last4: '0461', brand: 'VI' },
  time: '2026-01-02T03:04:05',
};

const now = () => Date.UTC(2026, 0, 2, 3, 4, 5);

/** What the till writes in an exchange with a terminal of the family; some ask for other things first. */
function written({ face, transport, protocol }: Family, exchange: Exchange<unknown>) {
  const clock = createVirtualClock(now());
  const mock = createMockTerminal({ protocol: face, transport, clock, thinkMs: 1 });
  const deframer = protocol(now).deframer();
  const frames: Uint8Array[] = [];
  let state = exchange.initial;
  const peer = mock.plug({
    send: (bytes) => {
      for (const frame of deframer.push(bytes)) input({ type: 'frame', frame });
    },
    unplug: () => {},
  });

  function input(given: Input): void {
    const step = exchange.step(state, given);
    state = step.state;
    for (const effect of step.effects)
      if (effect.type === 'write') {
        frames.push(effect.bytes);
        clock.after(1, () => peer.data(effect.bytes));
      }
  }

  input({ type: 'start', previousAnswer: undefined });
  while (clock.step());
  return frames;
}

describe.each(familyNames)('the family %s', (name) => {
  const family = families[name];
  const { moneyRequest, identityOf, protocol, amounts, wire, asMarked } = family;
  const spoken = protocol(now);
  const sale = { ...ledgerSale, amount: amounts.least };
  const amount = { amount: sale.amount, currency: amounts.currency };
  const { capabilities } = spoken;
  const found: Transaction = {
    kind: 'purchase',
    state: 'approved',
    amount,
    time: sale.time,
    rrn: '900000000007',
    ...identityOf(sale),
  };

  const booking = (exchange: Exchange<unknown>) =>
    written(family, exchange).filter((frame) => moneyRequest(frame) !== undefined);
  const kinds = (exchange: Exchange<unknown>) =>
    booking(exchange).map((frame) => moneyRequest(frame));
  const sell = (): Exchange<unknown> => {
    const exchange = spoken.purchase({ amount, ticket: sale.ticket }, undefined);
    if ('outcome' in exchange) throw new Error('The sale was refused.');
    return exchange;
  };

  it('knows the frame of a sale, of a void and of a settlement', () => {
    expect(kinds(sell())).toEqual(['purchase']);
    expect(kinds(spoken.void(found))).toEqual(['void']);
    if (capabilities.commands.includes('settle'))
      expect(kinds(spoken.settle())).toEqual(['settle']);
  });

  it('marks it as the driver does', () => {
    for (const exchange of [sell(), spoken.void(found)]) {
      const [frame = new Uint8Array()] = booking(exchange);
      expect(asMarked?.(frame) ?? frame).toEqual(exchange.request());
    }
  });

  it('takes no question for one that books', () => {
    const about = { amount, ...identityOf(sale) };
    for (const question of [spoken.status(), spoken.history(about), spoken.synchronise()]) {
      expect(written(family, question), question.name).not.toEqual([]);
      expect(kinds(question), question.name).toEqual([]);
    }
  });

  it('tells frames on its wire, and when the till has said all', () => {
    const position = wire.createPosition();
    for (const frame of booking(sell())) {
      expect(wire.deframer().push(frame)).toMatchObject([{ kind: 'frame', check: 'ok' }]);
      for (const byte of frame) position.pass(Uint8Array.of(byte));
      expect(position.between()).toBe(true);
    }
  });

  it('has its share of the random runs, and faults that its terminals can have', () => {
    expect(weightedFamilies).toContain(name);
    const own = faultsOf(name);
    expect(own).toContain('late-answer');
    for (const [only, face] of [
      ['no-eot', 'pax-poslink'],
      ['voids-the-newest', 'none'],
      ['empty-naks', 'none'],
    ] as const)
      if (face !== family.face) expect(own).not.toContain(only);
  });
});

it('has a family for each profile that comes with the package', () => {
  expect(familyNames).toEqual(expect.arrayContaining([...builtinProfiles]));
});
