import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openChromium } from './chromium.ts';
import { askLast, cardOf, voidIt } from './counter.ts';
import { openShop, type Shop } from './shop.ts';
import { paired, type Visitor } from './visitor.ts';

let browser: Browser;
let shop: Shop;
let visitor: Visitor;

beforeAll(async () => {
  browser = await openChromium();
});

afterEach(async () => {
  await visitor.leave().finally(() => shop.close());
});

afterAll(() => browser?.close());

const sales = [{ amount: 23_990, ticket: 'A-1041' }];

describe('a page that is reloaded in the middle of a void', () => {
  it('has its steps again, and shows how it ends', async () => {
    shop = await openShop({
      front: { protocol: 'transbank', sales, faults: ['late-answer@void=6000'] },
    });
    visitor = await paired(browser, shop);
    const { page } = visitor;
    await askLast(page, 'front');
    await voidIt(page, 'front');
    const card = cardOf(page, 'front');
    const step = card.getByRole('listitem').filter({ hasText: 'Sent: void' });
    await step.waitFor();
    await page.reload();
    await step.waitFor();
    expect(await card.textContent()).toContain('Busy');
    await card.locator('.outcome.good').filter({ hasText: 'Voided' }).waitFor();
    // The stream that went on has told no step twice.
    const steps = await card.getByRole('listitem').allTextContents();
    expect(steps.filter((text) => text.includes('Sent: void'))).toHaveLength(1);
    const ledger = await shop.terminal('front').ledger();
    expect(ledger.filter(({ kind }) => kind === 'void')).toHaveLength(1);
  });
});

describe('a terminal', () => {
  it('is seen to be unplugged, and to be back, without a reload', async () => {
    shop = await openShop({ front: { protocol: 'transbank', sales } });
    visitor = await paired(browser, shop);
    const { page } = visitor;
    const state = cardOf(page, 'front').locator('.state');
    await state.filter({ hasText: 'Connected' }).waitFor();
    await page.evaluate('window.notReloaded = true');
    await shop.terminal('front').unplug();
    await state.filter({ hasText: 'Not connected' }).waitFor();
    await shop.terminal('front').replug();
    await state.filter({ hasText: 'Connected' }).waitFor();
    expect(await page.evaluate('window.notReloaded')).toBe(true);
    await askLast(page, 'front');
  });
});

describe('a service that is gone', () => {
  it('is said to be gone, and the page goes on by itself when it is back', async () => {
    shop = await openShop({ front: { protocol: 'transbank', sales } });
    visitor = await paired(browser, shop, undefined, { expects: /ERR_/ });
    const { page } = visitor;
    await cardOf(page, 'front').waitFor();
    const gone = page.getByText('The service does not answer');
    expect(await gone.isVisible()).toBe(false);
    await shop.kill();
    await gone.waitFor();
    await shop.startAgain();
    await gone.waitFor({ state: 'hidden', timeout: 30_000 });
    await askLast(page, 'front');
  });
});

describe('two pages of one till', () => {
  it('both see a void that one of them began', async () => {
    shop = await openShop({ front: { protocol: 'transbank', sales } });
    visitor = await paired(browser, shop);
    const { page } = visitor;
    const other = await page.context().newPage();
    await other.goto(shop.url);
    await askLast(page, 'front');
    await voidIt(page, 'front');
    await cardOf(other, 'front').locator('.outcome.good').filter({ hasText: 'Voided' }).waitFor();
  });
});
