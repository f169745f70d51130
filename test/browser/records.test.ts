import { readFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openChromium } from './chromium.ts';
import { askLast, cardOf, voidIt } from './counter.ts';
import { openShop, type Shop } from './shop.ts';
import { paired, type Visitor } from './visitor.ts';

let browser: Browser;
let shop: Shop;
let visitor: Visitor;

beforeAll(async () => {
  browser = await openChromium();
  shop = await openShop({
    front: { protocol: 'transbank', sales: [{ amount: 23_990, ticket: 'A-1041' }] },
    kiosk: { protocol: 'transbank', sales: [{ amount: 4_200, ticket: 'A-1042' }] },
  });
  visitor = await paired(browser, shop);
  for (const name of ['front', 'kiosk']) {
    await askLast(visitor.page, name);
    await voidIt(visitor.page, name);
    await cardOf(visitor.page, name)
      .locator('.outcome.good')
      .filter({ hasText: 'Voided' })
      .waitFor();
  }
});

afterAll(async () => {
  await visitor?.leave().finally(async () => {
    await browser.close();
    await shop.close();
  });
});

describe('the journal', () => {
  it('is searched while a person types', async () => {
    const { page } = visitor;
    await page.getByRole('link', { name: 'Journal' }).click();
    const rows = page.locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(2);
    await page.getByLabel('Search').fill('4200');
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.textContent()).toContain('kiosk');
    await page.getByLabel('Search').fill('no such thing');
    await page.getByText('Nothing found').waitFor();
    await page.getByLabel('Search').fill('ana');
    await expect.poll(() => rows.count()).toBe(2);
  });

  it.each(['CSV', 'JSON Lines'])('is exported as %s, whole', async (format) => {
    const { page } = visitor;
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: `Export ${format}` }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(/^tillwire-journal\.(csv|jsonl)$/);
    const text = await readFile(await saved.path(), 'utf8');
    expect(text).toContain('Ana Soto');
    expect(text.split('\n').length).toBeGreaterThan(8);
  });
});

describe('the picture of the wire', () => {
  it('has the frames of a void both ways, decoded, and no card number', async () => {
    const { page } = visitor;
    await page.goto(`${shop.url}/#/journal`);
    await page.getByRole('row').filter({ hasText: 'front' }).getByRole('link').click();
    const frames = page.locator('.sequence li');
    await expect.poll(() => frames.count()).toBeGreaterThan(6);
    const names = await frames.locator('.name').allTextContents();
    expect(names).toContain('last sale');
    expect(names).toContain('void answer');
    const answer = frames.filter({ hasText: 'last sale answer' });
    expect(await answer.getAttribute('class')).toContain('from-terminal');
    expect(await answer.textContent()).toContain('Card ends in 0461');
    expect(await page.locator('.sequence .hex').first().isVisible()).toBe(false);
    await answer.locator('summary').click();
    expect(await answer.locator('.hex').textContent()).toMatch(/^02 .* 03 /);
    expect(await page.locator('.sequence').textContent()).not.toMatch(/\d{13,19}/);
    await page.getByRole('link', { name: '← Terminals' }).click();
    await cardOf(page, 'front').waitFor();
  });
});
