import { describe, expect, it } from 'vitest';
import { type BuiltinProfile, builtinProfiles } from '../../src/profiles/builtin.ts';
import { commonFaults, profileTill } from './support.ts';

const shops: Readonly<
  Record<BuiltinProfile, { readonly currency: string; readonly query: string }>
> = {
  'allinpay-mis': { currency: 'CNY', query: '' },
  'bank-mis-ingenico': { currency: 'CNY', query: '?last-type=99' },
  'smartro-tl3500': { currency: 'KRW', query: '' },
  'paycloud-ecrhub': { currency: 'USD', query: '?app-id=till1' },
};

/** Faults of one protocol may need an argument that nothing here has. */
function arm(mock: { fault(text: string): unknown }, fault: string): boolean {
  try {
    mock.fault(fault);
    return true;
  } catch {
    return false;
  }
}

describe.each(builtinProfiles)('%s', (name) => {
  const { currency, query } = shops[name];

  it.each(commonFaults)('under %s neither sells twice nor says what is not so', async (fault) => {
    const till = await profileTill(currency, { protocol: name }, query);
    await till.run(till.terminal.purchase({ amount: till.money(1_000), ticket: 'A1' }));
    if (!arm(till.mock, fault)) return;
    const sale = { amount: till.money(650), ticket: 'A2' };
    const sold = await till.run(till.terminal.purchase(sale));
    const count = (entry: string) => till.booked().filter((one) => one === entry).length;
    expect(count('sale 650')).toBeLessThan(2);
    const outcome: unknown = Reflect.get(Object(sold.result), 'outcome');
    if (outcome === 'approved') expect(count('sale 650')).toBe(1);
    if (outcome === 'declined' || outcome === 'refused') expect(count('sale 650')).toBe(0);
    if (sold.result === undefined) expect(sold.error).toBeDefined();
    if (Reflect.get(Object(sold.error), 'effect') === 'none') expect(count('sale 650')).toBe(0);
  });

  it.each(commonFaults)('under %s neither voids twice nor the wrong one', async (fault) => {
    const till = await profileTill(currency, { protocol: name }, query);
    await till.run(till.terminal.purchase({ amount: till.money(1_000), ticket: 'A1' }));
    if (!arm(till.mock, fault)) return;
    const before = till.mock.terminal.ledger.length;
    const undone = await till.takeBack(1_000, { ticket: 'A1' });
    const voids = till.mock.terminal.ledger
      .slice(before)
      .filter(({ kind, by }) => kind === 'void' && by === 'till');
    expect(voids.length).toBeLessThan(2);
    const outcome: unknown = Reflect.get(Object(undone.result), 'outcome');
    if (outcome === 'voided') expect(voids).toMatchObject([{ sale: { amount: 1_000 } }]);
    else if (undone.result !== undefined) expect(voids).toEqual([]);
    if (Reflect.get(Object(undone.error), 'effect') === 'none') expect(voids).toEqual([]);
  });
});
