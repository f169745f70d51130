import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labels } from '../../src/page/labels.ts';
import { openChromium } from './chromium.ts';
import { openShop, type Shop } from './shop.ts';
import { paired } from './visitor.ts';

let browser: Browser;
let shop: Shop;

const timing = { answerMs: 1_500, recoveryMs: 3_000, quietMs: 100 };

beforeAll(async () => {
  browser = await openChromium();
  const sales = Array.from({ length: 6 }, (_, n) => ({ amount: 1_990 + n, ticket: `A-${n}` }));
  shop = await openShop({
    'the-one-by-the-window-with-a-long-name': {
      protocol: 'transbank-autoservicio',
      query: 'blind-void=allow',
      sales,
      timing,
      faults: ['no-answer@void'],
    },
    front: { protocol: 'transbank', sales, timing },
  });
});

afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

/** Sideways, a thumb gets lost. */
async function fits(page: Page): Promise<void> {
  const over = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(over, page.url()).toBeLessThanOrEqual(0);
}

/**
 * WCAG 2.2, 2.5.8: 24 by 24; a thumb at a counter wants more. Found and measured in one go: a button to stop
 * goes by itself when what it stops is over.
 */
async function canBeHit(page: Page): Promise<void> {
  const small = await page.evaluate<string[]>(`
    [...document.querySelectorAll('button, select')]
      .filter((one) => one.checkVisibility({ visibilityProperty: true }))
      .map((one) => ({ one, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 44 || box.height < 44)
      .map(({ one, box }) => one.textContent + ' ' + box.width + ' ' + box.height)`);
  expect(small).toEqual([]);
}

describe.each([
  ['en-GB', 'en'],
  ['es-CL', 'es'],
  ['zh-CN', 'zh-CN'],
] as const)('a phone whose browser speaks %s', (locale, language) => {
  const say = labels[language];

  it('has every view in its language, none wider than itself', async () => {
    const visitor = await paired(browser, shop, undefined, {
      locale,
      viewport: { width: 375, height: 720 },
      colorScheme: language === 'es' ? 'dark' : 'light',
    });
    const { page } = visitor;
    const name = 'the-one-by-the-window-with-a-long-name';
    const card = page.getByRole('article', { name });
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    await card.getByRole('button', { name: say.askLast }).click();
    await fits(page);
    await page.getByRole('dialog').getByRole('button', { name: say.ask, exact: true }).click();
    // The terminal is in doubt from the first language on.
    const isOpen = (await card.getByRole('link', { name: say.doubts }).count()) > 0;
    if (!isOpen) {
      await card.getByRole('button', { name: say.voidIt }).click();
      await page.getByLabel(say.operator).fill('Ana Soto');
      await page.getByLabel(say.reason).fill('wrong item');
      await fits(page);
      await canBeHit(page);
      await page.getByRole('dialog').locator('button[type=submit]').click();
    }
    await card.locator('.open-doubt').waitFor();
    await fits(page);
    await canBeHit(page);
    await card.locator('.open-doubt').click();
    await page.getByRole('button', { name: say.findOut }).waitFor();
    await page.getByRole('columnheader', { name: say.asked }).waitFor();
    await fits(page);
    await page.getByRole('button', { name: say.decide }).click();
    await page.getByRole('dialog').getByText(say['decision:not-voided']).waitFor();
    await fits(page);
    await canBeHit(page);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: say.journal }).click();
    await page.getByRole('cell', { name: say['standing:open'] }).waitFor();
    await fits(page);
    await page.locator('td a').first().click();
    await page.locator('.sequence li').first().waitFor();
    await fits(page);
    await visitor.leave();
  });
});

describe('the choice of a language', () => {
  it('is kept by the browser', async () => {
    const visitor = await paired(browser, shop);
    const { page } = visitor;
    await page.locator('.menu summary').click();
    await page.getByLabel('Language').selectOption('es');
    await page.getByRole('link', { name: labels.es.journal }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: labels.es.journal }).waitFor();
    await visitor.leave();
  });
});
