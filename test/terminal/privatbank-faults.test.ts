import { describe, expect, it } from 'vitest';
import { type FaultName, faults } from '../../mocks/faults.ts';
import { createTill, listen, untilDone } from '../support/till.ts';

/**
 * Every fault that the mock has, once, in a sale and in a void: what the till is told is compared with what
 * the terminal booked. After a doubt the till recovers, and that is compared as well.
 */
const uah = (amount: number) => ({ amount, currency: 'UAH' });
const ana = { operator: 'ana', reason: 'out of stock' };

/** A clerk's own bookings are no error of ours; the till's are counted apart. */
const names = Object.keys(faults).filter((name): name is FaultName => name in faults);
/** These end the line or the terminal for good, unless somebody helps. */
const withArgument: Readonly<Record<string, string>> = { unplug: '=150', 'power-loss': '=150' };

async function underFault(name: FaultName, what: 'purchase' | 'void') {
  const till = await createTill({
    protocol: 'privatbank',
    thinkMs: 1_200,
    sales: [{ amount: 900 }, { amount: 700 }],
  });
  const { mock, terminal, clock } = till;
  const status = listen(terminal.status());
  await untilDone(clock, status.heard);
  mock.fault(`${name}-once@${what}${withArgument[name] ?? ''}`);
  const command = () =>
    what === 'purchase'
      ? terminal.purchase({ amount: uah(1500) })
      : terminal.voidTransaction({ amount: uah(900), receiptNumber: '1' }, ana);
  const asked = listen<{ outcome: string }>(command());
  await untilDone(clock, asked.heard);
  const made = () =>
    mock.terminal.ledger.filter(
      ({ kind, by }) => by === 'till' && kind === (what === 'purchase' ? 'sale' : 'void'),
    );
  return { till, asked, made };
}

const effectOf = (error: unknown): unknown => Reflect.get(Object(error), 'effect');

/** What must be in the ledger when the till is told this; undefined: it need not be certain. */
function expected(outcome: string | undefined, error: unknown): number | undefined {
  if (error !== undefined) return effectOf(error) === 'none' ? 0 : undefined;
  switch (outcome) {
    case 'approved':
    case 'voided':
      return 1;
    default:
      return 0;
  }
}

describe.each(['purchase', 'void'] as const)('a %s', (what) => {
  it.each(names)(
    'under %s is told as it was booked, and found out if it is in doubt',
    async (name) => {
      const { till, asked, made } = await underFault(name, what);
      const { heard } = asked;
      expect(heard.done).toBe(true);
      const count = expected(heard.result?.outcome, heard.error);
      if (count !== undefined) expect(made()).toHaveLength(count);
      expect(made().length).toBeLessThanOrEqual(1);
      for (const { sale } of made().filter((entry) => entry.kind !== 'settlement'))
        expect(sale.amount).toBe(what === 'purchase' ? 1500 : 900);
      if (effectOf(heard.error) !== 'unknown') return;

      till.mock.replug();
      const found = listen<{ outcome: string }>(till.terminal.recover());
      await untilDone(till.clock, found.heard);
      expect(found.heard.done).toBe(true);
      const proved = expected(found.heard.result?.outcome, found.heard.error);
      if (found.heard.error !== undefined)
        expect(found.heard.error).toMatchObject({ effect: 'unknown' });
      else if (proved !== undefined) expect(made()).toHaveLength(proved);
    },
  );
});
