import { describe, expect, it } from 'vitest';
import { zvtRawTill } from '../support/zvt-raw-till.ts';

const reserve = '06 22 0A 04 00 00 00 00 25 00 49 09 78';
const list = '06 23 03 87 FF FF';

async function reserved(...faults: string[]) {
  const till = await zvtRawTill({ faults });
  await till.ask('06 00 06 12 34 56 36 09 78');
  const said = await till.ask(reserve);
  return { ...till, said };
}

describe('a pre-authorisation at a ZVT terminal', () => {
  it('holds an amount back; no money has moved', async () => {
    const { said, ledger, terminal } = await reserved();
    expect(said[1]).toMatch(/^04 0F .. 27 00 04 00 00 00 00 25 00 .* 87 00 01/);
    expect(ledger()).toEqual(['pre-authorisation 2500']);
    expect(terminal.memory.totals()).toEqual({ count: 0, total: 0 });
    expect(terminal.preAuthorisations.open).toHaveLength(1);
  });

  it('is told when the till asks which are open: 06 1E B8', async () => {
    const till = await reserved();
    expect(await till.ask(list)).toEqual(['80 00 00', '06 1E 04 B8 87 00 01']);
    await till.ask(reserve);
    await till.ask('06 00 0A 12 34 56 36 09 78 03 01 06 00');
    expect(await till.ask(list)).toEqual([
      '80 00 00',
      '06 1E 0F B8 06 0C 23 04 08 02 00 01 23 04 08 02 00 02',
    ]);
  });

  it('is not there when none is open: 87 FF FF', async () => {
    const till = await zvtRawTill();
    expect(await till.ask(list)).toEqual(['80 00 00', '06 1E 04 B8 87 FF FF']);
  });

  it.each([
    ['06 24 0A 87 00 01 04 00 00 00 00 18 00', 1800, 'the amount used'],
    ['06 23 0A 87 00 01 04 00 00 00 00 18 00', 700, 'the amount not used'],
    ['06 23 03 87 00 01', 2500, 'no amount: all of it'],
  ])('is booked by %s as %i: %s', async (booking, amount) => {
    const till = await reserved();
    expect((await till.ask(booking)).at(-1)).toBe('06 0F 00');
    expect(till.ledger()).toEqual(['pre-authorisation 2500', `booking ${amount}`]);
    expect(await till.ask(list)).toEqual(['80 00 00', '06 1E 04 B8 87 FF FF']);
    expect(till.terminal.memory.totals()).toEqual({ count: 1, total: amount });
  });

  it('is given free by 06 25, and told with the amount 0', async () => {
    const till = await reserved();
    const said = await till.ask('06 25 08 19 40 87 00 01 49 09 78');
    expect(said[1]).toMatch(/27 00 04 00 00 00 00 00 00 0B 00 00 02 37 00 00 01/);
    expect(till.ledger()).toEqual(['pre-authorisation 2500', 'pre-authorisation-reversal 2500']);
    expect((await till.ask('06 20 05 12 34 56 03 03'))[1]).toMatch(
      /04 00 00 00 00 00 00 0B 00 00 02 37 00 00 01/,
    );
  });

  it('cannot be booked above what is held back, nor twice, nor where there is none', async () => {
    const till = await reserved();
    expect((await till.ask('06 24 0A 87 00 01 04 00 00 00 00 25 01')).at(-1)).toBe('06 1E 01 B7');
    await till.ask('06 24 0A 87 00 01 04 00 00 00 00 25 00');
    expect((await till.ask('06 24 0A 87 00 01 04 00 00 00 00 25 00')).at(-1)).toBe(
      '06 1E 04 B8 87 FF FF',
    );
    expect((await till.ask('06 25 03 87 00 01')).at(-1)).toBe('06 1E 04 B8 87 FF FF');
    expect(till.ledger()).toEqual(['pre-authorisation 2500', 'booking 2500']);
  });

  it('is not voided by 06 30; its booking is', async () => {
    const till = await reserved();
    expect((await till.ask('06 30 06 00 00 00 87 00 01')).at(-1)).toBe('06 1E 01 B5');
    await till.ask('06 24 0A 87 00 01 04 00 00 00 00 18 00');
    expect((await till.ask('06 30 06 00 00 00 87 00 02')).at(-1)).toBe('06 0F 00');
    expect(till.ledger().slice(1)).toEqual(['booking 1800', 'void 1800']);
  });

  it('is the last transaction until another comes, and not after the end of the day', async () => {
    const till = await reserved();
    const last = '06 20 05 12 34 56 03 03';
    expect((await till.ask(last))[1]).toMatch(/04 00 00 00 00 25 00 0B 00 00 01/);
    till.terminal.clerkSells(900);
    expect((await till.ask(last))[1]).toMatch(/04 00 00 00 00 09 00 0B 00 00 02/);
    await till.ask(reserve);
    expect((await till.ask(last))[1]).toMatch(/04 00 00 00 00 25 00 0B 00 00 03/);
    await till.ask('06 50 03 12 34 56');
    expect((await till.ask(last)).at(-1)).toMatch(/^06 1E/);
    expect(await till.ask(list)).toEqual(['80 00 00', '06 1E 04 B8 87 00 01']);
  });

  it('that the till has not acknowledged holds nothing back', async () => {
    const till = await zvtRawTill();
    till.replies((apdu) => (apdu.startsWith('04 0F') ? undefined : '80 00 00'));
    await till.ask(reserve, 40_000);
    expect(till.ledger()).toEqual([]);
    expect(till.terminal.preAuthorisations.open).toEqual([]);
  });

  it('comes to nothing when the host declines or the customer stops', async () => {
    const till = await zvtRawTill();
    till.terminal.host.decide = () => ({ declined: '05' });
    expect((await till.ask(reserve)).at(-1)).toBe('06 1E 01 05');
    till.terminal.host.decide = () => 'approved';
    till.terminal.customerCancels();
    expect((await till.ask(reserve)).at(-1)).toBe('06 1E 01 6C');
    expect(till.ledger()).toEqual([]);
  });
});
