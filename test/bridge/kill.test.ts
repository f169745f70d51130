import { describe, expect, it } from 'vitest';
import { built } from './kill/served.ts';
import { killBridge } from './kill/shop.ts';
import { wrongAbout } from './kill/truth.ts';

describe('a service that is killed while a till sells and voids', () => {
  it('tells of every command what the terminal has done, each time it comes back', async () => {
    const report = await killBridge({ bin: built, kills: 30, seed: 7 });
    expect(report.wrong).toEqual([]);
    expect(report.commands).toBeGreaterThan(30);
    expect(Object.keys(report.states)).toEqual(expect.arrayContaining(['in-doubt', 'done']));
  }, 300_000);
});

describe('what compares', () => {
  const asked = { kind: 'sale', ticket: 'T1' } as const;
  const sale = {
    ...{ operationNumber: '1', trace: '1', authorisationCode: '1', time: '', amount: 1 },
    ticket: '0000T1',
    card: { type: 'credit', last4: '0461', brand: 'VI' },
  } as const;
  const entry = { at: 0, by: 'till', kind: 'sale', sale } as const;

  it.each([
    ['done twice', { state: 'in-doubt' }, [entry, entry]],
    ['told as approved and not made', { state: 'done', outcome: 'approved' }, []],
    ['told as declined and made', { state: 'done', outcome: 'declined' }, [entry]],
    ['told as failed and made', { state: 'failed' }, [entry]],
    ['never heard of and made', { state: 'unknown' }, [entry]],
    ['still running', { state: 'running' }, []],
  ])('finds what is %s', (_, told, ledger) => {
    expect(wrongAbout(asked, told, ledger)).toBeDefined();
  });

  it('finds what was told differently before', () => {
    const seen = { state: 'done', outcome: 'approved' };
    expect(wrongAbout({ ...asked, seen }, { state: 'in-doubt' }, [entry])).toBeDefined();
  });
});
