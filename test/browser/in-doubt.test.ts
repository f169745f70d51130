import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openChromium } from './chromium.ts';
import { askLast, cardOf, voidIt } from './counter.ts';
import { type Equipment, openShop, type Shop } from './shop.ts';
import { paired, type Visitor } from './visitor.ts';

let browser: Browser;
let shop: Shop;
let visitor: Visitor;

const timing = { answerMs: 1_500, recoveryMs: 4_000, quietMs: 100 };
const sales = [{ amount: 23_990, ticket: 'A-1041', time: '2026-11-23T12:41:07' }];

beforeAll(async () => {
  browser = await openChromium();
});

beforeEach(async () => {
  const front: Equipment = {
    protocol: 'transbank',
    sales,
    timing,
    faults: ['no-answer-once@void'],
  };
  const kiosk: Equipment = {
    protocol: 'transbank-autoservicio',
    query: 'blind-void=allow',
    sales,
    timing,
    faults: ['no-answer-once@void'],
  };
  shop = await openShop({ front, kiosk });
  visitor = await paired(browser, shop);
});

afterEach(async () => {
  await visitor.leave().finally(() => shop.close());
});

afterAll(() => browser?.close());

async function getInDoubt(name: string) {
  const { page } = visitor;
  await askLast(page, name);
  await voidIt(page, name);
  await cardOf(page, name)
    .getByRole('link', { name: /In doubt/ })
    .click();
  const doubt = page.locator('article.doubt');
  await doubt.locator('.sides').waitFor();
  return doubt;
}

const voids = async (name: string) =>
  (await shop.terminal(name).ledger()).filter(({ kind }) => kind === 'void');

describe('a void that nobody knows the end of', () => {
  it('is shown beside what the terminal says, and decided by a person who says how they know', async () => {
    const doubt = await getInDoubt('kiosk');
    const { page } = visitor;
    const rowOf = (name: string) =>
      doubt
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
        .getByRole('cell')
        .allTextContents();
    expect(await rowOf('Amount')).toEqual(['CLP 23,990', 'CLP 23,990']);
    expect(await rowOf('Card ends in')).toEqual(['–', '0461']);
    expect(await rowOf('Time')).toEqual(['–', '2026-11-23 12:41:07']);
    expect(await page.getByRole('link', { name: 'In doubt (1)' }).count()).toBe(1);
    expect(await doubt.textContent()).toContain('Ana Soto');

    await doubt.getByRole('button', { name: 'Decide by hand' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('How do you know?').fill('the host shows the void');
    await dialog.getByRole('button', { name: 'Record this decision' }).click();
    // Which of the two is for the person to say.
    expect(await dialog.count()).toBe(1);
    await dialog.getByLabel('It was voided: the money went back').check();
    await dialog.getByRole('button', { name: 'Record this decision' }).click();
    await doubt.locator('.outcome.good').waitFor();
    await page.getByRole('link', { name: 'In doubt', exact: true }).waitFor();
    expect(await voids('kiosk')).toHaveLength(1);
    const [shown] = await shop.tillwire('clients', 'list');
    expect(shown).toBeDefined();
    await page.getByRole('link', { name: 'Journal' }).click();
    await page.getByRole('cell', { name: 'decided by a person' }).waitFor();
  });

  it('is cleared up by asking the terminal, where that knows', async () => {
    const doubt = await getInDoubt('front');
    const { page } = visitor;
    await doubt.getByRole('button', { name: 'Ask the terminal' }).click();
    await doubt.locator('.outcome.good').filter({ hasText: 'Voided' }).waitFor();
    expect(await voids('front')).toHaveLength(1);
    await page.getByRole('link', { name: 'In doubt', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Terminals' }).click();
    expect(
      await cardOf(page, 'front')
        .getByRole('link', { name: /In doubt/ })
        .count(),
    ).toBe(0);
  });

  it('says so when asking did not help, and stays', async () => {
    const doubt = await getInDoubt('kiosk');
    await doubt.getByRole('button', { name: 'Ask the terminal' }).click();
    await doubt.locator('.asking .outcome.bad').waitFor();
    await doubt.getByRole('button', { name: 'Decide by hand' }).waitFor();
    expect(await voids('kiosk')).toHaveLength(1);
  });

  it('cannot be decided without the role for it', async () => {
    await visitor.leave();
    visitor = await paired(browser, shop, 'query,void');
    const doubt = await getInDoubt('kiosk');
    expect(await doubt.getByRole('button', { name: 'Decide by hand' }).count()).toBe(0);
    expect(await doubt.textContent()).toContain('needs the role admin');
  });
});
